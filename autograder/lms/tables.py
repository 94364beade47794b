"""The tables of grades that each LMS imports."""

import csv
import io

from autograder.classroom.roster import parse, read_table, same_person
from autograder.errors import GradingError

_FORMULA = ("=", "+", "-", "@", "\t", "\r")


def canvas_table(grades, possible, export=None):
    """The CSV that Canvas's gradebook imports, as text.

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
    return _csv(rows)


def moodle_table(grades, possible):
    """The CSV for Moodle's grade import: e-mail address and ID number identify."""
    rows = [["Email address", "ID number", "First name", "Last name", *possible]]
    for one in grades:
        who = one.student
        rows.append([who.email, who.sis_id, who.first_name, who.last_name,
                     *(one.scores.get(lesson, "") for lesson in possible)])
    return _csv(rows)


def moodle_worksheet(grades, lesson, worksheet):
    """Moodle's offline grading worksheet (bytes), its Grade column filled for one lesson."""
    titles, rows = read_table(worksheet, "the worksheet")
    header = [title.strip().lower() for title in titles]
    if "grade" not in header or "identifier" not in header:
        raise GradingError("the worksheet has no columns Identifier and Grade; download it from "
                           "the assignment's page (offline grading worksheet)")
    at = header.index("grade")
    said, filled = [], [titles]
    for _, row, person in rows:
        one = next((g for g in grades if person and same_person(g.student, person)), None)
        row = row + [""] * (len(header) - len(row))
        if one is None:
            said.append(f"{row[header.index('identifier')]} is not in the class; left as it was")
        elif lesson in one.scores:
            row[at] = f"{one.scores[lesson]:g}"
        filled.append(row)
    return _csv(filled), said


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
    students = parse(export, "the export")
    table = list(csv.reader(io.StringIO(export.decode("utf-8-sig"))))
    header = table[0]
    columns = {}
    for lesson in possible:
        found = [i for i, title in enumerate(header) if _names(title, lesson)]
        if len(found) != 1:
            many = "several columns" if found else "no column"
            raise GradingError(f"the export has {many} for {lesson}; call the assignment in Canvas "
                               f"“{lesson}” and export its gradebook again")
        columns[lesson] = found[0]
    at = header.index("ID")
    by_id = {one.student.canvas_id: one for one in grades if one.student.canvas_id}
    for row in table[1:]:
        row += [""] * (len(header) - len(row))
        person = next((one for one in students if one.canvas_id == row[at].strip()), None)
        one = by_id.get(row[at].strip()) or next(
            (g for g in grades if person and same_person(g.student, person)), None)
        for lesson, column in columns.items():
            if one and lesson in one.scores:
                row[column] = f"{one.scores[lesson]:g}"
            elif "points possible" in row[0].lower():
                row[column] = row[column] or f"{possible[lesson]:g}"
    return _csv(table)


def _names(title, lesson):
    """True if a Canvas column, "TITLE (ASSIGNMENT_ID)", is that of a lesson."""
    plain = title.rpartition(" (")[0] or title
    return "".join(filter(str.isalnum, plain.lower())) == "".join(filter(str.isalnum,
                                                                         lesson.lower()))


def _csv(rows):
    text = io.StringIO()
    csv.writer(text, lineterminator="\n").writerows([_defused(cell) for cell in row]
                                                    for row in rows)
    return text.getvalue()


def _defused(value):
    """A cell that a spreadsheet takes for what it is: text is no formula, numbers stay numbers."""
    if isinstance(value, float):
        return f"{value:g}"
    if isinstance(value, str) and value.startswith(_FORMULA):
        try:
            float(value)
        except ValueError:
            return "'" + value
    return value
