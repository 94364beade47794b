"""`progress`: exercises and points, lesson by lesson and over the course."""

import html
from dataclasses import dataclass
from urllib.parse import quote

from course_lib.lab.in_browser import way_in
from course_lib.study import desk
from course_lib.study.lessons import lessons
from course_lib.study.said import Said, show


@dataclass(frozen=True)
class Row:
    """A lesson: exercises that pass of all, points earned of all, its own essays' points."""

    lesson: object
    passed: int
    exercises: int
    earned: float
    points: float
    essays: int
    essay_points: float
    mine: float | None


def rows(folder):
    """A Row for each lesson of a learner's folder."""
    return [_row(folder, lesson) for lesson in lessons(folder)]


def _row(folder, lesson):
    known = desk.read(folder / desk.PROGRESS / f"{lesson.name}.json")
    passed = earned = 0
    for name, groups in lesson.exercises.items():
        entry = known.get(name, {})
        tests = entry.get("tests", {})
        won = [group for group in groups if _earned(tests.get(group))]
        earned += sum(groups[group] for group in won)
        # The test cells decide where there are some, and `check` until they have run.
        passed += len(won) == len(groups) if tests and groups else (
            entry.get("outcome") == "passed")
    mine = [entry["mine"] for name in lesson.essays if isinstance(
        (entry := known.get(name, {})).get("mine"), int | float)]
    return Row(lesson, passed, len(lesson.exercises), earned, lesson.points, len(lesson.essays),
               sum(lesson.essays.values()), sum(mine) if mine else None)


def _earned(test):
    return isinstance(test, list) and test and isinstance(test[0], int | float) and test[0] > 0


def progress():
    """Show what you have done: exercises and points of each lesson and of the whole course.

    It shows what the last `check` and the last test cells said, kept in your folder of lessons.
    While a notebook is graded it shows nothing.
    """
    if not desk.kernel():
        return
    here = desk.folder()
    if not here:
        show(Said("Progress is kept in a folder of lessons of your own.",
                  (f"This notebook does not lie in one. {way_in()} Run its cells there.",)))
        return
    show(Overview(tuple(rows(here)), here))
    for told in _troubles(here):
        show(told)


def _troubles(here):
    """What the table cannot know: records that could not be written or read, a Said each."""
    for path, why in desk.unkept.items():
        yield Said(f"What your checks say is not kept: {desk.PROGRESS}/{path.name} could not be "
                   f"written ({why}).", (
                       "Make room or give yourself the right to write there, then run the checks "
                       "once more. Your notebooks are not touched by this.",))
    for path in sorted((here / desk.PROGRESS).glob(f"*{desk.DAMAGED}")):
        yield Said(f"The record of {path.stem} could not be read and lies in {desk.PROGRESS}/"
                   f"{path.name}.", (
                       "The lesson counts anew: run all its cells. Then you may delete that file.",
                   ))


@dataclass(frozen=True)
class Overview:
    """The table that `progress` shows."""

    rows: tuple
    folder: object

    def _lines(self):
        for row in self.rows:
            yield (row.lesson.title, f"{row.lesson.minutes or '?'} min",
                   f"{row.passed} of {row.exercises}", f"{row.earned:g} of {row.points:g}",
                   _essays(row))
        yield ("the course", f"{sum(row.lesson.minutes for row in self.rows)} min",
               f"{sum(r.passed for r in self.rows)} of {sum(r.exercises for r in self.rows)}",
               f"{sum(r.earned for r in self.rows):g} of {sum(r.points for r in self.rows):g}", "")

    def __repr__(self):
        lines = [("lesson", "time", "exercises", "points", "in words"), *self._lines()]
        widths = [max(len(line[i]) for line in lines) for i in range(5)]
        return "\n".join("  ".join(word.ljust(width) for word, width in
                                   zip(line, widths, strict=True)).rstrip() for line in lines)

    def _repr_mimebundle_(self, **kwargs):
        return {"text/plain": repr(self), "text/html": self.html()}

    def html(self):
        from pathlib import Path

        up = "" if Path.cwd() == self.folder else "../"
        # It fits beside an open file list at 200 %: words wrap at spaces, numbers stay whole.
        left = "text-align:left;padding:4px 8px 4px 0"
        head = "".join(f'<th scope="col" style="{left}">{word}</th>'
                       for word in ("lesson", "time", "exer&shy;cises", "points", "in words"))
        body = ""
        for row, line in zip([*self.rows, None], self._lines(), strict=True):
            words = [html.escape(word) for word in line]
            if row:
                name = quote(row.lesson.name)
                words[0] = f'<a href="{up}{name}/{name}.ipynb">{words[0]}</a>'
            body += f'<tr><th scope="row" style="{left}">{words[0]}</th>' + "".join(
                f'<td style="{left}">{word}</td>' for word in words[1:]) + "</tr>"
        return (f'<table><caption style="text-align:left">Your progress</caption>'
                f"<thead><tr>{head}</tr></thead><tbody>{body}</tbody></table>")


def _essays(row):
    if not row.essays:
        return ""
    if row.mine is None:
        return f"{row.essay_points:g} points, read by a person"
    return f"{row.mine:g} of {row.essay_points:g}, by yourself"
