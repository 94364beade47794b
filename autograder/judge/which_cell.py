"""Which cell of a lesson is this? By its id, else its text, its function, its place.

Editors drop metadata, people paste cells into a new notebook, split and copy them. So a cell may be
known by several marks, the surest first. What is not known by any is the student's own.
"""

import re
from dataclasses import dataclass, field

from autograder.lessons import names
from autograder.lessons.released import digest, plain

# Of the lines of a lesson's cell, the share that a changed copy of it still holds.
_ENOUGH = 0.6
_WORD = re.compile(r"[^\W\d_]{2,}")
_STORY = re.compile(r".+-text-\d+")
_PICTURE = re.compile(r"!\[[^\]]*\]\(|<img\b")
# Two words or more without the signs of code, or a script that puts no blanks between words.
_PROSE_LINE = re.compile(r"^[\s#>*-]*(?:[\w'’()-]+[,.;:!?]?\s+)+[\w'’()-]+[.,;:!?]*\s*$"
                         r"|^[^=\[\]{}]*[^\W\d_\x00-\u024f]{6,}")


@dataclass
class Recognised:
    """ids: for each cell of a notebook the id of the lesson's cell that it is, or None.

    lost      how many cells were known only by something else than their id
    copies    ids of cells that stand there more than once
    evidence  how many cells can be of this lesson only
    """

    ids: list
    lost: int = 0
    copies: list = field(default_factory=list)
    evidence: int = 0


def recognise(cells, template):
    """The Recognised of a notebook's cells."""
    claimed = _by_id(cells, template)
    copies = _settle_copies(cells, template, claimed)
    found = {}
    for find in (_by_text, _by_function, _by_lines, _by_place):
        before = len(claimed)
        find(cells, template, claimed)
        found[find] = len(claimed) - before
    ids = [None] * len(cells)
    for cell_id, position in claimed.items():
        ids[position] = cell_id
    # A function in an own cell alone is no lost id: somebody wrote it there.
    lost = sum(found.values()) if found[_by_text] or found[_by_lines] else found[_by_place]
    lost = max(0, lost - _renamed_stories(cells, template, claimed))
    return Recognised(ids, lost, copies, _evidence(cells, template, claimed))


def _renamed_stories(cells, template, claimed):
    """How many stories have an id of the course's own, but another one in this class.

    A story's id is made of the cell before it, and a class may have dropped that.
    """
    return sum(bool(_STORY.fullmatch(cell_id)) and identity(cells[position]) != cell_id
               and identity(cells[position]) in template.record.versions
               for cell_id, position in claimed.items())


def identity(cell):
    """The id that ties a cell to a lesson: nbgrader's, or the notebook format's own."""
    nbgrader = cell.metadata.get("nbgrader")
    named = nbgrader.get("grade_id") if isinstance(nbgrader, dict) else None
    return named if isinstance(named, str) else cell.get("id")


def is_written(text):
    """True if a text has words or a picture: something for a person to look at."""
    return bool(_WORD.search(text) or _PICTURE.search(text))


def is_prose(cell):
    """True if a cell holds text for a person, be it a number, or in a cell for code."""
    if cell.cell_type != "code":
        return any(map(str.isalnum, cell.source)) or is_written(cell.source)
    tree = names.parsed(cell.source)
    if tree is None:
        return any(_PROSE_LINE.match(line) for line in cell.source.splitlines())
    texts = [node.value.value for node in tree.body if _is_text(node)]
    return len(texts) == len(tree.body) and any(
        _PROSE_LINE.match(line) for text in texts or [cell.source] for line in text.splitlines())


def _is_text(node):
    value = getattr(node, "value", None)
    return type(node).__name__ == "Expr" and isinstance(getattr(value, "value", None), str)


def _by_id(cells, template):
    """{id: [positions]}, where a cell with the whole text of another one is that other one."""
    claimed = {}
    for position, cell in enumerate(cells):
        cell_id = identity(cell)
        if cell_id not in template.order:
            continue
        if not template.is_released(cell_id, cell.source):
            others = template.ids_of_text.get(digest(cell.source), ())
            if len(others) == 1 and is_written(cell.source):
                cell_id = others[0]
        claimed.setdefault(cell_id, []).append(position)
    return claimed


