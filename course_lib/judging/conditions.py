"""Conditions that may hold for a case, and cases in which every two of them meet.

A mistake may show only where two things come together: several images and a bias, a stride and an
image that is not square. Groups that vary one thing at a time never see it. So each exercise
declares the conditions that its contract knows, and draws cases in which every two of them meet:
a covering array (see Kuhn, Kacker and Lei, "Introduction to Combinatorial Testing", 2013).
"""

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
              all. Every two conditions have to meet for each of them
    draw      draw(rng) gives one case at random of all that the contract allows
    """

    families: tuple[dict[str, Callable], ...]
    setting: Callable | None = None
    apart: tuple[tuple[str, str], ...] = ()
    asked: Callable = always
    draw: Callable | None = None

    @property
    def names(self):
        return [name for family in self.families for name in family]

    def holding(self, *case):
        """The names of the conditions that hold for a case."""
        about = case if self.setting is None else (self.setting(*case),)
        return self.among(*about)

    def among(self, *about):
        """The names of the conditions that hold for what the predicates are asked about."""
        return tuple(name for family in self.families for name, holds in family.items()
                     if holds(*about))

    def together(self, count=2):
        """Every combination of `count` conditions that the contract lets meet, as frozensets."""
        apart = {frozenset(pair) for pair in self.apart}
        unknown = set().union(*apart) - set(self.names)
        if unknown:
            raise ValueError(f"no conditions are called {', '.join(sorted(unknown))}; see apart")
        return {frozenset(names) for families in combinations(self.families, count)
                for names in _one_of_each(families)
                if not any(frozenset(pair) in apart for pair in combinations(names, 2))}

    def met(self, cases, count=2):
        """{result: the combinations of `count` conditions that meet in a case that judges it}."""
        found = {}
        for case in cases:
            names = list(map(frozenset, combinations(self.holding(*case), count)))
            for result in self.asked(*case):
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


def covering(candidates):
    """Few of the candidates, so that every two names that meet in any of them meet in one of these.

    candidates  a sequence of tuples of names
    Returns the indices of the chosen ones. Greedy: next is always the candidate with the most
    pairs that have not met, and among equals the one with the most triples that have not.
    """
    names = {name: k for k, name in enumerate(dict.fromkeys(n for c in candidates for n in c))}
    holds = np.zeros((len(candidates), len(names)), np.float32)
    for row, candidate in zip(holds, candidates, strict=True):
        row[[names[name] for name in candidate]] = 1
    left = np.triu(holds.T @ holds > 0, 1).astype(np.float32)
    chosen, triples = [], set()
    while left.any():
        new = ((holds @ left) * holds).sum(axis=1)
        best = np.flatnonzero(new == new.max())[:40]
        index = int(max(best, key=lambda k: sum(
            triple not in triples for triple in combinations(candidates[k], 3))))
        chosen.append(index)
        triples.update(combinations(candidates[index], 3))
        left[np.ix_(holds[index] > 0, holds[index] > 0)] = 0
    return chosen


def everything(draw, conditions, extra=lambda rng, *drawn: drawn, tries=3000, batch=10):
    """The draw of a group in which every two conditions meet.

    draw(rng) gives what the predicates are asked about, as a tuple; extra(rng, *drawn) makes a
    case of it. Of each batch that case is taken which brings the most pairs together anew.
    """

    def cases(rng):
        left = conditions.together()
        for _ in range(tries // batch):
            drawn = [draw(rng) for _ in range(batch)]
            new = [left & set(map(frozenset, combinations(conditions.among(*d), 2)))
                   for d in drawn]
            best = max(range(batch), key=lambda k: len(new[k]))
            if new[best]:
                left -= new[best]
                yield extra(rng, *drawn[best])
            if not left:
                return
        never = "; ".join(sorted(" and ".join(sorted(pair)) for pair in left))
        raise RuntimeError(f"these conditions never met: {never}. Draw cases in which they do, or "
                           "list them as apart")

    return cases
