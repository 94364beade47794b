"""The process that grading processes are forked from: what it saves, and that nobody depends on it.
"""

import contextlib
import os
import signal
import time

import nbformat
import psutil
import pytest
from nbformat.v4 import new_code_cell

from autograder import course
from autograder.errors import GradingError, SandboxLost
from autograder.grading.collect import Submission
from autograder.grading.workers import grade_all
from autograder.judge import process, template
from autograder.judge.figures import Figures
from autograder.judge.fork_server import fork_server
from autograder.judge.template import template_for
from autograder.sandbox.walls import BubblewrapSandbox, Limits

pytestmark = pytest.mark.system

LIMITS = Limits()
LESSON = course.SOLUTIONS / "01_spatial_arithmetic.py"


@pytest.fixture
def plain(monkeypatch):
    """Grading that says which process it was done in, and by whom that was forked."""
    monkeypatch.setattr(process, "prepare", lambda limits, unsafe: None)
    monkeypatch.setattr(process, "grade", _who)


def _who(submission):
    time.sleep(0.05)
    return (os.getpid(), os.getppid()), None


def _graded(count, server, **more):
    return {one: graded for one, graded, problem in grade_all(
        range(count), LIMITS, server=server, **more) if problem is None}


def _until(condition):
    end = time.monotonic() + 20
    while not condition() and time.monotonic() < end:
        time.sleep(0.02)
    return condition()


def test_what_grades_is_forked_from_it_and_ends(plain):
    with fork_server(LIMITS) as server:
        server.check()
        graded = _graded(6, server, workers=2)
        assert len(graded) == 6
        assert {parent for _, parent in graded.values()} == {server._process.pid}
    assert _until(lambda: not any(psutil.pid_exists(pid) for pid, _ in graded.values()))


@pytest.mark.parametrize("killed", [0, 3])
def test_if_it_is_killed_the_class_is_graded_without_it(plain, killed):
    with fork_server(LIMITS) as server:
        server.check()
        parents = []
        if not killed:
            os.kill(server._process.pid, signal.SIGKILL)
        for one in grade_all(range(8), LIMITS, workers=2, server=server):
            _, (_, parent), problem = one
            assert problem is None
            parents.append(parent)
            if len(parents) == killed:
                os.kill(server._process.pid, signal.SIGKILL)
        assert len(parents) == 8 and parents[-1] == os.getpid()


def test_a_lesson_that_takes_too_long_is_left_alone(plain, monkeypatch):
    monkeypatch.setattr(process, "warm_up", lambda *_: time.sleep(100))
    limits = Limits(start_seconds=1)
    with fork_server(limits) as server:
        server.check()
        server.warm_up(LESSON)
        assert {parent for _, parent in _graded(4, server, workers=2).values()} == {os.getpid()}


def test_what_is_wrong_with_a_lesson_is_told_with_its_submissions(plain, capfd, tmp_path):
    lesson = tmp_path / "01_none.py"
    lesson.write_text("no lesson")
    with fork_server(LIMITS) as server:
        server.check()
        server.warm_up(lesson)
        assert len(_graded(2, server)) == 2
    assert capfd.readouterr() == ("", "")


def test_whoever_has_no_walls_is_told(monkeypatch):
    def nowhere(self, limits):
        raise GradingError("bubblewrap does not work here")

    monkeypatch.setattr(BubblewrapSandbox, "__init__", nowhere)
    with fork_server(LIMITS) as server, pytest.raises(GradingError, match="does not work here"):
        server.check()


