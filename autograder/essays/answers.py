"""The answers to an essay question and their grades, in nbgrader's gradebook.

What is written here formgrader shows, and the other way round.
"""

import base64
import json
import re
from dataclasses import dataclass
from pathlib import Path

import nbformat
from nbgrader.api import MissingEntry

from autograder import course
from autograder.classroom.grades import after_penalty, has_gradebook
from autograder.classroom.history import SINCE, as_text, last_points, remember_all
from autograder.classroom.roster import names_of, read_roster
from autograder.errors import GradingError
from autograder.results.feedback_page import markdown_with_formulas
from autograder.text import one_line
from autograder.version import digest

_IMAGES = {"image/png", "image/jpeg", "image/gif"}
_ATTACHED = re.compile(r"!\[([^\]]*)\]\(attachment:([^)\s]+)[^)]*\)")


class Changed(GradingError):
    """Somebody else graded the answer in the meantime."""


@dataclass
class Answer:
    """One student's answer: HTML that is safe to show, points, comment, and whether it waits.

    text  digest of what was written, which comes back with the points
    """

    student: str
    name: str
    html: str
    words: int
    score: float | None
    comment: str
    waits: bool
    text: str = ""


def answers(class_dir, lesson, cell):
    """Every Answer to one question, those that wait first, each group in the roster's order."""
    names = names_of(read_roster(class_dir))
    order = {student: i for i, student in enumerate(names)}
    found = []
    if not has_gradebook(class_dir):
        return []
    with course.open_gradebook(class_dir) as book:
        try:
            submissions = book.assignment_submissions(lesson)
        except MissingEntry:
            return []
        for submission in submissions:
            student = submission.student.id
            try:
                grade = book.find_grade(cell, lesson, lesson, student)
                comment = book.find_comment(cell, lesson, lesson, student)
            except MissingEntry:
                continue
            source, attachments = _written(class_dir, student, lesson, cell)
            score = grade.manual_score
            if score is None and not grade.needs_manual_grade:
                score = grade.auto_score
            found.append(Answer(student, names.get(student, student),
                                _rendered(source, attachments), len(source.split()), score,
                                comment.comment or "", bool(grade.needs_manual_grade),
                                _digest(source, attachments)))
    return sorted(found, key=lambda one: (not one.waits, order.get(one.student, len(order)),
                                          one.student))


def counts(class_dir):
    """{(lesson, cell): (waiting, all)} of every essay in the gradebook."""
    found = {}
    if not has_gradebook(class_dir):
        return {}
    with course.open_gradebook(class_dir) as book:
        for assignment in book.assignments:
            for submission in assignment.submissions:
                for notebook in submission.notebooks:
                    for grade in notebook.grades:
                        if grade.cell.cell_type == "markdown":
                            key = assignment.name, grade.cell.name
                            waiting, number = found.get(key, (0, 0))
                            found[key] = waiting + bool(grade.needs_manual_grade), number + 1
    return found


def save(class_dir, lesson, cell, student, score, comment, *, seen=None, read=None, by=""):
    """Give an answer its points (a number from 0 to the question's) and a comment.

    seen  the points that the grader saw; if others stand there now, nothing is written
    read  (digest of the text, comment) that the grader saw, likewise

    Raises GradingError for points that cannot be, and Changed.
    """
    with course.open_gradebook(class_dir) as book:
        try:
            grade = book.find_grade(cell, lesson, lesson, student)
            said = book.find_comment(cell, lesson, lesson, student)
        except MissingEntry:
            raise GradingError(f"{student} has no answer to this question; load the page again"
                               ) from None
        if isinstance(score, bool) or not isinstance(score, (int, float)) or not (
                0 <= score <= grade.max_score):
            raise GradingError(f"points go from 0 to {grade.max_score:g}")
        if seen is not None and grade.manual_score is not None and seen[0] != grade.manual_score:
            raise Changed(f"somebody else has given {grade.manual_score:g} points in the meantime; "
                          "load the page again")
        if read and read[0] != _digest(*_written(class_dir, student, lesson, cell)):
            raise Changed("the answer is another one now, since other work was graded; load the "
                          "page again and read it")
        if read and (said.comment or "") not in (read[1], comment):
            raise Changed(f"somebody else has written a comment in the meantime "
                          f"(“{one_line(said.comment, 100)}”); load the page again")
        before, total = grade.manual_score, _total(book, lesson, student)
        grade.manual_score = float(score)
        grade.needs_manual_grade = False
        if comment != (said.comment or ""):
            said.manual_comment = comment
        book.db.commit()
        after = _total(book, lesson, student)
    changes = []
    if before != float(score):
        changes.append((student, lesson, cell, before, float(score), "graded by hand"))
    if total != after:
        known = last_points(class_dir).get((student, lesson, ""), "")
        if known not in ("", as_text(total)):
            changes.append((student, lesson, "", known, total, SINCE))
        changes.append((student, lesson, "", total, after, "an essay was graded by hand"))
    remember_all(class_dir, changes, by)


def _total(book, lesson, student):
    """The points of a lesson as they are handed back."""
    return round(after_penalty(book.find_submission(lesson, student)), 4)


def _written(class_dir, student, lesson, cell):
    """(Markdown, attachments) of an answer as it stands in the graded notebook."""
    path = Path(class_dir) / "autograded" / student / lesson / f"{lesson}.ipynb"
    try:
        notebook = nbformat.read(path, as_version=4)
    except (OSError, ValueError):
        return "*(the graded notebook is missing; grade the class again)*", {}
    for one in notebook.cells:
        if one.metadata.get("nbgrader", {}).get("grade_id") == cell:
            return one.source, one.get("attachments", {})
    return "", {}


def _digest(source, attachments):
    return digest(source, json.dumps(attachments, sort_keys=True))


def _rendered(source, attachments):
    """HTML of an answer, cleaned; its pasted pictures in it."""

    def picture(match):
        found = attachments.get(match[2], {})
        for kind, data in found.items():
            if kind in _IMAGES and isinstance(data, str):
                try:
                    whole = base64.b64encode(base64.b64decode(data)).decode()
                except ValueError:
                    continue
                return f"![{match[1]}](data:{kind};base64,{whole})"
        return f"*(picture {match[2]} was lost)*"

    return markdown_with_formulas({}, _ATTACHED.sub(picture, source))
