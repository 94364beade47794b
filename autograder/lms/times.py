"""Hand-in times from a table, such as Moodle's grading worksheet.

A time without a zone is meant in the class's zone. What could mean two moments is refused.
"""

import re
from pathlib import Path

from dateutil import parser

from autograder.classroom.roster import read_table, same_person
from autograder.errors import GradingError

_TIMES = ("last modified (submission)", "submission time", "submitted at", "handed in", "time",
          "timestamp")


def read_times(path, roster, zone):
    """{(student id, lesson or ""): aware datetime} from a CSV file.

    Raises GradingError naming the line for a time that is none or could mean two moments.
    """
    path = Path(path)
    if not path.is_file():
        raise GradingError(f"there is no file {path}; name the table with the hand-in times")
    header, rows = read_table(path.read_bytes(), path.name)
    header = [cell.strip().lower() for cell in header]
    column = next((header.index(name) for name in _TIMES if name in header), None)
    if column is None:
        raise GradingError(f"{path.name}:1: no column holds hand-in times; call it “time”")
    lesson = header.index("lesson") if "lesson" in header else None
    found = {}
    for line, row, person in rows:
        text = row[column].strip() if column < len(row) else ""
        if not text or text == "-" or person is None:
            continue
        student = next((one for one in roster if same_person(one, person)), person)
        name = row[lesson].strip() if lesson is not None and lesson < len(row) else ""
        found[student.id, name] = _moment(text, zone, f"{path.name}:{line}")
    return found


def moment_for(times, student, lesson):
    """The time of a student's work, or None."""
    return times.get((student.id, lesson)) or times.get((student.id, ""))


def _moment(text, zone, where):
    numbers = re.fullmatch(r"(\d{1,2})[./-](\d{1,2})[./-]\d{2,4}\b.*", text)
    if numbers and int(numbers[1]) <= 12 and int(numbers[2]) <= 12 and numbers[1] != numbers[2]:
        raise GradingError(f"{where}: {text!r} may be two days, since day and month could change "
                           "places; write it as 2026-12-01 23:59")
    try:
        moment = parser.parse(text, dayfirst=bool(numbers) and int(numbers[1]) > 12)
    except (ValueError, OverflowError):
        raise GradingError(f"{where}: {text!r} is no time; write it as 2026-12-01 23:59") from None
    if moment.tzinfo:
        return moment
    first, second = (moment.replace(tzinfo=zone, fold=fold) for fold in (0, 1))
    if first.utcoffset() != second.utcoffset():
        raise GradingError(f"{where}: on that night the clock is changed in {zone.key}, and {text} "
                           "is no single moment; write it with its offset, like "
                           "2026-10-25T02:30+02:00")
    return first


