"""What a learner's folder says of its lessons: titles, minutes, exercises, points, stubs."""

import functools
import json
import os
import re
from dataclasses import dataclass
from pathlib import Path

from course_lib.lab.in_browser import IS_BROWSER
from course_lib.lab.open import PACKAGED
from course_lib.lessons_folder import RELEASED

_TEST = re.compile(r'test\(\s*"([^"]+)"[^)]*group="([^"]+)"[^)]*points=(\d+)')
# A new release that `lessons_folder` puts beside a learner's notebook.
_OFFERED = re.compile(r"\.new(-\d+)?$")
_CHECK = re.compile(r'check\(\s*"([^"]+)"')


@dataclass(frozen=True)
class Lesson:
    """A released lesson.

    exercises  {name: {group: points}} in the order of the notebook
    essays     {name: points}
    stubs      {name: the text of its answer or essay cell as it was released}
    """

    name: str
    title: str
    minutes: int
    exercises: dict
    essays: dict
    stubs: dict

    @property
    def points(self):
        """Points of all test cells; essays are read by people."""
        return sum(sum(groups.values()) for groups in self.exercises.values())


def released(path):
    """The folder with the lessons as they were released, if `path` is a learner's folder, or None.

    It holds NAME.ipynb or, in a browser, where the installed package has them, NAME/NAME.ipynb.
    """
    if (path / RELEASED).is_dir():
        return path / RELEASED
    if IS_BROWSER and any((path / lesson.name).is_dir() for lesson in PACKAGED.glob("[0-9]*")):
        return PACKAGED
    return None


def lessons(folder):
    """The lessons of a learner's folder, in their order."""
    holds = released(folder)
    found = (_read(path, path.stat().st_mtime_ns) for path in
             sorted([*holds.glob("[0-9]*.ipynb"), *holds.glob("[0-9]*/[0-9]*.ipynb")]
                    if holds else ()))
    return [lesson for lesson in found if lesson]


def lesson_of(folder, name):
    """The Lesson that has an exercise or essay `name`, or None."""
    return next((lesson for lesson in lessons(folder)
                 if name in lesson.stubs or name in lesson.exercises), None)


@functools.lru_cache(maxsize=64)
def _read(path, changed):
    try:
        cells = json.loads(path.read_text(encoding="utf-8"))["cells"]
    except (OSError, ValueError, KeyError):
        return None
    story = "\n".join(text(cell) for cell in cells if cell["cell_type"] == "markdown")
    exercises, essays, stubs = {}, {}, {}
    for cell in cells:
        source, grader = text(cell), cell.get("metadata", {}).get("nbgrader", {})
        tested, checked = _TEST.search(source), _CHECK.search(source)
        if cell["cell_type"] == "markdown" and grader.get("solution"):
            name = cell["id"].removeprefix("essay-").replace("-", " ")
            essays[name], stubs[name] = grader.get("points", 0), source
        elif grader.get("solution"):
            stubs[cell["id"].removeprefix("answer-")] = source
        elif tested and grader.get("grade"):
            exercises.setdefault(tested[1], {})[tested[2]] = int(tested[3])
        elif checked and grader.get("locked"):
            exercises.setdefault(checked[1], {})
    title = re.search(r"^#\s+(.+)$", story, re.MULTILINE)
    minutes = re.search(r"\*\*Time:\*\* about (\d+) minutes", story)
    return Lesson(path.stem, title[1].strip() if title else path.stem,
                  int(minutes[1]) if minutes else 0, exercises, essays, stubs)


def text(cell):
    """The source of a cell as one text."""
    source = cell.get("source", "")
    return source if isinstance(source, str) else "".join(source)


def cell_now(folder, lesson, name):
    """The text of the learner's answer or essay cell in the saved notebook, or None.

    Of a stub and a text of the learner's in another notebook of the lesson it is that text.
    """
    wanted = {f"answer-{name}", f"essay-{name.replace(' ', '-')}"}
    stub, found = lesson.stubs.get(name, "").strip(), None
    for path in _notebooks(folder, lesson):
        try:
            cells = json.loads(path.read_text(encoding="utf-8"))["cells"]
            here = next((text(cell) for cell in cells if cell.get("id") in wanted), None)
        except (OSError, ValueError, KeyError, TypeError, AttributeError):
            continue
        if here is not None and here.strip() != stub:
            return here
        found = here if found is None else found
    return found


def _notebooks(folder, lesson):
    """Where a learner may have a lesson: this very notebook, then those beside it, latest first.

    A notebook may have another name than the lesson, and so may its folder; Jupyter tells a kernel
    the name that the notebook had when it started.
    """
    told = os.environ.get("JPY_SESSION_NAME", "")
    if told.endswith(".ipynb"):
        yield Path(told)
    beside = {path for place in (Path.cwd(), folder / lesson.name)
              for path in place.glob("*.ipynb") if not _OFFERED.search(path.stem)}
    yield from sorted(beside, key=lambda path: path.stat().st_mtime, reverse=True)
