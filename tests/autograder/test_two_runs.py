"""Runs on one class at the same time: what each holds, and a student whom both enter."""

import contextlib

import nbformat
import pytest
from nbgrader.api import Gradebook

from autograder import course
from autograder.errors import GradingError
from autograder.grading.after import pages_again
from autograder.grading.collect import Submission
from autograder.grading.gradebook import OpenGradebook
from autograder.grading.record import Recorder, only_run
from autograder.judge.run import Graded


@pytest.fixture
def on_a_server(tmp_path):
    """The folder of a class whose grades are on a server. Nothing here asks the server."""
    (tmp_path / course.GRADEBOOK_URL).write_text("postgresql+psycopg://teacher@127.0.0.1:9/none")
    return tmp_path


def test_runs_on_different_lessons_go_together_where_the_gradebook_is_a_servers(on_a_server):
    with only_run(on_a_server, "01_a"), only_run(on_a_server, "02_b"):
        for other in ("01_a", "02_b", None):
            with pytest.raises(GradingError, match="another run is grading"):
                only_run(on_a_server, other).__enter__()
    with only_run(on_a_server), pytest.raises(GradingError, match="another run is grading"):
        only_run(on_a_server, "01_a").__enter__()
    with only_run(on_a_server, "01_a"):
        pass


def test_a_file_takes_one_run_at_a_time(tmp_path):
    with only_run(tmp_path, "01_a"), pytest.raises(GradingError, match="another run is grading"):
        only_run(tmp_path, "02_b").__enter__()


def test_pages_wait_for_a_run_whose_results_they_would_overwrite(tmp_path):
    with only_run(tmp_path), pytest.raises(GradingError, match="another run is grading"):
        pages_again(tmp_path)


def test_what_a_run_on_another_lesson_has_in_hand_is_left_to_it(on_a_server):
    ours, theirs = (on_a_server / f".grading-{name}" / "ada" / name / "old" for name in "ab")
    unfinished = [on_a_server / ".results" / "ada" / f".{name}.json.4711" for name in "ab"]
    for folder in (ours, theirs, unfinished[0].parent):
        folder.mkdir(parents=True)
    for path in unfinished:
        path.touch()
    with only_run(on_a_server, "a"):
        assert (on_a_server / "autograded" / "ada" / "a").is_dir()
    assert not ours.exists() and not unfinished[0].exists()
    assert theirs.exists() and unfinished[1].exists()


def test_a_student_whom_another_run_enters_at_the_same_moment(tmp_path, tiny, solved, monkeypatch):
    path = tmp_path / "submitted" / "ada" / "01_tiny" / "01_tiny.ipynb"
    path.parent.mkdir(parents=True)
    path.write_text(nbformat.writes(solved))
    recorder = Recorder(tmp_path, {"01_tiny": tiny.lesson})
    recorder.prepare(["01_tiny"])
    real, raced = OpenGradebook.add_student, []

    def too_late(gradebook, student, **known):
        if not raced:
            raced.append(student)
            with Gradebook(recorder.url) as other:
                other.add_student(student)
        return real(gradebook, student, **known)

    monkeypatch.setattr(OpenGradebook, "add_student", too_late)
    submission = Submission("ada", "01_tiny", path)
    with contextlib.closing(recorder):
        recorder.record(submission, Graded(solved))
        assert raced and recorder.points(submission)[1] == 7
