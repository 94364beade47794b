"""One sandbox and one course side for all attacks, and what the judge looked like before."""

import builtins
import contextlib
import copy
import gc
import json
import math
import os
import resource
import select
import signal
import socket
import sys
import threading
import time
from multiprocessing import forkserver, resource_tracker
from pathlib import Path

import nbformat
import numpy as np
import pytest
from nbgrader.utils import determine_grade

import course_lib
from autograder.judge import intake, outputs, run, student_side
from autograder.judge.run import CourseSide, grade_notebook
from autograder.judge.template import template_for
from autograder.sandbox import session as judge_session
from autograder.sandbox.inside import wire
from autograder.sandbox.walls import _ROOT, BubblewrapSandbox, Limits
from course_lib import student_error
from course_lib.judging import compare, exercise, judge, student_call, verdict

from . import lesson as lessons

# Attacks are data, whatever they are called.
collect_ignore_glob = ["attacks/*"]
judge_session.GRACE_SECONDS = 1
LIMITS = Limits(cell_seconds=5, call_seconds=1, submission_seconds=15, memory=2**30)
# What a single submission may cost the judge's own process.
MAX_SECONDS, MAX_MEMORY = 90, 400 * 2**20
# Outputs have a total of 16 MiB; the course's own cells and sources come on top.
MAX_NOTEBOOK, MAX_EVENTS = 24 * 2**20, 100
_WATCHED = (builtins, np, np.testing, np.linalg, math, time, json, os, socket, select, nbformat,
            compare, exercise, judge, student_call, student_error, verdict, course_lib.check,
            intake, outputs, run, student_side, judge_session, wire)
PLACES = ("/tmp", "/var/tmp", "/dev/shm", str(Path.home()), str(_ROOT), ".")


class Grader:
    """Grades notebooks one after the other and knows how the judge's process was before."""

    def __init__(self, folder):
        self.folder = folder
        self.path = folder / "lesson" / "01_small.py"
        self.path.parent.mkdir()
        self.path.write_text(lessons.text())
        self.template = template_for(self.path)
        self.right = lessons.right(self.template.lesson)
        self.honest = lessons.honest(self.template.lesson)
        self.sandbox = BubblewrapSandbox(LIMITS)
        self.course = CourseSide()
        self.count = 0
        self.earned = self.points(self.grade(self.honest).notebook)
        self.full = self.points(self.grade(self.right).notebook)
        # As grading processes do: searching all that was imported takes half of the time.
        gc.collect()
        gc.freeze()
        self.before = self.state()
        self.processes = len(descendants())

    def grade(self, notebook):
        """Grade a notebook, or a file's text, the way the class is graded.

        Fails if it takes too long.
        """
        self.count += 1
        # A folder of its own: what lies beside a notebook is handed in with it.
        path = self.folder / "submitted" / str(self.count) / "01_small.ipynb"
        path.parent.mkdir(parents=True)
        path.write_text(notebook if isinstance(notebook, str) else json.dumps(notebook))
        text = path.read_bytes()
        with watchdog(MAX_SECONDS):
            graded = grade_notebook(path, self.path, self.sandbox, self.course)
        assert path.read_bytes() == text, "the submission was changed"
        return graded

    def points(self, notebook):
        """{test cell: points} by nbgrader's own rule."""
        return {cell.id: determine_grade(cell)[0] for cell in notebook.cells
                if cell.cell_type == "code" and cell.metadata.get("nbgrader", {}).get("grade")}

    def state(self):
        """What of the judge's process an attack might change."""
        shell = self.course.runner.shell
        found = {f"{module.__name__}.{name}": id(value) for module in _WATCHED
                 for name, value in vars(module).items()
                 if name not in ("_", "__warningregistry__")}
        return found | {
            "environment": {k: v for k, v in os.environ.items() if k != "PYTEST_CURRENT_TEST"},
            "folder": os.getcwd(), "path": list(sys.path),
            "finders": [id(finder) for finder in sys.meta_path],
            "tracing": (sys.gettrace(), sys.getprofile()), "threads": threading.active_count(),
            "signals": [signal.getsignal(n) for n in (signal.SIGTERM, signal.SIGALRM)],
            "errors": np.geterr(), "limits": resource.getrlimit(resource.RLIMIT_AS),
            "salt": exercise._salt, "listeners": list(judge.listeners),
            "transformers": (list(shell.ast_transformers),
                             list(shell.input_transformers_post)),
            "events": {name: len(found) for name, found in shell.events.callbacks.items()},
            "formatters": {mime: len(one.type_printers) for mime, one
                           in shell.display_formatter.formatters.items()},
        }

    def assert_undisturbed(self):
        """The judge's process is as it was; nothing was written and no process left behind."""
        now = self.state()
        assert {key for key, value in self.before.items() if now.get(key) != value} == set()
        for place in PLACES:
            assert [name for name in os.listdir(place) if "escaped" in name] == []
        end = time.monotonic() + 20  # on a busy machine the end of a process takes its time
        while len(descendants()) > self.processes and time.monotonic() < end:
            time.sleep(0.02)
        assert len(descendants()) <= self.processes, "a process was left behind"

    def assert_next_is_well(self):
        assert self.points(self.grade(self.right).notebook) == self.full

    def close(self):
        gc.unfreeze()
        self.sandbox.close()


