"""Looking in now and then while a learner's code runs, where no clock can interrupt it.

A browser has no signals and no threads. But Python 3.12 calls back at each turn of a loop and each
call of a function (sys.monitoring, PEP 669), and what is raised there is raised in that loop.
"""

import contextlib
import sys
import time

from course_lib import student_error

# One of the numbers that sys.monitoring leaves to tools that are no debugger and no profiler.
_TOOL = 4
# A callback costs half a microsecond in a browser; the clock three times as much.
_EVERY = 16
_looks, _left = [], _EVERY


@contextlib.contextmanager
def watched(look):
    """Call look(seconds of the monotonic clock) now and then while the body runs.

    What `look` raises is raised in the loop that runs. Without sys.monitoring nothing happens.
    """
    watch(look)
    try:
        yield
    finally:
        _looks.remove(look)


def watch(look):
    """Call look(seconds of the monotonic clock) now and then, from now on."""
    _looks.append(look)
    monitoring = getattr(sys, "monitoring", None)
    if monitoring is None or monitoring.get_tool(_TOOL) is not None:
        return
    events = monitoring.events
    monitoring.use_tool_id(_TOOL, "convnets-by-hand")
    monitoring.register_callback(_TOOL, events.JUMP, _turn)
    monitoring.register_callback(_TOOL, events.PY_START, _turn)
    monitoring.set_events(_TOOL, events.JUMP | events.PY_START)


def _turn(code, *where):
    global _left
    if code.co_filename.startswith(student_error.NOT_THEIRS):
        # This place of the course's or a library's code calls back no more.
        return sys.monitoring.DISABLE
    _left -= 1
    if _left <= 0:
        _left = _EVERY
        __tracebackhide__ = True  # from IPython's tracebacks, when a look raises
        now = time.monotonic()
        for look in tuple(_looks):
            look(now)
    return None
