"""What earlier runs found and did: a Row of every submission, kept in the class's folder .results/.

With it stands of what the work was made: digests that tell whether it has to be done again. A file
is written whole and renamed, and carries a digest of itself; one that is damaged counts for nothing
where it would save work. No part of a submission names or reaches such a file.
"""

import json
import os
from dataclasses import asdict, dataclass
from pathlib import Path

from autograder.results.row import Row
from autograder.version import digest
from course_lib.whole_files import remove_unfinished, write_whole

FOLDER = ".results"


@dataclass
class Work:
    """Of what the work on a submission was made; "" where it was not done.

    run        what decides how it is graded
    notebook   the files of autograded/ that came out
    recorded   what else the gradebook was told, such as names and due dates
    book       all that the gradebook then held for it
    code       the functions that were kept when it was compared with the reference
    page       what its feedback page was made of
    page_file  the page
    attempt    the number of the attempt that counts, where several compete
    handed_in  the submission's own files
    extension  seconds that the settings gave the student more than all
    """

    run: str = ""
    notebook: str = ""
    recorded: str = ""
    book: str = ""
    code: str = ""
    page: str = ""
    page_file: str = ""
    attempt: int = 0
    handed_in: str = ""
    extension: float = 0.0


def store(class_dir, row, work=None):
    """Keep a Row, and of what it was made, in place of what is there for its student and lesson."""
    data = row.data() | {"unchanged": False, "work": asdict(work or Work())}
    data["digest"] = _digest(data)
    _write(_path(class_dir, row.student, row.lesson), json.dumps(data, ensure_ascii=False))


def stored(class_dir):
    """The Rows of all runs so far whose submissions are still there, by student and lesson."""
    class_dir = Path(class_dir)
    rows = []
    for path in sorted((class_dir / FOLDER).glob("*/*.json")):
        try:
            row = Row.from_data(json.loads(path.read_text(encoding="utf-8")))
        except (OSError, ValueError, TypeError, KeyError):
            # Half a file cannot be there; one of an older version is made again by the next run.
            continue
        if os.path.lexists(class_dir / "submitted" / row.student / row.lesson):
            rows.append(row)
    return rows


def stored_work(class_dir, student, lesson):
    """(Row, Work) as `store` kept them; None where there is nothing, or it is damaged."""
    try:
        data = json.loads(_path(class_dir, student, lesson).read_text(encoding="utf-8"))
        if data.pop("digest") != _digest(data):
            return None
        row, work = Row.from_data(data), Work(**data["work"])
    except (OSError, ValueError, TypeError, KeyError, AttributeError):
        return None
    return (row, work) if (row.student, row.lesson) == (student, lesson) else None


def store_code(class_dir, student, lesson, functions):
    """Keep what `likeness.looked_at` found in a notebook."""
    _write(_code_path(class_dir, student, lesson), json.dumps(functions))


def stored_code(class_dir, student, lesson):
    """What `store_code` kept; [] where there is nothing."""
    try:
        return json.loads(_code_path(class_dir, student, lesson).read_text(encoding="utf-8"))
    except (OSError, ValueError):
        return []


def code_digest(class_dir, student, lesson):
    """Digest of what `store_code` kept; None where there is nothing."""
    try:
        return digest(_code_path(class_dir, student, lesson).read_bytes())
    except OSError:
        return None


def clear_leftovers(class_dir, lesson=None):
    """Remove what a killed run had begun to write, of one lesson or of all."""
    for folder in (Path(class_dir) / FOLDER).glob("*"):
        remove_unfinished(folder, lesson or "")


def _path(class_dir, student, lesson):
    return Path(class_dir) / FOLDER / student / f"{lesson or 'all'}.json"


def _code_path(class_dir, student, lesson):
    return _path(class_dir, student, lesson).with_suffix(".code")


def _digest(data):
    # Half of a surrogate pair, which a name may hold, becomes the same in file and digest.
    text = json.dumps(data, sort_keys=True, ensure_ascii=False)
    return digest(text.encode("utf-8", "replace"))


def _write(path, text):
    path.parent.mkdir(parents=True, exist_ok=True)
    write_whole(path, text.encode("utf-8", "replace"))
