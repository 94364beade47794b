"""Processes that grade can be ended at any moment."""

import subprocess
import sys

import pytest

# SIGTERM comes while Python runs something whose exceptions it ignores.
_TOLD = """
import os, signal, time, weakref
from autograder.judge.process import _end_when_told

def told(*_):
    os.kill(os.getpid(), signal.SIGTERM)
    time.sleep(0.01)

class Thing:
    {method}

_end_when_told()
try:
    thing = Thing()
    watched = weakref.ref(thing, {callback})
    del thing
    {then}
finally:
    print("cleaned up")
"""


@pytest.mark.parametrize(("method", "callback", "then"), [
    ("pass", "told", "time.sleep(60)"), ("__del__ = told", "None", "time.sleep(60)"),
    ("pass", "None", "told()")], ids=["in a callback", "in a __del__", "elsewhere"])
def test_one_that_is_told_to_end_cleans_up_and_ends_in_silence(method, callback, then):
    script = _TOLD.format(method=method, callback=callback, then=then)
    done = subprocess.run([sys.executable, "-c", script], capture_output=True, text=True,
                          timeout=50)
    assert (done.returncode, done.stdout, done.stderr) == (1, "cleaned up\n", "")
