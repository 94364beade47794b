"""Ten hostile notebooks among honest ones: nobody else's row, page or grade is another."""

import contextlib
import time

import psutil
import pytest

from autograder.lessons.sample import write_sample_class
from bench.grading import memory_of, with_all_it_started
from tests.autograder.test_grade import grade
from tests.programs import Program

from .hostile import HOSTILE, book_of, honest_results, make_class

LESSON = "02_convolution_forward"
pytestmark = pytest.mark.system


@pytest.fixture(scope="module")
def graded(tmp_path_factory):
    """(quiet class, class with hostile notebooks, its finished process, its peak memory)."""
    folder = tmp_path_factory.mktemp("hostile")
    write_sample_class(target=folder / "sample")
    for name, hostile in (("quiet", False), ("loud", True)):
        make_class(folder / name, folder / "sample", LESSON, 6, hostile)
        (folder / name / "class.toml").write_text("[limits]\ncell_seconds = 5\n")
    assert grade(folder / "quiet").returncode == 0
    program, peak = Program("autograder", "grade", folder / "loud", "--workers", "2"), 0
    while program.alive():
        with contextlib.suppress(psutil.NoSuchProcess):  # it has just ended
            running = with_all_it_started(psutil.Process(program.pid))
            peak = max(peak, memory_of(running))
        time.sleep(0.25)  # to look takes a good part of a core
    return folder / "quiet", folder / "loud", program.wait(), peak


def test_the_honest_are_as_without_the_hostile(graded):
    quiet, loud, done, _ = graded
    assert "Traceback" not in done.stderr, done.stderr
    expected = honest_results(quiet, book_of(quiet))
    assert len(expected) > 30
    found = honest_results(loud, book_of(loud))
    assert found.keys() == expected.keys()
    assert [what for what in expected if found[what] != expected[what]] == []


def test_the_report_says_what_was_done_to_whom(graded):
    _, loud, done, _ = graded
    assert done.returncode == 1, "one notebook is refused"
    report = (loud / "report" / "index.html").read_text()
    for name in HOSTILE:
        assert name in report
        assert (loud / "feedback" / name).exists() == (name != "brackets")
    assert "not graded: brackets/" in done.stderr
    log = (loud / "grading.log").read_text().splitlines()
    assert len(log) == 6 + len(HOSTILE) and not any("zoe: 9/9" in line[:40] for line in log)
    assert "\x1b" not in done.stdout + report + "".join(log)


def test_all_processes_together_take_less_than_two_gibibytes(graded):
    assert 2**28 < graded[3] < 2**31
