"""Drawing the numbers of a case."""


def draw(rng, low, high):
    """A whole number from low to high, both included."""
    return int(rng.integers(low, high + 1))


def several(rng, count, low=2):
    """The `count` sizes from `low` on, shuffled: none can stand in for another unnoticed."""
    return [int(n) for n in low + rng.permutation(count)]
