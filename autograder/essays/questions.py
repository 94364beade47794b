"""A class's essay questions: their text, and their mark scheme line by line."""

import re
from dataclasses import dataclass

from autograder.classroom.lessons import lesson_paths
from autograder.classroom.settings import read_settings
from autograder.lessons.lesson import read_lesson

_SCHEME = re.compile(r"=== BEGIN MARK SCHEME ===\n(.*?)\n?=== END MARK SCHEME ===", re.DOTALL)
_PART = re.compile(r"^- \*\*(?P<name>[^*]+?),\s*(?P<points>\d+(?:\.\d+)?) points?:?\*\*:?\s*"
                   r"(?P<text>.*?)(?=\n- \*\*|\n\n|\Z)", re.MULTILINE | re.DOTALL)


@dataclass(frozen=True)
class Part:
    """One line of a mark scheme: what earns how many points."""

    name: str
    points: float
    text: str


@dataclass(frozen=True)
class Question:
    """One essay question of one lesson.

    text    the question as students read it: the story before the essay's cell, in Markdown
    scheme  the mark scheme in Markdown; `parts` its lines that give points
    answer  the model answer, in Markdown
    """

    lesson: str
    title: str
    cell: str
    name: str
    points: float
    text: str
    scheme: str
    parts: tuple
    answer: str


def questions(class_dir):
    """Every essay Question of the class's lessons, in their order."""
    found = []
    for path in lesson_paths(class_dir, read_settings(class_dir)).values():
        lesson = read_lesson(path)
        for before, cell in zip(lesson.cells, lesson.cells[1:], strict=False):
            if cell.role != "essay":
                continue
            scheme = _SCHEME.search(cell.source)
            text = scheme[1].strip() if scheme else ""
            answer = _SCHEME.sub("", cell.source).strip()
            found.append(Question(
                lesson.name, lesson.title, cell.id, cell.name, cell.points,
                before.source if before.role == "story" else "", text,
                tuple(Part(one["name"], float(one["points"]), " ".join(one["text"].split()))
                      for one in _PART.finditer(text)), answer))
    return found
