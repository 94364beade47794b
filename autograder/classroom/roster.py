"""Who is in the class: roster.csv, made from an LMS's export or from any plain CSV.

The columns of roster.csv: id (the folder's name in submitted/), last_name, first_name, email,
section, and the ids by which each system knows the student.
"""

import csv
import functools
import io
import re
import unicodedata
from collections import Counter
from dataclasses import asdict, astuple, dataclass, fields, replace
from pathlib import Path

from autograder.classroom.same import IDS, Index, is_same_id, named, same_person, share
from autograder.classroom.spreadsheet import read_sheet
from autograder.errors import GradingError
from course_lib.whole_files import write_whole

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


def names_of(students):
    """{id: name}; of people with one name each stands there with the id."""
    count = Counter(one.name for one in students)
    return {one.id: f"{one.name} ({one.id})" if count[one.name] > 1 else one.name
            for one in students}


COLUMNS = tuple(field.name for field in fields(Student))
# What the systems call these columns in their exports, in small letters, in several languages.
_ALIASES = {
    "id": ("student_id", "student id", "username", "user", "student", "anmeldename",
           "nom d'utilisateur", "nombre de usuario"),
    "last_name": ("last name", "surname", "lastname", "family name", "nachname", "nom",
                  "nom de famille", "apellido(s)", "apellidos", "cognome", "achternaam"),
    "first_name": ("first name", "firstname", "given name", "vorname", "prénom", "nombre",
                   "voornaam"),
    "email": ("email address", "e-mail", "mail", "e-mail address", "e-mail-adresse",
              "adresse de courriel", "dirección de correo", "correo electrónico",
              "indirizzo email", "e-mailadres"),
    "section": ("sections", "group", "groups", "gruppe", "gruppen", "groupe", "grupo"),
    "canvas_id": (),
    "sis_id": ("sis user id", "id number", "sid", "matriculation number", "id-nummer",
               "matrikelnummer", "numéro d'identification", "número de id"),
    "login": ("sis login id", "login id"),
    "moodle_id": ("identifier", "participant", "identifiant", "identificador"),
}
_FULL_NAME = ("full name", "name", "student name", "vollständiger name", "nom complet",
              "nombre completo", "nombre completo del usuario", "nome completo")
# Moodle's worksheet counts its participants, in the language of whoever downloads it.
_PARTICIPANT = re.compile(r"(?:particip|teilnehmer|deelnemer|partecipante)\D*(\d*)", re.I)
_NAMES = ("first_name", "last_name")
_SUFFIX = re.compile(r"(jr|sr)\.?|i{2,3}|iv", re.IGNORECASE)
# What a spreadsheet makes of a long number.
_ROUNDED = re.compile(r"\d[.,]\d+[eE]\+?\d+")


def read_roster(class_dir):
    """The class's students, [] where there is no roster. Raises GradingError naming the line."""
    path = Path(class_dir) / FILE
    content = path.read_bytes() if path.exists() else b""
    if content.strip() in (b"", ",".join(COLUMNS).encode()):
        return []
    return list(_parsed(content, path.name))


@functools.lru_cache(4)
def _parsed(content, name):
    """What stands in one file, for those who ask for every page of a class."""
    return parse(content, name)


def write_roster(class_dir, students):
    """Write roster.csv, whole or not at all. Columns that an instructor has added stay."""
    titles, own = _own_columns(Path(class_dir) / FILE)
    text = io.StringIO()
    writer = csv.writer(text, lineterminator="\n")
    writer.writerow([*COLUMNS, *titles])
    nothing = [""] * len(titles)
    writer.writerows([*astuple(student), *own.get(student.id, nothing)] for student in students)
    write_whole(Path(class_dir) / FILE, text.getvalue())


def _own_columns(path):
    """(titles, {student id: cells}) of the columns of a roster that mean nothing here."""
    content = path.read_bytes() if path.exists() else b""
    if not content.strip():
        return [], {}
    sheet, rows = read_table(content, path.name)
    known = set(_columns(sheet.header).values())
    ours = [at for at, title in enumerate(sheet.rows[0][1]) if at not in known and title.strip()]
    return [sheet.rows[0][1][at] for at in ours], {
        student.id: [row[at] if at < len(row) else "" for at in ours]
        for _, row, student in rows if student}


