"""Drawing the numbers of a case."""

import itertools

import numpy as np


class QuickGenerator:
    """What NumPy's Generator is, with whole numbers out of a block that is drawn at once.

    Hidden cases are drawn anew for every submission, and most of what they take is one small whole
    number after the other, for which NumPy needs five times as long. Visible cases, which everyone
    knows, keep to NumPy's own.
    """

    BLOCK = 512

    def __init__(self, seed):
        self._generator = np.random.default_rng(seed)
        self._block = iter(())

    def __getattr__(self, name):
        return getattr(self._generator, name)

    def integers(self, low, high=None, size=None):
        """Whole numbers from low to below high, or from 0 to below low: an int, or an array."""
        if high is None:
            low, high = 0, low
        if size is not None:
            return low + (self._generator.random(size) * (high - low)).astype(np.int64)
        for one in self._block:
            return low + int(one * (high - low))
        self._block = iter(self._generator.random(self.BLOCK).tolist())
        return self.integers(low, high)


    def either_sign(self, low, high, size):
        """Numbers from low to high or from -high to -low, as likely as not: an array."""
        drawn = self._generator.uniform(low - high, high - low, size)
        return drawn + np.copysign(low, drawn)


def draw(rng, low, high):
    """A whole number from low to high, both included."""
    return int(rng.integers(low, high + 1))


def pick(rng, *values):
    """One of some values."""
    return values[rng.integers(len(values))]


def several(rng, count, low=2):
    """The `count` sizes from `low` on, shuffled: none can stand in for another unnoticed."""
    return [int(n) for n in low + rng.permutation(count)]


def in_turn(rng, low, high):
    """For ever, the whole numbers from low to high in one order: neighbours always differ."""
    return itertools.cycle(several(rng, high - low + 1, low))


def square(case, smallest, **settings):
    """A group's draw of cases with square windows and images, of other sizes from case to case.

    case      case(rng, HH=, WW=, rows=, columns=, ...) draws one; rows x columns windows fit
    smallest  the side of a window, in turn with the next one
    settings  a list for each, with one value for each case
    """
    def cases(rng):
        sizes = zip(in_turn(rng, smallest, smallest + 1), in_turn(rng, 4, 5), strict=True)
        for values in zip(*settings.values(), strict=True):
            window, places = next(sizes)
            usual = {"HH": window, "WW": window, "rows": places, "columns": places}
            yield case(rng, **usual | dict(zip(settings, values, strict=True)))

    return cases


def each_with_an_array(numbers, square):
    """A group's draw of cases (array of four axes, number), an array for each of the numbers.

    square  True: height and width, the last two axes, are equal
    """
    def cases(rng):
        for number in numbers:
            *first, H, W = several(rng, 4)
            yield rng.standard_normal((*first, H, H if square else W)), number

    return cases
