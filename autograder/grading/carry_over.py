"""Carrying hand-given grades over to a changed lesson: what still fits stays, the rest is named.

nbgrader refuses a lesson that gained or lost cells once it has submissions. Here the lesson's
entries are made again and everything that belongs to a cell that is still there is put back: points
and comments given by hand, extra credit, results of tests, times and extensions. All of it is one
transaction, and the gradebook from before is kept in a file beside it.
"""

import json
import sqlite3
import warnings
from contextlib import closing
from dataclasses import dataclass, field
from pathlib import Path

from nbgrader.api import MissingEntry
from nbgrader.coursedir import CourseDirectory
from sqlalchemy.exc import SAWarning
from tqdm import tqdm

from autograder import course
from autograder.classroom.config import class_config
from autograder.classroom.lessons import lesson_paths
from autograder.classroom.noticed import notice
from autograder.classroom.settings import read_settings
from autograder.grading.gradebook import OpenGradebook, check_gradebook
from autograder.grading.record import only_run
from autograder.grading.registered import SaveCellsInOpenGradebook
from autograder.judge.template import Template
from autograder.lessons.lesson import read_lesson
from autograder.text import one_line
from course_lib.whole_files import now_for_a_name

_GRADE = ("auto_score", "manual_score", "extra_credit", "needs_manual_grade")
_COMMENT = ("auto_comment", "manual_comment")


@dataclass
class Change:
    """What happens to a lesson of a gradebook.

    added, dropped  ids of graded cells that are new, or gone
    points          {id of a cell: (points before, points now)}
    lost            sentences about what people gave and no cell is there for any more
    again           sentences about what a person should look at again
    students        how many have a submission
    """

    lesson: str
    added: list = field(default_factory=list)
    dropped: list = field(default_factory=list)
    points: dict = field(default_factory=dict)
    lost: list = field(default_factory=list)
    again: list = field(default_factory=list)
    students: int = 0

    def lines(self):
        """The change as lines of text."""
        what = [f"{word} {', '.join(cells)}" for word, cells in
                (("new:", self.added), ("gone:", self.dropped)) if cells]
        what += [f"{cell}: {old:g} -> {new:g} points" for cell, (old, new) in self.points.items()]
        many = "one submission" if self.students == 1 else f"{self.students} submissions"
        yield f"{self.lesson}, {many}: {'; '.join(what) or 'other text'}"
        yield from (f"  does not fit any more: {line}" for line in self.lost)
        yield from (f"  look at it again: {line}" for line in self.again)


def carry_over(class_dir, dry_run=False):
    """Bring a class's gradebook to the lessons as they are now; returns (Changes, backup or None).

    dry_run  True changes nothing. Raises GradingError if the gradebook cannot be written, or is of
             an older nbgrader.
    """
    class_dir = Path(class_dir)
    config = class_config(class_dir)
    directory = CourseDirectory(config=config)
    sources = lesson_paths(class_dir, read_settings(class_dir))
    with only_run(class_dir):
        check_gradebook(class_dir)
        if not dry_run:
            notice(class_dir)
        with closing(OpenGradebook(directory.db_url, directory.course_id)) as gradebook:
            with gradebook.transaction():
                known = [one.name for one in gradebook.assignments if one.name in sources]
                found = {name: _look(gradebook, read_lesson(sources[name])) for name in known}
            found = {name: one for name, one in found.items() if one}
            if dry_run or not found:
                return [change for change, *_ in found.values()], None
            backup = _back_up(class_dir, directory.db_url,
                              {name: snapshot for name, (_, snapshot, _) in found.items()})
            with gradebook.transaction(), warnings.catch_warnings():
                # SQLAlchemy on the order in which nbgrader adds a submission.
                warnings.simplefilter("ignore", SAWarning)
                for _, snapshot, template in tqdm(found.values(), desc="carry over",
                                                  unit="lesson"):
                    _remake(gradebook, template, snapshot, config)
        notice(class_dir, because="carried over to the lesson as it is now; grade again")
    return [change for change, *_ in found.values()], backup


