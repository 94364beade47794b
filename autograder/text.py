"""Text that comes from outside: names, exceptions' words, what programs say about files.

It may hold line ends that forge a line of a table, escapes that move a terminal's cursor, signs
that turn the direction of reading, signs that nobody sees, formulas for a spreadsheet, and it may
be endless. `one_line` and `several_lines` cut it and make it visible: what cannot be seen is
written as its Python escape. Each text goes through one of them where it enters.
"""

import re
import unicodedata

MAX_LINE, MAX_TEXT = 300, 10_000
# Letters and marks to Unicode, yet drawn as nothing or as a blank.
_BLANK = frozenset("\u034f\u115f\u1160\u17b4\u17b5\u180b\u180c\u180d\u180f\u2800\u3164\uffa0")
# Joins of letters (Persian, Indic scripts) and of the parts of an emoji.
_JOINS = frozenset("\u200c\u200d")
# A terminal's colours, as IPython writes them into tracebacks.
_COLOURS = re.compile(r"\x1b\[[0-9;]*m")
_MARKS_ON_A_LETTER = 4
_FORMULA = ("=", "+", "-", "@", "\t", "\r")


def one_line(text, length=MAX_LINE):
    """`text` as one visible line of at most `length` characters and a mark where it was cut."""
    return " ".join(_visible(_cut(text, length).replace("\t", " "), "").split(" "))


def several_lines(text, length=MAX_TEXT):
    """`text` with its line ends and tabs, visible otherwise, at most `length` characters."""
    text = _COLOURS.sub("", _cut(text, length).replace("\r\n", "\n"))
    return _visible(text, "\n\t")


def in_a_spreadsheet(text):
    """`text` as the cell of a table that spreadsheet programs open: never a formula."""
    text = one_line(text)
    return f"'{text}" if text.lstrip(" '\"").startswith(_FORMULA) else text


def is_visible(text):
    """True if every sign of a name is seen, on its own line, in the order of reading."""
    return _visible(text, "") == text


def _cut(text, length):
    text = str(text)
    return text if len(text) <= length else f"{text[:length]} [...]"


def _visible(text, kept):
    shown, marks = [], 0
    for sign in text:
        if sign.isascii() and sign.isprintable():
            marks = 0
        elif sign in kept:
            marks = 0
        elif unicodedata.category(sign) in ("Mn", "Me"):
            marks += 1
            if marks > _MARKS_ON_A_LETTER or sign in _BLANK or 0xe0100 <= ord(sign) <= 0xe01ef:
                sign = ascii(sign)[1:-1]
        else:
            marks = 0
            if sign in _BLANK or not (sign.isprintable() or sign in _JOINS):
                # A blank of another width is a blank.
                blank = unicodedata.category(sign) == "Zs"
                sign = " " if blank else ascii(sign)[1:-1]
        shown.append(sign)
    return "".join(shown)
