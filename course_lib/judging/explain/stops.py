"""What all exceptions in the small tries have in common: the line, and what did not fit there."""

import re

import numpy as np

from course_lib.judging.explain.shapes import FEWEST, ORDINALS

_INDEX = re.compile(r"index (-?\d+) is out of bounds for axis (\d+) with size (\d+)")
_SHAPE = re.compile(r"\((\d+(?:,\d+)*,?|)\)")
_PRODUCT = re.compile(r"mismatch in its core dimension|shapes \S+ and \S+ not aligned")
_RESHAPE = re.compile(r"cannot reshape array of size (\d+) into shape \(([\d,]*)\)")


def sentence(errors):
    """What was wrong each time a function stopped, or "". `errors` are StudentErrors."""
    if len(errors) < FEWEST or len({error.kinds[0] for error in errors}) > 1:
        return ""
    if len({error.lines[-1] if error.lines else None for error in errors}) > 1:
        return ""
    messages = [error.message for error in errors]
    told = _indices(messages) or _sizes(messages) or _products(messages) or _shapes(messages)
    return f"Each time it stopped, {told}." if told else ""


def _indices(messages):
    found = [_INDEX.search(message) for message in messages]
    if not all(found):
        return ""
    index, axis, size = np.array([[int(n) for n in one.groups()] for one in found]).T
    where = f"axis {axis[0]} (the {ORDINALS[axis[0]]})" if (axis == axis[0]).all() else "an axis"
    if (index == size).all():
        return f"the index was the one just behind the end of {where}"
    return f"the index lay behind the end of {where}" if (index >= size).all() else ""


def _sizes(messages):
    found = [_RESHAPE.search(message) for message in messages]
    if not all(found):
        return ""
    have = np.array([int(one[1]) for one in found])
    room = np.array([np.prod([int(n) for n in one[2].split(",") if n], dtype=int)
                     for one in found])
    if (room == room[0]).all() and room[0] <= 1:
        return f"the new shape had room for {room[0]} number{'s' * (room[0] != 1)} only"
    if (have > room).all():
        return "the new shape had room for fewer numbers than there are"
    return "the new shape had room for more numbers than there are" if (have < room).all() else ""


def _products(messages):
    """Of matrix products: what @, np.matmul and np.dot say has little to do with rows."""
    if not all(_PRODUCT.search(message) for message in messages):
        return ""
    return ("a matrix product met two arrays that do not fit: the last axis of the first has to be "
            "as long as the second one's last but one (with one axis, the only one)")


def _shapes(messages):
    found = [_SHAPE.findall(message)[:2] for message in messages]
    if not all(len(pair) == 2 for pair in found) or not all(
            "broadcast" in message and "signature" not in message for message in messages):
        return ""
    pairs = [[[int(n) for n in text.split(",") if n] for text in pair] for pair in found]
    counts = {(len(a), len(b)) for a, b in pairs}
    if len(counts) > 1:
        return ""
    a, b = counts.pop()
    if a != b:
        return f"an array of {_axes(a)} met one of {_axes(b)}"
    first, second = (np.array(side) for side in zip(*pairs, strict=True))
    differs = [k for k in range(a) if (first[:, k] != second[:, k]).any()]
    told, unsteady = [], []
    for k in differs:
        more = set((first[:, k] - second[:, k]).tolist())
        if len(more) > 1:
            unsteady.append(ORDINALS[k])
        else:
            n = more.pop()
            told.append(f"the {ORDINALS[k]} axis was {abs(n)} {'longer' if n > 0 else 'shorter'} "
                        "in the first of the two shapes than in the second")
    if unsteady:
        told.append(f"the two shapes differed in the {' and '.join(unsteady)} axis")
    return " and ".join(told)


def _axes(n):
    return "no axes (a number)" if n == 0 else f"{n} {'axis' if n == 1 else 'axes'}"
