"""The lessons as a class has them: exercises dropped and points changed, as settings say.

The source stays the course's own; the class's version is written again from source and settings
whenever it is needed, so nothing in the folder .lessons/ is worth editing.
"""

import re
from pathlib import Path

from autograder import course
from autograder.lessons.lesson import read_lesson
from course_lib.whole_files import write_whole

FOLDER = ".lessons"


def lesson_paths(class_dir, settings, solutions=course.SOLUTIONS):
    """{lesson: path of its source} for a class: the course's own, or the class's version of it."""
    return {name: _adapted(Path(class_dir), Path(solutions) / f"{name}.py", one)
            for name, one in settings.lessons.items()}


def _adapted(class_dir, path, changes):
    if not changes.changes:
        return path
    text = adapt(path.read_text(encoding="utf-8"), read_lesson(path), changes)
    target = class_dir / FOLDER / path.name
    target.parent.mkdir(exist_ok=True)
    if not target.exists() or target.read_text(encoding="utf-8") != text:
        write_whole(target, text)
    return target


def adapt(text, lesson, changes):
    """A lesson's source text with the changes of a class's LessonSettings.

    A dropped exercise keeps its cell to write in and its check, since later cells may use what
    students write there; what goes are its test cells. A dropped essay goes whole.
    """
    lines = text.splitlines(keepends=True)
    starts = [cell.line - 1 for cell in lesson.cells] + [len(lines)]
    kept = lines[:starts[0]]
    for cell, start, end in zip(lesson.cells, starts, starts[1:], strict=False):
        if cell.points and cell.name in changes.drop:
            continue
        block = lines[start:end]
        if cell.role == "answer" and cell.name in changes.drop:
            block[0] = block[0].rstrip() + ", 0 points\n"
        points = changes.points.get(f"{cell.name} {cell.group}".strip()) if cell.points else None
        if points:
            unit = "point" if points == 1 else "points"
            block[0] = re.sub(r",\s*\d+\s+points?", f", {points} {unit}", block[0], count=1)
            block[1:] = [re.sub(r"\bpoints=\d+", f"points={points}", line) for line in block[1:]]
        kept += block
    return "".join(kept)
