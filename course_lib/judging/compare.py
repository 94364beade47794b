"""Is a student's value the expected one? If not: the first thing that is wrong, in words.

Tolerance. Inputs are of the order of 1 and a result sums at most a few hundred products. In
float32 (unit round-off 6e-8) the accumulated error of k terms stays below k * 6e-8 of the largest
magnitude: 2e-5 for 300 terms. RTOL is five times that, relative to the largest expected magnitude,
so an answer that works in float32 inside never fails; a wrong term changes results by far more.
Where large terms cancel and the expected numbers are tiny, the error stays that of the terms: ATOL
is 16 times the unit round-off of terms of the order of 1.
"""

import decimal
import inspect
import itertools
import numbers
from dataclasses import dataclass, replace

import numpy as np

RTOL = 1e-4
ATOL = 1e-6
MAX_SHOWN = 400
MAX_SORTED = 30


@dataclass(frozen=True)
class Difference:
    """The first thing that is wrong with a value.

    kind is one of "missing", "lacking" (of an entry), "type", "count", "shape", "nan", "value",
    "error"; `index` is where in the array, `yours` and `expected` are texts; `array` is the name of
    the array, if it is one of the right shape.
    """

    kind: str
    sentence: str
    index: tuple | None = None
    yours: str = ""
    expected: str = ""
    array: str = ""


def show(value):
    """A short text for a value: numbers rounded, arrays by their shape."""
    text = _in_words(value)
    return text if len(text) <= MAX_SHOWN else text[:MAX_SHOWN] + " ..."


def _in_words(value, depth=0):
    if isinstance(value, np.ndarray) and value.ndim > 0:
        return f"an array of shape {value.shape}"
    if isinstance(value, (bool, np.bool_)) or value is None or isinstance(value, str):
        return repr(value)[:80]
    if isinstance(value, numbers.Integral):
        return str(int(value))
    if isinstance(value, (numbers.Real, decimal.Decimal, np.ndarray)):
        return f"{float(value):.6g}"
    if isinstance(value, (tuple, list)) and depth > 2:
        return f"a {type(value).__name__} of {len(value)}"
    if isinstance(value, (tuple, list)):
        parts = ", ".join(_in_words(v, depth + 1) for v in value[:9])
    if isinstance(value, tuple):
        return "(" + parts + ("," if len(value) == 1 else "") + ")"
    if isinstance(value, list):
        return "[" + parts + (", ...]" if len(value) > 9 else "]")
    if isinstance(value, dict):
        return f"a dict with {', '.join(map(repr, list(value)[:9]))}"[:80] if value else "{}"
    if inspect.isroutine(value):
        return "a function (are the brackets behind its name missing?)"
    if inspect.isgenerator(value):
        return "a generator (does it say yield where return belongs?)"
    return f"an object of type {type(value).__name__}"


def difference(name, yours, expected):
    """The first Difference between a student's value and the expected one, or None.

    The expected value's type is the rule: an array is compared element by element (any real
    dtype), an int asks for a whole number, a float for any number, a list or tuple for a sequence
    of the same length, a dict for the same keys. A bool is a fact that the name puts into words.
    """
    if isinstance(expected, bool):
        return None if yours is expected else Difference(
            "value", f"“{name}”: that should be so, and is not." if expected else
            f"“{name}”: that should not be so, and is.")
    if yours is None:
        return Difference("missing", f"{name} is None. Does every path of your function return it?")
    if isinstance(expected, np.ndarray):
        return _array_difference(name, yours, expected)
    if isinstance(expected, (list, tuple)):
        return _sequence_difference(name, yours, expected)
    if isinstance(expected, dict):
        return _dict_difference(name, yours, expected)
    return _number_difference(name, yours, expected)


