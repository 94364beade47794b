"""Drawing the numbers of a case."""

import itertools


def draw(rng, low, high):
    """A whole number from low to high, both included."""
    return int(rng.integers(low, high + 1))


def several(rng, count, low=2):
    """The `count` sizes from `low` on, shuffled: none can stand in for another unnoticed."""
    return [int(n) for n in low + rng.permutation(count)]


def in_turn(rng, low, high):
    """For ever, the whole numbers from low to high in one order: neighbours always differ."""
    return itertools.cycle(several(rng, high - low + 1, low))
