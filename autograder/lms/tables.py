"""The tables of grades that each LMS imports."""

import csv
import io
import re

from autograder.classroom.roster import read_table
from autograder.classroom.same import found_in
from autograder.classroom.spreadsheet import Sheet
from autograder.errors import GradingError
from autograder.text import in_a_spreadsheet

# The columns of Moodle's worksheet, in the language of whoever downloads it.
_GRADE = ("grade", "bewertung", "note", "calificación")
_MOST = ("maximum grade", "bestwertung", "note maximale", "calificación máxima")
_MAY_CHANGE = ("grade can be changed", "bewertung kann geändert werden",
               "la note peut être modifiée", "la calificación puede ser cambiada")
_NO = ("no", "nein", "non")
# What somebody decided in Canvas in the place of a grade.
_NOT_GRADED = {"EX": "is excused from", "N/A": "is not assigned"}


def canvas_table(grades, possible, export=None):
    """(the CSV that Canvas's gradebook imports, sentences to read first).

    export  the bytes of Canvas's own gradebook export: its columns, ids and order are kept, and
            the lessons' columns filled. Without it each lesson is a column that Canvas will make

    Raises GradingError for an export that has no column for a lesson.
    """
    if export is not None:
        return _filled_canvas(grades, possible, export)
    fixed = ["Student", "ID", "SIS User ID", "SIS Login ID", "Section"]
    rows = [fixed + list(possible), ["    Points Possible", "", "", "", "", *possible.values()]]
    for one in grades:
        who = one.student
        name = f"{who.last_name}, {who.first_name}" if who.last_name else who.id
        rows.append([name, who.canvas_id, who.sis_id, who.login, who.section,
                     *(one.scores.get(lesson, "") for lesson in possible)])
    return _csv(rows), []


def moodle_table(grades, possible):
    """The CSV for Moodle's grade import: e-mail address and ID number identify."""
    rows = [["Email address", "ID number", "First name", "Last name", *possible]]
    for one in grades:
        who = one.student
        rows.append([who.email, who.sis_id, who.first_name, who.last_name,
                     *(one.scores.get(lesson, "") for lesson in possible)])
    return _csv(rows)


def moodle_worksheet(grades, possible, lesson, worksheet, numbers=None):
    """(Moodle's offline grading worksheet with its Grade column filled for one lesson, sentences).

    worksheet  its bytes: columns, order and language are kept; commas part the cells, as Moodle
               reads nothing else
    numbers    {participant's number: student id} of those whose work came from this assignment
    """
    sheet, rows = read_table(worksheet, "the worksheet")
    at, most, may = (_column(sheet, names) for names in (_GRADE, _MOST, _MAY_CHANGE))
    if at is None or not any(person and person.moodle_id for _, _, person in rows):
        raise GradingError("the worksheet has no columns Identifier and Grade; download it from "
                           "the assignment's page (offline grading worksheet)")
    said, filled, known = [], [sheet.rows[0][1]], set()
    by_id = {one.student.id: one for one in grades}
    members = _members(grades, rows)
    for (line, row, person), one in zip(rows, members, strict=True):
        one = by_id.get((numbers or {}).get(person.moodle_id) if person else None, one)
        row = row + [""] * (len(sheet.header) - len(row))
        filled.append(row)
        if one is None:
            who = f"Participant {person.moodle_id}" if person else f"line {line}"
            said.append(f"{who} is not in the class; left as it was")
            continue
        known.add(one.student.id)
        if lesson not in one.scores:
            continue
        if may is not None and row[may].strip().lower() in _NO:
            said.append(f"{one.student.id}: Moodle lets this grade not be changed; left as it was")
            continue
        row[at] = f"{one.scores[lesson]:g}"
    said += _other_most(sheet, most, possible[lesson], lesson, "Moodle")
    return _csv(filled), [*said, *_missing(grades, known, [lesson])]


def _members(grades, rows):
    """For each row of a table the Grades of whom it is about, or None."""
    by_id = {one.student.id: one for one in grades}
    found = found_in([one.student for one in grades], [person for _, _, person in rows])
    return [by_id[student.id] if student else None for student in found]


def _column(sheet, names):
    return next((sheet.header.index(name) for name in names if name in sheet.header), None)


