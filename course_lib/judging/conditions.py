"""Conditions that may hold for a case, and cases in which every two of them meet.

A mistake may show only where two things come together: several images and a bias, a stride and an
image that is not square. Groups that vary one thing at a time never see it. So each exercise
declares the conditions that its contract knows, and draws cases in which every two of them meet:
a covering array (see Kuhn, Kacker and Lei, "Introduction to Combinatorial Testing", 2013).
"""

import functools
from collections.abc import Callable
from dataclasses import dataclass
from itertools import combinations

import numpy as np


def always(*case):
    return ("result",)


@dataclass(frozen=True)
class Conditions:
    """What may hold for a case of an exercise.

    families  groups of conditions of which at most one holds: {name: predicate} each
    setting   setting(*case) is what the predicates are asked about; without it, the case itself
    apart     further pairs of names that the contract keeps from meeting
    asked     asked(*case): names of the results that the case judges, if it may judge fewer than
              all. Every two conditions have to meet for each of them. None for a case that is
              there to be timed
    draw      draw(rng) gives one case at random of all that the contract allows
    further   seeds of further visible cases: what is wrong where two conditions meet, and there in
              few cases alone, shows in these. `python -m quality.further` finds them
    """

    families: tuple[dict[str, Callable], ...]
    setting: Callable | None = None
    apart: tuple[tuple[str, str], ...] = ()
    asked: Callable = always
    draw: Callable | None = None
    further: tuple[int, ...] = ()

    @property
    def names(self):
        return [name for family in self.families for name in family]

    def holding(self, *case):
        """The names of the conditions that hold for a case."""
        about = case if self.setting is None else (self.setting(*case),)
        return self.among(*about)

    def among(self, *about):
        """The names of the conditions that hold for what the predicates are asked about."""
        names = []
        for family in self.families:
            for name, holds in family.items():
                if holds(*about):
                    names.append(name)
                    break  # of a family at most one holds
        return tuple(names)

    def further_cases(self, never=()):
        """The further cases in which none of some conditions holds."""
        cases = [self.draw(np.random.default_rng(seed)) for seed in self.further]
        return [case for case in cases if not set(never).intersection(self.holding(*case))]

    def together(self, count=2):
        """Every combination of `count` conditions that the contract lets meet, as frozensets."""
        apart = {frozenset(pair) for pair in self.apart}
        unknown = set().union(*apart) - set(self.names)
        if unknown:
            raise ValueError(f"no conditions are called {', '.join(sorted(unknown))}; see apart")
        return {frozenset(names) for families in combinations(self.families, count)
                for names in _one_of_each(families)
                if not any(frozenset(pair) in apart for pair in combinations(names, 2))}

    @functools.cached_property
    def _pairs(self):
        """together(), each pair in the order in which `holding` names them."""
        return {tuple(sorted(pair, key=self.names.index)) for pair in self.together()}

    def met(self, cases, count=2):
        """{result: the combinations of `count` conditions that meet in a case that judges it}."""
        found = {}
        for case in cases:
            results = self.asked(*case) or ()
            together = combinations(self.holding(*case), count) if results else ()
            names = list(map(frozenset, together))
            for result in results:
                found.setdefault(result, set()).update(names)
        return found

    def missing(self, cases):
        """The pairs that do not meet, as sorted (result, name, name)."""
        wanted = self.together()
        return sorted((result, *sorted(pair)) for result, met in self.met(cases).items()
                      for pair in wanted - met)


def _one_of_each(families):
    if not families:
        yield ()
        return
    for name in families[0]:
        for rest in _one_of_each(families[1:]):
            yield (name, *rest)


@dataclass(frozen=True)
class Draws:
    """The draw of a group whose hidden cases are of other kinds than its visible ones."""

    visible: Callable
    hidden: Callable

    def __call__(self, rng):
        return self.visible(rng)


TRIED = 64  # candidates that are looked at for each place in a covering array


def covering(candidates):
    """Two sets of candidates, such that every three names that ever meet do so in the first set,
    and every two that ever meet do so in the second.

    candidates  a sequence of tuples of names
    Returns two lists of indices. Greedy, as in AETG (Cohen, Dalal, Fredman and Patton, 1997): of
    some candidates in which a combination meets that has not met yet, the one with the most such
    combinations is taken.
    """
    names = {name: k for k, name in enumerate(dict.fromkeys(n for c in candidates for n in c))}
    longest = max(map(len, candidates))
    # Short candidates are filled up with a name that meets nobody.
    rows = np.array([sorted(names[n] for n in c) + [len(names)] * (longest - len(c))
                     for c in candidates])
    holds = np.zeros((len(rows), len(names) + 1), bool)
    np.put_along_axis(holds, rows, True, axis=1)
    holds[:, len(names)] = False
    pairs, triples = _met(holds)
    rng = np.random.default_rng(0)
    sets, left = ([], []), [pairs.copy(), pairs.copy()]

    def choose(which, missing):
        wanted = np.unravel_index(missing.argmax(), missing.shape)
        able = np.flatnonzero(holds[:, wanted].all(axis=1))
        able = rng.choice(able, min(TRIED, len(able)), replace=False)
        three = tuple(rows[able][:, k] for k in _columns(longest, 3))
        two = tuple(rows[able][:, k] for k in _columns(longest, 2))
        new = triples[three].sum(axis=1) + 1000 * left[which][two].sum(axis=1)
        best = int(new.argmax())
        sets[which].append(int(able[best]))
        triples[tuple(k[best] for k in three)] = False
        left[which][tuple(k[best] for k in two)] = False

    for which in (0, 1):
        while left[which].any():
            choose(which, left[which])
        while which == 0 and triples.any():
            choose(0, triples)
    return sets


