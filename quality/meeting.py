"""How many conditions meet in an exercise's cases, and how far a single mistake spreads."""

import dataclasses
from dataclasses import dataclass

import numpy as np

from course_lib.judging.judge import judge
from quality.answers import answering, answers, points
from quality.interactions import graded_cases

POOL = 400


@dataclass(frozen=True)
class Meeting:
    """What meets in the cases of one exercise, and what mistakes cost.

    pairs, met          pairs of conditions that the contract lets meet; how many do, in the visible
                        cases and in the hidden ones
    triples, met_triples  the same of three conditions, in visible or hidden cases; possible are
                        those that meet in POOL cases drawn at random, or in these
    points              of the exercise
    worst, worst_name   what the dearest known mistake costs that is not wrong everywhere
    """

    lesson: str
    name: str
    cases: int
    pairs: int
    met: int
    triples: int
    met_triples: int
    points: int
    worst: int
    worst_name: str


def meetings(lessons):
    """A Meeting for every exercise of some lessons, in order."""
    return [_meeting(answer) for lesson in lessons for answer in answers(lesson)]


def _meeting(answer):
    exercise, conditions = answer.exercise, answer.exercise.conditions
    visible = [case for group in exercise.groups for case in exercise.cases(group)]
    hidden = [case for test in answer.tests for case in exercise.cases(test.group, test.seed)]
    wanted = conditions.together()
    met = set.intersection(*(found for cases in (visible, hidden)
                             for found in conditions.met(cases).values()))
    triples = set().union(*conditions.met([*visible, *hidden], 3).values())
    possible = set(triples)
    if conditions.draw:
        rng = np.random.default_rng(0)
        possible.update(*conditions.met([conditions.draw(rng) for _ in range(POOL)], 3).values())
    worth = points(answer)
    worst, name = max(_costs(answer, worth), default=(0, ""))
    return Meeting(answer.lesson, answer.name, len(graded_cases(answer)), len(wanted),
                   len(wanted & met), len(possible), len(triples), sum(worth.values()), worst, name)


def _costs(answer, worth):
    """(points, name) of each known mistake that is right in some group."""
    for misconception in answer.exercise.misconceptions:
        exercise = dataclasses.replace(answering(answer.exercise, misconception.wrong),
                                       misconceptions=())
        lost = {group for group in worth if not judge(exercise, (), group).passed}
        # A mistake is no loop over positions: nobody is timed here.
        if lost | {"many positions"} < worth.keys() | {"many positions"}:
            yield sum(worth[group] for group in lost), misconception.name