def test_what_is_the_same_for_all_is_made_once_and_before_it_forks(monkeypatch, tmp_path):
    """Two processes would each draw all figures of the first notebooks, and import nbgrader."""
    drawn = tmp_path / "drawn"
    drawn.mkdir()
    kept = Figures._kept

    def draws(self, path, outputs):
        (drawn / f"{os.getpid()} {path.stem}").touch()
        return kept(self, path, outputs)

    monkeypatch.setattr(Figures, "_kept", draws)
    monkeypatch.setattr("autograder.judge.figures.cache_folder", lambda: tmp_path / "figures")
    released = course.ASSIGNMENTS / LESSON.stem / f"{LESSON.stem}.ipynb"
    submissions = [Submission(f"student{n}", LESSON.stem, released, LESSON) for n in range(3)]
    templates = {LESSON: template_for(LESSON)}
    monkeypatch.setattr(template, "_made", {})
    monkeypatch.delattr(template.Template, "__init__")
    with fork_server(LIMITS) as server:
        server.warm_up(LESSON)
        server.know(templates)
        server.check()
        results = list(grade_all(submissions, LIMITS, workers=2, server=server))
        pid = server._process.pid
    assert [problem for *_, problem in results] == [None] * 3
    by, figures = zip(*(file.name.split() for file in drawn.iterdir()), strict=True)
    assert len(set(figures)) == len(figures) > 5
    assert str(pid) in by and len(set(by)) == 2, "it, and one that it has sent away since"


def test_whoever_is_graded_while_the_sandbox_dies_has_no_part_in_it(tiny_path, solved, tmp_path):
    name = f"held{os.getpid()}"
    solved.cells.insert(1, new_code_cell(
        f"import ctypes, time\nctypes.CDLL(None).prctl(15, b'{name}', 0, 0, 0)\ntime.sleep(1)"))
    nbformat.write(solved, tmp_path / "01_tiny.ipynb")
    submissions = [Submission(student, "01_tiny", tmp_path / "01_tiny.ipynb", tiny_path)
                   for student in ("ada", "bob")]
    killed = []

    def kill():
        server_process = psutil.Process(server._process.pid)
        assert _until(lambda: _called(name, server_process.children(recursive=True))), (
            "one is at it, and the other, too, or about to")
        [zygote] = _called("bwrap", server_process.children())
        zygote.kill()
        killed.append(zygote)

    with fork_server(LIMITS) as server:
        server.check()
        results = list(grade_all(submissions, LIMITS, workers=2, server=server, meanwhile=kill))
    assert killed and len(results) == 2
    for _, graded, problem in results:
        assert (problem, graded.events) == (None, [])
        checks = [str(cell.outputs) for cell in graded.notebook.cells
                  if cell.cell_type == "code" and cell.source.startswith("check(")]
        assert len(checks) == 2 and all(": passed (" in text for text in checks)


def _called(name, processes):
    found = []
    for one in processes:
        with contextlib.suppress(psutil.NoSuchProcess):  # it has just ended
            found += [one] if one.name() == name else []
    return found


def test_a_submission_that_the_sandbox_dies_of_is_told_and_stops_nothing(monkeypatch):
    closed = []

    class Loses:
        @staticmethod
        def graded(sandbox, course):
            raise SandboxLost("the sandbox died twice")

    class Sandbox:
        @staticmethod
        def close():
            closed.append(1)

    monkeypatch.setattr(process, "_state", {"sandbox": Sandbox, "course": None})
    assert process.grade(Loses) == (None, "the sandbox died twice") and closed == [1]


def test_two_lines_share_what_forks_and_each_ends_its_own_alone():
    sandbox = BubblewrapSandbox(LIMITS)
    sandbox.open().close()
    first = sandbox._zygote
    try:
        lines = [first.line(), first.line()]
        mine, yours = [line.fork().session(LIMITS) for line in lines]
        assert mine.run("x = 1")["succeeded"] and yours.run("x = 2")["succeeded"]
        lines[0].close()
        assert _until(lambda: not _answers(mine)) and first.popen.poll() is None
        assert yours.run("x")["outputs"][0]["data"]["text/plain"] == "2"
        first.control.close()
        assert yours.run("x")["succeeded"]
        lines[1].close()
        assert _until(lambda: first.popen.poll() is not None), "nobody can ask any more"
    finally:
        first.popen.kill()
        first.popen.wait()


def _answers(session):
    try:
        return session.run("1")["succeeded"]
    except Exception:
        return False
