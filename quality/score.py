"""The mutation score: every mutant and every misconception, graded as the test cells do."""

from collections import Counter
from dataclasses import dataclass, field, replace
from functools import partial

from tqdm import tqdm

from course_lib.judging.verdict import ERROR, WRONG
from quality.answers import answering, answers, verdicts
from quality.equivalent import EQUIVALENT
from quality.mutate import mutants
from quality.processes import Stopped, results


@dataclass
class ExerciseScore:
    """What has been found out about the grader of one exercise.

    lost           label of each mutant that was caught -> the groups it has lost
    by_error       how many of those were caught by an exception or the time limit alone
    named          how many of those were told a misconception's sentence
    equivalent     labels of mutants that are listed as equivalent, and were not caught
    survivors      labels of mutants that were neither caught nor listed
    stale          labels that are listed as equivalent, but were caught or do not exist
    misconceptions name of each misconception -> what is wrong with its verdicts, or ""
    """

    lesson: str
    name: str
    groups: tuple
    lost: dict = field(default_factory=dict)
    by_error: int = 0
    named: int = 0
    equivalent: list = field(default_factory=list)
    survivors: list = field(default_factory=list)
    stale: list = field(default_factory=list)
    misconceptions: dict = field(default_factory=dict)

    @property
    def mutants(self):
        return len(self.lost) + len(self.equivalent) + len(self.survivors)

    @property
    def diagnosed(self):
        return sum(not trouble for trouble in self.misconceptions.values())

    @property
    def losing(self):
        """How many mutants lose each group."""
        return Counter(group for groups in self.lost.values() for group in groups)

    @property
    def losing_alone(self):
        """How many mutants lose this group and no other."""
        return Counter(groups[0] for groups in self.lost.values() if len(groups) == 1)


def score(lessons, processes=2, every=1):
    """An ExerciseScore for every exercise of some lessons, in their order. Shows a progress bar.

    every  take every Nth mutant and misconception; mutants are then told no names, for which a
           verdict takes the longest
    """
    asked = [answer for lesson in lessons for answer in answers(lesson)]
    items = []
    for answer in asked:
        # The right notebook runs, and all cases are drawn, once: forked processes share them.
        answer.space()
        _draw(answer)
        items += [(answer, mutant) for mutant in list(mutants(answer.source))[::every]]
        items += [(answer, wrong) for wrong in answer.exercise.misconceptions[::every]]
    found = [None] * len(items)
    with tqdm(total=len(items), desc="mutants", unit="mutant", smoothing=0) as bar:
        for index, result in results(partial(_graded, names=every == 1), items, processes):
            found[index] = result
            bar.update()
    return [_summed(answer, [(item, result) for (other, item), result
                             in zip(items, found, strict=True) if other is answer])
            for answer in asked]


def _draw(answer):
    """Draw the cases of an answer's tests, and compute what is right for them."""
    for test in answer.tests:
        for seed in (None, test.seed):
            for case in answer.exercise.cases(test.group, seed):
                answer.exercise.expected(case)


def _graded(item, names):
    """{group: (outcome, misconception)} of what was lost by a mutant or a misconception."""
    answer, wrong = item
    if hasattr(wrong, "wrong"):
        found = verdicts(answer, answering(answer.exercise, wrong.wrong), ())
    else:
        try:
            functions = answer.functions(answer.space(wrong.source))
        except Exception:
            # The cell itself stops, and so do all its tests.
            return {test.group: (ERROR, None) for test in answer.tests}
        exercise = answer.exercise if names else replace(answer.exercise, misconceptions=())
        found = verdicts(answer, exercise, functions)
    return {group: (v.outcome, v.misconception) for group, v in found.items() if not v.passed}


def _summed(answer, graded):
    listed = EQUIVALENT.get((answer.lesson, answer.name), {})
    groups = tuple(test.group for test in answer.tests)
    total = ExerciseScore(answer.lesson, answer.name, groups)
    for wrong, lost in graded:
        if hasattr(wrong, "wrong"):
            total.misconceptions[wrong.name] = _trouble(wrong, lost)
            continue
        if isinstance(lost, Stopped):
            lost = dict.fromkeys(groups, (ERROR, None))
        if not lost:
            (total.equivalent if wrong.label in listed else total.survivors).append(wrong.label)
            continue
        total.lost[wrong.label] = tuple(lost)
        total.by_error += all(outcome == ERROR for outcome, _ in lost.values())
        total.named += any(name for _, name in lost.values())
    total.stale = [label for label in listed if label not in total.equivalent]
    return total


def _trouble(misconception, lost):
    """What is wrong with the diagnosis of a misconception, or ""."""
    if isinstance(lost, Stopped):
        return "its process was stopped"
    if not lost:
        return "loses no points"
    others = {name for outcome, name in lost.values()
              if outcome == WRONG and name != misconception.name}
    if others:
        told = ", ".join(sorted(f"“{name}”" if name else "no sentence" for name in others))
        return f"is told {told}"
    if all(outcome != WRONG and name != misconception.name for outcome, name in lost.values()):
        return "stops with an error in every group it loses, and is not told"
    return ""