def _other_most(sheet, column, possible, lesson, system):
    """A sentence if the system takes another number of points for all that can be had."""
    if column is None:
        return []
    for _, row in sheet.rows[1:]:
        told = re.match(r"\s*(\d+(?:[.,]\d+)?)", row[column]) if column < len(row) else None
        there = float(told[1].replace(",", ".")) if told else possible
        if there != possible:
            return [f"{system} counts {lesson} out of {there:g} points, this class out of "
                    f"{possible:g}; set {possible:g} there, or the grades mean something else"]
    return []


def _missing(grades, known, lessons):
    """A sentence about the students whose points have no row in the system's own table."""
    lacking = [one.student.id for one in grades if one.student.id not in known
               and any(lesson in one.scores for lesson in lessons)]
    return [f"with points, but without a row in this table, so they are not handed back: "
            f"{', '.join(lacking)}"] if lacking else []


def gradescope_table(grades, possible):
    """A CSV by e-mail address and SID, as Gradescope lists grades."""
    rows = [["First Name", "Last Name", "SID", "Email", "Sections",
             *(column for lesson in possible for column in (lesson, f"{lesson} - Max Points"))]]
    for one in grades:
        who = one.student
        rows.append([who.first_name, who.last_name, who.sis_id, who.email, who.section,
                     *(value for lesson, most in possible.items()
                       for value in (one.scores.get(lesson, ""), most))])
    return _csv(rows)


def plain_table(grades, possible):
    """A CSV for people: id, name, section, points of each lesson, sum."""
    rows = [["id", "last_name", "first_name", "email", "section", *possible, "sum"]]
    for one in grades:
        who = one.student
        rows.append([who.id, who.last_name, who.first_name, who.email, who.section,
                     *(one.scores.get(lesson, "") for lesson in possible),
                     round(sum(one.scores.values()), 4)])
    return _csv(rows)


def _filled_canvas(grades, possible, export):
    sheet, rows = read_table(export, "the export")
    header, said = sheet.rows[0][1], []
    if "id" not in sheet.header or _name_column(sheet) is None:
        raise GradingError("the export has no columns Student and ID; export the gradebook from "
                           "Canvas again")
    columns = {}
    for lesson in possible:
        found = [i for i, title in enumerate(header) if _names(title, lesson)]
        if len(found) != 1:
            many = "several columns" if found else "no column"
            raise GradingError(f"the export has {many} for {lesson}; call the assignment in Canvas "
                               f"“{lesson}” and export its gradebook again, or name one lesson "
                               "that is there with --lesson")
        columns[lesson] = found[0]
    known, filled = set(), [header]
    by_id = {one.student.canvas_id: one for one in grades if one.student.canvas_id}
    for (_, row, person), member in zip(rows, _members(grades, rows), strict=True):
        row = row + [""] * (len(header) - len(row))
        filled.append(row)
        one = person and (by_id.get(person.canvas_id) or member)
        if one:
            known.add(one.student.id)
        for lesson, column in columns.items():
            if one and lesson in one.scores:
                state = row[column].strip().upper()
                if state in _NOT_GRADED:
                    said.append(f"{one.student.id}: {_NOT_GRADED[state]} {lesson} in Canvas "
                                f"({state}); left as it was")
                    continue
                row[column] = f"{one.scores[lesson]:g}"
            elif _is_possible(row, sheet):
                row[column] = row[column] or f"{possible[lesson]:g}"
    points = [(line, row) for line, row, _ in rows if _is_possible(row, sheet)]
    for lesson, column in columns.items():
        said += _other_most(Sheet([sheet.rows[0], *points], sheet.delimiter), column,
                            possible[lesson], lesson, "Canvas")
    return _csv(filled, sheet.delimiter), [*said, *_missing(grades, known, possible)]


def _name_column(sheet):
    return _column(sheet, ("student", "lastname"))


def _is_possible(row, sheet):
    return "points possible" in row[_name_column(sheet)].lower()


def _names(title, lesson):
    """True if a Canvas column, "TITLE (ASSIGNMENT_ID)", is that of a lesson."""
    plain = title.rpartition(" (")[0] or title
    return "".join(filter(str.isalnum, plain.lower())) == "".join(filter(str.isalnum,
                                                                         lesson.lower()))


def _csv(rows, delimiter=","):
    text = io.StringIO()
    writer = csv.writer(text, delimiter=delimiter, lineterminator="\n")
    writer.writerows([in_a_spreadsheet(cell) for cell in row] for row in rows)
    return text.getvalue()
