"""What an export of Canvas, Moodle, Gradescope or nbgrader says of each file: whose, when, late.

The shapes are those of the systems' own downloads. What fits none of them is a loose pile, in which
folders' and files' names are all there is.
"""

import datetime
import re
from dataclasses import dataclass

import yaml
from nbgrader.utils import parse_utc

from autograder.errors import GradingError
from autograder.lms.entries import Entry

_CANVAS = re.compile(r"(?P<name>[^_/]+)_(?P<late>LATE_)?(?P<user>\d+)_(?P<file>\d+)_(?P<rest>.+)")
_MOODLE = re.compile(r"(?P<name>[^/]+?)_(?P<user>\d+)_assignsubmission_(?P<kind>[a-z]+)"
                     r"(?:_(?P<rest>[^/]*))?")
_EXCHANGE = re.compile(r"(?P<student>[^+/]+)\+(?P<lesson>[^+/]+)\+(?P<time>[^+/]+)(\+[^/]+)?")
_METADATA = "submission_metadata.yml"


@dataclass(frozen=True)
class Arrival:
    """One file of somebody, and what the export says of it.

    hints    {field of the roster's Student, or "name": text} that tell whose it is
    name     the file's name as the student gave it
    moment   when it was handed in, with a time zone, or None where the export does not say
    late     the system's own mark
    order    text that sorts the attempts of one person
    owner    the same for files that were handed in together
    """

    entry: Entry
    system: str
    name: str
    hints: dict
    moment: datetime.datetime | None = None
    late: bool = False
    order: str = ""
    owner: str = ""


def arrivals(entries):
    """The Arrivals in the entries of one export. Raises GradingError for damaged metadata."""
    metadata = next((one for one in entries if one.name == _METADATA), None)
    if metadata:
        return _gradescope(entries, metadata)
    found = []
    for entry in entries:
        moodle = next((match for part in (*entry.folders, entry.name)
                       if (match := _MOODLE.fullmatch(part))), None)
        exchange = next((match for part in entry.folders
                         if (match := _EXCHANGE.fullmatch(part))), None)
        canvas = _CANVAS.fullmatch(entry.name)
        if moodle:
            found.append(_moodle(entry, moodle))
        elif exchange:
            moment = _moment(exchange["time"])
            found.append(Arrival(entry, "nbgrader", entry.name, {"id": exchange["student"]}, moment,
                                 order=str(moment), owner=exchange[0]))
        elif canvas:
            found.append(_canvas(entry, canvas))
        else:
            found.append(Arrival(entry, "loose", entry.name, {"path": entry.path},
                                 order=entry.path, owner="/".join(entry.folders)))
    return found


def _canvas(entry, match):
    name = match["rest"]
    # Canvas numbers what somebody hands in again: NAME.ipynb, NAME-1.ipynb, NAME-2.ipynb.
    again = re.fullmatch(r"(.+)-(\d+)(\.\w+)", name)
    number = int(again[2]) if again else 0
    return Arrival(entry, "canvas", again[1] + again[3] if again else name,
                   {"canvas_id": match["user"], "name": match["name"]}, late=bool(match["late"]),
                   order=f"{number:06}-{int(match['file']):012}", owner=match["user"])


def _moodle(entry, match):
    inside = match["rest"] or entry.name
    if match["kind"] != "file":
        inside = f"{match['kind']}-{entry.name}"
    return Arrival(entry, "moodle", inside.rpartition("/")[2],
                   {"moodle_id": match["user"], "name": match["name"]}, order=entry.path,
                   owner=match["user"])


def _gradescope(entries, metadata):
    try:
        said = yaml.safe_load(metadata.read())
        people = {str(key): value for key, value in said.items()}
    except (yaml.YAMLError, UnicodeDecodeError, AttributeError) as error:
        raise GradingError(f"{metadata.path} cannot be read ({str(error).splitlines()[0]}); "
                           "download the export again") from None
    found = []
    for entry in entries:
        folder = next((part for part in entry.folders if part in people), None)
        if folder is None:
            if entry is not metadata:
                found.append(Arrival(entry, "loose", entry.name, {"path": entry.path},
                                     order=entry.path, owner="/".join(entry.folders)))
            continue
        about = people[folder] if isinstance(people[folder], dict) else {}
        moment = _moment(about.get(":created_at"))
        submitters = about.get(":submitters")
        # A group hands in once, and each of its members gets the work.
        for one in submitters if isinstance(submitters, list) else [{}]:
            one = one if isinstance(one, dict) else {}
            hints = {"sis_id": str(one.get(":sid") or ""), "email": str(one.get(":email") or ""),
                     "name": str(one.get(":name") or "")}
            found.append(Arrival(entry, "gradescope", entry.name,
                                 {key: value for key, value in hints.items() if value}, moment,
                                 order=f"{moment} {folder}", owner=f"{folder}/{hints['name']}"))
    return found


def _moment(value):
    """An aware datetime of what metadata say, or None: without a zone it is no moment."""
    if isinstance(value, str):
        try:
            value = parse_utc(value).replace(tzinfo=datetime.UTC)
        except (ValueError, OverflowError):
            return None
    if isinstance(value, datetime.datetime) and value.tzinfo:
        return value
    return None


def exported_name(system, attempt, student, lesson):
    """The path of a feedback page in the zip that a system takes back, or None.

    attempt  the index's Attempt that the page is about, or None; Canvas and Moodle take back what
             is named as they named it
    """
    if system in ("folder", "gradescope"):
        return f"{student.id}/{lesson}.html"
    if attempt is None or attempt.system != system:
        return None
    if system == "canvas":
        match = _CANVAS.fullmatch(attempt.source.rpartition("/")[2])
        stem = match["rest"].partition(".ipynb")[0]
        late = match["late"] or ""
        return f"{match['name']}_{late}{match['user']}_{match['file']}_{stem}.html"
    folder = next(part for part in attempt.source.split("/") if _MOODLE.fullmatch(part))
    match = _MOODLE.fullmatch(folder)
    return f"{match['name']}_{match['user']}_assignsubmission_file_/{lesson}.html"
