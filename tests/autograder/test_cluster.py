"""A real Dask cluster of several processes: workers that die, a scheduler that goes away."""

import errno
import json
import os
import re
import time
from dataclasses import replace

import nbformat
import pytest

from autograder import course
from autograder.errors import GradingError
from autograder.grading import cluster
from autograder.grading.collect import collect
from autograder.lessons.sample import submission
from autograder.sandbox.walls import Limits
from tests.autograder.test_grade import grade, one_line, scores
from tests.cluster import Cluster
from tests.programs import Program
from tests.thorough import some

pytestmark = pytest.mark.system

LESSON = "01_spatial_arithmetic"
CLASS_OF = 30


@pytest.fixture(scope="module")
def clusters():
    """The clusters that run: one, until a test breaks it."""
    running = []
    yield running
    for one in running:
        one.close()


@pytest.fixture
def started(clusters):
    """A cluster of two workers."""
    if not clusters or not clusters[-1].whole():
        clusters.append(Cluster(2))
    return clusters[-1]


@pytest.fixture
def class_of(tmp_path):
    """class_of(count): a class of so many students who handed in the same notebook."""
    def make(count, student="einsum"):
        answers = course.SAMPLE_CLASS / "answers" / student / f"{LESSON}.py"
        text = nbformat.writes(submission(answers))
        for number in range(count):
            folder = tmp_path / "class" / "submitted" / f"s{number:03}" / LESSON
            folder.mkdir(parents=True)
            (folder / f"{LESSON}.ipynb").write_text(text, encoding="utf-8")
        return tmp_path / "class"

    return make


def later(class_dir, *options):
    return Program("autograder", "grade", class_dir, "--no-feedback", *options)


def wait_for_lines(class_dir, count):
    log = class_dir / "grading.log"
    until = time.monotonic() + 120
    while not log.exists() or len(log.read_text().splitlines()) < count:
        assert time.monotonic() < until, "nothing was graded"
        time.sleep(0.05)


