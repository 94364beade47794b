"""A notebook's file in which some cells are not what the notebook format wants.

Scripts, merges and other editors leave a cell without a type, a source that is no text, a text
where a cell should be. One such cell costs nothing of the others: what can be read of it is kept.
"""

import json

_TYPES = ("code", "markdown", "raw")
_NAMED = 4


def mend_cells(notebook):
    """Put the cells of a notebook of format 4, as a dict, into the form that the format wants.

    Returns (numbers of the cells that were dicts, remarks).
    """
    cells = notebook["cells"]
    numbers = [number for number, cell in enumerate(cells) if isinstance(cell, dict)]
    found = {}
    for number, cell in enumerate(cells):
        cells[number], wrong = _mended(cell)
        if wrong:
            found[number + 1] = wrong
    if not isinstance(notebook.get("metadata"), dict):
        notebook["metadata"] = {}
    return numbers, [_remark(found)] if found else []


def is_of_format_4(notebook):
    """True for a dict with a list of cells, whatever number its format has or lacks."""
    return isinstance(notebook, dict) and isinstance(notebook.get("cells"), list) and (
        "worksheets" not in notebook)


def _mended(cell):
    """(the cell as a dict of the format, what was wrong with it or "")."""
    if not isinstance(cell, dict):
        return ({"cell_type": "raw", "metadata": {}, "source": _text(cell)},
                "no cell, but a text or a value")
    wrong = []
    # Scripts that know an older format write `input`.
    source = cell["source"] if "source" in cell else cell.pop("input", None)
    if not isinstance(source, str) and not _is_lines(source):
        wrong.append("its source is no text" if source is not None else "it has no source")
        source = _text(source)
    kind = cell.get("cell_type")
    if kind not in _TYPES:
        wrong.append("its type is none that there is" if kind is not None else "it has no type")
        cell["cell_type"] = "code" if "outputs" in cell or "execution_count" in cell else "markdown"
    cell["source"] = source if isinstance(source, str) else "".join(source)
    if not isinstance(cell.get("metadata"), dict):
        cell["metadata"] = {}  # nothing that a person wrote
    if cell["cell_type"] == "code" and not isinstance(cell.get("outputs"), list):
        cell["outputs"] = []
    return cell, " and ".join(wrong)


def _is_lines(source):
    return isinstance(source, list) and all(isinstance(line, str) for line in source)


def _text(value):
    """What can be read of a value that stands where text should be."""
    if isinstance(value, str):
        return value
    if isinstance(value, list) and any(isinstance(part, str) for part in value):
        return "".join(_text(part) for part in value)
    return "" if value in (None, [], {}) else json.dumps(value, ensure_ascii=False)


def _remark(found):
    shown = "; ".join(f"number {number}: {wrong}" for number, wrong in list(found.items())[:_NAMED])
    more = f"; and {len(found) - _NAMED} more" if len(found) > _NAMED else ""
    return (f"{'a cell' if len(found) == 1 else f'{len(found)} cells'} of the file "
            f"{'was' if len(found) == 1 else 'were'} damaged ({shown}{more}); what could be read "
            "was kept")
