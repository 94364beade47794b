"""What a lesson's graded notebook must hold: the course's cells, word for word."""

import ast
import copy
import functools
import re

from autograder import course
from autograder.lessons.lesson import BEGIN_HIDDEN, END_HIDDEN, read_lesson
from autograder.lessons.released import Record, digest, plain, read_record
from autograder.lessons.source import source_notebook

COURSE_ROLES = ("figure", "check", "test")
_POINTS = re.compile(r"\bpoints=\d+")


class Template:
    """The cells of a lesson, as they must stand in a graded notebook.

    cells    {id: notebook cell} of those that nbgrader knows: the course's with hidden tests, the
             student's as empty stubs
    visible  {id: text} of every cell of the lesson, as students get it
    kinds    {id: "code" or "markdown"} of every cell
    roles    {id: role} of every cell
    names    {id: name of the function, figure, ...} of every cell
    order    {id: position in the lesson} of every cell
    record   the Record of what was released of the lesson so far
    """

    def __init__(self, lesson, record=None):
        # It takes a second to import, which grading processes that are handed templates save.
        from nbgrader.preprocessors import ClearSolutions, ComputeChecksums, LockCells

        notebook = source_notebook(lesson)
        config = course.configure(course.ROOT)
        for step in (LockCells, ClearSolutions, ComputeChecksums):
            notebook, _ = step(config=config).preprocess(notebook, {})
        self.lesson = lesson
        self.record = record or Record()
        self.metadata = notebook.metadata
        self.order = {cell.id: i for i, cell in enumerate(lesson.cells)}
        self.roles = {cell.id: cell.role for cell in lesson.cells}
        self.names = {cell.id: cell.name for cell in lesson.cells}
        self.kinds = {cell.id: cell.kind for cell in lesson.cells}
        self.cells = {cell.id: cell for cell in notebook.cells if "nbgrader" in cell.metadata}
        self.visible = {cell.id: without_hidden(cell.source) for cell in notebook.cells}
        self._all = {cell.id: cell for cell in notebook.cells}

    def is_locked(self, cell_id):
        return self.roles[cell_id] in (*COURSE_ROLES, "setup")

    def cell(self, cell_id):
        """A fresh copy of one cell."""
        return copy.deepcopy(self._all[cell_id])

    def is_released(self, cell_id, text):
        """True if the course itself gave the cell this text, today or in an older release.

        A class may have had other points than the course.
        """
        return (self.is_but_for_points(cell_id, text)
                or self.record.release_of(cell_id, text) is not None)

    def is_but_for_points(self, cell_id, text):
        """True if the text is today's, but for the points that it names."""
        theirs, ours = plain(text), plain(self.visible[cell_id])
        return theirs == ours or "points=" in ours and (
            _POINTS.sub("", theirs) == _POINTS.sub("", ours))

    def is_old(self, cell_id, text):
        """True if the cell has the text of an older release, and not today's."""
        return plain(text) != plain(self.visible[cell_id]) and self.is_released(cell_id, text)

    def is_of_the_course(self, text):
        """True if some cell of the lesson has, or had, this text: also one that is gone today."""
        return digest(text) in self.ids_of_text or digest(text) in self.record.ids

    @functools.cached_property
    def ids_of_text(self):
        """{digest: ids of this lesson's cells that have, or had, this text}."""
        found = {text: [i for i in ids if i in self.order] for text, ids in self.record.ids.items()}
        for cell_id, text in self.visible.items():
            ids = found.setdefault(digest(text), [])
            if cell_id not in ids:
                ids.append(cell_id)
        return found

    @functools.cached_property
    def locked_parts(self):
        """(lines, statements) of all locked cells, to tell a student's own lines from them."""
        lines, statements = set(), set()
        for cell_id in filter(self.is_locked, self.order):
            text = plain(self.visible[cell_id])
            lines.update(line.strip() for line in text.splitlines())
            statements.update(ast.dump(node) for node in ast.parse(text).body)
        return lines, statements


def without_hidden(source):
    """A test cell's source as the student has it: without the hidden lines."""
    lines, hidden = [], False
    for line in source.splitlines():
        if BEGIN_HIDDEN in line:
            hidden = True
        if not hidden:
            lines.append(line)
        if END_HIDDEN in line:
            hidden = False
    return "\n".join(lines)


def template_for(path):
    """The Template of the lesson source at `path`."""
    if path not in _made:
        lesson = read_lesson(path)
        _made[path] = Template(lesson, read_record(lesson.name))
    return _made[path]


def use_templates(templates):
    """Take {path: Template} that another process has made of the same files."""
    _made.update(templates)


_made = {}