@contextlib.contextmanager
def watchdog(seconds):
    """Interrupt whatever the judge does after `seconds`, and fail then."""
    late = []

    def interrupt(signum, frame):
        late.append(frame.f_code.co_qualname)
        raise SystemExit("the judge took too long")

    before = signal.signal(signal.SIGALRM, interrupt)
    signal.setitimer(signal.ITIMER_REAL, seconds, 2)
    try:
        yield
    finally:
        signal.setitimer(signal.ITIMER_REAL, 0)
        signal.signal(signal.SIGALRM, before)
        assert not late, f"the judge was still busy after {seconds} seconds, in {late[0]}"


def descendants():
    """The numbers of all processes that come from this one, but for those that other tests fork."""
    parents = {}
    for folder in Path("/proc").iterdir():
        if folder.name.isdigit():
            with contextlib.suppress(OSError):
                stat = (folder / "stat").read_text().rpartition(")")[2].split()
                if stat[0] != "Z":
                    parents[int(folder.name)] = int(stat[1])
    # tests/programs.py starts these two, in whatever test of this process asks first.
    others = {forkserver._forkserver._forkserver_pid, resource_tracker._resource_tracker._pid}
    found, new = set(), {os.getpid()}
    while new:
        new = {pid for pid, parent in parents.items() if parent in new} - found - others
        found |= new
    return found


def peak_memory():
    return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss * 1024


@pytest.fixture(scope="session")
def grader(tmp_path_factory):
    grader = Grader(tmp_path_factory.mktemp("attacks"))
    yield grader
    grader.close()


@pytest.fixture
def withstand(grader):
    """withstand(notebook): grade it and assert everything an attack must not get; the Graded."""

    def check(notebook):
        memory = peak_memory()
        graded = grader.grade(copy.deepcopy(notebook))
        points = grader.points(graded.notebook)
        assert points.keys() == grader.earned.keys()
        won = {name for name, value in points.items() if value > grader.earned[name]}
        assert won == set(), f"the attack earned {won}"
        nbformat.validate(graded.notebook)
        size = len(nbformat.writes(graded.notebook).encode("utf-8", "replace"))
        assert size < MAX_NOTEBOOK, f"a graded notebook of {size >> 20} MiB"
        assert len(graded.events) <= MAX_EVENTS
        said = [*graded.events, *graded.remarks]
        assert all(one.isprintable() and len(one) < 400 for one in said), said
        assert peak_memory() - memory < MAX_MEMORY, "the judge's memory was blown up"
        return graded

    yield check
    # Also after a failure: the disturbance of the next submission is a finding of its own.
    grader.assert_next_is_well()
    grader.assert_undisturbed()
