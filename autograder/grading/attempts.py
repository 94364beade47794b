"""The best of several attempts: all of them are graded, and the best one is recorded."""

from dataclasses import replace

from nbgrader.utils import determine_grade, is_grade

from autograder.lms.in_place import by_hand
from autograder.lms.index import read_index


def with_attempts(class_dir, settings, submissions):
    """The submissions; where the best attempt counts, one for each that was collected.

    An attempt that somebody named counts alone, and so does what lies in submitted/ by hand.
    """
    if settings.attempts != "best":
        return list(submissions)
    attempts = read_index(class_dir)
    found = []
    for one in submissions:
        theirs = [a for a in attempts if (a.student, a.lesson) == (one.student, one.lesson)]
        alone = len(theirs) < 2 or any(a.counts for a in theirs) or by_hand(
            class_dir, one.student, one.lesson, theirs)
        found += [one] if alone else [
            # Its own time lies beside it; in submitted/ lies that of the attempt placed last.
            replace(one, path=a.folder(class_dir) / f"{a.lesson}.ipynb", attempt=a, folder=None)
            for a in theirs]
    return found


def best_of(results, submissions, rule, due):
    """Of the results of `submissions`, each student's best attempt as soon as all are there.

    Yields (submission, graded, problem) like the results. Of equal attempts the earlier counts.

    rule  the class's LateRule
    due   called with lesson and student: when it is due for them (aware), or None
    """
    waiting = {}
    for one in submissions:
        waiting[one.label] = waiting.get(one.label, 0) + 1
    held = {}
    for result in results:
        label = result[0].label
        held.setdefault(label, []).append(result)
        waiting[label] -= 1
        if not waiting[label]:
            yield max(sorted(held.pop(label), key=lambda one: one[0]),
                      key=lambda one: _worth(one, rule, due))


def _worth(result, rule, due):
    """Points of an attempt after the late penalty; less than nothing if it was not graded."""
    submission, graded, _ = result
    if graded is None:
        return -1.0
    score = sum(_points(cell) for cell in graded.notebook.cells if is_grade(cell))
    when = submission.attempt.when if submission.attempt else None
    until = due(submission.lesson, submission.student) if when else None
    late = (when - until).total_seconds() if until else 0
    return score * (1 - rule.share(late))


def _points(cell):
    if cell.cell_type != "code" or cell.metadata.nbgrader.get("solution"):
        return 0.0
    return determine_grade(cell)[0] or 0.0
