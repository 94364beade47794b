"""A tiny world: the smallest cases of an exercise, and what can be said about them.

A world declares settings with a few tiny values each, the arrays that go with them and facts about
a case that a rule may be made of ("pad is 0"). From this come the fixed public tries, the smallest
case and fresh larger cases to test a rule on.
"""

import functools
import itertools
import math
import zlib
from collections.abc import Callable
from dataclasses import dataclass, field

import numpy as np

MAX_NUMBERS = 90  # in the arrays of a try: tiny cases only
TRIES = 40
MOST_SETTINGS = 12_000
FURTHER, NEXT, MOST_NUMBERS = 160, 80, 400  # how many tiny ones, larger ones; numbers of these
POOL = 200  # settings at random, of which the fixed tries are chosen


class Try(dict):
    """Settings and arrays of one case, by name: t.pad, t.x."""

    __getattr__ = dict.__getitem__


@dataclass(frozen=True)
class Fact:
    """Something that holds for a case or not, with the words for both."""

    yes: str
    no: str
    holds: Callable


def usual_sizes(t):
    return {name: value for name, value in t.items()
            if isinstance(value, int) and (name.isupper() or name in ("stride", "pad", "size"))}


@dataclass(frozen=True)
class World:
    """What an exercise declares about its tiny cases.

    exercise   its name
    settings   {name: tiny values}, the plainest first
    arguments  arguments(t): the arguments of the case of a Try
    call       a line that calls the student's function, with {names} for settings and arrays
    facts      Facts that a rule may be made of, in order of preference
    larger     {name: values} of fresh larger cases, where they differ from `settings`
    shapes     shapes(t): {name: shape} of the arrays, in order
    amount     amount(t): how much there is to look at in a case, if it is more than its arrays
    make       make(t, rng): {name: array}, for a world whose arrays are more than numbers
    allowed    whether settings belong together
    terms      {result: array names whose products a number of it may add up}
    kept       arrays in which numbers stay 1, 2, 3 ... in the smallest case
    different  no two numbers of x are equal (where equal ones may be told apart in any way)
    varied     the arrays that are varied to find the sums; all of them if None
    formula    expressions in the settings that a number may be made of ("K * F * F * D")
    helper     name of the exercise of the function whose cache this one gets
    words      words(t): further {name: value} for the line that calls
    sizes      sizes(t): {name: value} of what the exercise calls its sizes and settings: capital
               letters, stride, pad and size, if nothing else is said
    """

    exercise: str
    settings: dict
    arguments: Callable
    call: str
    facts: tuple[Fact, ...]
    larger: dict = field(default_factory=dict)
    shapes: Callable = lambda t: {}
    amount: Callable | None = None
    make: Callable | None = None
    allowed: Callable = lambda t: True
    terms: dict = field(default_factory=dict)
    kept: tuple[str, ...] = ()
    different: bool = False
    varied: tuple[str, ...] | None = None
    formula: tuple[str, ...] = ()
    helper: str | None = None
    words: Callable = lambda t: {}
    sizes: Callable = usual_sizes

    @functools.cached_property
    def literals(self):
        """Every fact and every opposite, as (words, holds), in order of preference."""
        opposite = [(f.no, lambda t, holds=f.holds: not holds(t)) for f in self.facts]
        return [(f.yes, f.holds) for f in self.facts] + opposite

    def numbers(self, t):
        """How large a case is: the numbers in its arrays, or the sum of its settings."""
        shapes = self.shapes(t)
        if shapes:
            return sum(map(math.prod, shapes.values()))
        return sum(abs(v) if isinstance(v, (int, float)) else len(v)
                   for v in self.chosen(t).values())

    def weight(self, t):
        """What a smallest case is the smallest in."""
        return self.amount(t) if self.amount else self.numbers(t)

    def chosen(self, t):
        """The settings of a Try alone."""
        return {name: t[name] for name in self.settings}

    def with_arrays(self, settings, seed=0):
        """The Try of some settings, with numbers that keep no two results equal by luck."""
        t = Try(settings)
        key = zlib.crc32(repr(sorted(t.items())).encode())
        rng = np.random.default_rng([seed, key])
        return Try(t, **(self.make or self._numbers)(t, rng))

    def _numbers(self, t, rng):
        made = {}
        for name, shape in self.shapes(t).items():
            n = math.prod(shape)
            if self.different and name == "x":
                values = 1 + 4 * (rng.permutation(n) + rng.uniform(0.2, 0.8, n)) / n
                values = -values if t.get("negative") else values
            else:
                values = rng.uniform(1.2, 3, n) * rng.choice([-1, 1], n)
            if name == "b" and not t.get("biased", True):
                values = np.zeros(n)
            made[name] = values.reshape(shape)
        return made

    def draw(self, rng, larger=False):
        """Settings at random, tiny or larger ones."""
        choices = self.settings | (self.larger if larger else {})
        while True:
            t = Try({name: values[int(rng.integers(len(values)))]
                     for name, values in choices.items()})
            if self.allowed(t) and (larger or self.numbers(t) <= MAX_NUMBERS):
                return t

    @functools.cached_property
    def in_order(self):
        """All tiny settings, smallest first; none where there are too many to put in order."""
        names = tuple(self.settings)
        if math.prod(map(len, self.settings.values())) > MOST_SETTINGS:
            return []
        every = (Try(zip(names, values, strict=True))
                 for values in itertools.product(*self.settings.values()))
        return sorted(filter(self.allowed, every),
                      key=lambda t: (self.weight(t), self._plainness(t)))

    def _plainness(self, t):
        return sum(values.index(t[name]) for name, values in self.settings.items())

    def _plain(self, rng):
        """The plainest settings that belong together."""
        t = Try({name: values[0] for name, values in self.settings.items()})
        return t if self.allowed(t) else min((self.draw(rng) for _ in range(200)),
                                             key=self._plainness)

    @functools.cached_property
    def tries(self):
        """The fixed public tries: one setting changed at a time, then most pairs of facts."""
        rng = np.random.default_rng(zlib.crc32(self.exercise.encode()))
        plain = self._plain(rng)
        chosen = [plain]
        for name, values in self.settings.items():
            t = Try(plain, **{name: values[min(1, len(values) - 1)]})
            if t not in chosen and self.allowed(t):
                chosen.append(t)
        pool = list({tuple(t.items()): t for t in (self.draw(rng) for _ in range(POOL))}.values())
        pool = [t for t in pool if t not in chosen]
        return [self.with_arrays(t) for t in
                chosen + _varied(self, chosen, pool, TRIES - len(chosen))]

    @functools.cached_property
    def further(self):
        """Tries beyond the fixed ones, with which a rule is attacked: always the same.

        In turn tiny ones and somewhat larger ones: what is wrong for one channel and for two, but
        right for three, is not always wrong.
        """
        rng = np.random.default_rng(zlib.crc32(f"{self.exercise} further".encode()))
        tiny = [self.draw(rng) for _ in range(FURTHER)]
        larger = [t for t in (self.draw(rng, larger=True) for _ in range(NEXT * bool(self.larger)))
                  if self.numbers(t) <= MOST_NUMBERS]
        in_turn = [t for pair in itertools.zip_longest(larger, tiny) for t in pair if t]
        drawn = {tuple(t.items()): t for t in in_turn}
        return [self.with_arrays(t) for t in drawn.values()]

    def key(self, t):
        return tuple(t[name] for name in self.settings)

    def truths(self, t):
        """For each literal, whether it holds for a Try with its generic arrays."""
        known = self._known
        key = self.key(t)
        if key not in known:
            known[key] = [bool(holds(t)) for _, holds in self.literals]
        return known[key]

    @functools.cached_property
    def _known(self):
        return {}

    def mask(self, tries):
        """For each literal, the tries for which it holds as the bits of an int."""
        return list(map(bits, zip(*map(self.truths, tries), strict=True)))


def bits(values):
    """An int whose bit k says whether value k is true."""
    return sum(1 << k for k, value in enumerate(values) if value)


def _varied(world, chosen, pool, count):
    """`count` of the pool, so that as many pairs of facts as can be meet, and then once more."""
    def table(tries):
        return np.array([world.truths(world.with_arrays(t)) for t in tries], float)

    if not pool:
        return []
    known, holds = table(chosen), table(pool)
    met, taken = known.T @ known, []
    for _ in range(min(count, len(pool))):
        worth = 0.1 ** met
        gain = ((holds @ worth) * holds).sum(axis=1)
        gain[taken] = -1
        taken.append(int(gain.argmax()))
        met += np.outer(holds[taken[-1]], holds[taken[-1]])
    return [pool[k] for k in taken]
