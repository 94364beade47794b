"""What a student's function prints while it is judged: enough to read, and no more.

A verdict comes of some hundred calls. A `print` in the innermost loop would bury it under ten
thousand lines, and the browser with it.
"""

import contextlib
import sys

LINES, LETTERS = 40, 4000


@contextlib.contextmanager
def bounded():
    """Let the first LINES lines (and LETTERS letters) through; say at the end what was left out."""
    through = _Bounded(sys.stdout)
    try:
        with contextlib.redirect_stdout(through):
            yield
    finally:
        if through.cut:
            more = f" and {through.left_out:,} more lines" if through.left_out else ""
            start = "" if through.at_a_line_s_start else "\n"
            print(f"{start}...{more}. A verdict comes of many calls: to see what yours prints in "
                  "one,\ncall it in a cell of your own.")


class _Bounded:
    """Stands in for `stream` in all but how much is written to it."""

    def __init__(self, stream):
        self._stream, self._lines, self._letters = stream, LINES, LETTERS
        self.cut, self.left_out, self.at_a_line_s_start = False, 0, True

    def __getattr__(self, name):
        return getattr(self._stream, name)

    def write(self, text):
        shown = "".join(text.splitlines(keepends=True)[: self._lines])[: self._letters]
        if shown:
            self._stream.write(shown)
            self.at_a_line_s_start = shown.endswith("\n")
        self._letters -= len(shown)
        self._lines -= shown.count("\n")
        rest = text[len(shown):]
        if rest:
            self.cut, self._lines = True, 0
            self.left_out += rest.count("\n")
        return len(text)
