"""The right numbers in another scale: normalised, where they are wanted as they are."""

import numpy as np

from course_lib.judging.compare import limit

FEWEST = 4  # tries with so many numbers each that a scale is no accident
NUMBERS = 3


def sentence(name, pairs):
    """What all results (yours, expected) were of the right ones, if it was another scale in each.

    One factor, or one number too much, for all tries is told elsewhere.
    """
    pairs = [(mine.ravel(), due.ravel()) for mine, due in pairs]
    telling = [(mine, due) for mine, due in pairs if len(np.unique(due.round(6))) >= NUMBERS]
    if len(telling) < FEWEST or any(not np.isfinite(mine).all() for mine, _ in pairs):
        return ""
    for fit, words in ((_times, "multiplied by a factor"), (_line, "multiplied by a factor and "
                                                            "moved by a number")):
        if all(fit(*pair) for pair in telling):
            return (f"Whenever it was wrong, {name} had the right numbers {words}, which differed "
                    f"from try to try{_how(telling)}.")
    return ""


def _times(mine, due):
    factor = mine @ due / (due @ due)
    return factor != 0 and bool((np.abs(mine - factor * due) <= limit(mine)).all())


def _line(mine, due):
    away, off = due - due.mean(), mine - mine.mean()
    factor = off @ away / (away @ away)
    return factor != 0 and bool((np.abs(off - factor * away) <= limit(off)).all())


def _how(pairs):
    """What the scale has led to, as a clause."""
    for words, fits in (
            ("the smallest was always 0 and the largest 1", lambda a, _: (a.min(), a.max() - 1)),
            ("their sum was always 1", lambda a, _: (a.sum() - 1,)),
            ("the largest magnitude was always 1", lambda a, _: (np.abs(a).max() - 1,)),
            ("the largest one had always become 1", lambda a, due: (a[due.argmax()] - 1,)),
            ("the sum of their squares was always 1", lambda a, _: (a @ a - 1,)),
            ("their mean was always 0", lambda a, _: (a.mean(),))):
        if all(np.allclose(fits(*pair), 0, atol=1e-5) for pair in pairs):
            return f": {words}"
    return ""
