"""In what way shapes were wrong, where all small tries agree on it."""

import itertools

import numpy as np

ORDINALS = ("first", "second", "third", "fourth", "fifth", "sixth")
MOST = 3  # axes that are told of
FEWEST = 6  # tries with a wrong shape, for less it may be luck


def sentence(pairs, name):
    """What all (yours, expected) shapes have in common, as a sentence, or "".

    pairs  of the tries in which the shape of the result `name` was wrong
    """
    pairs = [(tuple(mine), tuple(due)) for mine, due in pairs]
    if len(pairs) < FEWEST or len({(len(mine), len(due)) for mine, due in pairs}) > 1:
        return ""
    count, wanted = len(pairs[0][0]), len(pairs[0][1])
    if count != wanted:
        return f"Whenever its shape was wrong, {name} had {_axes(count)} in place of {wanted}."
    mine, due = (np.array(shapes) for shapes in zip(*pairs, strict=True))
    exchanged = _exchanged(mine, due)
    if exchanged:
        return f"Whenever the shape of {name} was wrong, {exchanged}."
    told = [_axis(mine[:, k], due, k) for k in range(count)]
    if not all(text is not None for text in told) or not 0 < len(list(filter(None, told))) <= MOST:
        return ""
    ways = {}
    for word, text in zip(ORDINALS, told, strict=False):
        if text:
            ways.setdefault(text, []).append(word)
    clauses = [f"its {listed(words)} {'axis was' if len(words) == 1 else 'axes were'} {text}"
               for text, words in ways.items()]
    return f"Whenever the shape of {name} was wrong, {' and '.join(clauses)}."


def _exchanged(mine, due):
    """Two axes that have changed places in all tries, or all axes in one other order, or ""."""
    count = due.shape[1]
    orders = [order for order in itertools.permutations(range(count)) if order != tuple(
        range(count)) and (mine == due[:, order]).all()] if 1 < count <= 6 else []
    if len(orders) != 1:
        return ""
    moved = [k for k, axis in enumerate(orders[0]) if k != axis]
    if len(moved) == 2:
        return f"its {listed([ORDINALS[k] for k in moved])} axes had changed places"
    return f"its axes stood in another order: transpose{orders[0]} of the right one"


def listed(words):
    return words[0] if len(words) == 1 else f"{', '.join(words[:-1])} and {words[-1]}"


def _axes(count):
    return "a single number" if not count else f"{count} {'axis' if count == 1 else 'axes'}"


def _axis(mine, due, k):
    """What is wrong with one axis in all tries: "" if nothing is, None if they disagree."""
    right = due[:, k]
    if (mine == right).all():
        return ""
    more = set((mine - right).tolist())
    if len(more) == 1:
        n = more.pop()
        return f"{abs(n)} too {'long' if n > 0 else 'short'}"
    for other in range(due.shape[1]):
        if other != k and (mine == due[:, other]).all():
            return f"as long as the {ORDINALS[other]} should be"
    if len(set(mine.tolist())) == 1:
        return f"always {mine[0]} long"
    for sign, word in ((1, "long"), (-1, "short")):
        if (sign * (mine - right) >= 0).all():
            return f"{'often ' * bool((mine == right).any())}too {word}"
    return None
