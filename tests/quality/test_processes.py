"""Work in forked processes: results in, endless loops and exits bounded."""

import os

import numpy as np
import pytest

from quality.processes import Stopped, results


def test_every_item_comes_back_with_its_number():
    assert sorted(results(lambda n: n * n, [3, 4, 5])) == [(0, 9), (1, 16), (2, 25)]


def test_what_does_not_end_is_stopped():
    def endless(n):
        while n:
            pass
        return "done"

    found = dict(results(endless, [1, 0], cpu_seconds=1))
    assert isinstance(found[0], Stopped) and found[1] == "done"


def test_a_process_that_ends_is_a_result_and_memory_is_bounded():
    def harmful(n):
        if n:
            os._exit(0)
        try:
            return np.ones(2**29).sum()
        except MemoryError:
            return "no memory"

    found = dict(results(harmful, [1, 0]))
    assert isinstance(found[0], Stopped) and found[1] == "no memory"


def test_a_mistake_of_our_own_is_raised():
    with pytest.raises(RuntimeError, match="ZeroDivisionError"):
        list(results(lambda n: 1 / n, [0]))
