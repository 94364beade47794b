"""Whose a file is: the one student of the roster for whom its hints speak, or a reason why not."""

import re

from autograder.classroom.roster import Student, folder_name, is_hidden_name
from autograder.classroom.same import is_same_id, letters, plain, spellings

_IDS = ("canvas_id", "moodle_id", "sis_id", "login", "email")
# In which Moodle's own table says whose number that is.
_MOODLE = "collect again with --times and the assignment's grading worksheet, or "


def whose(hints, roster, lesson=""):
    """(Student, "") for an Arrival's hints, or (None, a sentence that says what to do).

    The folder into which a person has put it decides; an id that a system gave; then a full name;
    in a loose pile the words of the path, if they hold one student's id, or first and last name,
    and nobody else's.
    """
    put = next((student for student in roster if student.id == hints.get("folder")), None)
    if put:
        return put, ""
    known = {student.id: student for name in _IDS if hints.get(name) for student in roster
             if is_same_id(hints[name], getattr(student, name))
             or name == "email" and is_same_id(hints[name], student.login)}
    if len(known) > 1:
        return None, (f"the system's own numbers and addresses in it are those of "
                      f"{_listed(known.values())}; correct roster.csv, or move the file into a "
                      "folder with the id of the right one, and collect it again")
    if known:
        (student,) = known.values()
        return (None, _other_name(hints, student)) if _is_somebody_else(hints, student) else (
            student, "")
    if "hidden" in hints:
        return None, hints["hidden"]
    if "id" in hints:
        return _one([s for s in roster if s.id == hints["id"]], hints["id"])
    if "name" in hints:
        wanted = letters(hints["name"])
        # Somebody of that name whom the system knows by another number is somebody else; but
        # Moodle's numbers are other ones in each assignment.
        found = [] if "namesakes" in hints else [s for s in roster if wanted in spellings(s) and not
                 any(getattr(s, name) and hints.get(name) for name in _IDS if name != "moodle_id")]
        return _one(found, _described(hints), _MOODLE if "moodle_id" in hints else "")
    return _from_path(hints.get("path", ""), roster, lesson)


def goes_by_another_name(arrival, student):
    """True if Canvas's name of a file holds no word of the name of the student with its number.

    It names a group's work after the group, with the number of one member.
    """
    words = [word for word in map(letters, student.name.split())
             if len(word) > 1 or not word.isascii()]
    name = letters(arrival.hints.get("name", ""))
    return arrival.system == "canvas" and "canvas_id" in arrival.hints and (
        "folder" not in arrival.hints) and not any(word in name for word in words)


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


def _is_somebody_else(hints, student):
    """True for a name in Moodle's folder that has no word of the student's who has its number.

    A group hands in under its own name and number, which may be a participant's, too.
    """
    name = hints.get("name", "")
    return "moodle_id" in hints and not is_hidden_name(name) and (
        not set(_words(name)) & set(_words(student.name)))


def _other_name(hints, student):
    return (f"{_described(hints)} is not the name of {_listed([student])}, who has that number; if "
            "it is a group, put copies into folders with its members' ids and collect those")


def _one(found, what, first=""):
    if len(found) == 1:
        return found[0], ""
    if found:
        return None, (f"{what} may be {_listed(found)}; {first}move the file into a folder with "
                      "the id of the right one and collect it again")
    return None, f"{what} is not in the roster; {first}add a line to roster.csv and collect again"


def _described(hints):
    """The name in an Arrival's hints with the ids that stand there, as roster.csv calls them."""
    ids = ", ".join(f"{name} {hints[name]}" for name in _IDS if hints.get(name))
    return f"{hints['name']} ({ids})" if ids else hints["name"]


def _from_path(path, roster, lesson):
    # The lesson's own words, and the numbers that a browser adds to a copy, are nobody's id.
    words = re.sub(r"\(\d+\)|-copy\d*\b", " ", plain(path).replace(lesson or "\0", " "))
    spaced, parts = f" {' '.join(_words(words))} ", {plain(part) for part in path.split("/")}
    by_id = [s for s in roster if plain(s.id) in parts]
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
    return re.findall(r"\w+", plain(text).replace("_", " "))


def _listed(students):
    return " or ".join(f"{s.name} ({s.id})" for s in students)
