"""Tables as spreadsheets and learning platforms save them: which encoding, what parts the cells."""

import csv
import io
import re
from dataclasses import dataclass

from autograder.errors import GradingError

_BOOKS = {b"PK\x03\x04": "a zip, or an Excel or OpenDocument file",
          b"\xd0\xcf\x11\xe0": "an Excel file"}


@dataclass(frozen=True)
class Sheet:
    """A table: its rows as (line, cells), the header first; what parts the cells; how it was read.

    encoding  the name of the encoding, for people; "" for UTF-8, which nobody has to ask about
    """

    rows: list
    delimiter: str
    encoding: str = ""

    @property
    def header(self):
        """The titles in small letters, without spaces around them."""
        return [" ".join(cell.split()).lower() for cell in self.rows[0][1]]


def read_sheet(content, name):
    """The Sheet in the bytes of a CSV file. Raises GradingError, with the line where it can."""
    text, encoding = _decoded(content, name)
    lines = text.splitlines()
    first = next((line for line in lines if line.strip()), "")
    if not first:
        raise GradingError(f"{name} is empty; export it again")
    # Excel writes and reads a first line that says what parts the cells.
    said = re.fullmatch(r'"?sep=(.)"?', first.strip(), re.IGNORECASE)
    skipped = lines.index(first) + 1 if said else 0
    if said:
        text = "\n".join(lines[skipped:])
        first = next((line for line in lines[skipped:] if line.strip()), "")
    bare = re.sub(r'"[^"]*"', "", first)
    delimiter = said[1] if said else max(",;\t", key=bare.count)
    reader = csv.reader(io.StringIO(text), delimiter=delimiter, strict=True)
    try:
        found = [(skipped + reader.line_num, row) for row in reader
                 if any(cell.strip() for cell in row)]
    except csv.Error as error:
        raise GradingError(f"{name}:{skipped + reader.line_num}: this is no CSV ({error}); is a "
                           "quotation mark missing?") from None
    if not found:
        raise GradingError(f"{name} is empty; export it again")
    return Sheet(found, delimiter, encoding)


def _decoded(content, name):
    for start, what in _BOOKS.items():
        if content.startswith(start):
            raise GradingError(f"{name} is {what}; save it as CSV (UTF-8) and name that file")
    if content[:2] in (b"\xff\xfe", b"\xfe\xff"):
        tries = [("utf-16", "")]
    elif content[1:40:2].count(0) > 9:
        tries = [("utf-16-le", "")]
    elif content[:40:2].count(0) > 9:
        tries = [("utf-16-be", "")]
    else:
        tries = [("utf-8-sig", ""), ("cp1252", "Windows-1252")]
    for encoding, told in tries:
        try:
            text = content.decode(encoding)
        except UnicodeDecodeError:
            continue
        if "\0" not in text:
            return text, told
    raise GradingError(f"{name} is no text; export it again as CSV (UTF-8)")