def test_a_class_with_a_worker_killed_in_the_middle(started, class_of):
    class_dir = class_of(CLASS_OF, student="blank")
    run = later(class_dir, "--scheduler", started.address)
    wait_for_lines(class_dir, CLASS_OF // 5)
    started.workers[0].kill()
    done = run.wait()
    assert done.returncode == 0, done.stderr[-2000:]
    found = scores(class_dir)
    assert len(found) == CLASS_OF and {sum(one.values()) for one in found.values()} == {0}


def test_no_more_is_read_and_sent_than_the_workers_need(started, class_of, monkeypatch):
    """Also while a worker dies and another one takes its place."""
    count, read, held = 9, [], []
    real = cluster._read
    monkeypatch.setattr(cluster, "AHEAD", 1)
    monkeypatch.setattr(cluster, "_read", lambda one: [real(one), read.append(one)][0])
    results = cluster.grade_on_cluster(_sourced(class_of(count, student="blank")), Limits(), False,
                                       started.address)
    with started.tasks() as tasks:
        for done, (_, graded, problem) in enumerate(results, 1):
            assert graded and not problem
            held.append(len(read) - done)
            assert tasks() <= len(started.workers)
            if done == 2:
                started.replace(0)
    assert len(read) == len(held) == count and max(held) < len(started.workers)


def test_a_worker_that_joins_later_has_to_have_this_version_too(started, class_of, monkeypatch):
    monkeypatch.setattr(cluster, "_checked_workers", lambda *_: 2)
    monkeypatch.setattr(cluster, "course_version", lambda: "another")
    with pytest.raises(GradingError, match="worker tcp.* has another version of the course"):
        next(cluster.grade_on_cluster(_sourced(class_of(1)), Limits(), False, started.address))


def _sourced(class_dir):
    return [replace(one, source=course.SOLUTIONS / f"{LESSON}.py")
            for one in collect(class_dir, {LESSON})[0]]


def test_what_dask_gives_up_is_sent_again(started, class_of, monkeypatch):
    """Four workers died that had it in their queue: nothing that a student could have done."""
    class_dir, result, given_up = class_of(1), cluster._result, []

    def at_first_given_up(*known):
        found = result(*known)
        given_up.append(found)
        return found if len(given_up) == 2 else cluster._GIVEN_UP

    monkeypatch.setattr(cluster, "_result", at_first_given_up)
    sources = _sourced(class_dir)
    (_, graded, problem), = cluster.grade_on_cluster(sources, Limits(), False, started.address)
    assert len(given_up) == 2 and graded and not problem
    monkeypatch.setattr(cluster, "_SENDINGS", 1)
    monkeypatch.setattr(cluster, "_result", lambda *known: cluster._GIVEN_UP)
    (_, graded, problem), = cluster.grade_on_cluster(sources, Limits(), False, started.address)
    assert not graded and "4 workers died that had it" in problem


def test_a_cluster_gives_the_scores_that_this_machine_gives(started, class_of):
    class_dir = class_of(4)
    assert grade(class_dir, "--no-feedback", "--scheduler", started.address).returncode == 0
    there = scores(class_dir)
    assert grade(class_dir, "--no-feedback", "--again").returncode == 0
    assert there == scores(class_dir) and len(there) == 4


def test_a_scheduler_that_goes_away_is_told_and_what_was_graded_stays(started, class_of):
    class_dir = class_of(60)
    run = later(class_dir, "--scheduler", started.address)
    wait_for_lines(class_dir, 3)
    started.scheduler.kill()
    done = run.wait(timeout=120)
    said = done.stderr
    assert done.returncode == 2 and "Traceback" not in said, said
    assert re.search("error: the scheduler at .* went away; what was graded", said), said
    kept = scores(class_dir)
    assert 3 <= len(kept) < 60
    done = grade(class_dir, "--no-feedback", "--json", "--student", sorted(kept)[0][0])
    assert json.loads(done.stdout)["before"] is not None


@pytest.mark.parametrize("noticed", some(["at a result", "at a question", "at sending"]))
def test_a_scheduler_that_goes_away_is_told_wherever_it_is_noticed(noticed, class_of, monkeypatch):
    only = Cluster(1)
    try:
        monkeypatch.setattr(cluster, "CONNECT_SECONDS", 3)
        monkeypatch.setattr(cluster, "_COUNT_EVERY", 0 if noticed == "at a question" else 1000)
        results = cluster.grade_on_cluster(_sourced(class_of(9, student="blank")), Limits(), False,
                                           only.address)
        assert next(results)[1]
        only.scheduler.kill()
        if noticed == "at sending":
            from distributed import get_client

            get_client().close()
        with pytest.raises(GradingError, match="the scheduler at .* went away; what was graded"):
            list(results)
    finally:
        only.close()


def test_a_worker_whose_disk_is_full_costs_no_more_than_the_submission(started, class_of,
                                                                       monkeypatch):
    monkeypatch.setattr(cluster, "_grade_bytes", _no_space)
    (_, graded, problem), = cluster.grade_on_cluster(_sourced(class_of(1)), Limits(), False,
                                                     started.address)
    assert not graded and "a worker could not grade it" in problem and "No space left" in problem


def _no_space(*_):
    raise OSError(errno.ENOSPC, os.strerror(errno.ENOSPC))


def test_no_scheduler_and_no_workers_are_one_sentence_each(class_of, monkeypatch):
    class_dir = class_of(1)
    monkeypatch.setattr(cluster, "CONNECT_SECONDS", 1)
    with pytest.raises(GradingError, match="no scheduler answers at tcp://127.0.0.1:9"):
        next(cluster.grade_on_cluster([], None, False, "tcp://127.0.0.1:9"))
    empty = Cluster(0)
    try:
        one_line(grade(class_dir, "--scheduler", empty.address), "has no workers", "dask worker")
    finally:
        empty.close()


def test_a_worker_with_another_version_of_the_course_is_named(started, monkeypatch):
    monkeypatch.setattr(cluster, "course_version", lambda: __import__("os").getpid())
    with pytest.raises(GradingError, match="worker tcp.* has another version of the course"):
        next(cluster.grade_on_cluster([], None, False, started.address))
