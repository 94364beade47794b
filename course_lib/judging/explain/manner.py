"""In what way a result was wrong, where all small tries agree on it.

"It was twice the right number", "its numbers were the right ones in another order", "it was None":
what relates the student's results to the right ones in every single try in which they were wrong.
Nothing is called for this; the results of the tries are compared once more.
"""

import inspect
import itertools
import numbers
from dataclasses import dataclass, field

import numpy as np

from course_lib.judging.compare import limit, moved, order_of_axes, show
from course_lib.judging.explain import scaling, shapes
from course_lib.judging.explain.shapes import FEWEST, ORDINALS, listed

TELLING = 3  # of them have to tell a way from others that come to the same
MOST_DIFFERENT = 3  # right numbers have to differ so much before a relation is one
EXACT = 1e-5


@dataclass(frozen=True)
class Wrong:
    """A result that was wrong in one try.

    kind   as in `compare.Difference`
    sizes  what the sizes and settings of the try are called, and their values
    due    the right values of all results, by name
    """

    kind: str
    yours: object
    expected: object
    sizes: dict = field(default_factory=dict)
    due: dict = field(default_factory=dict)


def sentences(name, found):
    """What all Wrong ones of the result `name` have in common, a sentence for each kind."""
    told = []
    for kind in dict.fromkeys(one.kind for one in found):
        same = [one for one in found if one.kind == kind]
        told.append(_of_a_kind(name, kind, same) if len(same) >= FEWEST else "")
    return [text for text in told if text]


def _of_a_kind(name, kind, found):
    if kind == "missing":
        return "" if any(one.yours is not None for one in found) else (
            f"Whenever it was wrong, {name} was None: no value is returned there.")
    if kind in ("shape", "type") and (other := _another_result(name, found)):
        return other
    if kind == "shape":
        return shapes.sentence([(one.yours.shape, one.expected.shape) for one in found], name)
    if kind == "type":
        return _types(name, found)
    if kind == "count":
        return _counts(name, found)
    if kind == "nan":
        return f"Whenever it was wrong, {name} held a number that is not finite (NaN or infinity)."
    return _values(name, found)


# Types and numbers of entries


def _what(value):
    if isinstance(value, np.ndarray) and value.ndim:
        return "an array"
    if isinstance(value, (bool, np.bool_)):
        return "True or False"
    if isinstance(value, (numbers.Real, np.ndarray)):
        whole = isinstance(value, numbers.Integral) or (
            isinstance(value, np.ndarray) and value.dtype.kind in "iu")
        return "a whole number" if whole else "a number with a point (float)"
    if isinstance(value, (tuple, list)):
        return f"a {type(value).__name__}"
    if isinstance(value, dict):
        return "a dict"
    return show(value) if inspect.isroutine(value) or inspect.isgenerator(value) else (
        f"an object of type {type(value).__name__}")


def _types(name, found):
    mine, due = ({_what(one) for one in side} for side in (
        [one.yours for one in found], [one.expected for one in found]))
    if len(due) > 1 or len(mine) > 1 and any("number" not in what for what in mine):
        return ""
    mine, due = (mine.pop() if len(mine) == 1 else "a single number"), due.pop()
    return "" if mine == due else (
        f"Whenever its type was wrong, {name} was {mine} in place of {due}.")


def _counts(name, found):
    pairs = [(one.yours, one.expected) for one in found]
    if not all(isinstance(v, (tuple, list, np.ndarray)) for pair in pairs for v in pair):
        return ""
    more = {len(mine) - len(due) for mine, due in pairs}
    start = f"Whenever their number was wrong, {name}" if name.endswith("s") else (
        f"Whenever its length was wrong, {name}")
    if all(len(mine) == 0 for mine, _ in pairs):
        return f"{start} had no entries at all."
    if all(len(mine) == 1 < len(due) for mine, due in pairs):
        return f"{start} had a single entry."
    lists = [(list(mine), list(due)) for mine, due in pairs]
    if all(n < 0 for n in more) and all(one in due for mine, due in lists for one in mine):
        lacking = next((f": the {word} was missing" for word, part in (
            ("last", slice(None, -1)), ("first", slice(1, None)))
            if all(mine == due[part] for mine, due in lists)), "")
        return f"{start} had right entries alone, but not all of them{lacking}."
    if all(n > 0 for n in more) and all(one in mine for mine, due in lists for one in due):
        return f"{start} had all the right entries and others, too."
    if len(more) == 1 and 0 not in more:  # or it is an entry that has too many, or too few
        n = more.pop()
        return f"{start} had {_entries(abs(n))} too {'many' if n > 0 else 'few'}."
    return ""


