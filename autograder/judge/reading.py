"""Reading a submitted notebook: no more of it than is graded, and never more than fits.

A notebook's file is a stranger's. What is not graded (outputs, the notebook's own metadata) is cut
out of the bytes before anything is made of them, as are pictures pasted into text, which
`attachments` looks at; what is left has a limit of bytes, of parts and of depth. So a notebook with
50 MB of plots is graded, and 30 MB of empty brackets are refused before they become gigabytes.
"""

import json
import re
import stat
import warnings
from itertools import islice

import nbformat

from autograder.errors import GradingError
from autograder.judge.attachments import pictures_in
from autograder.judge.damaged import is_of_format_4, mend_cells
from autograder.quiet import capture_log
from autograder.text import one_line

# Of the file; of what is graded of it: bytes; strings, brackets and commas; brackets in brackets.
MAX_BYTES = 100 * 2**20
MAX_KEPT, MAX_PARTS, MAX_DEPTH = 16 * 2**20, 500_000, 100
# Brackets of what is cut out: they cost nothing but the time to find where it ends.
MAX_SKIPPED = 2_000_000
MAX_CELLS = 20_000
# All parts of a notebook that nbgrader's own commands read, outputs and all.
MAX_WHOLE = 3_000_000
_KEPT_TOKEN = re.compile(rb'"[^"\\]*+(?:\\.[^"\\]*+)*+(?:"|\\?\Z)|[{}\[\],]', re.DOTALL)
_SKIPPED_TOKEN = re.compile(rb'"[^"\\]*+(?:\\.[^"\\]*+)*+(?:"|\\?\Z)|[{}\[\]]', re.DOTALL)
_VALUE = re.compile(rb"\s*:\s*([\[{])")


def read_submission(path):
    """The notebook at `path` in the current format, without what is not graded of it.

    Every cell has a known type, text as source, a dict as metadata and, if any, text as id.
    Pictures pasted into text cells are there as far as they are kept; the notebook's metadata says
    in "left_out" what there is to say about the others, and about cells that were damaged.
    Raises GradingError, in one line, if it is no notebook or too large.
    """
    try:
        data = _bytes(path)
    except OSError as error:
        raise GradingError(f"the notebook cannot be read: {error.strerror}") from None
    return read_content(data)


def read_content(data):
    """The same for a notebook's bytes, which nobody has stored yet."""
    _check_length(data)
    try:
        text, attachments = _graded_part(data)
        text = text.decode("utf-8-sig")
        with capture_log(), warnings.catch_warnings():
            # What nbformat finds odd is put right below or told in one line.
            warnings.simplefilter("ignore")
            loaded = json.loads(text)
            numbers, damaged = None, []
            if is_of_format_4(loaded):
                numbers, damaged = mend_cells(loaded)
                read = nbformat.v4.to_notebook_json(loaded)
                read.nbformat, read.nbformat_minor = 4, 5
            else:
                read = nbformat.reader.reads(text)
            notebook = nbformat.convert(_with_ids_of_text(read), 4)
        if len(notebook.cells) > MAX_CELLS:
            raise GradingError(f"the notebook has more than {MAX_CELLS:,} cells; ask for it without"
                               " those that are nobody's work")
        for cell in notebook.cells:
            _put_right(cell)
        pictures, left_out = pictures_in(attachments)
        for number, place in enumerate(numbers or ()):
            cell = notebook.cells[place]
            if number in pictures and cell.cell_type != "code":
                cell.attachments = nbformat.from_dict(pictures[number])
        notebook.metadata = nbformat.from_dict({"left_out": damaged + left_out})
    except GradingError:
        raise
    except (UnicodeDecodeError, json.JSONDecodeError, nbformat.reader.NotJSONError) as error:
        raise _no_notebook(data, error) from None
    except Exception as error:
        reason = str(error).strip().splitlines() or [type(error).__name__]
        raise GradingError(f"the notebook is damaged ({one_line(reason[0], 120)}); ask for it again"
                           ) from None
    return notebook


def check_size(path):
    """Raise GradingError if a program that reads all of the notebook would take too much memory."""
    try:
        data = _bytes(path)
    except OSError as error:
        raise GradingError(f"the notebook cannot be read: {error.strerror}") from None
    if sum(1 for _ in islice(_KEPT_TOKEN.finditer(data), MAX_WHOLE + 1)) > MAX_WHOLE:
        raise GradingError(f"the notebook has more than {MAX_WHOLE:,} parts; ask for it without "
                           "outputs")


def timestamp_problem(path):
    """nbgrader reads this file and ends the whole run if it holds no date."""
    if not path.exists() and not path.is_symlink():
        return None
    if not stat.S_ISREG(path.lstat().st_mode) or path.stat().st_size > 1000:
        return f"{path.name} is no plain file with a date; remove it"
    # Grading processes, which read no such file, do without nbgrader: its import takes a second.
    from nbgrader.utils import parse_utc

    try:
        text = path.read_text(encoding="utf-8").strip()
        if text:
            parse_utc(text)
    except (ValueError, OverflowError):
        return f"{path.name} holds no date; mend or remove it"
    return None