def merge(known, arrived):
    """(students, sentences): the roster with another export's students joined to those it has.

    Two entries are one student if an id of any system or the e-mail address agrees. Nobody is
    removed, and nothing that is known is overwritten by an empty field.
    """
    students, said, index = list(known), [], Index(known)
    several = {name for group in (known, arrived)
               for name, count in Counter(map(named, group)).items() if count > 1}
    for student in arrived:
        near = index.near(student)
        at = next((i for i in near if same_person(students[i], student)
                   and not _is_guess(students[i], student, several)), None)
        if at is None:
            twin = next((students[i].id for i in near if student.first_name and named(
                students[i]) == named(student)), None)
            students.append(replace(student, id=index.free_id(student.id)))
            index.add(len(students) - 1, students[-1])
            said.append(f"{students[-1].id}: new" + (
                f"; {student.name} is the name of {twin}, too: if they are one person, put their "
                f"ids into one line of {FILE}" if twin else ""))
            continue
        old = students[at]
        # A number that lost its zeros in a spreadsheet is no news, nor are capitals in an address.
        fresh = {name: value for name, value in asdict(student).items() if value and name != "id"
                 and not (name in (*IDS, "email") and is_same_id(value, getattr(old, name))
                          and len(value) <= len(getattr(old, name)))}
        if _bare(old.last_name) == _bare(student.last_name):
            fresh.pop("last_name", None)
        if _is_split_by_guess(student, old):
            fresh = {name: value for name, value in fresh.items() if name not in _NAMES}
        # A participant's number is another one in each of Moodle's assignments: no news.
        changed = [f"{name} {getattr(old, name)} -> {value}" for name, value in fresh.items()
                   if getattr(old, name) and getattr(old, name) != value and name != "moodle_id"]
        students[at] = replace(old, **fresh)
        index.add(at, students[at])
        if changed:
            said.append(f"{old.id}: {', '.join(changed)}")
    return students, said


def _is_guess(known, student, several):
    """True if nothing but the order of two rows says which of two people of one name this is."""
    return named(student) in several and not share(known, student) and bool(
        known.moodle_id and student.moodle_id)


def not_among(known, arrived):
    """The ids of the students in `known` who are none of those that arrived."""
    index = Index(arrived)
    return [one.id for one in known
            if not any(same_person(one, arrived[at]) for at in index.near(one))]


def read_table(content, name):
    """(Sheet, [(line, cells, Student or None)]) of a CSV file's bytes."""
    sheet = read_sheet(content, name)
    header = sheet.header
    columns = _columns(header)
    return sheet, [(line, row, _student(row, header, columns)) for line, row in sheet.rows[1:]]


def parse(content, name="the roster"):
    """The students in the bytes of a CSV file: Canvas's or Moodle's export, or a plain table.

    Who stands in it twice, in two sections, is one student. Raises GradingError naming the line for
    a file without usable columns, a row without a name or id, or two people with the same id.
    """
    sheet, rows = read_table(content, name)
    columns = _columns(sheet.header)
    if not columns.keys() & {"id", "email", "login", "last_name", "canvas_id", "name"}:
        found = ", ".join(filter(None, sheet.header)) or "none"
        raise GradingError(f"{name}:1: no column says who the students are; it needs one of id, "
                           f"email, last_name, name (found: {found})")
    students, lines, index = [], {}, Index()
    for line, _, student in rows:
        if student is None:
            continue
        if not student.id:
            raise GradingError(f"{name}:{line}: this row has no id, e-mail address or name; fill "
                               "one in or remove the row")
        for column in ("id", *IDS):
            if _ROUNDED.fullmatch(getattr(student, column)):
                raise GradingError(
                    f"{name}:{line}: {getattr(student, column)} has lost digits in a spreadsheet; "
                    "export the table again, and save it as it came")
        if student.id in lines and "id" in columns:
            raise GradingError(f"{name}:{line}: the id {student.id} stands in line "
                               f"{lines[student.id]} already; every student needs one of their own")
        at = next((i for i in index.near(student) if share(students[i], student)), None)
        if at is not None:
            where = (f"{name}:{line}: shares an id or e-mail address with line "
                     f"{lines[students[at].id]}")
            if "id" in columns:
                raise GradingError(f"{where}; correct one of the rows")
            students[at] = _in_both(students[at], student, where)
            continue
        student = replace(student, id=index.free_id(student.id))
        index.add(len(students), student)
        lines[student.id] = line
        students.append(student)
    if not students:
        raise GradingError(f"{name} names no students; is it the right file?")
    return students


def _in_both(known, again, where):
    """One student of two rows. Raises GradingError if the rows are about two people."""
    if named(known) != named(again):
        raise GradingError(f"{where}, but not the name: {known.name}, {again.name}; correct one "
                           "of the rows")
    sections = dict.fromkeys(filter(None, (known.section, again.section)))
    return replace(known, section=", ".join(sections))


