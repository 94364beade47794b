"""A submitted notebook, put in order: the course's cells restored, everything else kept.

Students copy, delete, move and edit cells. What is the course's (setup, figures, checks, tests) is
put back word for word and where it belongs; what is the student's stays in the student's order.
"""

import nbformat
from nbformat.v4 import new_markdown_cell

from autograder.judge.template import COURSE_ROLES


def restore(notebook, template):
    """(notebook to grade, remarks). The student's own cells are kept to the last one."""
    remarks = []
    kept = _chosen_duplicates(notebook, template)
    cells = []
    for position, cell in enumerate(notebook.cells):
        cell_id = _identity(cell)
        if cell_id in template.cells and kept[cell_id] == position:
            cells.append((cell_id, _restored(cell, cell_id, template, remarks)))
        else:
            if cell_id in template.cells:
                remarks.append(f"cell “{cell_id}” stands there more than once; "
                               "the copy counts as an ordinary cell")
            cells.append((None, _ordinary(cell)))
    _insert_missing(cells, template, remarks)
    cells = _ordered(cells, template, remarks)
    graded = nbformat.v4.new_notebook(metadata=dict(template.metadata))
    for number, (cell_id, cell) in enumerate(cells):
        cell["id"] = cell_id or f"own-{number}"
        graded.cells.append(cell)
    return graded, remarks


def _identity(cell):
    """The id that ties a cell to the lesson: nbgrader's, or the notebook format's own."""
    nbgrader = cell.metadata.get("nbgrader")
    named = nbgrader.get("grade_id") if isinstance(nbgrader, dict) else None
    return named if isinstance(named, str) else cell.get("id")


def _chosen_duplicates(notebook, template):
    """{id: position} of the cell that counts: of several, the first that was worked on."""
    chosen = {}
    for position, cell in enumerate(notebook.cells):
        cell_id = _identity(cell)
        if cell_id not in template.cells:
            continue
        if cell_id not in chosen:
            chosen[cell_id] = position
            continue
        stub = template.cells[cell_id].source.strip()
        if notebook.cells[chosen[cell_id]].source.strip() == stub:
            chosen[cell_id] = position
    return chosen


def _restored(cell, cell_id, template, remarks):
    right = template.cell(cell_id)
    if template.is_locked(cell_id):
        visible = without_hidden(right.source)
        if cell.source.strip() != visible.strip():
            remarks.append(f"the course's cell “{cell_id}” was changed; it was put back")
    else:
        if cell.cell_type != right.cell_type:
            remarks.append(f"cell “{cell_id}” was made a {cell.cell_type} cell; "
                           f"it counts as {right.cell_type} again")
        right.source = cell.source
    return right


def without_hidden(source):
    """A test cell's source as the student has it: without the hidden lines."""
    lines, hidden = [], False
    for line in source.splitlines():
        if "### BEGIN HIDDEN TESTS" in line:
            hidden = True
        if not hidden:
            lines.append(line)
        if "### END HIDDEN TESTS" in line:
            hidden = False
    return "\n".join(lines)


def _ordinary(cell):
    """The cell without nbgrader's metadata, tags and outputs."""
    make = {"code": nbformat.v4.new_code_cell, "markdown": new_markdown_cell,
            "raw": nbformat.v4.new_raw_cell}[cell.cell_type]
    return make(cell.source)


def _insert_missing(cells, template, remarks):
    present = {cell_id for cell_id, _ in cells}
    for cell_id in sorted(template.cells, key=template.order.get):
        if cell_id in present:
            continue
        remarks.append(f"cell “{cell_id}” was missing; it was put back"
                       + ("" if template.is_locked(cell_id) else " empty"))
        at = 0
        for i, (other, _) in enumerate(cells):
            if other and template.order[other] < template.order[cell_id]:
                at = i + 1
        cells.insert(at, (cell_id, template.cell(cell_id)))
        present.add(cell_id)


def _ordered(cells, template, remarks):
    """Setup cells before what follows them, the course's cells after the answers they need."""
    def place(cell_id):
        return template.order[cell_id]

    def move(item, before):
        old = cells.index(item)
        cells.remove(item)
        cells.insert(before - (1 if old < before else 0), item)
        remarks.append(f"cell “{item[0]}” was moved; it ran where it belongs")

    for item in [c for c in cells if c[0] and template.roles[c[0]] == "setup"]:
        later = [i for i, (other, _) in enumerate(cells)
                 if other and place(other) > place(item[0])]
        if later and later[0] < cells.index(item):
            move(item, later[0])
    for item in [c for c in cells if c[0] and template.roles[c[0]] in COURSE_ROLES]:
        needed = [i for i, (other, _) in enumerate(cells)
                  if other and template.roles[other] == "answer" and place(other) < place(item[0])]
        if needed and needed[-1] > cells.index(item):
            move(item, needed[-1] + 1)
    return cells