def _with_ids_of_text(notebook):
    """`notebook` as read, without the places of its attachments.

    An id that is no text is dropped: nbformat trips over one from 4.5 on, and leaves it there in an
    older format, which knows no ids.
    """
    for cell in notebook.get("cells", []):
        cell.pop("attachments", None)
        if not isinstance(cell.get("id", ""), str):
            del cell["id"]
    return notebook


def _put_right(cell):
    if cell.cell_type not in ("code", "markdown", "raw"):
        raise ValueError(f"unknown cell type {cell.cell_type!r}")
    source = cell.source if isinstance(cell.source, str) else "".join(cell.source)
    # JSON can hold halves of characters, files in UTF-8 cannot.
    cell.source = source.encode("utf-8", "replace").decode()
    if not isinstance(cell.get("metadata"), dict):
        cell.metadata = nbformat.NotebookNode()


def _bytes(path):
    with open(path, "rb") as file:
        data = file.read(MAX_BYTES + 1)
    _check_length(data)
    return data


def _check_length(data):
    if len(data) > MAX_BYTES:
        raise GradingError(f"the notebook is larger than {MAX_BYTES >> 20} MiB; ask for it without "
                           "outputs")


def _no_notebook(data, error):
    """The GradingError for bytes that hold no JSON: what they are, as far as they show it."""
    begin = data[:1000].lstrip(b"\xef\xbb\xbf\0 \r\n\t")
    if not begin:
        return GradingError("the file is empty; ask for it again")
    if begin.startswith(b"PK\x03\x04"):
        return GradingError("the file is a zip, not a notebook; let its name end in .zip and "
                            "collect it again")
    if begin.startswith(b"<"):
        return GradingError("the file is a web page, not a notebook; ask for the .ipynb file")
    if begin.startswith(b"%PDF"):
        return GradingError("the file is a PDF, not a notebook; ask for the .ipynb file")
    if isinstance(error, UnicodeDecodeError):
        return GradingError("the notebook is not UTF-8 text; ask for it to be saved again")
    if begin.startswith(b"{") and (error is None or error.pos >= len(error.doc.rstrip()) or
                                   error.msg.startswith("Unterminated string")):
        return GradingError("the notebook breaks off; ask for it again")
    return GradingError("the file is no notebook (not JSON); ask for it again")


def _graded_part(data):
    """(bytes of a notebook's file without what is not graded, its attachments).

    attachments  [(number of a cell, bytes of what its key "attachments" holds)]
    """
    kept, size, begin, at, parts = [], 0, 0, 0, 0
    attachments, number = [], -1
    inside, key = [], b""  # what each open bracket holds: "cells", a "cell" or something else
    while size + at - begin <= MAX_KEPT and (token := _KEPT_TOKEN.search(data, at)):
        at = token.end()
        parts += 1
        if parts > MAX_PARTS:
            raise GradingError(f"the notebook has more than {MAX_PARTS:,} parts beside its outputs;"
                               " ask for it again, without what is nobody's work")
        sign = data[token.start():token.start() + 1]
        if sign == b'"':
            key = token.group() if at - token.start() < 20 else b""
            value = _VALUE.match(data, at)
            if value and _is_not_graded(key, inside):
                kept.append(data[begin:value.end()])
                size += len(kept[-1])
                # From the closing bracket on it goes on.
                begin = at = _end_of_value(data, value.end()) - 1
                if key == b'"attachments"':
                    attachments.append((number, data[value.end():at]))
                inside.append("")
            continue
        if sign == b"[":
            inside.append("cells" if key == b'"cells"' else "")
            if inside[1:] == ["cells"]:
                attachments, number = [], -1  # of two lists of cells the last one counts
        elif sign == b"{":
            inside.append("cell" if inside and inside[-1] == "cells" else "")
            number += inside[1:] == ["cells", "cell"]
        elif sign != b"," and inside:
            inside.pop()
        key = b""
        if len(inside) > MAX_DEPTH:
            raise GradingError("the notebook is damaged (brackets in brackets without end); ask "
                               "for it again")
    kept.append(data[begin:begin + MAX_KEPT + 1])
    if size + len(kept[-1]) > MAX_KEPT:
        raise GradingError(f"the notebook's cells are more than {MAX_KEPT >> 20} MiB of text; ask "
                           "for it again, without what is nobody's work")
    return b"".join(kept), attachments


def _is_not_graded(key, inside):
    if inside and inside[-1] == "cell":
        return key in (b'"outputs"', b'"attachments"')
    return len(inside) == 1 and key == b'"metadata"'


def _end_of_value(data, at):
    """Where the list or dict ends whose first bracket ends at `at`."""
    depth, count = 1, 0
    for token in _SKIPPED_TOKEN.finditer(data, at):
        sign = data[token.start()]
        depth += (sign in b"[{") - (sign in b"]}")
        if not depth:
            return token.end()
        count += 1
        if count > MAX_SKIPPED:
            raise GradingError(f"the notebook's outputs have more than {MAX_SKIPPED:,} parts; ask "
                               "for it without outputs")
    raise _no_notebook(data, None)
