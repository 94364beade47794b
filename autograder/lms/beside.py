"""What was handed in beside a notebook: with which attempt it belongs, and under which name.

A file lies beside the notebook as it lay in the export, folders and all, since an answer may import
it or read it from there. What has no place for sure is named.
"""

import re
from pathlib import PurePosixPath

from autograder.errors import GradingError
from autograder.judge.handed_in import BOOK_KEEPING

_ARCHIVES = (".rar", ".7z", ".tar", ".gz", ".tgz", ".bz2", ".xz")
_LONGEST = 255  # bytes of a file's name on Linux


def put_beside(others, owners, who):
    """Put files that are no notebooks beside those with which they came.

    others  their Arrivals
    owners  {owner: works}; each work has an `arrival`, a `student`, a `lesson` and `files`,
            {name: bytes}, of which the first is the notebook
    who     tells the Student of an Arrival, or None

    Returns sentences about the files that were left out.
    """
    said, offered = [], {}
    for arrival in others:
        works, why = _works_of(arrival, owners, who)
        try:
            content = None if why else arrival.entry.read()
        except GradingError as error:
            why = str(error)
        if why:
            said.append(why)
            continue
        for work in works:
            name = _name(arrival, work)
            offered.setdefault(id(work), (work, {}))[1].setdefault(name, []).append(
                (arrival, content))
    placed, no_place = set(), {}
    for work, names in offered.values():
        for name, found in names.items():
            _, content = max(found, key=lambda one: _rank(one[0], work))
            why = _no_place(name, work.files)
            if not why:
                work.files[name] = content
            for arrival, offer in found:
                if why or offer != content:
                    no_place[arrival.entry] = why or ("another file of its name came with it; it "
                                                      "was left out")
                else:
                    placed.add(arrival.entry)
    return [*said, *(f"{entry.path}: {why}" for entry, why in no_place.items()
                     if entry not in placed)]


def _works_of(arrival, owners, who):
    """(the works with which a file came, why there are none)."""
    path = arrival.entry.path
    if arrival.name in BOOK_KEEPING and arrival.system not in ("nbgrader", "loose"):
        return [], f"{path}: such a file would change when the work was handed in; it was left out"
    works = owners.get(arrival.owner, [])
    if arrival.system == "loose":
        # A folder of the student's own lies below the one that holds the notebook.
        above = [arrival.owner, *map(str, PurePosixPath(arrival.owner).parents)]
        works = next((owners[one] for one in above if one not in ("", ".") and one in owners), [])
    if not works:
        if arrival.name.lower().endswith(_ARCHIVES):
            return [], f"{path}: is an archive that is not read; unpack it and collect the folder"
        student = who(arrival)
        ask = f"; ask {student.name} ({student.id}) for the .ipynb file" if student else ""
        return [], f"{path}: is no notebook, and none was found beside it{ask}"
    if len({work.student.id for work in works}) > 1:
        return [], (f"{path}: lies among several students' notebooks; move it into a folder with "
                    "the id of its student, beside the notebook, and collect that again")
    near = [_common(arrival, work) for work in works]
    works = [work for work, common in zip(works, near, strict=True) if common == max(near)]
    if len({work.lesson for work in works}) > 1:
        return [], (f"{path}: its owner handed in several lessons; it belongs to none for sure "
                    "and was left out")
    return works, ""


def _common(arrival, work):
    """How many folders a file and a notebook have in common."""
    number = 0
    for one, other in zip(arrival.entry.folders, work.arrival.entry.folders, strict=False):
        if one != other:
            break
        number += 1
    return number


def _name(arrival, work):
    """The file's path as seen from the notebook, if it lies below; otherwise its name."""
    name, above = arrival.name, len(work.arrival.entry.folders)
    if arrival.system == "canvas":
        # A number that Canvas may have added: the notebook knows under which name it wants it.
        number = re.fullmatch(r"(.+)-\d+(\.\w+)", name)
        text = next(iter(work.files.values())).decode("utf-8", "replace")
        if number and name.rpartition(".")[0] not in text and re.search(
                rf"\b{re.escape(number[1])}\b", text):
            name = number[1] + number[2]
    if _common(arrival, work) < above:
        return name
    # Of a Moodle's own folder beside the notebook's, or around a file, the student knows nothing.
    theirs = [part for part in arrival.entry.folders[above:] if "_assignsubmission_" not in part]
    return "/".join([*theirs, name])


def _rank(arrival, work):
    """Larger for the file of one name that goes with a work: that of the same attempt in Canvas,
    else that of the one before."""
    if arrival.system != "canvas":
        return 0, 0
    mine, theirs = (int(one.order.partition("-")[0]) for one in (arrival, work.arrival))
    return mine <= theirs, mine if mine <= theirs else -mine


def _no_place(name, files):
    """Why a file cannot lie beside others under a name, as the end of a sentence; or None."""
    if any(len(part.encode()) > _LONGEST for part in name.split("/")):
        return "its name is longer than a file's may be; ask for it under a shorter one"
    for other in files:
        if other == name or other.startswith(f"{name}/") or name.startswith(f"{other}/"):
            return "a file or folder of its name lies beside the notebook; it was left out"
    return None
