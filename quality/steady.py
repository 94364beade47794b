"""Steady verdicts: does a submission lose the same groups whatever the hidden seed is?"""

import dataclasses
from collections import Counter
from dataclasses import dataclass

import numpy as np
from tqdm import tqdm

from course_lib.judging.judge import judge
from quality.answers import answering, answers, run_lesson
from quality.processes import Stopped, results

RIGHT, FLOAT32 = "the right answer", "the right answer, float32 inside"
CPU_SECONDS = 1200


class Float32NumPy:
    """NumPy as somebody uses it who works in float32: new arrays are of that type."""

    def __getattr__(self, name):
        return getattr(np, name)

    def zeros(self, shape, dtype=np.float32):
        return np.zeros(shape, dtype)

    def ones(self, shape, dtype=np.float32):
        return np.ones(shape, dtype)

    def empty(self, shape, dtype=np.float32):
        return np.empty(shape, dtype)


def single(value):
    """Plain data with its float64 arrays in float32."""
    if isinstance(value, np.ndarray) and value.dtype == np.float64:
        return value.astype(np.float32)
    if isinstance(value, (list, tuple)):
        return type(value)(single(v) for v in value)
    if isinstance(value, dict):
        return {key: single(v) for key, v in value.items()}
    return value


@dataclass(frozen=True)
class Steadiness:
    """What a submission loses over many hidden seeds.

    visible   the groups it loses on the visible cases, and so for every seed
    hidden    each other group that it loses for some seed -> for how many
    refused   each group with an input that has to be refused -> for how many seeds. This says
              something about the cases, and is counted for the right answer alone
    """

    lesson: str
    exercise: str
    submission: str
    seeds: int
    visible: tuple
    hidden: dict
    refused: dict

    @property
    def unsteady(self):
        """The groups whose outcome depends on the seed, with the number of seeds that lose it."""
        return {group: n for group, n in self.hidden.items() if n < self.seeds}

    @property
    def seldom_refused(self):
        """The groups that ask for a refusal for some seeds only: another task, by accident."""
        return {group: n for group, n in self.refused.items() if n < self.seeds}

    @property
    def steady(self):
        return not (self.unsteady or self.seldom_refused or self.fails)

    @property
    def fails(self):
        """True for a right answer that loses points, be it for a single seed."""
        return self.submission in (RIGHT, FLOAT32) and bool(self.visible or self.hidden)


def steadiness(lessons, seeds, processes=2):
    """A Steadiness for every exercise and submission, in order. Shows a progress bar."""
    items = []
    for answer in (a for lesson in lessons for a in answers(lesson)):
        answer.space()
        items += [(answer, submission, seeds) for submission in (RIGHT, FLOAT32)]
        items += [(answer, mistake, seeds) for mistake in answer.exercise.misconceptions]
    found = [None] * len(items)
    with tqdm(total=len(items), desc="seeds", unit="submission", smoothing=0) as bar:
        for index, result in results(_lost, items, processes, CPU_SECONDS):
            if isinstance(result, Stopped):
                answer, submission, _ = items[index]
                raise RuntimeError(f"{answer.name}, {submission}: stopped after {CPU_SECONDS} s")
            found[index] = result
            bar.update()
    return found


def _lost(item):
    answer, submission, seeds = item
    exercise, functions = _submitted(answer, submission)
    # Sentences cost most of the time and no points.
    exercise = dataclasses.replace(exercise, misconceptions=())
    visible = tuple(g for g in exercise.groups if not judge(exercise, functions, g).passed)
    hidden = Counter(
        group for group in exercise.groups if group not in visible
        for seed in range(seeds) if not judge(exercise, functions, group, seed).passed)
    refused = Counter(
        group for group in exercise.groups if submission == RIGHT for seed in range(seeds)
        if any(isinstance(exercise.expected(c), ValueError) for c in exercise.cases(group, seed)))
    name = submission if isinstance(submission, str) else submission.name
    return Steadiness(answer.lesson, answer.name, name, seeds, visible, dict(hidden),
                      dict(refused))


def _submitted(answer, submission):
    exercise = answer.exercise
    if submission == RIGHT:
        return exercise, answer.functions(answer.space())
    if submission != FLOAT32:
        return answering(exercise, submission.wrong), ()
    space = run_lesson(answer.lesson)
    space["np"] = Float32NumPy()
    in_float32 = dataclasses.replace(
        exercise, play=lambda functions, *args: exercise.play(functions, *single(args)))
    return in_float32, answer.functions(space)
