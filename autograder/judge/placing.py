"""Where the course's cells stand in a notebook to grade: each behind what it needs.

The student's cells keep the order that the student gave them. A cell of the course that was moved
or is missing goes where it belongs, and a missing one never redefines what the student has.
"""

from dataclasses import dataclass

from autograder.judge.template import COURSE_ROLES
from autograder.lessons import names


@dataclass(eq=False)
class Entry:
    """A cell of the notebook to grade. id is the lesson's, or None for a cell of the student's own.

    put_back  True if the student's notebook did not hold it
    """

    id: str | None
    cell: object
    put_back: bool = False

    def is_students(self, template):
        """True if what the cell defines is the student's to define."""
        return self.cell.cell_type == "code" and (
            self.id is None or template.roles[self.id] in ("answer", "given", "try"))


def put_back_missing(entries, template):
    """Insert what is missing of the course; returns the ids.

    Beside the cells that nbgrader knows these are the given ones, and those that define a name
    which the course's cells need and nobody else defines.
    """
    present = {entry.id for entry in entries}
    wanted = set(template.cells) | {i for i, role in template.roles.items() if role == "given"}
    wanted |= _needed_by_the_course(entries, template, present)
    missing = sorted(wanted - present, key=template.order.get)
    for cell_id in missing:
        cell = template.cell(cell_id)
        name = template.names[cell_id]
        if template.roles[cell_id] in ("answer", "given") and (
                name in _definers(entries, template)[False]):
            cell.source = f"# {name} is defined in another cell."
        entries.insert(_place(cell_id, entries, template), Entry(cell_id, cell, put_back=True))
    return missing


def _needed_by_the_course(entries, template, present):
    needed = set()
    for cell_id in template.cells:
        if template.is_locked(cell_id):
            needed |= names.needed(template.visible[cell_id])
    theirs = {name for entry in entries if entry.is_students(template)
              for name in names.defined(entry.cell.source)}
    return {i for i, role in template.roles.items() if role == "try" and i not in present
            and (names.defined(template.visible[i]) & needed) - theirs}


def _place(cell_id, entries, template):
    """Behind the cell that it follows in the lesson, else before the one that follows it."""
    order = template.order
    known = [(order[entry.id], at) for at, entry in enumerate(entries) if entry.id]
    before = max(((n, at) for n, at in known if n < order[cell_id]), default=None)
    if before:
        at = before[1] + 1
        # What the student wrote right below an answer belongs to it.
        while at < len(entries) and entries[at].id is None and entries[at].is_students(template):
            at += 1
        return at
    after = min(((n, at) for n, at in known if n > order[cell_id]), default=None)
    return after[1] if after else 0


def put_setup_first(entries, template):
    """Move each setup cell before what follows it in the lesson; returns the ids."""
    moved = []
    for entry in [e for e in entries if e.id and template.roles[e.id] == "setup"]:
        later = [at for at, other in enumerate(entries) if other.id
                 and template.order[other.id] > template.order[entry.id]]
        if later and later[0] < entries.index(entry):
            _move(entry, later[0], entries)
            moved.append(entry.id)
    return moved


def put_course_cells_behind(entries, template):
    """Move each cell of the course behind the answers that it needs; returns the ids."""
    moved = []
    definers = _definers(entries, template)
    for entry in [e for e in entries if e.id and template.roles[e.id] in COURSE_ROLES]:
        last = _last_needed(entry, entries, template, definers)
        if last > entries.index(entry):
            _move(entry, last + 1, entries)
            definers = _definers(entries, template)
            if not entry.put_back:
                moved.append(entry.id)
    return moved


def _move(entry, before, entries):
    old = entries.index(entry)
    entries.remove(entry)
    entries.insert(before - (1 if old < before else 0), entry)


def _last_needed(entry, entries, template, definers):
    """The position of the last cell that `entry` has to wait for, -1 if there is none.

    It waits for a name only if no cell above it defines that name.
    """
    here = entries.index(entry)
    last, seen, left = -1, set(), list(names.needed(entry.cell.source))
    while left:
        name = left.pop()
        if name in seen:
            continue
        seen.add(name)
        found = definers[False].get(name) or definers[True].get(name)
        if not found:
            continue
        above = [at for at in found if at < here]
        if not above and _is_given_above(here, entries, template, name):
            continue  # `import numpy as np` in an own cell at the end is nothing to wait for
        at = above[-1] if above else found[0]
        last = max(last, at)
        left.extend(names.needed(entries[at].cell.source))
    return last


def _is_given_above(here, entries, template, name):
    """True if a cell of the course above the position defines the name."""
    return any(entry.id and template.roles[entry.id] in ("setup", *COURSE_ROLES)
               and name in names.defined(entry.cell.source) for entry in entries[:here])


def _definers(entries, template):
    """{whether it was put back: {name: positions of the student's cells that define it}}."""
    found = {False: {}, True: {}}
    for at, entry in enumerate(entries):
        if entry.is_students(template):
            for name in names.defined(entry.cell.source):
                found[entry.put_back].setdefault(name, []).append(at)
    return found
