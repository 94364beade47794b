"""Interaction mutants: an answer that is wrong only where two conditions meet.

For each mutant of an answer and each two conditions that its exercise declares there is one:
`mutant if first and second else right answer`. They need not run one by one: it loses points if
the mutant fails a case for which both conditions hold. So each mutant is run once on every case.
Visible cases alone are asked, so that what is found holds for every draw of hidden ones.

An interaction mutant that is caught nowhere is equivalent if the mutant is right wherever the two
conditions meet; this is asked of POOL further cases, drawn from all that the contract allows.
"""

import dataclasses
from dataclasses import dataclass, field
from itertools import combinations

import numpy as np
from tqdm import tqdm

from course_lib.judging.exercise import as_case
from course_lib.judging.judge import judge
from quality.answers import answers
from quality.mutate import mutants
from quality.processes import Stopped, results

POOL = 300
CPU_SECONDS = 60
_known = {}


@dataclass
class Interactions:
    """How the interaction mutants of one exercise fared.

    caught      how many lose points
    equivalent  how many are right for all cases that the contract allows
    survivors   {(condition, condition): labels of mutants}: wrong somewhere, and not caught
    """

    lesson: str
    name: str
    pairs: int
    caught: int = 0
    equivalent: int = 0
    survivors: dict = field(default_factory=dict)

    @property
    def surviving(self):
        return sum(map(len, self.survivors.values()))


def interactions(lessons, processes=2, every=1, pool=POOL, only=None):
    """Interactions of every exercise of some lessons, in order. Shows a progress bar.

    every  take each so-manieth mutant alone
    only   names of exercises, for those alone
    """
    asked = [a for lesson in lessons for a in answers(lesson)
             if a.exercise.conditions and (only is None or a.name in only)]
    items = []
    for answer in asked:
        answer.space()
        prepare(answer, pool)
        items += [(answer, mutant, pool) for mutant in mutants(answer.source)[::every]]
    totals = {answer.name: Interactions(answer.lesson, answer.name,
                                        len(answer.exercise.conditions.together()))
              for answer in asked}
    with tqdm(total=len(items), desc="interactions", unit="mutant", smoothing=0) as bar:
        for index, found in results(_pairs, items, processes, CPU_SECONDS):
            answer, mutant, _ = items[index]
            total = totals[answer.name]
            if isinstance(found, Stopped):
                # It does not end, or eats memory: where, is not known. It is caught as a mutant.
                found = total.pairs, 0, []
            caught, equivalent, survivors = found
            total.caught += caught
            total.equivalent += equivalent
            for pair in survivors:
                total.survivors.setdefault(pair, []).append(mutant.label)
            bar.update()
    return list(totals.values())


def _pairs(item):
    """(caught, equivalent, surviving pairs) of all interaction mutants of one mutant."""
    answer, mutant, pool = item
    conditions = answer.exercise.conditions
    try:
        functions = answer.functions(answer.space(mutant.source))
    except Exception:
        return len(conditions.together()), 0, []  # its cell stops, and so it is wrong everywhere
    allowed = conditions.together()
    caught = set()
    visible, others = prepare(answer, pool)
    for case, meeting in visible:
        new = meeting & allowed - caught
        if new and fails(answer.exercise, functions, case):
            caught |= new
    left = allowed - caught
    survivors = set()
    for case, meeting in others:
        new = meeting & left - survivors
        if new and fails(answer.exercise, functions, case):
            survivors |= new
    return len(caught), len(left - survivors), sorted(tuple(sorted(pair)) for pair in survivors)


def prepare(answer, pool):
    """(case, the pairs of conditions that hold for it) of each visible case and of `pool` others.

    Drawn once, with the right results, in the process that all others are copies of.
    """
    if (answer.name, pool) not in _known:
        exercise, conditions = answer.exercise, answer.exercise.conditions
        drawn = [conditions.draw(np.random.default_rng(seed))
                 for seed in range(pool if conditions.draw else 0)]
        found = [[], []]
        for cases, kept in zip((visible_cases(exercise), drawn), found, strict=True):
            for case in map(as_case, cases):
                exercise.expected(case)
                kept.append((case, set(map(frozenset, combinations(
                    conditions.holding(*case), 2)))))
        _known[answer.name, pool] = found
    return _known[answer.name, pool]


def graded_cases(answer):
    """Every case that the test cells of an exercise try, visible and hidden."""
    exercise = answer.exercise
    return [case for test in answer.tests for seed in (None, test.seed)
            for case in exercise.cases(test.group, seed) if exercise.conditions.asked(*case)]


def visible_cases(exercise):
    """The visible cases of all groups that judge something, and not how long it takes."""
    return [case for group in exercise.groups for case in exercise.cases(group)
            if exercise.conditions.asked(*case)]


def fails(exercise, functions, case):
    """True if the functions lose points for this one case."""
    alone = dataclasses.replace(exercise, groups={"one": lambda rng: [case]}, misconceptions=())
    return not judge(alone, functions, "one").passed
