"""The smallest case that still goes wrong, with numbers of one digit: whole ones if they do."""

import numpy as np

from course_lib.judging.explain.world import Try

MOST = 40  # settings that are tried in order of size, and as many again while shrinking one


def smallest(player, wanted, rule=None):
    """The smallest settings whose outcome is `wanted`, as a Try with numbers to work with by hand.

    None if none was met. A rule says where it is worth looking.
    """
    world = player.world
    best = min(player.met(wanted), key=world.weight, default=None)
    tried = 0
    for t in world.in_order:
        if tried >= MOST or best is not None and world.weight(t) >= world.weight(best):
            break
        if rule is not None and not rule.holds(world, world.with_arrays(t)):
            continue
        tried += 1
        if wanted(player.of(t)):
            best = t
            break
    if best is None:
        return None
    best = _shrunk(player, best, wanted)
    return _digits(player, world.with_arrays(best), wanted)


def _shrunk(player, t, wanted):
    """One setting after the other as plain as it can be while the outcome stays `wanted`."""
    world, tried, moved = player.world, 0, True
    while moved and tried < MOST:
        moved = False
        for name, values in world.settings.items():
            for value in values[:values.index(t[name])] if t[name] in values else values:
                plainer = Try(t, **{name: value})
                if not world.allowed(plainer) or world.weight(plainer) > world.weight(t):
                    continue
                tried += 1
                if wanted(player.of(plainer)):
                    t, moved = plainer, True
                    break
    return t


def _digits(player, t, wanted):
    """The case with small whole numbers, on which it is still wrong in the same way; or t."""
    found = next((one for one in _candidates(player.world, t) if wanted(player.outcome(one))), None)
    if found is None:
        return t
    for name in _numeric(player.world, found):
        if name not in player.world.kept:
            found = _with_few(player, found, name, wanted)
    return found


def _numeric(world, t):
    return [name for name in world.shapes(t)
            if isinstance(t[name], np.ndarray) and t[name].dtype.kind == "f"]


def _candidates(world, t):
    """The case with other numbers, the plainest first."""
    names = _numeric(world, t)
    ranks = {}
    if world.different and "x" in names:
        order = np.argsort(np.argsort(t["x"].ravel())) + 1.0
        ranks["x"] = (order - (order.size + 1 if t.get("negative") else 0)).reshape(t["x"].shape)
    plain = {}
    for name in names:
        n = t[name].size
        counted = np.arange(n) % 9 + 1.0 if name in world.kept else np.ones(n)
        if name == "b":
            counted = np.zeros(n)
        plain[name] = counted.reshape(t[name].shape)
    yield Try(t, **(plain | ranks))
    rng = np.random.default_rng(2)
    # Some mistakes show below 0 alone, and some where numbers are not whole.
    for largest, lowest, unit in ((3, 1, 1), (9, 1, 1), (9, 1, 1), *[(3, -3, 1)] * 4, (9, -9, 1),
                                  *[(3, -3, 0.5)] * 2, (9, -9, 0.5)):
        more = {name: _not_0(rng, lowest, largest, t[name].shape) * unit for name in names}
        if not t.get("biased", True) and "b" in more:
            more["b"] *= 0
        more |= {name: plain[name] for name in world.kept if name in plain and largest < 9
                 and unit == 1}
        shifted = {name: rank + (unit if unit < 1 else lowest * (rank.max() < 0 and lowest < 0))
                   for name, rank in ranks.items()}
        yield Try(t, **(more | shifted))


def _not_0(rng, lowest, largest, shape):
    """Whole numbers from lowest to largest, and 1 in place of 0."""
    drawn = rng.integers(lowest, largest + 1, shape).astype(float)
    return np.where(drawn == 0, 1.0, drawn)


def _with_few(player, t, name, wanted):
    """The array `name` as full of zeros and ones as it can be."""
    for number in (0.0, 1.0):
        same = Try(t, **{name: np.full_like(t[name], number)})
        if np.array_equal(same[name], t[name]) or wanted(player.outcome(same)):
            return same
    for k in range(min(t[name].size, 6)):
        for number in (0.0, 1.0):
            if t[name].flat[k] == number:
                break
            changed = t[name].copy()
            changed.flat[k] = number
            if wanted(player.outcome(Try(t, **{name: changed}))):
                t = Try(t, **{name: changed})
                break
    return t
