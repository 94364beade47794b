"""What the class report says of each student, and who needs attention."""

import datetime
import re
import zlib
from dataclasses import dataclass, field

from autograder.classroom.roster import names_of

LOW, FALL = 0.5, 0.3


@dataclass
class StudentView:
    """One student: `by_lesson` has the Rows; `attention` says in sentences why to look.

    section   as the roster has it; sections: the single ones, where somebody is in several
    """

    id: str
    name: str
    section: str
    by_lesson: dict
    alias: str = ""
    sections: list = field(default_factory=list)
    missing: list = field(default_factory=list)
    attention: list = field(default_factory=list)

    @property
    def share(self):
        """The share of all points that are graded, or None."""
        rows = [row for row in self.by_lesson.values() if row.share is not None]
        possible = sum(row.max_score - row.points_waiting for row in rows)
        return sum(row.score for row in rows) / possible if possible else None

    @property
    def status(self):
        """The words by which the table is filtered."""
        rows = self.by_lesson.values()
        found = {"attention": self.attention, "missing": self.missing,
                 "late": any(row.late for row in rows),
                 "waiting": any(row.essays_waiting for row in rows),
                 "failed": any(row.problem for row in rows)}
        return [name for name, holds in found.items() if holds]


def student_views(roster, students, lessons, settings, now=None):
    """The StudentViews of a class in the order of their names.

    students  {id: {lesson: Row}}; lessons  LessonViews
    """
    now = now or datetime.datetime.now(datetime.UTC)
    known, names = {one.id: one for one in roster}, names_of(roster)
    views = []
    for name in dict.fromkeys([*known, *students]):
        entry = known.get(name)
        by_lesson = students.get(name, {})
        view = StudentView(name, names.get(name, name), entry.section if entry else "",
                           by_lesson)
        view.missing = [one for one in lessons if one.name not in by_lesson
                        and _is_due(one, settings.due(one.name, name), now)]
        view.attention = list(_reasons(view, lessons))
        views.append(view)
    all_sections = {view.section for view in views}
    for view in views:
        view.sections = sections_of(view.section, all_sections)
    # Neither the alphabet nor the order of the table says who is meant.
    for number, view in enumerate(sorted(views, key=lambda v: zlib.crc32(v.id.encode())), 1):
        view.alias = f"Student {number}"
    return sorted(views, key=lambda view: (_sort_name(known.get(view.id), view), view.id))


def sections_of(text, known):
    """The sections that a list like "A and B" or "A, B, and C" holds, if each is somebody's alone.

    "Arts and Crafts" is one section where nobody is in Arts or in Crafts.
    """
    parts = [part for part in re.split(r",\s*(?:and\s+)?|\s+and\s+", text) if part]
    return parts if set(parts) <= set(known) else [text]


def _sort_name(entry, view):
    return f"{entry.last_name} {entry.first_name}".casefold() if entry else view.name.casefold()


def _is_due(lesson, due, now):
    """Without a due date, a lesson is awaited once half of the class has handed it in."""
    if due is not None:
        return due < now
    return lesson.handed_in >= max(1, lesson.missing)


def _reasons(view, lessons):
    for lesson in view.missing:
        yield f"{lesson.title}: nothing handed in"
    before = []
    for lesson in lessons:
        row = view.by_lesson.get(lesson.name)
        if row is None:
            continue
        if row.problem:
            yield f"{lesson.title}: not graded, {row.problem}"
            continue
        if row.share is None:
            continue
        blank = sum(one["outcome"] == "not attempted" for one in row.outcomes)
        if row.share < LOW:
            yield f"{lesson.title}: {row.share:.0%} of the points" + (
                f", {blank} of {len(row.outcomes)} tests not attempted" if blank else "")
        elif before and sum(before) / len(before) - row.share >= FALL:
            yield (f"{lesson.title}: {row.share:.0%} after {sum(before) / len(before):.0%} on the "
                   "lessons before")
        before.append(row.share)
