"""Who is who: whether two entries of rosters, exports and tables are about one student.

Numbers and addresses decide. Moodle counts its participants anew in each assignment: such a number
says who somebody is where it is known, but that it differs says nothing.
"""

import itertools
import unicodedata
from collections import Counter

IDS = ("canvas_id", "sis_id", "login", "moodle_id")
_STABLE = ("canvas_id", "sis_id", "login", "email")


def is_same_id(one, other):
    """True if two ids or addresses, as systems and spreadsheets write them, are the same."""
    return bool(one and other) and _plain_id(one) == _plain_id(other)


def _plain_id(text):
    """Small letters; of a number, no zeros in front, which spreadsheets take away."""
    return (text.lstrip("0") or "0") if text.isdecimal() else text.lower()


def named(student):
    """(first name, last name)."""
    return student.first_name, student.last_name


def share(one, other):
    """True if an id of any system or the e-mail address is the same."""
    return any(is_same_id(getattr(one, name), getattr(other, name)) for name in (*IDS, "email"))


def same_person(one, other):
    """True if an id of any system or the e-mail address says that two entries are one student."""
    if share(one, other):
        return True
    # Without any such id in common, the folder's name decides, unless the ids differ.
    return one.id == other.id and not _differ(one, other)


def _differ(one, other):
    return any(getattr(one, name) and getattr(other, name) for name in _STABLE)


def found_in(students, persons):
    """For each person of a table, who of the students that is, or None.

    Where no number or address says so: the id that one row has, or the full name that one row and
    one student have.
    """
    index = Index(students)
    ids = Counter(one.id for one in persons if one)
    names = Counter(named(one) for one in persons if one)
    spelt = {}
    for student in students:
        for spelling in spellings(student):
            spelt.setdefault(spelling, []).append(student)

    def find(person):
        near = [students[at] for at in index.near(person)]
        alike = spelt.get(letters(person.name), [])
        found = [one for one in near if share(one, person)]
        if not found and ids[person.id] == 1:
            found = [one for one in near if same_person(one, person)]
        if not found and names[named(person)] == len(alike) == 1:
            found = [one for one in alike if not _differ(one, person)]
        return found[0] if found else None

    return [find(person) if person else None for person in persons]


def plain(text):
    """Small letters without accents, so that the same name in two spellings is one name."""
    split = unicodedata.normalize("NFKD", text.casefold())
    return "".join(c for c in split if not unicodedata.combining(c))


def letters(text):
    """The letters and digits of a name, in small letters without accents."""
    return "".join(c for c in plain(text) if c.isalnum())


def spellings(student):
    """Ways in which systems write a name in one piece."""
    first, last = letters(student.first_name), letters(student.last_name)
    return {first + last, last + first} - {""} if first or last else {letters(student.id)}


class Index:
    """Where in a list of students those are who may be the same person as another one: who looks
    at each of them instead waits for minutes where thousands are enrolled."""

    def __init__(self, students=()):
        self._at, self._ids = {}, set()
        for number, student in enumerate(students):
            self.add(number, student)

    def add(self, number, student):
        """Know the student at a place of the list, or what is new about them."""
        self._ids.add(student.id)
        for key in self._keys(student):
            self._at.setdefault(key, set()).add(number)

    def near(self, student):
        """The places of all who have, or had, one of its ids or its name, in the list's order."""
        return sorted(set().union(*(self._at.get(key, ()) for key in self._keys(student))))

    def free_id(self, name):
        """The name, or with a number behind it if somebody has it."""
        numbered = (f"{name}-{number}" for number in itertools.count(2))
        return next(free for free in itertools.chain([name], numbered) if free not in self._ids)

    def _keys(self, student):
        return {("id", student.id), ("name", named(student)),
                *((name, _plain_id(getattr(student, name))) for name in (*IDS, "email"))} - _NOBODY


_NOBODY = {("name", ("", "")), *((name, "") for name in (*IDS, "email", "id"))}
