"""An end for a call that would never return, so that `check` always says something."""

import contextlib
import signal
import threading
import time

from course_lib import student_error
from course_lib.lab import loops
from course_lib.lab.in_browser import IS_BROWSER


class TimeIsUp(BaseException):
    """Raised in the student's function when its time is up; no `except Exception` catches it."""


class Stopped(KeyboardInterrupt):
    """A learner has stopped a check. The rest of Run All ends, too, as for each that is stopped."""

    def _render_traceback_(self):
        # IPython shows these lines instead of a traceback, which would be of the course's code.
        return [str(self)]


@contextlib.contextmanager
def stopped_in_a_sentence(name):
    """Whoever stops the body, which tries the function `name`, reads one sentence."""
    try:
        yield
    except Stopped:
        raise
    except KeyboardInterrupt as error:
        lines = student_error.whereabouts(error).get("lines")
        where = " in your line {}: {}".format(*lines[-1]) if lines else ""
        raise Stopped(f"{name} was stopped, as you asked{where}. There is no verdict; what you "
                      "wrote is still there.") from None


@contextlib.contextmanager
def time_limit(seconds):
    """Raise TimeIsUp in the body after so many seconds, where the system can do so.

    Unix has a clock that interrupts; elsewhere a thread asks the main one to stop. A browser has
    neither: there the loop itself is looked at. No limit off the main thread.
    """
    if IS_BROWSER:
        with _by_turns(seconds):
            yield
    elif threading.current_thread() is not threading.main_thread():
        yield
    elif hasattr(signal, "setitimer"):
        with _by_clock(seconds):
            yield
    else:
        with _by_thread(seconds):
            yield


@contextlib.contextmanager
def _by_clock(seconds):
    def interrupt(signum, frame):
        raise TimeIsUp(_sentence(seconds))

    start = time.monotonic()
    handler = signal.signal(signal.SIGALRM, interrupt)
    before, _ = signal.setitimer(signal.ITIMER_REAL, seconds)
    try:
        yield
    finally:
        # Whoever had set the clock before gets it back with the time that is left.
        left = max(0.01, before - (time.monotonic() - start)) if before else 0
        signal.setitimer(signal.ITIMER_REAL, 0)
        signal.signal(signal.SIGALRM, handler)
        signal.setitimer(signal.ITIMER_REAL, left)


@contextlib.contextmanager
def _by_turns(seconds):
    end = time.monotonic() + seconds

    def look(now):
        if now > end:
            raise TimeIsUp(_sentence(seconds))

    with loops.watched(look):
        yield


@contextlib.contextmanager
def _by_thread(seconds):
    import ctypes

    class Now(TimeIsUp):
        def __init__(self):
            super().__init__(_sentence(seconds))

    # Raised between two steps of the main thread, in the student's function as with a clock.
    ask, main = ctypes.pythonapi.PyThreadState_SetAsyncExc, threading.main_thread().ident
    timer = threading.Timer(seconds, ask, (ctypes.c_ulong(main), ctypes.py_object(Now)))
    timer.daemon = True
    timer.start()
    try:
        yield
    finally:
        timer.cancel()
        ask(ctypes.c_ulong(main), None)  # one that came too late is taken back


def _sentence(seconds):
    return f"it did not return within {seconds:g} seconds"