def _entries(n):
    return "one entry" if n == 1 else f"{n} entries"


# Values


def _values(name, found):
    pairs = [(_numeric(one.yours), _numeric(one.expected)) for one in found]
    if any(mine is None or due is None or mine.shape != due.shape for mine, due in pairs):
        return ""
    whole = _whole(name, pairs) or _another_result(name, found)
    if whole:
        return whole
    with np.errstate(all="ignore"):
        masks = [~_close(mine, due) for mine, due in pairs]
        place = _place(name, masks, isinstance(found[0].expected, (tuple, list)),
                       isinstance(found[0].expected, list)) or _sign(
            name, masks, [due for _, due in pairs])
        way = _relation([(mine[mask], due[mask], one.sizes) for (mine, due), mask, one in
                         zip(pairs, masks, found, strict=True)])
    if place and way:
        return f"Whenever it was wrong, {place}, and there it was {way}."
    if place:
        return f"Whenever it was wrong, {place}."
    if not way:
        return scaling.sentence(name, pairs)
    single = pairs[0][1].ndim == 0 or all(mask.all() for mask in masks)
    what = name if single else f"each wrong number of {name}"
    return f"Whenever it was wrong, {what} was {way}."


def _numeric(value):
    """A number, an array or nested lists of numbers as an array of floats, or None."""
    try:
        value = np.asarray(value)
        return value.astype(float) if value.dtype.kind in "biuf" else None
    except (TypeError, ValueError, OverflowError):
        return None


def _close(mine, due):
    return np.abs(mine - due) <= limit(due)


def _all_close(pairs):
    return all(mine.shape == due.shape and bool(_close(mine, due).all()) for mine, due in pairs)


def _whole(name, pairs):
    """The right numbers at other places, as a sentence, or ""."""
    count = pairs[0][1].ndim
    if count == 0 or count > 6 or any(due.ndim != count for _, due in pairs):
        return ""
    start = f"Whenever it was wrong, {name} had the right numbers"
    for n in range(1, min(count, 3) + 1):
        for axes in itertools.combinations(range(count), n):
            if _all_close((mine, np.flip(due, axes)) for mine, due in pairs):
                words = listed([ORDINALS[k] for k in axes])
                return f"{start} in reverse order along its {words} axis."
    if count > 1 and all(mine.shape == due.shape for mine, due in pairs):
        orders = {order_of_axes(mine, due) for mine, due in pairs}
        if len(orders) == 1 and None not in orders:
            return f"{start}, but in another order of its axes."
        moves = {moved(mine, due) for mine, due in pairs}
        if len(moves) == 1 and None not in moves:
            return f"{start}, {moves.pop()}."
    larger = [(mine, due) for mine, due in pairs if due.size > 1]
    for k in range(count):
        if sum(due.shape[k] > 1 for _, due in pairs) >= TELLING and _all_close(
                (mine, np.broadcast_to(due.take([0], k), due.shape)) for mine, due in pairs):
            return (f"{start} of index 0 of its {ORDINALS[k]} axis at every other index of this "
                    "axis, too.")
    if len(larger) == len(pairs) and _all_close(
            (np.sort(mine, None), np.sort(due, None)) for mine, due in pairs):
        return f"{start}, but at other places."
    return ""


def _another_result(name, found):
    for other in found[0].due:
        if other != name:
            values = [(_numeric(one.yours), _numeric(one.due[other])) for one in found]
            if all(v is not None for pair in values for v in pair) and _all_close(values):
                return f"Whenever it was wrong, {name} was what {other} should be."
    return ""


