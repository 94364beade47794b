"""Grades and feedback pages, in the shapes that each system takes back."""

import os
import zipfile
from itertools import chain, count
from pathlib import Path, PurePosixPath

from autograder.classroom.grades import read_grades
from autograder.classroom.noticed import notice
from autograder.classroom.roster import read_roster
from autograder.classroom.settings import read_settings
from autograder.errors import GradingError
from autograder.lms.exports import exported_name, moodle_numbers
from autograder.lms.index import read_index
from autograder.lms.tables import (
    canvas_table,
    gradescope_table,
    moodle_table,
    moodle_worksheet,
    plain_table,
)
from autograder.text import some
from course_lib.whole_files import remove_unfinished, whole, write_whole

FOLDER, OLD = "hand-back", "old"


def hand_back(class_dir, system, *, lesson=None, template=None):
    """Write the files for one system into hand-back/. Returns (paths, sentences to read first).

    system    "canvas", "moodle", "gradescope" or "folder"
    lesson    only this lesson's grades and pages; for Moodle's worksheet, the lesson it is about
    template  Canvas's gradebook export, or Moodle's grading worksheet, to be filled

    Raises GradingError where there are no grades, or the template does not fit.
    """
    class_dir = Path(class_dir)
    settings = read_settings(class_dir)
    grades, possible = read_grades(class_dir)
    left_out = [name for name in possible if name not in settings.lessons]
    for one in grades:
        one.forget(left_out)
    possible = {name: most for name, most in possible.items() if name not in left_out}
    if not any(one.scores for one in grades):
        raise GradingError(f"nothing of {class_dir} was graded yet; grade the class first")
    notice(class_dir)
    if lesson and lesson not in possible:
        raise GradingError(f"nothing of {lesson} was graded; there are: " + ", ".join(possible))
    content = None
    if template and system not in ("canvas", "moodle"):
        raise GradingError(f"{system.title()} takes no table of its own to be filled; leave "
                           "--template out")
    if template:
        try:
            content = Path(template).read_bytes()
        except OSError as error:
            raise GradingError(f"{template} cannot be read: {error.strerror}") from None
    if lesson:
        possible = {lesson: possible[lesson]}
        for one in grades:
            one.forget(one.scores.keys() - {lesson})
    said = [*_waiting(grades), *_without_time(grades, settings),
            *(_without_a_line(class_dir, grades) if content is None else ())]
    said += [f"{name}: the class leaves it out now (class.toml), and so does this"
             for name in left_out]
    if system == "canvas":
        text, more = canvas_table(grades, possible, content)
        said += more
    elif system == "moodle" and content is not None:
        if not lesson:
            raise GradingError("a worksheet is about one lesson; say which with --lesson")
        text, more = moodle_worksheet(grades, possible, lesson, content,
                                      moodle_numbers(read_index(class_dir), lesson))
        said += more
    else:
        text = {"moodle": moodle_table, "gradescope": gradescope_table,
                "folder": plain_table}[system](grades, possible)
    folder = class_dir / FOLDER
    folder.mkdir(exist_ok=True)
    remove_unfinished(folder)
    paths = [folder / f"{system}-grades.csv"]
    write_whole(paths[0], text)
    with_pages = []
    for name in possible:
        pages, more = _pages(class_dir, grades, name, system)
        said += more
        if pages:
            with_pages.append(name)
            paths.append(_zipped(folder / f"{system}-feedback-{name}.zip", pages))
    said += _set_aside(folder, [*left_out, *(set(possible) - set(with_pages))], system)
    return paths, said


def _set_aside(folder, lessons, system):
    """Put away zips of an earlier time that would be uploaded by mistake; sentences about them.

    lessons  those of which this time no zip was written, though they are handed back or left out
    """
    said = []
    for path in sorted(folder.glob(f"{system}-feedback-*.zip")):
        if path.name.removeprefix(f"{system}-feedback-").removesuffix(".zip") in lessons:
            (folder / OLD).mkdir(exist_ok=True)
            # A copy that was put away before is kept, too.
            numbers = chain([""], map("-{}".format, count(2)))
            places = (folder / OLD / f"{path.stem}{number}.zip" for number in numbers)
            old = next(place for place in places if not place.exists())
            os.replace(path, old)
            said.append(f"{path.name} was from an earlier time and lies in {FOLDER}/{OLD}/ now, "
                        f"as {old.name}; do not upload it")
    return said


def _waiting(grades):
    students = sum(bool(one.waiting) for one in grades)
    essays = sum(sum(one.waiting.values()) for one in grades)
    if not essays:
        return []
    wait = "1 essay waits" if essays == 1 else f"{essays} essays wait"
    who = "1 student" if students == 1 else f"{students} students"
    return [f"{wait} to be graded, of {who}; until then these are not their final points"]


def _without_time(grades, settings):
    """A sentence for each lesson about whom no late penalty could be counted for."""
    if not settings.late.penalty_per_day:
        return []
    untimed = {}
    for one in grades:
        for lesson in sorted(one.untimed):
            if lesson in one.dated or settings.due(lesson, one.student.id):
                untimed.setdefault(lesson, []).append(one.student.id)
    return [f"{lesson}: when {some(who)} handed in is not known, so no late penalty was "
            "counted; collect again with --times FILE, and grade again"
            for lesson, who in untimed.items()]


def _without_a_line(class_dir, grades):
    """A sentence about who has points and is not in the roster, if there is one."""
    known = {one.id for one in read_roster(class_dir)}
    strangers = [one.student.id for one in grades if one.scores and one.student.id not in known]
    if not known or not strangers:
        return []
    return [f"with points, but not in roster.csv, so without name, address and number here: "
            f"{', '.join(strangers)}; leave such rows out if they left the class"]


def _pages(class_dir, grades, lesson, system):
    """({name in the zip: page}, sentences) for one lesson."""
    # Canvas and Moodle know only what was handed in there; the last of it names the page.
    latest = {(one.student, one.lesson): one for one in read_index(class_dir)
              if one.system == system}
    pages, lacking, elsewhere = {}, [], []
    for one in grades:
        if lesson not in one.scores:
            continue
        student = one.student.id
        page = class_dir / "feedback" / student / lesson / f"{lesson}.html"
        if not page.is_file():
            lacking.append(student)
            continue
        attempt = latest.get((student, lesson))
        name = exported_name(system, attempt, one.student, lesson)
        if name is None:
            elsewhere.append(student)
            continue
        pages[name] = page
    said = [f"{lesson}: there is no feedback page of {', '.join(lacking)}; grade again without "
            "--no-feedback"] if lacking else []
    if elsewhere:
        said.append(f"{lesson}: what {', '.join(elsewhere)} handed in did not come from "
                    f"{system.title()}, whose zip has no place for the page; send it another way")
    return pages, said


def _zipped(path, pages):
    with whole(path) as fresh, zipfile.ZipFile(fresh, "w", zipfile.ZIP_DEFLATED) as archive:
        for name in sorted(pages):
            # The same pages give the same bytes: no time of day in the zip.
            info = zipfile.ZipInfo(str(PurePosixPath(name)))
            info.compress_type, info.external_attr = zipfile.ZIP_DEFLATED, 0o644 << 16
            archive.writestr(info, pages[name].read_bytes())
    return path
