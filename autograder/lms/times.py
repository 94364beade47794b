"""Hand-in times from a table, such as Moodle's grading worksheet.

A time without a zone is meant in the class's zone. What could mean two moments is refused.
"""

import datetime
import re
from collections import Counter
from pathlib import Path

from dateutil import parser

from autograder.classroom.moments import in_zone
from autograder.classroom.roster import read_table
from autograder.classroom.same import found_in
from autograder.errors import GradingError

_TIMES = ("last modified (submission)", "submission time", "submission date", "submitted at",
          "handed in", "time", "timestamp", "zuletzt geändert (abgabe)",
          "dernière modification (travail remis)", "última modificación (entrega)",
          "ultima modifica (consegna)", "laatst gewijzigd (inzending)",
          "última modificação (envio)", "abgegeben am", "abgabezeit")
_FORM = "write it as 2026-12-01 23:59"
_UTC = ("UTC", "GMT", "Z")


class _Words(parser.parserinfo):
    """The words of a time in the languages in which Moodle writes its worksheet.

    English, German, French, Spanish, Italian, Dutch, Portuguese.
    """

    MONTHS = [tuple(dict.fromkeys((*known, *more.split()))) for known, more in zip(
        parser.parserinfo.MONTHS, (
            "januar jänner janvier enero gennaio januari janeiro",
            "februar février febrero febbraio februari fevereiro",
            "märz mars marzo maart março", "april avril abril aprile",
            "mai mayo maggio mei maio", "juni juin junio giugno junho",
            "juli juillet julio luglio julho", "august août agosto augustus",
            "september septembre septiembre setiembre settembre setembro",
            "oktober octobre octubre ottobre outubro", "november novembre noviembre novembro",
            "dezember décembre diciembre dicembre december dezembro"), strict=True)]
    WEEKDAYS = [tuple(dict.fromkeys((*known, *more.split()))) for known, more in zip(
        parser.parserinfo.WEEKDAYS, (
            "montag lundi lunes lunedì maandag segunda",
            "dienstag mardi martes martedì dinsdag terça",
            "mittwoch mercredi miércoles mercoledì woensdag quarta",
            "donnerstag jeudi jueves giovedì donderdag quinta",
            "freitag vendredi viernes venerdì vrijdag sexta",
            "samstag sonnabend samedi sábado sabato zaterdag",
            "sonntag dimanche domingo domenica zondag"), strict=True)]
    JUMP = [*parser.parserinfo.JUMP, "de", "del", "à", "um", "uhr", "alle", "om", "uur", "às", "a",
            "las", "le", "er", "-"]


def read_times(path, roster, zone):
    """({(student id, lesson or ""): aware datetime}, {student id: Moodle's number}) of a CSV file.

    The number is that of the assignment whose worksheet it is. Raises GradingError naming the line
    for a time that is none or could mean two moments.
    """
    path = Path(path)
    if not path.is_file():
        raise GradingError(f"there is no file {path}; name the table with the hand-in times")
    sheet, rows = read_table(path.read_bytes(), path.name)
    column = next((sheet.header.index(name) for name in _TIMES if name in sheet.header), None)
    if column is None:
        raise GradingError(f"{path.name}:1: no column holds hand-in times; call it “time”")
    lesson = sheet.header.index("lesson") if "lesson" in sheet.header else None
    found, lines, numbers = {}, {}, {}
    members = found_in(roster, [person for _, _, person in rows])
    known = {one.id for one in roster}
    unknown = Counter(person.id for (_, _, person), member in zip(rows, members, strict=True)
                      if person and not member)
    for (line, row, person), member in zip(rows, members, strict=True):
        if member and person.moodle_id:
            numbers[member.id] = person.moodle_id
        text = row[column].strip() if column < len(row) else ""
        if not text or text == "-" or person is None:
            continue
        student = member or person
        # A name alone that two people have, or somebody of the class has, says nothing here.
        if member is None and (person.id in known or person.moodle_id and unknown[person.id] > 1):
            continue
        name = row[lesson].strip() if lesson is not None and lesson < len(row) else ""
        moment = _moment(text, zone, f"{path.name}:{line}")
        if found.setdefault((student.id, name), moment) != moment:
            raise GradingError(f"{path.name}:{line}: line {lines[student.id, name]} has another "
                               f"time for {student.id}; leave the one that counts")
        lines.setdefault((student.id, name), line)
    return found, numbers


def moment_for(times, student, lesson):
    """The time of a student's work, or None."""
    return times.get((student.id, lesson)) or times.get((student.id, ""))


def _moment(text, zone, where):
    numbers = re.search(r"(?<!\d)(\d{1,2})([./-])(\d{1,2})\2(?:\d{4}|\d{2})(?!\d)", text)
    day, month = (int(numbers[1]), int(numbers[3])) if numbers else (0, 0)
    if max(day, month) <= 12 and day != month:
        raise GradingError(f"{where}: {text!r} may be two days, since day and month could change "
                           "places; write it as 2026-12-01 23:59")

    def named(name, seconds):
        """A zone that a time names: its offset, or UTC; letters like CST are several zones."""
        if seconds is not None:
            return datetime.timezone(datetime.timedelta(seconds=seconds))
        if name in (None, *_UTC):
            return datetime.UTC if name else None
        raise GradingError(f"{where}: {name} in {text!r} names no single zone; write the offset, "
                           "like 2026-12-01 23:59+01:00")

    try:
        # What a time does not say is filled in from today's; two such days show what that is.
        moment, other = (parser.parse(text.replace("-feira", ""), _Words(), dayfirst=day > 12,
                                      default=default, tzinfos=named)
                         for default in (datetime.datetime(2000, 1, 1),
                                         datetime.datetime(2004, 3, 2, 1, 1)))
    except (ValueError, OverflowError):
        raise GradingError(f"{where}: {text!r} is no time; {_FORM}") from None
    if moment.date() != other.date():
        raise GradingError(f"{where}: {text!r} is no whole date; {_FORM}")
    if (moment.hour, moment.minute) != (other.hour, other.minute):
        raise GradingError(f"{where}: {text!r} has no time of day; {_FORM}")
    return in_zone(moment, zone, where)