def _number_difference(name, yours, expected):
    texts = {"yours": show(yours), "expected": show(expected)}
    if isinstance(yours, np.ndarray) and yours.size == 1 and yours.ndim == 0:
        yours = yours[()]
    if isinstance(yours, np.generic):
        yours = yours.item()  # np.int8 has no room for the difference from a larger number
    if isinstance(yours, decimal.Decimal):
        yours = float(yours)  # a real number that Python does not compare with others
    whole = isinstance(expected, numbers.Integral)
    if isinstance(yours, (bool, np.bool_)) or not isinstance(yours, numbers.Real):
        wanted = "a whole number (int)" if whole else "a single number"
        return Difference("type", f"{name} should be {wanted}; yours is {show(yours)}."
                          f"{_one_of_several(name, yours, expected)}", **texts)
    if yours != yours:
        return Difference("nan", f"{name} is NaN (not a number).", **texts)
    if whole:
        if yours != expected:
            return Difference("value", f"{name} has the wrong value.{_wrapped(yours, expected)}",
                              **texts)
        if not isinstance(yours, numbers.Integral):
            return Difference(
                "type",
                f"{name} has the right value, but as a float ({yours!r}); it counts things, "
                "so it should be an int. Look at the difference between / and //.",
                **texts | {"yours": repr(float(yours))},
            )
    elif not _is_close(yours, expected):
        return Difference("value", f"{name} has the wrong value.", **texts)
    return None


def _one_of_several(name, yours, expected):
    """A sentence if a tuple holds what is wanted and more, as where a function gives both."""
    if not isinstance(yours, tuple) or len(yours) > len(_PLACES):
        return ""
    entries = [(number, one) for number, one in enumerate(yours) if not isinstance(one, tuple)]
    found = [number for number, one in entries if difference(name, one, expected) is None]
    what = "is right"
    for shape in (np.shape(expected), None) if np.ndim(expected) else ():
        if not found:
            found = [number for number, one in entries if isinstance(one, np.ndarray)
                     and shape in (one.shape, None)]
            what = "is an array of the right shape" if shape else (
                f"is {show(yours[found[0]])}" if found else "")
    if len(found) != 1:
        return ""
    return (f" Its {_PLACES[found[0]]} entry {what}: is that one alone wanted? A function that "
            "returns several things gives a tuple. Unpack it, or take the entry with "
            f"[{found[0]}].")


def _all_together(yours, expected):
    """A clause if a number is the sum or the mean of all that an array should hold."""
    if expected.size < 2 or not isinstance(yours, numbers.Real):
        return ""
    try:
        yours = float(yours)
    except OverflowError:  # a whole number or a fraction that is too large
        return ""
    with np.errstate(all="ignore"):
        for word, whole in (("sum", expected.sum()), ("mean", expected.mean())):
            if abs(yours - whole) <= RTOL * max(abs(whole), np.abs(expected).max()):
                return f": the {word} of all the numbers that should be in it"
    return ""


_PLACES = "first", "second", "third", "fourth"


# An integer type of so many bits has started again: it holds no larger numbers. With 8 bits, one
# wrong number in 256 would look like it.
WRAPS = 32, 16


def _wrapped(yours, expected):
    """A sentence if a whole number differs as one does that its type has no room for."""
    bits = next((n for n in WRAPS if (yours - expected) % 2**n == 0 and abs(yours) < 2**n
                 and abs(expected) >= 2**(n - 1)), 0)
    return "" if not bits else (
        f" It differs from the right one by a multiple of 2**{bits}, as it does where a number has "
        f"outgrown an integer type of {bits} bits such as np.int{bits}: use Python's own int.")


def _is_close(yours, expected):
    try:
        with np.errstate(over="ignore"):
            return bool(abs(yours - expected) <= ATOL + RTOL * abs(expected))
    except OverflowError:
        # A whole number larger than any float.
        return False


def _entry(name, key):
    """grads['w'], or “entry [1] of the list” where a result has its name in words."""
    if " " not in name:
        return f"{name}[{key!r}]"
    within, _, whole = name.partition(" of ") if name[:7] == "entry [" else ("entry ", "", name)
    return f"{within}[{key!r}] of {whole}"


