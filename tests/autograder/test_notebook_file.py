"""Which file of a lesson's folder is graded, and what is said about it."""

import os
import shutil

import pytest

from autograder import course
from autograder.errors import GradingError
from autograder.grading.collect import collect
from autograder.grading.notebook_file import find_notebook
from autograder.grading.run import look

ONE, OTHER = "02_convolution_forward", "03_convolution_backward"


@pytest.fixture
def folder(tmp_path):
    folder = tmp_path / "submitted" / "ada" / ONE
    folder.mkdir(parents=True)
    return folder


def put(folder, name, lesson=ONE, change=None):
    shutil.copy(course.ASSIGNMENTS / lesson / f"{lesson}.ipynb", folder / name)
    if change:
        path = folder / name
        path.write_text(path.read_text().replace(*change))


@pytest.mark.parametrize("name", [f"{ONE} (1).ipynb", "Untitled.ipynb", f"{ONE}.ipynb.txt",
                                  f"{ONE}.IPYNB", "Kopie von Übung.ipynb"])
def test_a_notebook_is_known_by_its_cells_and_that_is_said(folder, tmp_path, name):
    put(folder, name)
    submissions, problems = collect(tmp_path, {ONE})
    assert problems == [] and submissions[0].path.name == name
    (row,) = look(tmp_path)
    assert row.problem == "" and f"was called {name}" in row.remarks[0]


@pytest.mark.parametrize("place, said", [("ada/01.ipynb", "was called 01.ipynb"),
                                         (f"{ONE}/{ONE}.ipynb", f"stood in {ONE}, a folder")])
def test_a_notebook_in_a_folder_of_the_folder_is_found(folder, place, said):
    (folder / place).parent.mkdir()
    put(folder, place)
    path, remarks = find_notebook(folder, ONE)
    assert path == folder / place and said in remarks[0]


def test_what_stands_above_a_nested_notebook_counts_or_is_named(folder, tmp_path):
    """The time of hand-in counts; a module that the notebook cannot import is named."""
    (folder / "work").mkdir()
    put(folder, f"work/{ONE}.ipynb")
    (folder / "timestamp.txt").write_text("2026-03-01 12:00:00 UTC")
    (folder / "helper.py").write_text("a = 1")
    (submission,), problems = collect(tmp_path, {ONE})
    assert problems == []
    assert submission.book_keeping("timestamp.txt") == folder / "timestamp.txt"
    assert submission.remarks[1].startswith("helper.py stood in the folder above")
    (folder / "timestamp.txt").rename(folder / "work" / "timestamp.txt")
    (submission,), _ = collect(tmp_path, {ONE})
    assert submission.book_keeping("timestamp.txt") == folder / "work" / "timestamp.txt"
    (folder / "work" / "timestamp.txt").write_text("yesterday")
    assert "holds no date" in collect(tmp_path, {ONE})[1][0][1]


def test_the_right_name_needs_no_word(folder):
    put(folder, f"{ONE}.ipynb")
    assert find_notebook(folder, ONE) == (folder / f"{ONE}.ipynb", [])


def test_a_second_notebook_of_the_lesson_is_named(folder):
    put(folder, f"{ONE}.ipynb", change=("raise NotImplementedError()", "return 2"))
    put(folder, f"{ONE} (1).ipynb", change=("NotImplementedError", "ValueError"))
    put(folder, "other.ipynb", OTHER)
    path, remarks = find_notebook(folder, ONE)
    assert path.name == f"{ONE}.ipynb"
    assert len(remarks) == 1 and f"{ONE} (1).ipynb" in remarks[0] and "other" not in remarks[0]


def test_an_untouched_notebook_gives_way_to_one_that_was_worked_on(folder):
    put(folder, f"{ONE}.ipynb")
    put(folder, f"{ONE} (1).ipynb", change=("raise NotImplementedError()", "return 1"))
    path, remarks = find_notebook(folder, ONE)
    assert path.name == f"{ONE} (1).ipynb" and "is as it was handed out" in remarks[0]


def test_of_two_that_differ_none_is_chosen(folder):
    put(folder, "a.ipynb")
    put(folder, "b.ipynb", change=("NotImplementedError", "ValueError"))
    with pytest.raises(GradingError, match="found a.ipynb, b.ipynb, all notebooks of"):
        find_notebook(folder, ONE)


def test_of_two_with_the_same_cells_the_first_is_taken(folder):
    put(folder, "a.ipynb")
    put(folder, "b.ipynb")
    path, remarks = find_notebook(folder, ONE)
    assert path.name == "a.ipynb" and "b.ipynb beside it has the same cells" in remarks[1]


def test_a_notebook_of_another_lesson_is_not_taken(folder):
    put(folder, "Untitled.ipynb", OTHER)
    with pytest.raises(GradingError, match=f"found Untitled.ipynb: .* of {OTHER}"):
        find_notebook(folder, ONE)


def test_what_is_no_notebook_is_not_taken(folder):
    (folder / "x.ipynb").write_text("no")
    (folder / "notes.txt").write_text("no")
    with pytest.raises(GradingError, match="not JSON"):
        find_notebook(folder, ONE)
    (folder / "x.ipynb").unlink()
    with pytest.raises(GradingError, match="the folder has no notebook"):
        find_notebook(folder, ONE)


def test_what_exhausts_the_reader_of_many_files_is_a_sentence(folder, tmp_path, monkeypatch):
    monkeypatch.setattr("autograder.judge.which_lesson.lesson_of", lambda notebook: os._exit(1))
    put(folder, f"{ONE} (1).ipynb")
    submissions, problems = collect(tmp_path, {ONE})
    assert submissions == [] and "the process that did it died" in problems[0][1]
    assert f"leave {ONE}.ipynb there alone" in problems[0][1]


def test_what_cannot_be_read_is_a_problem_of_its_own(folder, tmp_path, monkeypatch):
    def locked(folder, lesson):
        raise PermissionError(13, "Permission denied")

    put(folder, f"{ONE}.ipynb")
    monkeypatch.setattr("autograder.grading.collect.find_notebook", locked)
    assert collect(tmp_path, {ONE}) == ([], [(f"ada/{ONE}", "cannot be read: Permission denied")])


def test_a_lesson_that_the_class_leaves_out_is_a_note_of_a_dry_run_too(folder, tmp_path):
    put(folder, f"{ONE}.ipynb")
    (tmp_path / "class.toml").write_text(
        f'[lessons]\n{OTHER} = {{}}\n[extensions]\nada = {{ {ONE} = "2026-12-10 23:59" }}\n')
    said = []
    assert look(tmp_path, say=said.append) == []
    assert said == [f"{ONE}: class.toml leaves it out, so the submission of it is not graded; it "
                    "stays where it is",
                    f"{ONE}: class.toml leaves it out, so the extension of ada changes nothing"]
    with pytest.raises(GradingError, match=f"class.toml leaves {ONE} out; there are: {OTHER}"):
        look(tmp_path, lesson=ONE)
