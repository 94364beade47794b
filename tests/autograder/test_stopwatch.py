"""The stopwatch counts each moment once, for the innermost part."""

from autograder import stopwatch


def test_a_part_within_a_part_counts_for_the_inner_one(monkeypatch):
    now = iter([1, 3, 10, 14, 20, 50])
    monkeypatch.setattr(stopwatch.time, "monotonic", lambda: next(now))
    watch = stopwatch.Stopwatch()
    with watch.time("outer"):  # from 1
        with watch.time("inner"):  # from 3
            pass  # to 10
    # to 14; then nothing is measured until 20
    with watch.time("outer"):
        pass  # to 50
    assert watch.spent == {"outer": (3 - 1) + (14 - 10) + (50 - 20), "inner": 10 - 3}
