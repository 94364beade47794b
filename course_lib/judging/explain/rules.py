"""When is a function wrong? The simplest rule over the facts of a world that tries cannot break.

A rule is found on the fixed tries and then attacked: with tries that tell it from the other rules
that fit as well, and with tries on either side of it. It is an observation: what was wrong in these
tries, not why.
"""

import itertools
from dataclasses import dataclass

from course_lib.judging.explain.world import bits

BREAKING = 10  # tries on either side of a rule
FEWEST = 4  # that say something, on either side: fewer agree by luck
MOST = 40  # tries beyond the fixed ones


@dataclass(frozen=True)
class Rule:
    """kind is "always", "one", "and" or "or"; `parts` index the world's literals."""

    kind: str
    parts: tuple[int, ...] = ()

    def holds(self, world, t):
        if self.kind == "always":
            return True
        truths = world.truths(t)
        found = [truths[k] for k in self.parts]
        return all(found) if self.kind == "and" else any(found)

    def without(self, world, asked, tries):
        """The rule without a part that only says that a result is asked for; None if that is all.

        asked  whether a try asks for the result that the rule is about
        """
        if self.kind == "or":
            return self
        parts = tuple(k for k in self.parts
                      if any(world.truths(t)[k] != asked(t) for t in tries))
        return Rule("and" if len(parts) > 1 else "one", parts) if parts else None

    def words(self, world):
        joined = " or " if self.kind == "or" else " and "
        return joined.join(world.literals[k][0] for k in self.parts)


def fitting(masks, bad, count, pairs=True, known=None):
    """The simplest rules that hold for just the bad ones of `count` tries: a list, may be empty.

    known  the tries that count, as bits; the others may be either way
    """
    known = (1 << count) - 1 if known is None else known
    bad &= known
    if not bad:
        return []
    if bad == known:
        return [Rule("always")]
    masks = [mask & known for mask in masks]
    found = [Rule("one", (k,)) for k, mask in enumerate(masks) if mask == bad]
    if found:
        return found
    wider = [k for k, mask in enumerate(masks) if mask & bad == bad and mask != known]
    within = [k for k, mask in enumerate(masks) if mask and not mask & ~bad]
    if pairs:
        found = [Rule("and", pair) for pair in itertools.combinations(wider, 2)
                 if masks[pair[0]] & masks[pair[1]] == bad]
    return found + [Rule("or", pair) for pair in itertools.combinations(within, 2)
                    if masks[pair[0]] | masks[pair[1]] == bad]


def find_rule(player, tries, is_bad, is_known=lambda t: True, pairs=True):
    """(the simplest Rule that no try breaks, or None; all tries that were played).

    is_bad    whether an outcome is one that the rule is about
    is_known  whether a try says anything about it
    """
    world = player.world
    tries = list(tries)
    first, left = len(tries), list(world.further)

    def candidates():
        outcomes = [player.of(t) for t in tries]
        return fitting(world.mask(tries), bits(map(is_bad, outcomes)), len(tries), pairs,
                       bits(map(is_known, tries)))

    found = candidates()
    while found and len(tries) - first < MOST:
        new = _dividing(world, found[:12], left)
        attack = not new
        if attack:
            new = [t for side in (True, False) for t in
                   [t for t in left if found[0].holds(world, t) == side][:BREAKING]]
        tries += new
        left = [t for t in left if all(t is not one for one in new)]
        rule, found = found[0], candidates()
        if attack and found and found[0] == rule:
            return (rule if _is_supported(player, rule, tries, is_known) else None), tries
    return None, tries


def _is_supported(player, rule, tries, is_known):
    """True if enough of the tries that count lie on each side that the rule has."""
    known = [t for t in tries if is_known(t)]
    holding = sum(rule.holds(player.world, t) for t in known)
    if rule.kind == "always":
        return holding >= FEWEST
    return min(holding, len(known) - holding) >= FEWEST


def _dividing(world, found, pool):
    """The try that comes nearest to dividing the rules in halves, in a list; or none."""
    if len(found) < 2 or not pool:
        return []
    counts = [sum(rule.holds(world, t) for rule in found) for t in pool]
    best = max(range(len(pool)), key=lambda k: min(counts[k], len(found) - counts[k]))
    return [pool[best]] if 0 < counts[best] < len(found) else []


def only_when(player, tries, is_bad=bool):
    """(words, failing, holding) of the narrowest fact without which nothing was wrong, or None.

    For a function that no rule describes. At least half of the tries with the fact have to fail,
    and further tries without it have to be right.
    """
    world = player.world
    tries = list({world.key(t): t for t in [*tries, *world.further[-2 * BREAKING:]]}.values())
    bad = bits(is_bad(player.of(t)) for t in tries)
    masks = world.mask(tries)
    wider = [(mask.bit_count(), k) for k, mask in enumerate(masks)
             if bad and mask & bad == bad and mask.bit_count() < len(tries)]
    for count, k in sorted(wider):
        if 2 * bad.bit_count() >= count:
            words, holds = world.literals[k]
            without = [t for t in world.further if not holds(t)][:2 * BREAKING]
            if not any(is_bad(player.of(t)) for t in without):
                return words, bad.bit_count(), count
    return None
