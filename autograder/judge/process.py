"""Grading in processes that can be killed, each with an end time and a ceiling of memory.

A process that is still busy with a submission after its time is killed from outside, together with
the sandbox that it started; one that asks for more memory than it may have gets an error. Either
costs that submission its grade and is said in a sentence. Whatever grades a student's notebook
(a class, a cluster, nbgrader's own commands, Gradescope) does it in such a process.
"""

import contextlib
import gc
import multiprocessing
import os
import resource
import signal
import sys
import threading
import time
from multiprocessing.connection import wait
from pathlib import Path

from autograder.bounded import CONTEXT
from autograder.errors import GradingError, SandboxError, SandboxLost
from autograder.text import one_line

_state = {}


def prepare(limits, unsafe):
    """Once in each process that grades: the sandbox and the judge's own shell."""
    if _state.get("for") == (limits, unsafe):
        return
    from autograder.sandbox.walls import kind_of_sandbox

    _state["sandbox"] = kind_of_sandbox(unsafe)(limits)
    _state["sandbox"].begin()
    # Meanwhile what is forked in there imports, too.
    from autograder.judge.run import CourseSide

    _state["course"] = CourseSide()
    _state["for"] = limits, unsafe


def warm_up(lesson, *which):
    """Draw and compute what of the lesson at this path is the same for all its submissions.

    which  as for CourseSide.warm_up
    """
    # What is wrong with a lesson is told with the first submission of it.
    with contextlib.suppress(Exception):
        _state["course"].warm_up(lesson, *which)


def rest():
    """Nothing is graded here for now, perhaps never again."""
    if "sandbox" in _state:
        _state["sandbox"].rest()


def share():
    """In a fork of a process that is prepared: go on with what that one has begun."""
    if "sandbox" in _state:
        _state["sandbox"].share()


def grade(submission):
    """(Graded, None) or (None, sentence): nothing that a submission does stops the class.

    submission  whatever has a method graded(sandbox, course side) that returns a Graded
    """
    try:
        graded = _graded(submission)
        if not _state.get("worked"):
            # What was imported and drawn for the first one stays: searching it for garbage after
            # each submission costs more than many a submission.
            gc.collect()
            gc.freeze()
        _state["worked"] = True
        return graded, None
    except SandboxLost as error:
        return None, str(error)
    except SandboxError as error:
        if not _state.get("worked"):
            raise  # nobody can be graded here: that is no problem of this submission
        return None, str(error)
    except GradingError as error:
        return None, str(error)
    except MemoryError:
        raise
    except Exception as error:
        return None, (f"could not be graded ({one_line(f'{type(error).__name__}: {error}', 200)}); "
                      "please report this")


def _graded(submission):
    sandbox, course = _state["sandbox"], _state["course"]
    try:
        return submission.graded(sandbox, course)
    except SandboxLost:
        # The machine ran out of memory? Whoever is graded just then has no part in it.
        sandbox.close()
        return submission.graded(sandbox, course)


def grade_apart(submission, limits, unsafe):
    """What `grade` returns, from a process beside this one that can be killed.

    It is kept for the next submission. Raises GradingError where nothing can be graded.
    """
    for _ in range(2):
        process = _state.get("apart")
        if process is None or (process.limits, process.unsafe) != (limits, unsafe):
            _end_apart()
            process = _state["apart"] = _beside(limits, unsafe)
        process.start(submission)
        wait([process.connection], max(0, process.deadline - time.monotonic()))
        try:
            result = process.result()
        finally:
            if process.is_spent:
                _end_apart()
        if result:
            return result
    return None, DIED_TWICE


def _beside(limits, unsafe):
    # Where it is started there are threads, and a fork would take their locks along. Dask's workers
    # count as processes that must not have children; this one ends with its parent.
    settings = multiprocessing.current_process()._config
    daemon = settings.pop("daemon", None)
    try:
        return GradingProcess(limits, unsafe, multiprocessing.get_context("spawn"))
    finally:
        if daemon is not None:
            settings["daemon"] = daemon


def _end_apart():
    process = _state.pop("apart", None)
    if process:
        process.close()


DIED_TWICE = "the grading process died twice on it; look at the notebook by hand"


def too_long(limits):
    """The sentence for a submission whose grading was ended from outside."""
    seconds = limits.submission_seconds + limits.judge_seconds
    return (f"grading it took more than {seconds:g} seconds and was stopped; look at the notebook "
            "by hand")


