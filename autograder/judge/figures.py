"""The course's own pictures: cells that use nothing of the student's are run once for all.

What such a cell shows follows from the lesson, the course and the packages. It is kept in this
user's folder for caches, where no student's code reaches, so that the next process, and the next
run, need not draw it again. What is damaged, or cannot be written, is drawn.
"""

import contextlib
import functools
import json
from pathlib import Path

import platformdirs

from autograder.version import course_version, digest
from course_lib.whole_files import remove_unfinished, write_whole

# The course has some 150 such cells, of about 50 KB each: room for some versions of it.
MOST_FILES = 600


def cache_folder():
    return Path(platformdirs.user_cache_dir("convnets-by-hand", appauthor=False)) / "figures"


class Figures:
    """{cell of the course: its outputs}, kept in memory and in `folder`."""

    def __init__(self, folder=None):
        self.folder = folder or cache_folder()
        self._made_of = {}
        self._outputs = {}

    def outputs(self, lesson, source, run):
        """The outputs of the cell with this source; `run()` runs it. lesson: its Lesson."""
        if (lesson.name, source) not in self._outputs:
            path = self.folder / f"{self._digest(lesson, source)}.json"
            kept = _read(path)
            self._outputs[lesson.name, source] = (
                self._kept(path, run()) if kept is None else kept)
        return self._outputs[lesson.name, source]

    @functools.cached_property
    def _version(self):
        return course_version()

    def _digest(self, lesson, source):
        """Of all that decides what the cell shows: cells before it may define what it uses."""
        if lesson.name not in self._made_of:
            self._made_of[lesson.name] = digest(
                self._version, lesson.name, *(cell.source for cell in lesson.cells))
        return digest(self._made_of[lesson.name], source)

    def _kept(self, path, outputs):
        if not any(output["output_type"] == "error" for output in outputs):
            with contextlib.suppress(OSError):
                self.folder.mkdir(parents=True, exist_ok=True)
                write_whole(path, json.dumps({"outputs": outputs}))
                self._forget_old()
        return outputs

    def _forget_old(self):
        files = sorted(self.folder.glob("*.json"), key=lambda file: file.stat().st_mtime)
        for file in files[:-MOST_FILES]:
            file.unlink(missing_ok=True)
        if len(files) > MOST_FILES:
            remove_unfinished(self.folder)


def _read(path):
    """The outputs that a file holds, or None."""
    try:
        return json.loads(path.read_text(encoding="utf-8"))["outputs"]
    except (OSError, ValueError, LookupError, TypeError):
        return None
