"""What a machine refuses is one sentence that says what to do."""

import errno
import os
import shutil

import pytest
import sqlalchemy

from autograder.commands import grading, main, troubles


def raised(does, *words):
    with pytest.raises(Exception) as caught:
        does(*words)
    return caught.value


@pytest.fixture
def book(tmp_path):
    engine = sqlalchemy.create_engine(f"sqlite:///{tmp_path}/gradebook.db")
    with engine.begin() as opened:
        opened.execute(sqlalchemy.text("CREATE TABLE comment (text)"))
    yield engine
    engine.dispose()


@pytest.mark.parametrize("refuses, said", [
    ("PRAGMA max_page_count = 1", "the disk is full; make room"),
    ("PRAGMA query_only = 1", "the gradebook cannot be written; make it")])
def test_a_database_that_takes_no_more(book, refuses, said):
    def write():
        with book.begin() as opened:
            opened.execute(sqlalchemy.text(refuses))
            opened.execute(sqlalchemy.text("INSERT INTO comment VALUES (:text)"),
                           {"text": 20_000 * "x"})

    assert troubles.sentence(raised(write)).startswith(said)


def test_a_database_that_somebody_else_holds(book, tmp_path):
    other = sqlalchemy.create_engine(f"sqlite:///{tmp_path}/gradebook.db?timeout=0")

    def begin(engine):
        with engine.connect() as opened:
            opened.execute(sqlalchemy.text("BEGIN IMMEDIATE"))
            if engine is book:
                begin(other)

    assert "another program holds the gradebook" in troubles.sentence(raised(begin, book))


def test_a_folder_that_could_not_be_copied_names_one_file(tmp_path):
    (tmp_path / "from").mkdir()
    (tmp_path / "from" / "a.txt").symlink_to("nowhere")
    error = raised(shutil.copytree, tmp_path / "from", tmp_path / "to")
    said = troubles.sentence(error)
    assert said.startswith(str(tmp_path / "to")) and said.count("No such file") == 1
    full = shutil.Error([("a", "b", str(OSError(errno.ENOSPC, os.strerror(errno.ENOSPC))))])
    assert "the disk is full" in troubles.sentence(full)


def test_the_command_says_it_and_what_is_a_fault_of_ours_is_shown_whole(monkeypatch, capsys):
    def refuse(error):
        def existing(folder):
            raise error
        monkeypatch.setattr(grading, "existing", existing)
        return main(["show", "class", "ada", "lesson"])

    assert refuse(OSError(errno.ENOSPC, os.strerror(errno.ENOSPC))) == 2
    assert capsys.readouterr().err.startswith("error: the disk is full; make room")
    assert refuse(PermissionError(errno.EACCES, os.strerror(errno.EACCES), "class")) == 2
    assert capsys.readouterr().err == "error: class: Permission denied\n"
    with pytest.raises(ZeroDivisionError):
        refuse(ZeroDivisionError())
