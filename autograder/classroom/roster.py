"""Who is in the class: roster.csv, made from an LMS's export or from any plain CSV.

The columns of roster.csv: id (the folder's name in submitted/), last_name, first_name, email,
section, and the ids by which each system knows the student.
"""

import csv
import io
import os
import re
import unicodedata
from dataclasses import asdict, dataclass, fields, replace
from pathlib import Path

from autograder.errors import GradingError

FILE = "roster.csv"


@dataclass(frozen=True)
class Student:
    """One student. `id` names the folder; empty text where something is not known."""

    id: str
    last_name: str = ""
    first_name: str = ""
    email: str = ""
    section: str = ""
    canvas_id: str = ""
    sis_id: str = ""
    login: str = ""
    moodle_id: str = ""

    @property
    def name(self):
        return f"{self.first_name} {self.last_name}".strip() or self.id


COLUMNS = tuple(field.name for field in fields(Student))
# What the systems call these columns in their exports, in small letters.
_ALIASES = {
    "id": ("student_id", "student id", "username", "user", "student"),
    "last_name": ("last name", "surname", "lastname", "nachname", "family name"),
    "first_name": ("first name", "firstname", "vorname", "given name"),
    "email": ("email address", "e-mail", "mail", "e-mail address"),
    "section": ("sections", "group", "groups"),
    "canvas_id": (),
    "sis_id": ("sis user id", "id number", "sid", "matriculation number"),
    "login": ("sis login id", "login id"),
    "moodle_id": ("identifier", "participant"),
}
_CANVAS = {"student", "id", "section"}


def read_roster(class_dir):
    """The class's students, [] where there is no roster. Raises GradingError naming the line."""
    path = Path(class_dir) / FILE
    if not path.exists() or path.read_text(encoding="utf-8").strip() == ",".join(COLUMNS):
        return []
    return parse(path.read_bytes(), path.name)


def write_roster(class_dir, students):
    """Write roster.csv, whole or not at all."""
    text = io.StringIO()
    writer = csv.DictWriter(text, COLUMNS, lineterminator="\n")
    writer.writeheader()
    writer.writerows(asdict(student) for student in students)
    path = Path(class_dir) / FILE
    fresh = path.with_suffix(f".{os.getpid()}")
    fresh.write_text(text.getvalue(), encoding="utf-8")
    os.replace(fresh, path)


def merge(known, arrived):
    """(students, sentences): the roster with another export's students joined to those it has.

    Two entries are one student if an id of any system or the e-mail address agrees. Nobody is
    removed, and nothing that is known is overwritten by an empty field.
    """
    students, said = list(known), []
    for student in arrived:
        at = next((i for i, one in enumerate(students) if same_person(one, student)), None)
        if at is None:
            students.append(replace(student, id=_free_id(student.id, students)))
            said.append(f"{students[-1].id}: new")
            continue
        old = students[at]
        fresh = {name: value for name, value in asdict(student).items() if value and name != "id"}
        changed = [f"{name} {getattr(old, name)} -> {value}" for name, value in fresh.items()
                   if getattr(old, name) and getattr(old, name) != value]
        students[at] = replace(old, **fresh)
        if changed:
            said.append(f"{old.id}: {', '.join(changed)}")
    return students, said


def read_table(content, name):
    """(header, [(line, cells, Student or None)]) of a CSV file's bytes."""
    rows = _rows(content, name)
    header = [cell.strip().lower() for cell in rows[0][1]]
    canvas = _CANVAS <= set(header)
    columns = _columns(header, canvas)
    return rows[0][1], [(line, row, _student(row, header, columns, canvas))
                        for line, row in rows[1:] if any(cell.strip() for cell in row)]


def parse(content, name="the roster"):
    """The students in the bytes of a CSV file: Canvas's or Moodle's export, or a plain table.

    Raises GradingError naming the line for a file without usable columns, a row without a name
    or id, or two rows with the same id.
    """
    header, rows = read_table(content, name)
    header = [cell.strip().lower() for cell in header]
    columns = _columns(header, _CANVAS <= set(header))
    if not columns.keys() & {"id", "email", "login", "last_name", "canvas_id"} and (
            "full name" not in header):
        raise GradingError(f"{name}:1: no column says who the students are; it needs one of id, "
                           f"email, last_name (found: {', '.join(filter(None, header)) or 'none'})")
    students, lines = [], {}
    for line, _, student in rows:
        if student is None:
            continue
        if not student.id:
            raise GradingError(f"{name}:{line}: this row has no id, e-mail address or name; fill "
                               "one in or remove the row")
        if student.id in lines:
            if "id" in columns:
                raise GradingError(f"{name}:{line}: the id {student.id} stands in line "
                                   f"{lines[student.id]} already; every student needs one of "
                                   "their own")
            student = replace(student, id=_free_id(student.id, students))
        lines[student.id] = line
        students.append(student)
    if not students:
        raise GradingError(f"{name} names no students; is it the right file?")
    return students


