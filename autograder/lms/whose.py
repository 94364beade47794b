"""Whose a file is: the one student of the roster for whom its hints speak, or a reason why not."""

import re
import unicodedata

from autograder.classroom.roster import Student, folder_name, is_same_id

_IDS = ("canvas_id", "moodle_id", "sis_id", "login", "email")


def whose(hints, roster, lesson=""):
    """(Student, "") for an Arrival's hints, or (None, a sentence that says what to do).

    An id that a system gave decides; then a full name; in a loose pile the words of the path, if
    they hold one student's id, or first and last name, and nobody else's.
    """
    known = {student.id: student for name in _IDS if hints.get(name) for student in roster
             if is_same_id(hints[name], getattr(student, name))
             or name == "email" and is_same_id(hints[name], student.login)}
    if len(known) > 1:
        return None, (f"the system's own numbers and addresses in it are those of "
                      f"{_listed(known.values())}; correct roster.csv, or move the file into a "
                      "folder with the id of the right one, and collect it again")
    if known:
        return next(iter(known.values())), ""
    if "id" in hints:
        return _one([s for s in roster if s.id == hints["id"]], hints["id"])
    if "name" in hints:
        wanted = _letters(hints["name"])
        # Somebody of that name whom the system knows by another number is somebody else.
        return _one([s for s in roster if wanted in _spellings(s) and not any(
            getattr(s, name) and hints.get(name) for name in _IDS)], _described(hints))
    return _from_path(hints.get("path", ""), roster, lesson)


def newcomer(hints):
    """The Student that an export itself describes, for a class without a roster; or None."""
    name = hints.get("name", "")
    known = {key: hints[key] for key in _IDS if key in hints}
    if "id" in hints:
        return Student(hints["id"])
    mail = hints.get("email", "").partition("@")[0]
    if not (name or mail):
        return None
    first, _, last = name.rpartition(" ")
    # Canvas's file names hold the name in one piece, and the number that tells two of them apart.
    made = folder_name(mail or name) + (f"-{known['canvas_id']}" if "canvas_id" in known else "")
    return Student(**({"id": made, "first_name": first, "last_name": last} | known))


def _one(found, what):
    if len(found) == 1:
        return found[0], ""
    if found:
        return None, (f"{what} may be {_listed(found)}; move the file into a folder with the id of "
                      "the right one and collect it again")
    return None, f"{what} is not in the roster; add a line to roster.csv and collect again"


def _described(hints):
    """The name in an Arrival's hints with the ids that stand there, as roster.csv calls them."""
    ids = ", ".join(f"{name} {hints[name]}" for name in _IDS if hints.get(name))
    return f"{hints['name']} ({ids})" if ids else hints["name"]


def _from_path(path, roster, lesson):
    # The lesson's own words, and the numbers that a browser adds to a copy, are nobody's id.
    plain = re.sub(r"\(\d+\)|-copy\d*\b", " ", _plain(path).replace(lesson or "\0", " "))
    spaced, parts = f" {' '.join(_words(plain))} ", {_plain(part) for part in path.split("/")}
    by_id = [s for s in roster if _plain(s.id) in parts]
    named = {s.id: set(_words(s.name)) for s in roster if s.first_name and s.last_name}
    named = {who: name for who, name in named.items() if name and name <= set(spaced.split())}
    # Anna Maria Schmidt is not Anna Schmidt, whose names hers contain.
    by_name = [s for s in roster if s.id in named
               and not any(named[s.id] < other for other in named.values())]
    by_word = [s for s in roster if f" {' '.join(_words(s.id))} " in spaced]
    for found in (by_id, by_name, by_word):
        if found:
            return _one(found, path)
    return None, ("names nobody of the roster; move it into a folder with the student's "
                  "id and collect it again")


def _words(text):
    return re.findall(r"\w+", _plain(text).replace("_", " "))


def _listed(students):
    return " or ".join(f"{s.name} ({s.id})" for s in students)


def _plain(text):
    """Small letters without accents, so that the same name in two spellings is one name."""
    split = unicodedata.normalize("NFKD", text.casefold())
    return "".join(c for c in split if not unicodedata.combining(c))


def _letters(text):
    return "".join(c for c in _plain(text) if c.isalnum())


def _spellings(student):
    """Ways in which systems write a name in one piece."""
    first, last = _letters(student.first_name), _letters(student.last_name)
    return {first + last, last + first} - {""} if first or last else {_letters(student.id)}
