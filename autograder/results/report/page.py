"""The class report as one self-contained page: no network, and without scripts it works, too."""

import hashlib
from base64 import b64encode
from dataclasses import replace
from pathlib import Path
from urllib.parse import quote

from jinja2 import Environment, FileSystemLoader
from markupsafe import Markup

from autograder.classroom.roster import read_roster
from autograder.classroom.sentences import read_sentences
from autograder.classroom.settings import read_settings
from autograder.locks import locked
from autograder.results.report import pairs
from autograder.results.report.groups import groups, named, rules
from autograder.results.report.lessons import lesson_view
from autograder.results.report.rows import by_student, class_rows
from autograder.results.report.students import student_views
from autograder.text import several_lines
from course_lib.whole_files import write_whole

_TEMPLATES = Path(__file__).parent.parent / "templates"
SHOWN_GROUPS = 8


def write_report(class_dir, rows, lessons, walls):
    """Write report/index.html below the class's folder; returns its path.

    The whole class is in it, whatever `rows` this run was about: what all runs stored, with the
    points that the gradebook holds now, and those of the roster who never handed in.

    lessons  {name: Lesson} of all lessons of the class
    """
    class_dir = Path(class_dir)
    with locked(class_dir, "report"):  # the one that is written last knows of all
        return _write(class_dir, class_rows(class_dir, rows), lessons, walls)


def _write(class_dir, rows, lessons, walls):
    rows = [_of_the_class(row, lessons) for row in rows]
    roster, students = read_roster(class_dir), by_student(rows)
    size = len({*students, *(one.id for one in roster)})
    there = [lessons[name] for name in lessons if any(row.lesson == name for row in rows)]
    views = [lesson_view(lesson, rows, size) for lesson in there]
    people = student_views(roster, students, views, read_settings(class_dir))
    found = groups(rows, read_sentences(class_dir))
    alike, more = pairs.pairs(class_dir, rows)
    environment = Environment(loader=FileSystemLoader(_TEMPLATES), autoescape=True,
                              trim_blocks=True, lstrip_blocks=True)
    script = (_TEMPLATES / "report" / "page.js").read_text(encoding="utf-8")
    digest = b64encode(hashlib.sha256(script.encode()).digest()).decode()
    page = environment.get_template("report/page.html").render(
        lessons=views, people=people, who={one.id: one for one in people}, walls=walls,
        nothing=[one for one in people if not one.by_lesson],
        attention=sorted((one for one in people if one.attention),
                         key=lambda one: -len(one.attention)),
        sections=sorted({section for one in people for section in one.sections if section}),
        groups=[one for one in found if len(one.students) > 1],
        single=[one for one in found if len(one.students) == 1], shown=SHOWN_GROUPS,
        named=named(rows), rules=rules(found),
        close=[(row.student, row.lesson, said) for row in rows for said in row.close],
        pairs=alike, more_pairs=more, alarms=pairs.FALSE_ALARMS, link=_linker(class_dir),
        code=lambda text: several_lines(text, 20_000), script=Markup(script), digest=digest)
    folder = class_dir / "report"
    folder.mkdir(exist_ok=True)
    target = folder / "index.html"
    # What a student raised may hold half of a surrogate pair, which is no UTF-8.
    write_whole(target, page.encode("utf-8", "replace"))
    return target


def _of_the_class(row, lessons):
    """A Row without what it says of exercises that the class has dropped since, or never tests."""
    asked = {cell.name for cell in lessons[row.lesson].cells
             if cell.role == "test"} if row.lesson in lessons else set()
    return replace(row, ways=[way for way in row.ways if way["exercise"] in asked],
                   misconceptions={what: sentence for what, sentence in row.misconceptions.items()
                                   if what[0] in asked})


def _linker(class_dir):
    def link(row):
        """The address of a row's page: a name may hold signs that mean something in addresses."""
        path = Path(row.page)
        root = class_dir.resolve()
        return f"../{quote(path.relative_to(root).as_posix())}" if path.is_relative_to(root) else ""
    return link