def _settle_copies(cells, template, claimed):
    """Leave one position for each id: the first that was worked on, or that can be run.

    Of a test the last copy counts: who copies it to the end asks about the function as it is there.
    """
    copies = []
    for cell_id, positions in claimed.items():
        if len(positions) > 1 and cell_id in template.cells:
            copies.append(cell_id)
        if template.is_locked(cell_id):
            good = [p for p in positions if _can_run(cells, template, cell_id, p)
                    and template.is_released(cell_id, cells[p].source)]
            good = good or [p for p in positions if _can_run(cells, template, cell_id, p)]
        else:
            good = [p for p in positions if plain(cells[p].source).strip()
                    and not template.is_released(cell_id, cells[p].source)]
            if template.roles[cell_id] == "answer":
                good = [p for p in good if template.names[cell_id] in
                        names.defined(cells[p].source)] or good
        last = template.roles[cell_id] in ("check", "test")
        claimed[cell_id] = (good or positions)[-1 if last else 0]
    return copies


def _can_run(cells, template, cell_id, position):
    """True if the function that the course's cell is about is defined above it."""
    if template.roles[cell_id] not in ("check", "test"):
        return True
    return any(template.names[cell_id] in names.defined(cell.source)
               for cell in cells[:position] if cell.cell_type == "code")


def _free(cells, claimed):
    taken = set(claimed.values())
    return [p for p in range(len(cells)) if p not in taken and cells[p].source.strip()]


def _by_text(cells, template, claimed):
    for position in _free(cells, claimed):
        ids = [i for i in template.ids_of_text.get(digest(cells[position].source), ())
               if i not in claimed]
        if ids:
            claimed[_next_in_order(ids, template, claimed, position)] = position


def _next_in_order(ids, template, claimed, position):
    """Of cells with one and the same text, the first that comes after what stands above."""
    above = [template.order[i] for i, p in claimed.items() if p < position]
    last = max(above, default=-1)
    ids = sorted(ids, key=template.order.get)
    return next((i for i in ids if template.order[i] > last), ids[0])


def _by_function(cells, template, claimed):
    """Answers by the function that they define, checks and tests by their call."""
    wanted = {}
    for cell in template.lesson.cells:
        if cell.id not in claimed and cell.role in ("answer", "given", "check", "test"):
            role = "define" if cell.role in ("answer", "given") else cell.role
            wanted.setdefault((role, cell.name, cell.group), []).append(cell.id)
    if not wanted:
        return
    for position in _free(cells, claimed):
        if cells[position].cell_type != "code":
            continue
        keys = [key for key in wanted if wanted[key] and key in _marks(cells[position].source)]
        if keys:
            claimed[wanted[keys[0]].pop(0)] = position


def _marks(source):
    """What a code cell is about: (role, name, group) of the lesson's cells that it may be."""
    marks = {("define", name, "") for name in names.defined(source)}
    for role in ("test", "check"):
        for texts, words in names.calls(source).get(role, ()):
            marks.add((role, texts[0] if texts else "", words.get("group", "")))
    return marks


def _by_lines(cells, template, claimed):
    """Locked cells and story that were changed, by the lines that are left of them."""
    left = {i: set(_lines(text)) for i, text in template.visible.items()
            if i not in claimed and i in template.order
            and template.roles[i] in ("setup", "figure", "check", "test", "story", "try")}
    left = {i: lines for i, lines in left.items() if lines}
    where = {}
    for cell_id, lines in left.items():
        for line in lines:
            where.setdefault(line, set()).add(cell_id)
    for position in _free(cells, claimed):
        held = {}
        for line in set(_lines(cells[position].source)):
            for cell_id in where.get(line, ()):
                held[cell_id] = held.get(cell_id, 0) + 1
        good = [(count / len(left[i]), -template.order[i], i) for i, count in held.items()
                if i not in claimed and count >= _ENOUGH * len(left[i])
                and template.kinds[i] == cells[position].cell_type]
        if good:
            claimed[max(good)[2]] = position


def _lines(text):
    return [line.strip() for line in plain(text).splitlines() if is_written(line)]


def _by_place(cells, template, claimed):
    """An essay is text of the student's that stands where the essay's cell was."""
    # A notebook of which nothing is known yet has no places.
    if not claimed:
        return
    for cell in template.lesson.cells:
        if cell.role != "essay" or cell.id in claimed:
            continue
        order = template.order[cell.id]
        before = max((i for i in claimed if template.order[i] < order), key=template.order.get,
                     default=None)
        after = min((i for i in claimed if template.order[i] > order), key=template.order.get,
                    default=None)
        start = claimed[before] + 1 if before else 0
        end = claimed[after] if after else len(cells)
        free = [p for p in _free(cells, claimed) if start <= p < end]
        there = [p for p in free if cells[p].cell_type != "code" and is_prose(cells[p])]
        there = there or [p for p in free if is_prose(cells[p])]
        if there:
            claimed[cell.id] = there[0]


def _evidence(cells, template, claimed):
    """How many cells are surely of this lesson: by a text that has words, or a name of its own."""
    return sum(1 for cell_id, position in claimed.items()
               if template.names[cell_id] or template.is_released(cell_id, cells[position].source))