def folder_name(text):
    """A folder's name made of a person's name: letters, digits, - and _; small letters."""
    plain = unicodedata.normalize("NFKD", text).encode("ascii", "ignore").decode()
    made = re.sub(r"[^a-z0-9_-]+", "-", plain.lower()).strip("-")
    # A name of another script leaves nothing in ASCII: it is kept as it is.
    return made or re.sub(r"[^\w-]+", "-", unicodedata.normalize("NFC", text).lower()).strip("-")


def _written_id(text):
    """An id as it was written, without what a folder's name cannot hold."""
    return re.sub(r"[^\w.@+-]+", "-", unicodedata.normalize("NFC", text)).strip("-.")


def _rows(content, name):
    other = "utf-16" if content[:2] in (b"\xff\xfe", b"\xfe\xff") else "cp1252"
    for encoding in ("utf-8-sig", other):
        try:
            text = content.decode(encoding)
            break
        except UnicodeDecodeError:
            continue
    else:
        raise GradingError(f"{name} is no text; export it again as CSV")
    first = next((line for line in text.splitlines() if line.strip()), "")
    if not first:
        raise GradingError(f"{name} is empty; export it again")
    delimiter = max(",;\t", key=first.count)
    reader = csv.reader(io.StringIO(text), delimiter=delimiter)
    try:
        found = [(reader.line_num, row) for row in reader if row]
    except csv.Error as error:
        raise GradingError(f"{name}:{reader.line_num}: this is no CSV ({error})") from None
    return found


def _columns(header, canvas):
    """{our column: position in the file}."""
    found = {}
    for ours, aliases in _ALIASES.items():
        for alias in (ours, *aliases):
            if alias in header and not (canvas and ours == "id"):
                found.setdefault(ours, header.index(alias))
    if canvas:
        found["canvas_id"] = header.index("id")
        found.pop("id", None)
    return found


def _student(row, header, columns, canvas):
    def cell(name):
        at = columns.get(name)
        return row[at].strip() if at is not None and at < len(row) else ""

    known = {name: cell(name) for name in COLUMNS if name in columns}
    if canvas:
        last, _, first = (part.strip() for part in
                          row[header.index("student")].partition(","))
        # Below the header Canvas writes the possible points, and a student to test with.
        if not cell("canvas_id") and (last.lower() == "points possible"
                                      or (last, first) == ("Student", "Test")):
            return None
        known |= {"last_name": last, "first_name": first}
    if known.get("moodle_id"):
        known["moodle_id"] = re.sub(r"^participant\s+", "", known["moodle_id"], flags=re.I)
    if not known.get("last_name") and "full name" in header:
        first, _, last = row[header.index("full name")].strip().rpartition(" ")
        known |= {"last_name": last, "first_name": first}
    person = f"{known.get('first_name', '')} {known.get('last_name', '')}".strip()
    if "@" in known.get("login", ""):
        # Many schools let people log in with their address, and Canvas exports no other.
        known.setdefault("email", known["login"])
    if known.get("id"):
        # Whoever writes ids down means the folders' names by them.
        return Student(**(known | {"id": _written_id(known["id"])}))
    name = (known.get("login", "").partition("@")[0] or known.get("email", "").partition("@")[0]
            or person)
    return Student(**(known | {"id": folder_name(name)}))


def same_person(one, other):
    """True if an id of any system or the e-mail address says that two entries are one student."""
    pairs = [(getattr(one, name), getattr(other, name))
             for name in ("canvas_id", "sis_id", "login", "moodle_id")]
    mails = one.email.lower(), other.email.lower()
    if any(a and a == b for a, b in [*pairs, mails]):
        return True
    # Without any such id in common, the folder's name decides, unless the ids differ.
    return one.id == other.id and not any(a and b for a, b in [*pairs, mails])


def _free_id(name, students):
    taken = {student.id for student in students}
    number = 2
    free = name
    while free in taken:
        free, number = f"{name}-{number}", number + 1
    return free