def _look(gradebook, lesson):
    """(Change, snapshot, Template) of a lesson; None if its cells are as they were."""
    name = lesson.name
    try:
        stored = gradebook.find_notebook(name, name)
    except MissingEntry:
        return None
    template = Template(lesson)
    old = {cell.name: cell.max_score for cell in stored.grade_cells}
    new = {cell.id: float(cell.points) for cell in lesson.cells if cell.points}
    cells_before = {cell.name for cell in stored.source_cells}
    if old == new and cells_before == set(template.cells):
        return None
    change = Change(name, sorted(new.keys() - old.keys()), sorted(old.keys() - new.keys()),
                    {cell: (old[cell], new[cell]) for cell in sorted(old.keys() & new.keys())
                     if old[cell] != new[cell]})
    snapshot = [_snapshot(one) for one in gradebook.assignment_submissions(name)]
    change.students = len(snapshot)
    commented = {cell.id for cell in lesson.cells
                 if cell.id in template.cells and not template.is_locked(cell.id)}
    for one in snapshot:
        _compare(one, new, commented, change)
    return change, snapshot, template


def _snapshot(submission):
    """All that a gradebook holds for one student's submission of a lesson."""
    [notebook] = submission.notebooks
    return {
        "student": submission.student.id, "timestamp": submission.timestamp,
        "extension": submission.extension, "late": notebook.late_submission_penalty,
        "grades": {one.name: {key: getattr(one, key) for key in _GRADE}
                   for one in notebook.grades},
        "comments": {one.name: {key: getattr(one, key) for key in _COMMENT}
                     for one in notebook.comments}}


def _compare(one, new, commented, change):
    """Put into a Change what of a snapshot fits no more, or should be looked at again."""
    for cell, grade in one["grades"].items():
        given = [f"{grade[key]:g} {what}" for key, what in (
            ("manual_score", "points by hand"), ("extra_credit", "points of extra credit"))
            if grade[key] is not None]
        if given and cell not in new:
            change.lost.append(f"{one['student']}, {cell}: {' and '.join(given)}")
        elif given and cell in change.points:
            before, now = change.points[cell]
            change.again.append(f"{one['student']}, {cell}: {' and '.join(given)} of {before:g}, "
                                f"now of {now:g}")
    for cell, comment in one["comments"].items():
        if comment["manual_comment"] and cell not in commented:
            change.lost.append(f"{one['student']}, {cell}: the comment "
                               f"“{one_line(comment['manual_comment'], 200)}”")


def _remake(gradebook, template, snapshot, config):
    """Make a lesson's entries again and put back what fits."""
    name = template.lesson.name
    old = {cell.name: cell.max_score for cell in gradebook.find_notebook(name, name).grade_cells}
    for one in snapshot:
        gradebook.remove_submission(name, one["student"])
    SaveCellsInOpenGradebook(config=config).save(gradebook, template)
    new = {cell.name: cell.max_score for cell in gradebook.find_notebook(name, name).grade_cells}
    for one in snapshot:
        gradebook.add_submission(name, one["student"], timestamp=one["timestamp"],
                                 extension=one["extension"])
        stored = gradebook.find_submission_notebook(name, name, one["student"])
        stored.late_submission_penalty = one["late"]
        for grade in stored.grades:
            values = one["grades"].get(grade.name)
            if not values:
                continue
            for key in _GRADE:
                setattr(grade, key, values[key])
            if old.get(grade.name) != new[grade.name]:
                # A test's result counts in points that are no more; grading gives it again.
                grade.auto_score = None
                grade.needs_manual_grade = True
        for comment in stored.comments:
            for key, value in one["comments"].get(comment.name, {}).items():
                setattr(comment, key, value)
    gradebook.db.flush()


def _back_up(class_dir, url, snapshots):
    """Keep the gradebook as it is: a copy of the file, or of another database what is changed."""
    now = now_for_a_name()
    if url.startswith("sqlite:"):
        backup = class_dir / f"gradebook.before-{now}.db"
        with closing(sqlite3.connect(class_dir / course.GRADEBOOK)) as old, closing(
                sqlite3.connect(backup)) as new:
            old.backup(new)
    else:
        backup = class_dir / f"gradebook.before-{now}.json"
        backup.touch(mode=0o600)
        backup.write_text(json.dumps(snapshots, indent=1, default=str, ensure_ascii=False),
                          encoding="utf-8")
    return backup
