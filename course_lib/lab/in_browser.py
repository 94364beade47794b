"""What a browser lacks, and what is done about it there: see browser/, which builds the site."""

import os
import sys
import time
from pathlib import Path

from course_lib import student_error
from course_lib.lab import loops

# Where the site's files are seen from Python, and the request to stop that its page writes there.
DRIVE = Path("/drive")
REQUEST = DRIVE / ".stop"
# A request is looked for so often, and is out of date after so long, in seconds.
_BETWEEN, _LASTS = 0.5, 20
_next, _obeyed = 0.0, ""
# The folders that the kernel was seen in: its notebook's is one, wherever a cell goes later.
_folders = {""}

IS_BROWSER = sys.platform == "emscripten"


class _AsAsked(KeyboardInterrupt):
    """A learner has stopped a cell: a sentence, no traceback that ends in the course's code."""

    def _render_traceback_(self):
        lines = student_error.whereabouts(self).get("lines")
        where = " in your line {}: {}".format(*lines[-1]) if lines else ""
        return [f"stopped, as you asked{where}. Nothing of the notebook is lost."]


def way_in():
    """What to do where Python finds no lessons, in a sentence."""
    if IS_BROWSER:
        return ("Here the browser does not let Python see your files. Open the site's address with "
                "https, in an ordinary window and a tab of its own.")
    return "Open the lessons with convnets-lessons or make lab."


def prepare():
    """Make a kernel in a browser ready: its loops can be stopped, progress bars need no thread."""
    from IPython import get_ipython
    from tqdm import tqdm

    tqdm.monitor_interval = 0
    loops.watch(_obey)
    if get_ipython():
        get_ipython().events.register("pre_run_cell", _begin)


def _begin(*about):
    """A cell begins: a short one ends before anybody could ask for that, and no look delays it."""
    global _next
    _next = time.monotonic() + _BETWEEN
    _folders.add(os.getcwd())


def _obey(now):
    """KeyboardInterrupt if the page has asked for it: "MILLISECONDS FOLDER of the notebook"."""
    global _next, _obeyed
    if now < _next:
        return
    _next = now + _BETWEEN
    _folders.add(os.getcwd())
    try:
        asked = REQUEST.read_text(encoding="utf-8")
        moment, _, folder = asked.partition(" ")
        age = time.time() - float(moment) / 1000
    except (OSError, ValueError):
        return
    if asked != _obeyed and age < _LASTS and folder in _folders:
        _obeyed = asked
        raise _AsAsked("stopped, as you asked")