def folder_name(text):
    """A folder's name made of a person's name: letters, digits, - and _; small letters."""
    split = [c for c in unicodedata.normalize("NFKD", text) if not unicodedata.combining(c)]
    # A letter that ASCII does not have stays as it is: 明 B. and Иван B. are not both “b”.
    plain = "".join(split) if "".join(filter(str.isalnum, split)).isascii() else text
    return re.sub(r"[^\w-]+", "-", unicodedata.normalize("NFC", plain).lower()).strip("-")


def is_hidden_name(text):
    """True for what Moodle writes in the place of a name that graders are not to see."""
    return bool(_PARTICIPANT.fullmatch(text))


def _written_id(text):
    """An id as it was written, without what a folder's name cannot hold."""
    return re.sub(r"[^\w.@+-]+", "-", unicodedata.normalize("NFC", text)).strip("-.")


def _whole(text):
    """A number without the .0 that a spreadsheet or a script put behind it."""
    return re.sub(r"(?<=\d)\.0+$", "", text) if re.fullmatch(r"\d+\.0+", text) else text


def _is_canvas(header):
    titles = set(header)
    # An option of its export: the name in two columns.
    return {"lastname", "firstname", "id", "sis login id"} <= titles or (
        {"student", "id"} <= titles and bool({"section", "sis user id", "sis login id"} & titles))


def _columns(header):
    """{our column, or "name" for first and last name in one: position in the file}."""
    found, canvas = {}, _is_canvas(header)
    for ours, aliases in _ALIASES.items():
        for alias in (ours, *aliases):
            if alias in header and not (canvas and ours == "id"):
                found.setdefault(ours, header.index(alias))
    if canvas:
        found["canvas_id"] = header.index("id")
    if canvas and "student" in header:
        found["name"] = header.index("student")
    if not found.keys() & {"last_name", "name"}:
        alias = next((alias for alias in _FULL_NAME if alias in header), None)
        found |= {"name": header.index(alias)} if alias else {}
    return found


def _student(row, header, columns):
    """The Student of a row; None for the rows of an export that are about nobody."""
    def cell(name):
        at = columns.get(name)
        # A line end within a cell is a blank to whoever reads tables line by line.
        return " ".join(row[at].split()) if at is not None and at < len(row) else ""

    known = {name: _whole(cell(name)) if name in ("id", *IDS) else cell(name)
             for name in COLUMNS if name in columns}
    if "name" in columns:
        last, comma, first = _split(cell("name"))
        known |= {"last_name": last, "first_name": first}
    else:
        last, comma, first = (known.get("last_name", ""), "", known.get("first_name", ""))
    if _is_canvas(header):
        # Below the header Canvas writes whether grades are shown, and the possible points.
        if not comma and not known["canvas_id"]:
            return None
        # The student that Canvas has to test with, whom it knows by no number of the school's.
        if (last, first) == ("Student", "Test") and not known.get("sis_id"):
            return None
    for name in ("moodle_id", "id"):
        participant = _PARTICIPANT.fullmatch(known.get(name, ""))
        if participant and participant[1]:
            known |= {name: "", "moodle_id": participant[1]}
    person = f"{known.get('first_name', '')} {known.get('last_name', '')}".strip()
    if "@" in known.get("login", "") and not known.get("email"):
        # Many schools let people log in with their address, and Canvas exports no other.
        known["email"] = known["login"]
    if known.get("id"):
        # Whoever writes ids down means the folders' names by them.
        return Student(**(known | {"id": _written_id(known["id"])}))
    name = (known.get("login", "").partition("@")[0] or known.get("email", "").partition("@")[0]
            or person)
    return Student(**(known | {"id": folder_name(name)}))


def _split(name):
    """(last name, comma or "", first name) of a name in one piece.

    Brown, Jr., Tom; Brown, Tom, Jr.; Brown, Tom Jr. and Tom Brown, Jr. all have the last
    name Brown Jr.
    """
    words = re.findall(r",|[^\s,]+", name)
    behind = [word for word in words[1:] if _SUFFIX.fullmatch(word)]
    rest = " ".join(word for word in words if word not in behind).split(",")
    last, *firsts = [part.strip() for part in rest if part.strip()] or [""]
    first = ", ".join(firsts)
    if not firsts:
        first, _, last = last.rpartition(" ")
    return " ".join([last, *behind]).strip(), "," if firsts else "", first


def _bare(name):
    """A name without commas and full stops: “Brown, Jr.” is “Brown Jr”."""
    return re.sub(r"[\s,.]+", " ", name).strip()


def _is_split_by_guess(student, known):
    """True if the name is the known one with its last word alone, or nothing, as last name.

    That is what becomes of a name that stands in one piece: whoever wrote García López in a column
    of its own knew more.
    """
    return len(student.last_name.split()) <= 1 and student.name.split() in (
        known.name.split(), f"{known.last_name} {known.first_name}".split())
