"""Essay questions and answers: what is shown, what is written, and what is refused."""

from urllib.parse import parse_qs, urlsplit

import pytest

from autograder import course
from autograder.classroom.history import read_history
from autograder.classroom.noticed import notice
from autograder.commands import main
from autograder.errors import GradingError
from autograder.essays.answers import Changed, answers, counts, save
from autograder.essays.questions import questions
from autograder.lessons.lesson import read_all

from .a_class import CELL, HOSTILE, LESSON, graded_class, points


@pytest.fixture(scope="module")
def essays(tmp_path_factory):
    return graded_class(tmp_path_factory.mktemp("class"),
                        {"ada": HOSTILE, "bob": "The *sum* cancels.", "eve": ""})


def test_every_essay_of_the_course_has_a_mark_scheme_whose_lines_add_up(tmp_path):
    found = questions(tmp_path)
    assert [one.lesson for one in found] == [one.name for one in read_all(course.SOLUTIONS)]
    for one in found:
        assert sum(part.points for part in one.parts) == one.points, one.lesson
        assert one.text and one.answer and "MARK SCHEME" not in one.answer


def test_answers_that_wait_come_first_and_are_safe_to_show(essays):
    found = answers(essays, LESSON, CELL)
    assert [(one.student, one.waits, one.score) for one in found] == [
        ("ada", True, None), ("bob", True, None), ("eve", False, 0)]
    assert "<script" not in found[0].html and "onerror" not in found[0].html
    assert 'src="data:image/png;base64,' in found[0].html
    assert "<em>sum</em>" in found[1].html and found[2].words == 0
    assert counts(essays) == {(LESSON, CELL): (2, 3)}


def test_points_and_comments_reach_nbgraders_gradebook_and_the_history(essays):
    save(essays, LESSON, CELL, "bob", 2.5, "Which way round?", seen=[None], by="teacher")
    assert points(essays)["bob"] == (2.5, False, "Which way round?")
    save(essays, LESSON, CELL, "bob", 3, "Which way round?", seen=[2.5], by="teacher")
    of_all = ["an essay was graded by hand", "teacher"]
    assert [[one.cell, one.before, one.after, one.why, one.by]
            for one in read_history(essays, "bob", LESSON)] == [
        [CELL, "", "2.5", "graded by hand", "teacher"], ["", "0", "2.5", *of_all],
        [CELL, "2.5", "3", "graded by hand", "teacher"], ["", "2.5", "3", *of_all]]
    notice(essays)
    assert len(read_history(essays, "bob", LESSON)) == 4, "nothing is left that was only noticed"
    with pytest.raises(Changed, match="somebody else has given 3"):
        save(essays, LESSON, CELL, "bob", 1, "", seen=[2.5])
    assert points(essays)["bob"][0] == 3


def test_a_page_that_is_opened_before_anything_was_graded_makes_no_gradebook(tmp_path):
    (tmp_path / "class.toml").write_text("")
    assert counts(tmp_path) == {} and answers(tmp_path, LESSON, CELL) == []
    assert not (tmp_path / "gradebook.db").exists()


def test_points_are_for_the_text_that_was_read_and_comments_of_others_stay(tmp_path):
    class_dir = graded_class(tmp_path, {"ada": "First.", "bob": "A sum."})
    ada, bob = answers(class_dir, LESSON, CELL)
    path = class_dir / "autograded" / "ada" / LESSON / f"{LESSON}.ipynb"
    path.write_text(path.read_text().replace("First.", "Second."))
    with pytest.raises(Changed, match="another one now"):
        save(class_dir, LESSON, CELL, "ada", 2, "", seen=[None], read=[ada.text, ""])
    assert points(class_dir)["ada"] == (None, True, None)
    save(class_dir, LESSON, CELL, "bob", 1, "By another.", read=[bob.text, ""])
    with pytest.raises(Changed, match="By another."):
        save(class_dir, LESSON, CELL, "bob", 1, "Mine.", seen=[1], read=[bob.text, ""])
    save(class_dir, LESSON, CELL, "bob", 2, "Mine.", seen=[1], read=[bob.text, "By another."])
    assert points(class_dir)["bob"] == (2, False, "Mine.")


@pytest.mark.parametrize("student, score", [
    ("bob", 3.5), ("bob", -1), ("bob", "3"), ("bob", None), ("bob", True), ("nobody", 1),
    ("bob", float("nan"))])
def test_points_that_cannot_be_are_refused(essays, student, score):
    before = points(essays)
    with pytest.raises(GradingError):
        save(essays, LESSON, CELL, student, score, "")
    assert points(essays) == before


def test_the_address_that_is_printed_opens_the_page(tmp_path, monkeypatch):
    from jupyter_server.serverapp import ServerApp

    class_dir = tmp_path / "Kurs Frühling 1"
    class_dir.mkdir()
    (class_dir / "class.toml").touch()
    launched = []
    monkeypatch.setattr(ServerApp, "launch_instance", launched.append)
    assert main(["essays", str(class_dir), "--no-browser"]) == 0
    app = ServerApp()
    app.parse_command_line(launched[0])
    app.init_configurables()
    address = urlsplit(app.public_url)
    assert (app.root_dir, address.path) == (str(class_dir), "/essays/")
    assert parse_qs(address.query).keys() == {"token"}, app.public_url
