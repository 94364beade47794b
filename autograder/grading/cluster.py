"""Grading submissions on the workers of a Dask cluster.

Notebooks go out as bytes and graded notebooks come back; the gradebook is written only by the
process that asked. A worker needs the course, as this machine has it, and bubblewrap.
"""

import contextlib
import functools
import logging
import tempfile
import threading
import time
from dataclasses import replace
from pathlib import Path

from autograder import course
from autograder.errors import GradingError
from autograder.judge import process
from autograder.judge.handed_in import read_beside, write_files
from autograder.version import course_version

CONNECT_SECONDS = 20
# So many submissions are on their way for each worker: enough that none waits for the next.
AHEAD = 3
# Workers come and go: so many seconds may pass until that is noticed.
_COUNT_EVERY = 2
# Dask gives a task up when four workers died that had it, if only in their queue: where workers are
# switched off and on, that happens to honest work. Nothing in a submission can end a worker itself,
# so it is sent again, so many times.
_SENDINGS = 6
_GIVEN_UP = object()
# A worker's grading process belongs to one submission at a time.
_one_at_a_time = threading.Lock()


def grade_on_cluster(submissions, limits, unsafe, address):
    """Yield (submission, Graded or None, problem or None) as the cluster's workers deliver them.

    A submission whose worker is lost goes to another one, and a worker that joins later gets its
    share. A submission is read when it is sent, so no more than AHEAD for each worker are held,
    here and there. Raises GradingError when the scheduler cannot be reached, goes away, or a worker
    has another version of the course.
    """
    try:
        from distributed import Client, as_completed
    except ImportError:
        raise GradingError("--scheduler needs Dask; install it with pip install '.[cluster]' in "
                           "the course's folder") from None
    for name in ("distributed", "distributed.client"):
        # A lost connection is told here, in one line.
        logging.getLogger(name).setLevel(logging.CRITICAL)
    try:
        client = Client(address, timeout=CONNECT_SECONDS)
    except (OSError, ValueError) as error:
        raise GradingError(f"no scheduler answers at {address} ({error}); start one with "
                           "`dask scheduler`, or leave --scheduler away") from None
    with _while_it_is_there(address), client:
        version = course_version()
        workers = _Workers(client, address, version)
        waiting = iter(submissions)
        sent, running = {}, as_completed()

        def send(submission, sendings=1):
            sent_along = replace(submission, source=None), _own_lesson(submission)
            future = client.submit(_grade_bytes, *sent_along, _read(submission), limits, unsafe,
                                   version, pure=False)
            sent[future] = submission, sendings
            running.add(future)

        def send_more():
            while len(sent) < AHEAD * workers.count():
                if (submission := next(waiting, None)) is None:
                    return
                send(submission)

        send_more()
        for future in running:
            submission, sendings = sent.pop(future)
            result = _result(future)
            future.release()  # the scheduler forgets it before it is recorded
            if result is _GIVEN_UP and sendings < _SENDINGS:
                send(submission, sendings + 1)
                continue
            if result is _GIVEN_UP:
                result = None, (f"{4 * _SENDINGS} workers died that had it; look at the workers, "
                                "then grade it again")
            yield submission, *result
            send_more()


class _Workers:
    """How many workers the scheduler has, from time to time; all have one version of the course.

    GradingError where there are none to begin with.
    """

    def __init__(self, client, address, version):
        self._client, self._address = client, address
        self._count, self._counted = _checked_workers(client, address, version), time.monotonic()

    def count(self):
        if time.monotonic() > self._counted + _COUNT_EVERY:
            # All may be gone for a moment; one that comes has something to do.
            with _while_it_is_there(self._address, OSError):
                self._count = max(1, len(self._client.nthreads()))
            self._counted = time.monotonic()
        return self._count


def _checked_workers(client, address, version):
    """How many workers there are, all with this version of the course."""
    with _while_it_is_there(address, OSError):
        names = client.scheduler_info(n_workers=-1)["workers"]
    if not names:
        raise GradingError(f"the scheduler at {address} has no workers; start some with "
                           f"`dask worker {address} --nthreads 1`")
    with _while_it_is_there(address, OSError):
        digests = client.run(course_version, on_error="return")
    for name, digest in digests.items():
        if isinstance(digest, ImportError):
            raise GradingError(f"the worker {name} does not have the course ({digest}); install "
                               "it there")
        if digest != version:
            raise GradingError(_another_version(name))
    return len(names)


def _another_version(name):
    return (f"the worker {name} has another version of the course, of Python or of a package; "
            "bring it to the same ones and restart the worker")


def _own_lesson(submission):
    """The text of a lesson that the class has changed; None for the course's own."""
    if submission.source is None or submission.source.parent == course.SOLUTIONS:
        return None
    return submission.source.read_text(encoding="utf-8")


@functools.cache
def _version_here():
    """On a worker: the version of the course that it has."""
    return course_version()


@functools.cache
def _lesson_here(name, text):
    """On a worker: a file with the text of a class's lesson."""
    path = Path(tempfile.mkdtemp(prefix="lesson-")) / f"{name}.py"
    path.write_text(text, encoding="utf-8")
    return path


def _read(submission):
    """(bytes, files beside it, remarks about others), or the sentence why there are none."""
    try:
        return submission.path.read_bytes(), *read_beside(submission.path)
    except OSError as error:
        return f"the notebook cannot be read: {error.strerror}"


def _result(future):
    from distributed.comm import CommClosedError
    from distributed.scheduler import KilledWorker

    try:
        return future.result()
    except KilledWorker:
        return _GIVEN_UP
    except CommClosedError:
        raise
    except OSError as error:  # of the worker: a full disk, no memory left
        return None, f"a worker could not grade it ({error}); mend the worker, then grade it again"


@contextlib.contextmanager
def _while_it_is_there(address, *also):
    """GradingError when the scheduler goes away, wherever in the work that is noticed.

    also  further errors that mean it here; a question to it is asked over a connection of its own,
          which fails with any OSError
    """
    from distributed.client import ClosedClientError, FutureCancelledError
    from distributed.comm import CommClosedError

    try:
        yield
    except (ClosedClientError, CommClosedError, FutureCancelledError, *also):
        raise GradingError(f"the scheduler at {address} went away; what was graded by then is in "
                           "the gradebook. Start it and grade again") from None


def _grade_bytes(submission, lesson, content, limits, unsafe, version):
    """On a worker: grade the notebook with these bytes, as this `version` of the course does."""
    if version != _version_here():
        from distributed import get_worker

        # It joined after the others were asked.
        raise GradingError(_another_version(get_worker().address))
    if isinstance(content, str):
        return None, content
    content, files, left_out = content
    with _one_at_a_time, tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / submission.path.name
        path.write_bytes(content)
        write_files(files, folder)
        process.prepare(limits, unsafe)
        source = _lesson_here(submission.lesson, lesson) if lesson else None
        graded, problem = process.grade(replace(submission, path=path, source=source))
        if graded:
            graded.remarks += left_out
        return graded, problem
