"""A submitted notebook, put in order: the course's cells restored, everything else kept.

Students copy, delete, move and edit cells. What is the course's (setup, figures, checks, tests) is
put back word for word and where it belongs; what is the student's stays in the student's order.
Whatever was written into a cell of the course is kept in a cell of its own beside it.
"""

from typing import NamedTuple

import nbformat

from autograder.errors import GradingError
from autograder.judge.essays import gather_essays
from autograder.judge.kept_lines import own_lines
from autograder.judge.placing import (
    Entry,
    put_back_missing,
    put_course_cells_behind,
    put_setup_first,
)
from autograder.judge.remarks import Remarks
from autograder.judge.which_cell import recognise
from autograder.judge.which_lesson import lesson_of


class Restored(NamedTuple):
    """A notebook to grade, sentences about what was done to it, ids of the cells put back.

    A cell that was put back must not define what the student has defined by then.
    """

    notebook: nbformat.NotebookNode
    remarks: list
    put_back: frozenset


def restore(notebook, template):
    """The Restored of a submitted notebook. The student's own cells are kept to the last one.

    Raises GradingError if the notebook is none of this lesson's.
    """
    cells = [_with_plain_ends(cell) for cell in notebook.cells]
    found = recognise(cells, template)
    _check_lesson(notebook, found, template)
    remarks = Remarks(template, [(cell_id, cell.source) for cell, cell_id in
                                  zip(cells, found.ids, strict=True) if cell_id])
    if found.lost:
        remarks.lost(found.lost)
    remarks.each("stands there more than once; the copy counts as an ordinary cell",
                 "stand there more than once; the copies count as ordinary cells", found.copies)
    entries = []
    for cell, cell_id in zip(cells, found.ids, strict=True):
        if cell_id in template.cells:
            entries += _restored(cell, cell_id, template, remarks)
        else:
            entries.append(Entry(cell_id, _ordinary(cell)))
    for where, ids in remarks.changed.items():
        one, many = (f", and the lines that were added stand in {own} of their own {where} {it}"
                     if where else "" for own, it in (("a cell", "it"), ("cells", "them")))
        remarks.each(f"was changed; it was put back{one}",
                     f"were changed; they were put back{many}", ids, "the course's cell")
    moved = put_setup_first(entries, template)
    missing = put_back_missing(entries, template)
    put_setup_first(entries, template)
    moved += put_course_cells_behind(entries, template)
    texts = gather_essays(entries, template)
    remarks.missing([cell_id for cell_id in missing if cell_id not in texts], entries)
    remarks.each("was moved; it ran where it belongs", "were moved; they ran where they belong",
                 moved)
    remarks.each("was empty or missing, and text of the notebook may belong there; it waits for a "
                 "person", "were empty or missing, and text of the notebook may belong there; they "
                 "wait for a person", texts, "essay")
    graded = nbformat.v4.new_notebook(metadata=dict(template.metadata))
    for number, entry in enumerate(entries):
        entry.cell["id"] = entry.id if entry.id in template.order else f"own-{number}"
        graded.cells.append(entry.cell)
    put_back = frozenset(entry.id for entry in entries if entry.put_back)
    return Restored(graded, remarks.sentences(), put_back)


def _check_lesson(notebook, found, template):
    """Raise GradingError if the notebook is another lesson's, or none that can be recognised."""
    name = template.lesson.name
    which = lesson_of(notebook)
    if which.name and which.name != name and which.count > 2 * found.evidence:
        raise GradingError(f"this is a notebook of {which.name}, not of {name}; ask for the right "
                           "file, or move it there")
    if not found.evidence:
        raise GradingError(f"no cell of {name} was recognised in the notebook, neither by its id "
                           "nor by its text nor by a function of the lesson; look at it by hand")


def _with_plain_ends(cell):
    """A copy of the cell with line ends as Python writes them."""
    cell = nbformat.from_dict(dict(cell))
    cell.source = cell.source.replace("\r\n", "\n").replace("\r", "\n")
    return cell


def _restored(cell, cell_id, template, remarks):
    """The Entries that a cell of the course, or an answer to it, becomes."""
    right = Entry(cell_id, template.cell(cell_id))
    if template.is_old(cell_id, cell.source):
        remarks.old.append((cell_id, cell.source))
    if not template.is_locked(cell_id):
        if cell.cell_type != right.cell.cell_type:
            remarks.add(f"cell “{cell_id}” was made a {cell.cell_type} cell; it counts as "
                        f"{right.cell.cell_type} again")
        # A text that nobody changed is nobody's answer, in whatever release it stood.
        if template.roles[cell_id] != "essay" or not (
                template.is_released(cell_id, cell.source) or not cell.source.strip()):
            right.cell.source = cell.source
            _keep_pictures(cell, right.cell)
        return [right]
    if template.is_released(cell_id, cell.source):
        return [right]
    before, behind = own_lines(cell.source, template, cell_id)
    where = " and ".join(word for word, text in (("before", before), ("behind", behind)) if text)
    remarks.changed.setdefault(where, []).append(cell_id)
    own = [Entry(None, _ordinary(cell, text)) if text else None for text in (before, behind)]
    return [entry for entry in (own[0], right, own[1]) if entry]


def _ordinary(cell, source=None):
    """The cell, or some lines of it, without nbgrader's metadata, tags and outputs."""
    # nbformat's own makers check each cell against the whole schema.
    made = nbformat.from_dict({
        "cell_type": cell.cell_type, "metadata": {},
        "source": cell.source if source is None else source,
        **({"execution_count": None, "outputs": []} if cell.cell_type == "code" else {})})
    _keep_pictures(cell, made)
    return made


def _keep_pictures(cell, made):
    """Pictures pasted into a text cell stay with its text."""
    if cell.get("attachments") and made.cell_type != "code":
        made.attachments = cell.attachments
