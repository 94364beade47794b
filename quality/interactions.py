"""Interaction mutants: an answer that is wrong only where two conditions meet.

For each mutant of an answer and each two conditions that its exercise declares there is one:
`mutant if first and second else right answer`. They need not run one by one: it loses points if
the mutant fails a case for which both conditions hold. So each mutant is run once on every case.
Visible cases alone are asked, so that what is found holds for every draw of hidden ones.

An interaction mutant that is caught nowhere is equivalent if the mutant is right wherever the two
conditions meet. This is asked of TIMES further cases in which they do, drawn from all that the
contract allows. Some meet in one case of a thousand: so up to SEEDS cases are drawn for them.
Mostly one of the two alone makes the mutant right (without padding it matters not how much), which
the cases with others show as well. Where neither does, it may be wrong in few of the cases in which
both hold: there DEEP cases are asked, as far as so many meet.
"""

import dataclasses
from collections import Counter
from dataclasses import dataclass, field
from itertools import combinations

import numpy as np
from tqdm import tqdm

from course_lib.judging.exercise import as_case
from course_lib.judging.judge import judge
from quality.answers import answers
from quality.mutate import mutants
from quality.processes import Stopped, results

TIMES, DEEP, SEEDS = 40, 1000, 10_000
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


def interactions(lessons, processes=2, every=1, times=TIMES, deep=DEEP, only=None):
    """Interactions of every exercise of some lessons, in order. Shows a progress bar.

    every  take each so-manieth mutant alone
    times  in so many cases a mutant has to be right where two conditions meet
    deep   in so many where neither of the two alone makes it right
    only   names of exercises, for those alone
    """
    asked = [a for lesson in lessons for a in answers(lesson)
             if a.exercise.conditions and (only is None or a.name in only)]
    items = []
    for answer in asked:
        answer.space()
        prepare(answer, times)
        items += [(answer, mutant, times, deep) for mutant in mutants(answer.source)[::every]]
    totals = {answer.name: Interactions(answer.lesson, answer.name,
                                        len(answer.exercise.conditions.together()))
              for answer in asked}
    with tqdm(total=len(items), desc="interactions", unit="mutant", smoothing=0) as bar:
        for index, found in results(_pairs, items, processes, CPU_SECONDS):
            answer, mutant, *_ = items[index]
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
    answer, mutant, times, deep = item
    conditions = answer.exercise.conditions
    try:
        functions = answer.functions(answer.space(mutant.source))
    except Exception:
        return len(conditions.together()), 0, []  # its cell stops, and so it is wrong everywhere
    allowed = conditions.together()
    caught = set()
    visible, others = prepare(answer, times)
    for case, meeting in visible:
        new = meeting & allowed - caught
        if new and fails(answer.exercise, functions, case):
            caught |= new
    equivalent = allowed - caught
    tried, survivors = Counter(), set()
    for _, case, meeting in others:
        new = {pair for pair in meeting & equivalent if tried[pair] < times}
        tried.update(new)
        if new and fails(answer.exercise, functions, case):
            survivors |= meeting & equivalent
            equivalent -= survivors
    known = frozenset().union(*caught, *survivors)
    doubtful = {pair for pair in equivalent if pair <= known}
    tried.clear()
    for _, case, meeting in further_cases(answer, doubtful) if doubtful else ():
        new = {pair for pair in meeting - survivors if tried[pair] < deep}
        tried.update(new)
        if new and fails(answer.exercise, functions, case):
            survivors |= new
    equivalent -= survivors
    return len(caught), len(equivalent), sorted(tuple(sorted(pair)) for pair in survivors)


def prepare(answer, times):
    """([(visible case, pairs)], [(seed, further case, pairs)]); the pairs of conditions that hold
    for a case. Every pair is in `times` of the further ones, or in all that SEEDS seeds draw.

    Drawn once, with the right results, in the process that all others are copies of.
    """
    if (answer.name, times) not in _known:
        exercise, conditions = answer.exercise, answer.exercise.conditions
        visible = [(as_case(case), _pairs_of(conditions.holding(*case)))
                   for case in visible_cases(exercise)]
        others = [(seed, as_case(_case(answer, seed)), pairs)
                  for seed, pairs in _chosen(answer, times)]
        for *_, case, _ in [*visible, *others]:
            exercise.expected(case)
        _known[answer.name, times] = visible, others
    return _known[answer.name, times]


def _chosen(answer, times):
    met, left = Counter(), answer.exercise.conditions.together()
    for seed, names in enumerate(_holding(answer)):
        pairs = _pairs_of(names)
        if pairs & left:
            met.update(pairs)
            left = {pair for pair in left if met[pair] < times}
            yield seed, pairs


def _holding(answer):
    """The names of the conditions that hold for the case of each seed."""
    key = answer.name, "holding"
    if key not in _known:
        conditions = answer.exercise.conditions
        _known[key] = [frozenset(conditions.holding(*_case(answer, seed)))
                       for seed in range(SEEDS if conditions.draw else 0)]
    return _known[key]


def further_cases(answer, pairs):
    """(seed, case, the pairs that hold for it) of each seed for which one of some pairs holds."""
    for seed, names in enumerate(_holding(answer)):
        meeting = {pair for pair in pairs if pair <= names}
        if meeting:
            yield seed, _case(answer, seed), meeting


def _case(answer, seed):
    return answer.exercise.conditions.draw(np.random.default_rng(seed))


def _pairs_of(names):
    return set(map(frozenset, combinations(names, 2)))


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
