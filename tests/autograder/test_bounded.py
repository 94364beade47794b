"""Work in a process of its own: what hangs, dies or grows costs nobody else anything."""

import os
import re
import signal
import time

import pytest

from autograder.bounded import Bounds, each
from autograder.errors import GradingError

pytestmark = pytest.mark.slow


def _do(kind):
    if kind == "hangs":
        time.sleep(1000)
    if kind == "spins":
        re.match("(a+)+b", "a" * 60)
    if kind == "grows":
        return len(bytearray(3 * 2**30))
    if kind == "dies":
        os.kill(os.getpid(), signal.SIGUSR1)
    if kind == "exits":
        os._exit(0)
    if kind == "raises":
        raise ValueError("bad\nzoe/02: 9/9 points \x1b[2J")
    if kind == "refuses":
        raise GradingError("a sentence")
    if kind == "recurses":
        return _do(kind)
    if kind == "says who it is":
        return os.getpid()
    return kind.upper()


@pytest.mark.parametrize("workers", [1, 3])
def test_each_item_has_a_result_or_a_sentence(workers):
    kinds = ["fine", "hangs", "spins", "grows", "dies", "exits", "raises", "refuses", "recurses",
             "well"]
    found = each(_do, [(kind,) for kind in kinds], workers, Bounds(1, 4.0, 2**28))
    said = {kind: (result, sentence) for (kind,), result, sentence in found}
    assert sorted(said) == sorted(kinds)
    assert said["fine"] == ("FINE", None) and said["well"] == ("WELL", None)
    assert said["refuses"] == (None, "a sentence")
    assert said["hangs"][1] == said["spins"][1] == "it took more than 1 seconds"
    assert "of memory" in said["grows"][1] and "died" in said["dies"][1]
    assert "died" in said["exits"][1] and "RecursionError" in said["recurses"][1]
    assert said["raises"][1] == "ValueError: bad\\nzoe/02: 9/9 points \\x1b[2J"


def test_a_process_does_some_pieces_and_none_after_one_that_went_wrong():
    calm, wrong = [("says who it is",)] * 40, [("says who it is",), ("raises",)] * 2
    for kinds, processes in ((calm, 2), (wrong, 2)):
        found = [result for _, result, _ in each(_do, kinds) if result]
        assert len(set(found)) == processes and os.getpid() not in found


def test_each_piece_has_the_whole_time_for_itself():
    found = [sentence for _, _, sentence in each(_busy, [()] * 3, bounds=Bounds(cpu_seconds=2))]
    assert found == [None] * 3


def _busy():
    end = time.process_time() + 0.8
    while time.process_time() < end:
        pass


def test_nobody_stays_when_the_process_that_asked_is_killed():
    reader, writer = os.pipe()
    asking = os.fork()
    if not asking:
        try:
            found = each(_do, [("says who it is",), ("says who it is",), ("hangs",)], 2,
                         Bounds(seconds=600))
            os.write(writer, f"{next(found)[1]} {next(found)[1]}".encode())
            time.sleep(1000)
        finally:
            os._exit(1)
    waiting = {int(pid) for pid in os.read(reader, 100).split()}
    os.kill(asking, signal.SIGKILL)
    os.waitpid(asking, 0)
    # One of them may have begun what hangs; it has an end of its own.
    end = time.monotonic() + 60
    while len(left := {pid for pid in waiting if _parent(pid) is not None}) > 1:
        assert time.monotonic() < end, "processes wait for nobody"
        time.sleep(0.05)
    for pid in left:
        os.kill(pid, signal.SIGKILL)
    os.close(reader)
    os.close(writer)


def test_who_stops_early_leaves_no_process_behind():
    # Other tests may have left a process that starts programs for them.
    before = _children()
    found = each(_do, [("fine",), ("hangs",)], 2, Bounds())
    next(found)
    children = _children() - before
    assert children
    found.close()
    assert not [pid for pid in children if _parent(pid) == os.getpid()]


def _children():
    return {pid for pid in os.listdir("/proc") if pid.isdigit() and _parent(pid) == os.getpid()}


def _parent(pid):
    try:
        with open(f"/proc/{pid}/stat", encoding="ascii") as file:
            return int(file.read().rpartition(")")[2].split()[1])
    except OSError:
        return None
