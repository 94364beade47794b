"""Is there a Python loop over positions? Judged by how the time grows.

"Many positions" is judged by growth. The student's function is timed on two images with the same
amount of numbers to copy and to multiply. One has 400 times as many positions as the other, and
each of its windows holds 400 times fewer numbers. Without a Python loop over positions, both take
the same time (0.1 to 1.4 times was measured, in notebooks and through the sandbox, on an idle and
on a crowded machine); with one, the first takes 9 to 400 times as long. GROWTH lies in between.

The machine is not judged: both times are of the same function in the same process within
milliseconds, and the shortest of many tries counts. Bad luck cannot last either: other processes
make a try slower and never faster, so a function without a loop needs a single good try of each
kind, and gets PATIENCE seconds for it, while no luck makes a loop short. Slow ways without a loop
(np.add.at) pass. The positions lie in four rows: a loop over the rows of the output alone is none
over positions, and it passes too.
"""

import time

import numpy as np

from course_lib.student_error import StudentStopped

GROWTH = 4
TICKS = 10  # a time is measured to a tenth: so many steps of the clock
TRIES, PATIENCE = 15, 2  # at least so many tries; seconds until it is taken for a loop
MANY, FEW = 8_000, 20  # positions; below 9,000 NumPy's matrix products use one thread


def clock_tick():
    """The smallest step of the clock, in seconds: browsers make it coarse on purpose."""
    start = now = time.perf_counter()
    while now == start:
        now = time.perf_counter()
    return now - start


def seconds_for(call, case, count):
    """The time that `count` calls take."""
    start = time.perf_counter()
    for _ in range(count):
        call(case)
    return time.perf_counter() - start


def refuse_growth(call, many, few):
    """StudentStopped if call(many) takes more than GROWTH times as long as call(few)."""
    shortest, repeats, tick = {}, {"many": 1, "few": 1}, clock_tick()
    end, tries, growth = time.perf_counter() + PATIENCE, 0, np.inf
    while tries < TRIES or (growth > GROWTH and time.perf_counter() < end):
        for name, case in (("many", many), ("few", few)):
            taken = seconds_for(call, case, repeats[name])
            while taken < TICKS * tick:
                # Too short for this clock: more calls are timed together.
                repeats[name] *= 2
                taken = seconds_for(call, case, repeats[name])
            taken /= repeats[name]
            shortest[name] = min(taken, shortest.get(name, taken))
        growth = shortest["many"] / shortest["few"]
        tries += 1
    if growth > GROWTH:
        raise StudentStopped(
            f"it takes longer the more positions there are, as a Python loop over positions does. "
            f"Two images had the same amount of numbers to copy and to multiply. The one with "
            f"{MANY // FEW} times as many positions took {growth:.0f} times as long; without such "
            f"a loop it is about the same", way="grows with the positions")
