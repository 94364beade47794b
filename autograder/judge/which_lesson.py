"""Which lesson is a notebook of? Its cells tell, whatever the file is called."""

import functools
from dataclasses import dataclass

from autograder.judge.which_cell import identity, is_written
from autograder.lessons import names
from autograder.lessons.released import FOLDER, digest, read_record


@dataclass(frozen=True)
class LessonFound:
    """name: the lesson, or None if no one lesson fits best. reason: a sentence that says why.

    count is the number of its cells that only this lesson has.
    """

    name: str | None
    reason: str
    count: int = 0


def lesson_of(notebook):
    """The LessonFound of a notebook, by ids, texts and functions of what was ever released."""
    index = prepare()
    counts = {}
    for cell in notebook.cells:
        for name in _lessons_of(cell, index):
            counts[name] = counts.get(name, 0) + 1
    best = sorted(counts, key=lambda name: (-counts[name], name))
    if not best:
        return LessonFound(None, "it has no cells of any lesson")
    if len(best) > 1 and counts[best[0]] == counts[best[1]]:
        return LessonFound(None, f"it holds as many cells of {best[0]} as of {best[1]}")
    number = counts[best[0]]
    return LessonFound(best[0], f"{number} of its cells {'is' if number == 1 else 'are'} of "
                       f"{best[0]}", number)


def prepare():
    """The marks of all lessons, read once for processes that are forked after it."""
    return _index(tuple(sorted(path.stem for path in FOLDER.glob("*.txt"))))


def _lessons_of(cell, index):
    """The lesson that alone has such a cell, as a list of one or none."""
    source = cell.source if isinstance(cell.source, str) else "".join(cell.source)
    if is_written(source):
        found = index["text", digest(source)]  # the text is worth more than an id
        if found:
            return found if len(found) == 1 else ()
    found = index["id", identity(cell)]
    if len(found) == 1:
        return found
    if cell.cell_type == "code" and not found:
        defined = {lesson for name in names.defined(source) for lesson in index["function", name]}
        return defined if len(defined) == 1 else ()
    return ()


@functools.lru_cache(maxsize=4)
def _index(lessons):
    """{(kind of mark, mark): the lessons that have it}."""
    found = _Index()
    for lesson in lessons:
        record = read_record(lesson)
        for cell_id, versions in record.versions.items():
            found.add("id", cell_id, lesson)
            role, _, name = cell_id.partition("-")
            if role == "answer":
                found.add("function", name, lesson)
            for text in versions:
                found.add("text", text, lesson)
    return found


class _Index(dict):
    def __missing__(self, key):
        return frozenset()

    def add(self, kind, mark, lesson):
        self[kind, mark] = self[kind, mark] | {lesson}