def _met(holds):
    """(pairs, triples) of names, by their numbers in rising order, that meet in a row of `holds`.

    A bit for each row, 64 of them at a time.
    """
    rows, names = holds.shape
    padded = np.zeros((-(-rows // 64) * 64, names), bool)
    padded[:rows] = holds
    bits = np.ascontiguousarray(np.packbits(padded, axis=0).T).view(np.uint64)
    both = bits[:, None] & bits
    pairs = np.triu(both.any(axis=-1), 1)
    triples = np.zeros((names,) * 3, bool)
    for first in range(names):
        behind = slice(first + 1, None)
        met = (both[first, behind, None] & bits[behind]).any(axis=-1)
        triples[first, behind, behind] = np.triu(met, 1)
    return pairs, triples


@functools.cache
def _columns(length, count):
    return np.array(list(combinations(range(length), count))).T


# So many cases at most are drawn for pairs, in batches; and so many batches in a row that bring no
# three conditions together anew end the search for triples. Hidden cases are drawn anew for every
# submission: in smaller batches that takes two thirds of the time, for as many triples.
TRIES, BATCH, HIDDEN_BATCH, DRY = 3600, 6, 3, 4


# So often two conditions meet in visible cases, with other numbers around them: what is wrong in
# some of the cases in which they meet, and not in all, would be missed by one.
TIMES = 6


def meeting(conditions, *never, draw=None, hidden=None, times=TIMES):
    """The draw of a group in which every two conditions meet, but for those that it never has.

    In visible cases they do so `times` times, in hidden ones once. Most triples meet as well, by
    luck. draw(rng) gives a case; without it, conditions.draw does. Of each batch that case is
    taken which brings the most together anew. hidden(rng) gives the hidden cases, where most of
    the others have what is never had: they are drawn anew for every submission.
    """
    never, draw = set(never), draw or conditions.draw

    def cases(rng, draw, times, batch):
        wanted = {pair: times for pair in conditions._pairs if not never.intersection(pair)}
        left = set(wanted)
        triples, dry = set(), 0
        for _ in range(TRIES * times // batch):
            drawn = [draw(rng) for _ in range(batch)]
            names = [conditions.holding(*case) for case in drawn]
            new = [(0, 0) if never.intersection(n) else (
                sum(map(left.__contains__, combinations(n, 2))) if left else 0,
                len(set(combinations(n, 3)) - triples)) for n in names]
            best = max(range(batch), key=new.__getitem__)
            dry = 0 if new[best][1] > 0 else dry + 1
            if new[best][0] or new[best][1] > 0:
                for pair in left.intersection(combinations(names[best], 2)):
                    wanted[pair] -= 1
                    if not wanted[pair]:
                        left.remove(pair)
                triples.update(combinations(names[best], 3))
                yield drawn[best]
            if not left and dry >= DRY:
                return
        if left:
            pairs = "; ".join(sorted(" and ".join(sorted(pair)) for pair in left))
            raise RuntimeError(f"these conditions never met: {pairs}. Draw cases in which they do, "
                               "or list them as apart")

    return Draws(lambda rng: [*cases(rng, draw, times, BATCH), *conditions.further_cases(never)],
                 lambda rng: cases(rng, hidden or draw, 1, HIDDEN_BATCH))


def again(case):
    """The same shapes and settings with other numbers: all arrays from their end to their start.

    What a function keeps by the shape of its input, and not by its numbers, is wrong there.
    """
    return tuple(np.flip(one).copy() if isinstance(one, np.ndarray) else one for one in case)


def with_transposed(draw):
    """The same cases, in every other one with arrays that lie in memory as a transpose leaves them:
    the first axis runs the fastest."""
    def turned(cases):
        return [tuple(np.asfortranarray(one) if number % 2 and isinstance(one, np.ndarray) else one
                      for one in case) for number, case in enumerate(cases)]

    return Draws(*(lambda rng, kind=kind: turned(kind(rng))
                   for kind in (draw, getattr(draw, "hidden", draw))))


def both(*draws):
    """The draw of a group that has the cases of several."""
    hidden = [getattr(draw, "hidden", draw) for draw in draws]
    return Draws(*(lambda rng, kind=kind: [case for draw in kind for case in draw(rng)]
                   for kind in (draws, hidden)))
