"""A process that has imported and drawn once what every grading process needs, and forks them.

It begins before there is anything to grade, beside the process that asks, and draws a lesson's
figures and visible cases while that one still makes the gradebook. What is forked then begins warm,
and all of them share one forking process of the sandbox. It runs nothing of a student's.
"""

import contextlib
import gc
import multiprocessing
import os
import pickle
import signal
import sys
import tempfile
import time
from multiprocessing import connection
from multiprocessing.reduction import recv_handle, send_handle

from autograder.bounded import CONTEXT
from autograder.errors import GradingError
from autograder.imports import without_search_for_garbage
from autograder.judge import process
from autograder.judge.template import use_templates
from autograder.sandbox.walls import BubblewrapSandbox

# Of a lesson's figures, of which there are about ten. While they are drawn the asking process has
# not much to do: most are drawn on its core, and the cases are played here.
_OWN, _OTHERS = slice(4), slice(4, None)


def fork_server(limits, unsafe=False):
    """A ForkServer, or None where grading processes are not forked or share no sandbox."""
    return None if unsafe or sys.platform != "linux" else ForkServer(limits)


class ForkServer:
    """The asking process's end of the process that grading processes are forked from.

    A context manager: leaving it ends that process, and with it all that it forked.

    limits  the Limits of what is graded
    """

    def __init__(self, limits):
        self.limits = limits
        self._control, theirs = CONTEXT.Pipe()
        self._process = CONTEXT.Process(target=_serve, args=(theirs, self._control, limits),
                                        daemon=True)
        self._process.start()
        theirs.close()
        self._count = 0

    def __enter__(self):
        return self

    def __exit__(self, *_):
        self.close()

    def warm_up(self, lesson):
        """Have it draw what is the same for all submissions of the lesson at this path, before it
        forks anything."""
        self._ask("warm_up", lesson)

    def know(self, templates):
        """Give what it forks from now on {path: Template} of the lessons, ready made.

        Nobody waits until they are read.
        """
        # More than a pipe takes while nobody reads it.
        with tempfile.TemporaryFile() as file, contextlib.suppress(OSError):
            pickle.dump(templates, file)
            file.flush()
            self._send_handle("know", file.fileno())

    def check(self):
        """Wait until its walls stand. Raises GradingError where nothing can be walled in."""
        try:
            error = self._control.recv()
        except (EOFError, OSError):  # it is gone: processes are made without it
            BubblewrapSandbox(self.limits).close()
            return
        if error:
            raise error

    def fork(self):
        """(handle of a grading process, its connection). OSError if nobody can be asked.

        Nobody waits until it is there.
        """
        ours, theirs = CONTEXT.Pipe()
        try:
            with theirs:
                self._send_handle("fork", theirs.fileno())
        except BaseException:
            ours.close()
            raise
        self._count += 1
        return _Forked(self._ask, self._count, ours), ours

    def is_gone(self):
        """Whether it has died, as one may ask when something that it forked has."""
        self._process.join(0.2)
        return not self._process.is_alive()

    def close(self):
        """End it and all that it forked."""
        self._control.close()
        if self._process:
            self._process.kill()
            self._process.join()
            self._process.close()
        self._process = None

    def _send_handle(self, what, handle):
        self._control.send((what,))
        send_handle(self._control, handle, self._process.pid)

    def _ask(self, *words):
        # If it is gone, what it forked went with it.
        with contextlib.suppress(OSError):
            self._control.send(words)


class _Forked:
    """A forked process, as GradingProcess uses one of multiprocessing's."""

    def __init__(self, ask, number, ours):
        self._ask, self._number, self._ours = ask, number, ours

    def terminate(self):
        self._ask("terminate", self._number)

    def kill(self):
        self._ask("kill", self._number)

    def join(self, seconds=None):
        """Wait for its end: nobody else holds the other end of its connection."""
        end = None if seconds is None else time.monotonic() + seconds
        with contextlib.suppress(EOFError, OSError):
            while self._ours.poll(None if end is None else max(0, end - time.monotonic())):
                self._ours.recv()

    def close(self):
        """Nothing is held of it here."""


def _serve(control, others, limits):
    """In the fork server: begin, then do what is asked for until nobody can ask any more.

    others  the other end of `control`, which came along with the fork
    """
    others.close()
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    process.end_with_parent()
    # It ends with its parent, and what it forks ends with it.
    multiprocessing.current_process()._config["daemon"] = False
    forked = {}
    with contextlib.suppress(EOFError, OSError):
        control.send(_prepared(limits))
        while True:
            what, *words = control.recv()
            if what == "warm_up":
                _warm_up(limits, *words)
            elif what == "know":
                with os.fdopen(recv_handle(control), "rb") as file:
                    file.seek(0)
                    use_templates(pickle.load(file))
            elif what == "fork":
                ours = connection.Connection(recv_handle(control))
                one = CONTEXT.Process(target=_become, args=(control, ours, limits), daemon=True)
                one.start()
                ours.close()
                forked[len(forked) + 1] = one
            elif words[0] in forked:
                getattr(forked[words[0]], what)()
                if what == "kill":
                    forked[words[0]].join()
    os._exit(0)


def _prepared(limits):
    """None, or the error that says why nothing can be graded here."""
    try:
        with without_search_for_garbage():
            process.prepare(limits, unsafe=False)
    except GradingError as error:
        return error
    return None


def _warm_up(limits, lesson):
    # A lesson that takes so long is no help; grading processes are made without this one then.
    signal.signal(signal.SIGALRM, lambda *_: os._exit(1))
    signal.alarm(int(limits.start_seconds))
    other = CONTEXT.Process(target=_draw_others, args=(lesson,))
    other.start()
    process.warm_up(lesson, _OWN)
    other.join()
    process.warm_up(lesson, _OTHERS, False)  # from the folder in which figures are kept
    signal.alarm(0)
    signal.signal(signal.SIGALRM, signal.SIG_DFL)
    process.rest()
    gc.collect()
    gc.freeze()


def _draw_others(lesson):
    process.end_with_parent()
    process.warm_up(lesson, _OTHERS, False)


def _become(control, ours, limits):
    """In what it forked: grade."""
    control.close()
    process.share()
    process.serve(ours, limits, unsafe=False)