class GradingProcess:
    """A process that grades one submission after the other, and can be killed.

    server    the ForkServer that forks it, or None
    deadline  when it has to be done with the present one, by time.monotonic
    is_spent  True if it cannot be given another
    """

    def __init__(self, limits, unsafe, context=CONTEXT, server=None):
        self.limits, self.unsafe = limits, unsafe
        self.process = None
        if server:
            with contextlib.suppress(OSError):  # it died: do without it
                self.process, self.connection = server.fork()
        if self.process is None:
            self._start(context)
        self.submission, self.is_spent, self._is_fresh = None, False, True

    def _start(self, context):
        self.connection, theirs = context.Pipe()
        self.process = context.Process(target=serve, args=(theirs, self.limits, self.unsafe),
                                       daemon=True)
        self.process.start()
        theirs.close()

    def start(self, submission):
        """Let it begin; `connection` is ready when there is a result."""
        self.submission = submission
        limits = self.limits
        # The first one waits for the sandbox, which tries twice, and for the fork server.
        self.deadline = (time.monotonic() + limits.submission_seconds + limits.judge_seconds
                         + 3 * limits.start_seconds * self._is_fresh)
        with contextlib.suppress(BrokenPipeError):
            self.connection.send(submission)

    def result(self):
        """(Graded, problem) of the submission it was given, or None if the process died.

        One that is not done is killed. Raises GradingError where nothing can be graded.
        """
        self.submission = None
        if not self.connection.poll():
            self.is_spent = True
            self.process.kill()
            return None, too_long(self.limits)
        try:
            result, self.is_spent = self.connection.recv()
        except (EOFError, OSError):
            self.is_spent = True
            return None
        self._is_fresh = False
        if isinstance(result, Exception):
            raise result
        return result

    def close(self):
        """End it: an idle one cleans up behind itself, a busy one is told to, then killed."""
        if self.submission is not None:
            self.process.terminate()
        with contextlib.suppress(OSError):
            self.connection.send(None)
        self.process.join(5)
        self.process.kill()
        self.process.join()
        self.process.close()
        self.connection.close()


def serve(connection, limits, unsafe):
    """In a grading process: grade what comes until nobody asks any more."""
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    _end_when_told()
    end_with_parent()
    try:
        try:
            prepare(limits, unsafe)
        except GradingError as error:
            connection.recv()
            connection.send((error, True))
            return
        while True:
            submission = connection.recv()
            if submission is None:
                return
            with _ceiling(limits):
                result, failed = _result(submission, limits)
            connection.send((result, failed))
            if failed:
                return
    finally:
        if "sandbox" in _state:
            _state["sandbox"].close()


def _result(submission, limits):
    """(what `grade` returns or the error that stops the run, True if this process has to end)."""
    try:
        result = grade(submission)
    except SandboxError as error:
        return error, True
    except MemoryError:
        size = limits.judge_memory / 2**30
        return (None, f"grading it took more than the {size:g} GiB of memory that there are for "
                "one notebook; look at it by hand"), True
    return result, False


@contextlib.contextmanager
def _ceiling(limits):
    """Bound the memory that this process may ask for while it grades one notebook.

    What counts is its own data (RLIMIT_DATA), not the libraries and files that it has mapped. The
    limit is a soft one, so that student processes, which have their own, do not inherit it.
    """
    before = resource.getrlimit(resource.RLIMIT_DATA)
    status = Path("/proc/self/status")
    if status.exists():
        lines = dict(line.split(":", 1) for line in status.read_text().splitlines())
        now = int(lines["VmData"].split()[0]) * 1024
        resource.setrlimit(resource.RLIMIT_DATA, (now + limits.judge_memory, before[1]))
    try:
        yield
    finally:
        resource.setrlimit(resource.RLIMIT_DATA, before)


def _end_when_told():
    """On SIGTERM this process cleans up behind itself and ends, whatever it does just then.

    What is raised in a weak reference's callback or in a `__del__`, Python reports and ignores:
    where that happened, the process is told once more.
    """
    def ignored(what):
        if what.exc_type is SystemExit:
            threading.Timer(0.05, os.kill, (os.getpid(), signal.SIGTERM)).start()
        else:
            sys.__unraisablehook__(what)

    sys.unraisablehook = ignored
    signal.signal(signal.SIGTERM, lambda *_: sys.exit(1))


def end_with_parent():
    """Where the kernel offers it: no grading process outlives the one that asked."""
    if sys.platform == "linux":
        import ctypes

        death_signal = 1
        ctypes.CDLL(None).prctl(death_signal, signal.SIGKILL, 0, 0, 0)