def _sequence_difference(name, yours, expected):
    texts = {"yours": show(yours), "expected": show(expected)}
    is_row = isinstance(yours, np.ndarray) and yours.ndim == 1
    if isinstance(expected, list) and isinstance(yours, tuple) and (
            several := _one_of_several(name, yours, expected)):
        return Difference("type", f"{name} should be a list; yours is a tuple of {len(yours)}."
                          f"{several}", **texts)
    if not is_row and not isinstance(yours, (list, tuple)):
        kind = type(expected).__name__
        return Difference("type", f"{name} should be a {kind}; yours is {show(yours)}.", **texts)
    if len(yours) != len(expected):
        counts = f"{len(yours)} in yours, {len(expected)} expected"
        return Difference("count", f"{name} has the wrong number of entries: {counts}.", **texts)
    if is_row:
        yours = yours.tolist()
    for i, (mine, right) in enumerate(zip(yours, expected, strict=True)):
        found = difference(_entry(name, i), mine, right)
        if found and found.kind == "type" and texts["yours"] == texts["expected"]:
            texts["yours"] = str(yours)[:MAX_SHOWN]  # 7.0, where 7 would look as if it were right
        if found:
            return Difference(_within(found.kind), found.sentence + _other_order(
                yours, expected), (i,), **texts)
    return None


def _other_order(yours, expected):
    """A sentence if all entries are right ones, in another order."""
    if len(expected) > MAX_SORTED:
        return ""
    left = list(yours)
    for right in expected:
        found = next((k for k, one in enumerate(left) if difference("", one, right) is None), None)
        if found is None:
            return ""
        del left[found]
    return " The entries are the right ones, in another order."


def _dict_difference(name, yours, expected):
    if not isinstance(yours, dict):
        return Difference("type", f"{name} should be a dict; yours is {show(yours)}.")
    for key, value in expected.items():
        if key not in yours:
            return Difference("lacking", f"{name} has no entry {key!r}.")
        found = difference(_entry(name, key), yours[key], value)
        if found:
            return replace(found, kind=_within(found.kind))
    return None


def _within(kind):
    """The kind of a difference of an entry, as one of the whole: that is there, and lacks it."""
    return "lacking" if kind == "missing" else kind


def _array_difference(name, yours, expected):
    if isinstance(yours, (list, tuple)) or np.isscalar(yours):
        mine = f"a {type(yours).__name__}"
        if isinstance(yours, tuple):
            mine = f"a tuple of {len(yours)}"
        if np.isscalar(yours) and not isinstance(yours, str):
            mine = f"a single number, {show(yours)}{_all_together(yours, expected)}"
        return Difference("type", f"{name} should be a NumPy array; yours is {mine}."
                          f"{_one_of_several(name, yours, expected)}")
    if not isinstance(yours, np.ndarray) or yours.dtype.kind not in "biuf":
        entries = f" with entries of type {yours.dtype}" if isinstance(yours, np.ndarray) else ""
        return Difference("type", f"{name} should be an array of real numbers; yours is "
                          f"{show(yours)}{entries}.")
    if yours.shape != expected.shape:
        return _shape_difference(name, yours, expected)
    with np.errstate(over="ignore"):
        # Of a NaN this is NaN, which is not below anything.
        if np.abs(yours - expected).max(initial=0.0) <= limit(expected):
            return None
    wrong = ~np.isfinite(yours)
    if wrong.any():
        index = tuple(int(i) for i in np.argwhere(wrong)[0])
        bad = show(yours[index])
        return Difference(
            "nan", f"{name} holds {bad}, which is no finite number.", index, bad,
            show(expected[index]), name,
        )
    with np.errstate(over="ignore"):
        wrong = np.abs(yours - expected) > limit(expected)
    if not wrong.any():  # what is expected holds a NaN: a mutant's result, say
        return None
    index = tuple(int(i) for i in np.argwhere(wrong)[0])
    count = int(wrong.sum())
    share = f"{count} of {wrong.size} values {'is' if count == 1 else 'are'} wrong"
    if wrong.size == 1:
        share = "its value is wrong"
    sentence = f"{name} {_has(name)} the right shape, but {share}."
    axes = order_of_axes(yours, expected)
    steps = None if axes else moved(yours, expected)
    if axes:
        sentence += f" They are right in another order of axes: {_order(axes)}."
    elif steps:
        sentence += f" They are the right ones, {steps}."
    elif yours.dtype.kind in "iu" and (expected != np.round(expected)).any():
        sentence += (f" Your array has room for whole numbers alone: its type is {yours.dtype}. "
                     "What is written into it loses its decimals.")
    return Difference("value", sentence, index, show(yours[index]), show(expected[index]), name)