def _place(name, masks, sequence, of_any_length=False):
    """Which of its numbers are wrong, as a clause, or "": "only its first number was wrong".

    of_any_length  the right ones are lists: if all wrong ones are equally long here, the third may
                   as well be the last, and nothing is said of it
    """
    alike = of_any_length and len({len(mask) for mask in masks if mask.ndim}) == 1
    if sequence and not alike and masks[0].ndim == 1 and len({mask.shape for mask in masks}) == 1:
        wrong = {tuple(np.flatnonzero(mask)) for mask in masks}
        if len(wrong) == 1 and len(next(iter(wrong))) == 1 < masks[0].size:
            return f"only its {ORDINALS[next(iter(wrong))[0]]} number was wrong"
    if not masks[0].ndim or len({mask.ndim for mask in masks}) > 1 or masks[0].ndim > 6:
        return ""
    for k in range(alike, masks[0].ndim):
        for words, part in (("is 0", lambda n: slice(0, 1)), ("is above 0", lambda n: slice(1, n)),
                            ("is the last one", lambda n: slice(n - 1, n)),
                            ("is not the last one", lambda n: slice(0, n - 1))):
            outside = [np.delete(mask, part(mask.shape[k]), k) for mask in masks]
            if sum(rest.size > 0 for rest in outside) >= TELLING and not any(
                    rest.any() for rest in outside):
                where = f"whose {ORDINALS[k]} index {words}" if masks[0].ndim > 1 else (
                    f"whose index {words}")
                return f"only numbers of {name} {where} were wrong"
    return ""


def _sign(name, masks, due):
    """The same of a sign: which numbers should have it, and are wrong for it, or ""."""
    wrong, right = (np.concatenate([values[keep] for values, keep in zip(
        due, keeps, strict=True)]) for keeps in (masks, [~mask for mask in masks]))
    if len(wrong) < FEWEST or (right != 0).sum() < FEWEST:
        return ""
    for words, sign in (("below 0", -1), ("above 0", 1)):
        if (sign * wrong > 0).all() and not (sign * right > 0).any():
            return f"only numbers of {name} that should be {words} were wrong"
    return ""


def _relation(found):
    """What the wrong numbers are to the right ones, in words, or "".

    found  (yours, expected, sizes) of each try, the wrong numbers alone
    """
    mine, due = (np.concatenate([one[k].ravel() for one in found]) for k in (0, 1))
    if len(np.unique(np.round(due, 6))) < MOST_DIFFERENT:
        return ""

    def same(values):
        return bool(np.allclose(mine, values, EXACT, EXACT))

    if same(0):
        return "0"
    if same(mine[0]):
        return f"{mine[0]:g}{_also(found, mine[0])}"
    for words, values in (("the right number with the other sign", -due),
                          ("the right number without its sign", np.abs(due)),
                          ("the square of the right number", due ** 2),
                          ("the square root of the right number", np.sqrt(np.abs(due))),
                          ("1 divided by the right number", 1 / due)):
        if same(values):
            return words
    if (np.abs(due - np.round(due)) > 0.01).mean() > 0.5:
        for words, values in (("with its decimals cut off", np.trunc(due)),
                              ("rounded", np.round(due)), ("rounded down", np.floor(due)),
                              ("rounded up", np.ceil(due))):
            if same(values):
                return f"the right number {words}"
    if same(due + (mine[0] - due[0])):
        n = mine[0] - due[0]
        return f"{abs(n):g} too {'large' if n > 0 else 'small'}{_also(found, abs(n))}"
    if due[0] and same(due * (mine[0] / due[0])):
        factor = mine[0] / due[0]
        return _times(factor) + _also(found, factor) + _also(found, 1 / factor if factor else 0)
    return _with_a_size(found, due, same)


def _also(found, number):
    """Which sizes were equal to a number in all tries, so that it may be one of them, in words."""
    names = [name for name in found[0][2]
             if number > 1 and all(abs(sizes[name] - number) < EXACT for *_, sizes in found)]
    return f" ({' and '.join(names)} {'was' if len(names) == 1 else 'were'} {number:g} there)" if (
        names) else ""


def _times(factor):
    words = {2.0: "twice the right number", 0.5: "half of the right number"}
    parts = 1 / factor if factor else 0
    if parts > 2 and abs(parts - round(parts)) < EXACT * parts:
        return f"the right number divided by {round(parts)}"
    return words.get(round(factor, 5), f"{factor:.4g} times the right number")


def _with_a_size(found, due, same):
    """The relation to a size or setting, or to the product of two."""
    names = [name for name in found[0][2] if all(name in sizes for *_, sizes in found)]
    products = [*((name,) for name in names),
                *itertools.combinations_with_replacement(names, 2)]
    for words in products:
        size = np.concatenate([np.full(here.size, np.prod([float(sizes[n]) for n in words]))
                               for _, here, sizes in found])
        text = " * ".join(words)
        if np.ptp(size) == 0:
            continue
        for phrase, values in ((f"the right number times {text}", due * size),
                               (f"the right number divided by {text}", due / size),
                               (f"just {text}", size), (f"too large by {text}", due + size),
                               (f"too small by {text}", due - size)):
            if same(values):
                return phrase
    return ""
