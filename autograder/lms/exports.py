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
_ANONYMOUS = re.compile(r"(?:LATE_)?anon_[A-Za-z0-9]+_(?P<file>\d+)_(?P<rest>.+)")
_MOODLE = re.compile(r"(?P<name>[^/]+?)_(?P<user>\d+)_assignsubmission_(?P<kind>[a-z]+)"
                     r"(?:_(?P<rest>[^/]*))?")
_EXCHANGE = re.compile(r"(?P<student>[^+/]+)\+(?P<lesson>[^+/]+)\+(?P<time>[^+/]+)(\+[^/]+)?")
_METADATA = "submission_metadata.yml"


@dataclass(frozen=True)
class Arrival:
    """One file of somebody, and what the export says of it.

    hints    {what: text} that tell whose it is: fields of the roster's Student, "name", "path";
             "folder" in which somebody has put it by hand, "namesakes" if the name is that of
             several people here, "hidden" with a sentence if the system hides who it is
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
    canvas, moodles = [], []
    for entry in left:
        moodle = next((match for part in (*entry.folders, entry.name)
                       if (match := _MOODLE.fullmatch(part))), None)
        anonymous = _ANONYMOUS.fullmatch(entry.name)
        exchange = next((match for part in entry.folders
                         if (match := _EXCHANGE.fullmatch(part))), None)
        prefixed = _canvas_part(entry)
        if moodle:
            moodles.append((entry, moodle))
        elif anonymous:
            found.append(Arrival(entry, "canvas", anonymous["rest"], _put_in(entry, entry.name) | {
                "hidden": "Canvas hides the names (anonymous grading); let it show them and "
                          "download again"},
                order=f"{int(anonymous['file']):012}", owner=entry.path))
        elif exchange:
            moment, note = moment_of(exchange["time"])
            found.append(Arrival(entry, "nbgrader", entry.name, {"id": exchange["student"]}, moment,
                                 order=str(moment), owner=exchange[0], note=note))
        elif prefixed:
            canvas.append((entry, prefixed))
        else:
            found.append(Arrival(entry, "loose", entry.name, {"path": entry.path},
                                 order=entry.path, owner="/".join(entry.folders)))
    return found + _canvas(canvas) + _moodle(moodles)


def _put_in(entry, part):
    """{"folder": name} of the folder that holds what a system named `part`, if there is one.

    Whoever was asked to put a file into a folder with the student's id has decided whose it is.
    """
    parts = [*entry.folders, entry.name]
    above = parts[:parts.index(part)]
    return {"folder": above[-1]} if above else {}


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
            entry, "canvas", name,
            _put_in(entry, match[0]) | {"canvas_id": match["user"], "name": match["name"]},
            late=bool(match["late"]), owner=match["user"],
            order=f"{int(number[2]) if number else 0:06}-{int(match['file']):012}-{entry.path}"))
    return arrived


def _moodle(found):
    """One assignment's download counts each of its participants once."""
    numbers = {}
    for entry, match in found:
        numbers.setdefault(_one_download(entry, match), set()).add(match["user"])
    arrived = []
    for entry, match in found:
        inside = match["rest"] or entry.name
        if match["kind"] != "file":
            inside = f"{match['kind']}-{entry.name}"
        hints = _put_in(entry, match[0]) | {"moodle_id": match["user"], "name": match["name"]}
        if len(numbers[_one_download(entry, match)]) > 1:
            hints["namesakes"] = "yes"
        arrived.append(Arrival(entry, "moodle", inside.rpartition("/")[2], hints,
                               order=entry.path, owner=match["user"]))
    return arrived


def _one_download(entry, match):
    return entry.path[:entry.path.index(match[0])], match["name"]


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


def moodle_numbers(attempts, lesson):
    """{participant's number: student id} of those whose attempts at a lesson came from Moodle.

    A number that stands for two students, or an attempt that a person moved, says nothing.
    """
    found = {}
    for one in attempts:
        for part in one.source.split("/") if (one.system, one.lesson) == ("moodle", lesson) else ():
            if match := _MOODLE.fullmatch(part):
                found.setdefault(match["user"], set()).add(one.student)
    return {number: next(iter(ids)) for number, ids in found.items() if len(ids) == 1}


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
