"""A lesson's solutions as a file for students: answers and model answers, nothing that grades."""

from pathlib import Path

from autograder.classroom.lessons import lesson_paths
from autograder.classroom.settings import read_settings
from autograder.errors import GradingError
from autograder.lessons.lesson import read_lesson
from course_lib.study.solutions import ENDING
from course_lib.whole_files import write_whole

FOLDER = "solutions_for_students"


def for_students(lesson):
    """The text of a lesson's solutions file: no test, no hidden seed, no story."""
    parts = [f"# %% [markdown]\n# Solutions of “{lesson.title}”. Put this file into your folder of "
             "lessons;\n# solution(\"NAME\") finds it."]
    for cell in lesson.cells:
        if cell.role == "answer":
            parts.append(f"# %% answer: {cell.name}\n{cell.source.rstrip()}")
        if cell.role == "essay":
            text = "\n".join(f"# {line}".rstrip() for line in cell.source.rstrip().splitlines())
            parts.append(f"# %% essay: {cell.name}, {cell.points} points [markdown]\n{text}")
    return "\n\n".join(parts) + "\n"


def write_for_students(class_dir, name):
    """Write the file that a class's students may get for lesson `name`; returns its path.

    Raises GradingError if the class has no such lesson.
    """
    class_dir = Path(class_dir)
    paths = lesson_paths(class_dir, read_settings(class_dir))
    if name not in paths:
        raise GradingError(f"this class has no lesson “{name}”; it has: {', '.join(paths)}")
    target = class_dir / FOLDER / f"{name}{ENDING}"
    target.parent.mkdir(exist_ok=True)
    write_whole(target, for_students(read_lesson(paths[name])))
    return target
