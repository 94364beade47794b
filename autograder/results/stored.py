"""What earlier runs found: a Row of every submission, kept in the class's folder .results/."""

import json
import os
from pathlib import Path

from autograder.results.row import Row

FOLDER = ".results"


def store(class_dir, row):
    """Keep a Row in place of the one that is there for the same student and lesson."""
    path = _path(class_dir, row.student, row.lesson)
    path.parent.mkdir(parents=True, exist_ok=True)
    fresh = path.with_suffix(f".{os.getpid()}")
    fresh.write_text(json.dumps(row.data(), ensure_ascii=False), encoding="utf-8",
                     errors="replace")
    os.replace(fresh, path)


def stored(class_dir):
    """The Rows of all runs so far whose submissions are still there, by student and lesson."""
    class_dir = Path(class_dir)
    rows = []
    for path in sorted((class_dir / FOLDER).glob("*/*.json")):
        try:
            row = Row.from_data(json.loads(path.read_text(encoding="utf-8")))
        except (ValueError, TypeError, KeyError):
            # Half a file cannot be there; one of an older version is made again by the next run.
            continue
        if os.path.lexists(class_dir / "submitted" / row.student / row.lesson):
            rows.append(row)
    return rows


def store_code(class_dir, student, lesson, functions):
    """Keep what `likeness.written_at` found in a notebook."""
    path = _path(class_dir, student, lesson).with_suffix(".code")
    path.parent.mkdir(parents=True, exist_ok=True)
    fresh = path.with_suffix(f".{os.getpid()}")
    fresh.write_text(json.dumps(functions), encoding="utf-8")
    os.replace(fresh, path)


def stored_code(class_dir, student, lesson):
    """What `store_code` kept; [] where there is nothing."""
    try:
        path = _path(class_dir, student, lesson).with_suffix(".code")
        return json.loads(path.read_text(encoding="utf-8"))
    except (OSError, ValueError):
        return []


def _path(class_dir, student, lesson):
    return Path(class_dir) / FOLDER / student / f"{lesson or 'all'}.json"
