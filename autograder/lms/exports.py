"""What an export of Canvas, Moodle, Gradescope or nbgrader says of each file: whose, when, late.

The shapes are those of the systems' own downloads. What fits none of them is a loose pile, in which
folders' and files' names are all there is.
"""

import datetime
import re
from collections import Counter
from dataclasses import dataclass

import dateutil.parser
import yaml

from autograder.errors import GradingError
from autograder.lms.entries import Entry

_CANVAS = re.compile(r"(?P<name>[^_/]+)_(?P<late>LATE_|late_)?(?P<user>\d+)_(?P<file>\d+)_"
                     r"(?P<rest>.+)")
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
    note     what the export left open about the time, as the end of a sentence
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
    note: str = ""


def arrivals(entries):
    """The Arrivals in the entries of one export, or of several in one folder.

    Raises GradingError for damaged metadata.
    """
    found, left = [], list(entries)
    for metadata in [one for one in entries if one.name == _METADATA]:
        root = metadata.path.removesuffix(_METADATA)
        theirs = [one for one in left if one.path.startswith(root)]
        left = [one for one in left if not one.path.startswith(root)]
        found += _gradescope(theirs, metadata)
    canvas = []
    for entry in left:
        moodle = next((match for part in (*entry.folders, entry.name)
                       if (match := _MOODLE.fullmatch(part))), None)
        exchange = next((match for part in entry.folders
                         if (match := _EXCHANGE.fullmatch(part))), None)
        prefixed = _canvas_part(entry)
        if moodle:
            found.append(_moodle(entry, moodle))
        elif exchange:
            moment, note = moment_of(exchange["time"])
            found.append(Arrival(entry, "nbgrader", entry.name, {"id": exchange["student"]}, moment,
                                 order=str(moment), owner=exchange[0], note=note))
        elif prefixed:
            canvas.append((entry, prefixed))
        else:
            found.append(Arrival(entry, "loose", entry.name, {"path": entry.path},
                                 order=entry.path, owner="/".join(entry.folders)))
    return found + _canvas(canvas)


def _canvas_part(entry):
    """The match of the part of a path that Canvas named: the file, or a student's zip around it."""
    zips = [part for part in entry.folders if part.lower().endswith(".zip")]
    return next((match for part in (*zips, entry.name) if (match := _CANVAS.fullmatch(part))), None)


def _canvas(found):
    """Canvas numbers what somebody hands in again: NAME.ipynb, NAME-1.ipynb, NAME-2.ipynb.

    A number that stands alone is the student's own, like homework-2.ipynb.
    """
    again = {id(match): re.fullmatch(r"(.+)-(\d+)(\.\w+)", match["rest"]) for _, match in found}
    names = Counter((match["user"], match["rest"]) for _, match in found)
    series = Counter((match["user"], number[1], number[3]) for _, match in found
                     if (number := again[id(match)]))
    arrived = []
    for entry, match in found:
        number = again[id(match)]
        if number and not names[match["user"], number[1] + number[3]] and (
                series[match["user"], number[1], number[3]] == 1):
            number = None
        inside = entry.name != match[0]
        name = entry.name if inside else number[1] + number[3] if number else match["rest"]
        arrived.append(Arrival(
            entry, "canvas", name, {"canvas_id": match["user"], "name": match["name"]},
            late=bool(match["late"]), owner=match["user"],
            order=f"{int(number[2]) if number else 0:06}-{int(match['file']):012}-{entry.path}"))
    return arrived


def _moodle(entry, match):
    inside = match["rest"] or entry.name
    if match["kind"] != "file":
        inside = f"{match['kind']}-{entry.name}"
    return Arrival(entry, "moodle", inside.rpartition("/")[2],
                   {"moodle_id": match["user"], "name": match["name"]}, order=entry.path,
                   owner=match["user"])


class _RubyLoader(yaml.SafeLoader):
    """Reads plain data; Ruby's own objects, such as its times, are read as plain data, too."""


def _plain(loader, suffix, node):
    if isinstance(node, yaml.MappingNode):
        return loader.construct_mapping(node, deep=True)
    if isinstance(node, yaml.SequenceNode):
        return loader.construct_sequence(node, deep=True)
    return loader.construct_scalar(node)


_RubyLoader.add_multi_constructor("!ruby/", _plain)


def _gradescope(entries, metadata):
    try:
        said = yaml.load(metadata.read(), _RubyLoader)
        people = {str(key): value for key, value in said.items()}
    except (yaml.YAMLError, ValueError, AttributeError, RecursionError) as error:
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
        moment, note = moment_of(about.get(":created_at"))
        submitters = about.get(":submitters")
        # A group hands in once, and each of its members gets the work.
        for one in submitters if isinstance(submitters, list) and submitters else [{}]:
            one = one if isinstance(one, dict) else {}
            # Without any of them what is left is the path, which names somebody or is told.
            hints = {"path": entry.path,
                     "sis_id": str(one.get(":sid") or ""), "email": str(one.get(":email") or ""),
                     "name": str(one.get(":name") or "")}
            found.append(Arrival(entry, "gradescope", entry.name,
                                 {key: value for key, value in hints.items() if value}, moment,
                                 order=f"{moment} {folder}", owner=f"{folder}/{hints['name']}",
                                 note=note))
    return found


def moment_of(value):
    """(an aware datetime of what metadata or timestamp.txt say, or None; why none, as the end of a
    sentence)."""
    if isinstance(value, dict):  # Ruby's time with a zone
        value = value.get("utc") or value.get("time")
    if isinstance(value, str):
        try:
            value = dateutil.parser.parse(value, tzinfos=_named_zone)
        except (ValueError, OverflowError):
            return None, f"{value!r} is no time"
    if not isinstance(value, datetime.datetime):
        return None, ""
    if value.tzinfo:
        return value, ""
    return None, f"the export's time {value} names no zone"


def _named_zone(name, seconds):
    """UTC, or an offset in seconds, as a zone; other names are several zones, and none here."""
    if seconds is not None:
        return datetime.timezone(datetime.timedelta(seconds=seconds))
    return datetime.UTC if name in ("UTC", "GMT", "Z") else None


def exported_name(system, attempt, student, lesson):
    """The path of a feedback page in the zip that a system takes back, or None.

    attempt  the index's Attempt that the page is about, or None; Canvas and Moodle take back what
             is named as they named it
    """
    if system in ("folder", "gradescope"):
        return f"{student.id}/{lesson}.html"
    if attempt is None or attempt.system != system:
        return None
    parts = attempt.source.split("/")
    if system == "canvas":
        match = next(match for part in reversed(parts) if (match := _CANVAS.fullmatch(part)))
        stem = re.sub(r"\.(ipynb|zip)\b.*", "", match["rest"], flags=re.IGNORECASE)
        late = match["late"] or ""
        return f"{match['name']}_{late}{match['user']}_{match['file']}_{stem}.html"
    match = next(match for part in parts if (match := _MOODLE.fullmatch(part)))
    if match[0] == parts[-1]:  # a download without folders: the same words before the file's name
        return f"{match['name']}_{match['user']}_assignsubmission_file_{lesson}.html"
    return f"{match[0]}/{lesson}.html"
