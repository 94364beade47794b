"""Exercises played with functions that answer as a reference or a mistake does."""

import dataclasses

from course_lib.judging.judge import judge


def as_student(exercise, function):
    """`function`, which gives the judged values alone, as a student's function returns them."""

    def student(*args):
        value = function(*args)
        if exercise.judged == exercise.results:
            return value
        values = dict(zip(exercise.judged, [value] if len(exercise.judged) == 1 else value,
                          strict=True))
        return tuple(values.get(name, "the student's own") for name in exercise.results)

    return student


def verdicts(exercise, function, seeds):
    """(group, verdict) for each seed, None for the visible cases, when a student's functions
    answer as `function` does."""
    student = as_student(exercise, function)
    played = dataclasses.replace(exercise, play=lambda functions, *args: student(*args))
    for group in exercise.groups:
        for seed in seeds:
            yield group, judge(played, (), group, seed)


def assert_passes(exercise, functions, seeds, notes=True):
    """A student's functions pass every group, for the visible cases (None) and for each seed.

    notes  False: nothing may be remarked on them either
    """
    for group in exercise.groups:
        for seed in seeds:
            verdict = judge(exercise, functions, group, seed)
            assert verdict.passed, f"{group}: {verdict.text()}"
            assert notes or not verdict.notes, f"{group}: {verdict.text()}"
