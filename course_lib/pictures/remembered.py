"""Pictures by what they are drawn of, for a process that draws those of a whole class.

A picture depends on nothing but the numbers and texts that it is drawn of, so whoever computed the
same arrays gets the same picture. Arrays count as the same if they agree to DIGITS digits of their
largest number: a sum in another order differs in the sixteenth. What is drawn is the rounded array,
so that who comes first makes no difference.
"""

import dataclasses
import hashlib
import math
from collections import OrderedDict

import numpy as np

DIGITS = 9
_APART = 0.2718
_PLAIN = (str, int, float, bool, type(None))


class Remembered:
    """The last `most` pictures."""

    def __init__(self, most):
        self.most = most
        self._pictures = OrderedDict()

    def picture(self, function, draw, args, kwargs):
        """The picture that `function` draws of these arguments; `draw` draws it."""
        args, kwargs = rounded(args), rounded(kwargs)
        try:
            key = (function, *described((args, kwargs)))
        except TypeError:
            return draw(*args, **kwargs)
        if key not in self._pictures:
            made = draw(*args, **kwargs)
            made.figure = None  # it is drawn, and large
            self._pictures[key] = made
        self._pictures.move_to_end(key)
        while len(self._pictures) > self.most:
            self._pictures.popitem(last=False)
        return self._pictures[key]


def rounded(value):
    """The same plain data with its double-precision arrays rounded; all else as it is."""
    if type(value) is np.ndarray and value.dtype == float and value.size:
        largest = np.abs(value).max()
        if not 1e-200 < largest < 1e200:
            return value
        # The largest is often 1 but for the last digit: no power of ten may part those. Adding zero
        # leaves no -0.0.
        return np.round(value, DIGITS - math.ceil(math.log10(largest) - _APART)) + 0.0
    if type(value) in (list, tuple):
        return type(value)(map(rounded, value))
    if type(value) is dict:
        return {name: rounded(part) for name, part in value.items()}
    return value


def described(value):
    """Plain data as hashable parts. Raises TypeError for anything else."""
    if type(value) in _PLAIN:
        return type(value), repr(value)
    if type(value) is np.ndarray and value.dtype.kind in "biufc":
        return value.dtype.str, value.shape, hashlib.sha256(value.tobytes()).digest()
    if type(value) in (list, tuple):
        return type(value), *map(described, value)
    if type(value) is dict:
        return dict, *((described(name), described(part)) for name, part in value.items())
    if dataclasses.is_dataclass(value) and not isinstance(value, type):
        return type(value), *(described(getattr(value, field.name))
                              for field in dataclasses.fields(value))
    raise TypeError(f"a {type(value).__name__} is no plain data")
