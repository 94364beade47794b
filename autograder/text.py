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
# Signs that turn the order of reading, and those that move a terminal's cursor.
_TURNS = re.compile("[\u061c\u200e\u200f\u202a-\u202e\u2066-\u2069\x00-\x08\x0b-\x1f\x7f-\x9f]")
# A terminal's colours, as IPython writes them into tracebacks.
_COLOURS = re.compile(r"(\x1b\[[0-9;]{0,20}m)")
_OTHER = re.compile(r"[^ -~]+")
_MARKS_ON_A_LETTER = 4
# A database's column for it holds 128.
MAX_NAME = 100
# nbgrader's commands take a name with these for a pattern that matches other students, or its
# pages for HTML or the end of a text in a script.
_NO_NAME = frozenset("*?[]<>&\"\\`")
# Where a spreadsheet program sees a formula begin; the wide signs, in the Far East.
_FORMULA = tuple("=+-@\uff1d\uff0b\uff0d\uff20")


def some(names, most=10):
    """The names, with commas; of more than `most` the first, and how many more there are."""
    names = list(names)
    rest = len(names) - most
    return ", ".join(names[:most]) + (f" and {rest} more" if rest > 0 else "")


def one_line(text, length=MAX_LINE):
    """`text` as one visible line of at most `length` characters and a mark where it was cut."""
    return _visible(_cut(text, length), "")


def several_lines(text, length=MAX_TEXT, colours=False):
    """`text` with its line ends and tabs, visible otherwise, at most `length` characters.

    colours  keep a terminal's colours, for a page that shows them
    """
    text = _cut(text, length).replace("\r\n", "\n").replace("\r", "\n")
    if not colours:
        return _visible(_COLOURS.sub("", text), "\n\t")
    parts = _COLOURS.split(text)
    parts[::2] = [_visible(part, "\n\t") for part in parts[::2]]
    return "".join(parts)


def in_order(text):
    """Text with marks of its own (Markdown, HTML) that is read in the order in which it stands."""
    return _TURNS.sub(lambda found: _escaped(found.group()), text.replace("\r", "\n"))


def in_a_spreadsheet(value):
    """A cell that spreadsheet programs take for what it is: text is no formula, numbers stay."""
    if isinstance(value, float):
        return f"{value:g}"
    if isinstance(value, str) and _is_formula(value):
        try:
            float(value)
        except ValueError:
            return f"'{value}"
    return value


def _is_formula(text):
    # A dash alone is how systems write that there is nothing.
    return text.lstrip().startswith(_FORMULA) and bool(text.strip(" -"))


def in_markdown(text):
    """One line of text whose signs mean nothing in Markdown."""
    return re.sub(r"([\\`*_{}\[\]()<>#+!|~$&:@])", r"\\\1", one_line(text))


def is_visible(text):
    """True if every sign of a name is seen, on its own line, in the order of reading."""
    return one_line(text, len(text)) == text


def name_problem(name):
    """Why a student's folder cannot be called so, as a sentence, or None.

    Names go into tables, pages, addresses, commands and spreadsheets, of nbgrader's, too.
    """
    if not is_visible(name) or _NO_NAME & set(name):
        return ("is no name for a student's folder: line ends, signs that nobody sees and "
                f"{' '.join(sorted(_NO_NAME))} are not allowed; rename it")
    if name.startswith("."):
        return "is no name for a student's folder: it begins with a dot, as if hidden; rename it"
    if len(name) > MAX_NAME:
        return f"is no name for a student's folder: longer than {MAX_NAME} letters; rename it"
    if name != name.strip():
        return "is no name for a student's folder: it begins or ends with a blank; rename it"
    if _is_formula(name):
        return ("is no name for a student's folder: spreadsheets take what begins with = + - @ "
                "for a formula; rename it")
    return None


def _cut(text, length):
    text = str(text)
    return text if len(text) <= length else f"{text[:length]} [...]"


def _escaped(sign):
    return ascii(sign)[1:-1]


def _visible(text, kept):
    return _OTHER.sub(lambda found: "".join(_shown(found.group(), kept)), text)


def _shown(signs, kept):
    marks = 0
    for sign in signs:
        kind = unicodedata.category(sign)
        marks = marks + 1 if kind in ("Mn", "Me") else 0
        if sign in kept:
            yield sign
        elif sign in _BLANK or marks > _MARKS_ON_A_LETTER or 0xe0100 <= ord(sign) <= 0xe01ef:
            yield _escaped(sign)
        elif kind == "Zs":
            yield " "  # whatever its width
        else:
            yield sign if sign.isprintable() or sign in _JOINS else _escaped(sign)