def limit(expected):
    """How far a value may be from the expected ones: the tolerance above, for all of an array."""
    return ATOL + RTOL * np.abs(expected).max(initial=0.0)


def close(yours, expected):
    """True if an array is a wrong one's prediction, which may hold NaN and infinity as well."""
    finite = np.isfinite(expected)
    with np.errstate(all="ignore"):
        near = np.abs(yours - expected) <= limit(expected[finite])
    strange = (yours == expected) | np.isnan(yours) & np.isnan(expected)
    return bool(np.where(finite, near, strange).all())


def order_of_axes(yours, expected):
    """The order of axes in which `yours` has the expected values, if there is one."""
    if not 2 <= yours.ndim <= 6 or yours.ndim != expected.ndim or yours.size != expected.size:
        return None
    for axes in itertools.permutations(range(yours.ndim)):
        turned = yours.transpose(axes)
        if turned.shape == expected.shape:
            with np.errstate(over="ignore"):
                off = np.abs(turned - expected).max(initial=0.0)
            if off <= limit(expected):
                return axes
    return None


def _order(axes):
    """An order of axes in words, where there are words for it."""
    last = len(axes) - 1
    swapped = axes == (*range(last - 1), last, last - 1)
    words = {2: "rows and columns are exchanged, ", 4: "height and width are exchanged, "}
    return (words.get(len(axes), "") if swapped else "") + f"transpose{axes} fits"


def is_plural(name):
    """True of names that stand for several things ("the pixels")."""
    head = name.partition(" of ")[0]
    return name.startswith("the ") and head.endswith("s") and not head.endswith("ss")


def _has(name):
    return "have" if is_plural(name) else "has"


def moved(yours, expected):
    """How far the expected values have moved along the last two axes, in words, or None.

    What lies beyond the edge may be anything. At least half of the values have to be left to
    compare, and they have to differ from each other.
    """
    if yours.ndim < 2:
        return None
    rows, columns = yours.shape[-2:]
    for down, right in _SHIFTS:
        if abs(down) > rows // 2 or abs(right) > columns // 2:
            continue
        mine = yours[..., max(down, 0):rows + min(down, 0), max(right, 0):columns + min(right, 0)]
        due = expected[..., max(-down, 0):rows + min(-down, 0),
                       max(-right, 0):columns + min(-right, 0)]
        if due.size >= 2 and np.ptp(due) > limit(expected) and (
                np.abs(mine - due).max() <= limit(expected)):
            steps = [f"{abs(n)} {unit}{'s' * (abs(n) > 1)} too far {way[n > 0]}" for n, unit, way in
                     ((down, "row", ("up", "down")), (right, "column", ("left", "right"))) if n]
            return " and ".join(steps)
    return None


_SHIFTS = sorted(((down, right) for down in range(-2, 3) for right in range(-2, 3)
                  if down or right), key=lambda move: sum(map(abs, move)))


def _shape_difference(name, yours, expected):
    sentence = f"{name} {_has(name)} shape {yours.shape}; it should be {expected.shape}."
    axes = order_of_axes(yours, expected)
    if axes:
        sentence += f" The values are right in another order of axes: {_order(axes)}."
    elif (yours.ndim != expected.ndim and yours.size == expected.size
          and np.squeeze(yours).shape == np.squeeze(expected).shape
          and close(yours.reshape(expected.shape), expected)):
        sentence += (" The values are right, with axes of length 1 too many (as keepdims=True and "
                     "None as an index leave them)." if yours.ndim > expected.ndim else
                     " The values are right, but axes of length 1 have got lost (as with squeeze, "
                     "or with a number as an index).")
    elif sorted(yours.shape) == sorted(expected.shape) and yours.ndim > 1:
        sentence += " The sizes are right, in another order: some axes are exchanged."
    return Difference("shape", sentence, None, str(yours.shape), str(expected.shape))
