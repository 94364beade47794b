"""Outputs that come from a student's process, cut down to what the notebook format allows."""

import html
import re

import bleach
from bleach.css_sanitizer import CSSSanitizer

_TAGS = set(
    "a b br caption code details div em figure figcaption h1 h2 h3 h4 h5 h6 hr i img li ol p pre s "
    "small span strong sub summary sup table tbody td tfoot th thead tr u ul svg g path rect "
    "circle line text polyline polygon".split()
)
_ATTRIBUTES = {
    "*": ["class", "style", "title", "role", "aria-label", "scope", "align", "colspan", "rowspan",
          "border", "fill", "stroke", "stroke-width", "d", "x", "y", "x1", "x2", "y1", "y2", "cx",
          "cy", "r", "points", "width", "height", "viewBox", "transform"],
    "a": ["href"],
    "img": ["src", "alt"],
}

# Cleaning takes time that grows with the square of the number of nested tags or of attributes:
# about a second for this many words and tags in one piece. A cell, or a page, may hold several.
MAX_PARTS, MAX_PARTS_IN_ALL = 5_000, 20_000
_PARTS = re.compile(r"[\s/<]+")
# A picture within HTML is one word, however long.
DATA = re.compile(r"data:image/[a-z]+;base64,[A-Za-z0-9+/=]*")
_MAX_DEPTH = 50
# Bytes and entries of what student code shows: for a cell, and bytes for the whole notebook.
MAX_CELL, MAX_ENTRIES, MAX_NOTEBOOK = 4 * 2**20, 1_000, 16 * 2**20
_CUT = "\n[more output was cut off here]\n"
_NO_SCRIPTS = "[JavaScript was left out: what is graded shows none]"
_SCRIPT = re.compile(r"<script\b", re.IGNORECASE)
# What a page shows none of, and what of it is no text to read.
_NOT_SHOWN = re.compile(r"<(?:iframe|audio|video|object|embed|canvas|button|input|form)\b",
                        re.IGNORECASE)
_UNREAD = re.compile(r"<(/?)(?:script|style)\b", re.IGNORECASE)
_LEFT_OUT = "[frames, sound, video and buttons were left out: what is graded shows none]"
_LARGEST_SIDE = 10_000  # pixels


def error_output(error):
    """A cell's output that tells a StudentError in one line."""
    text = f"{error.kinds[0]}: {error.message}"
    return {"output_type": "error", "ename": error.kinds[0], "evalue": error.message,
            "traceback": [text]}


class Outputs:
    """The outputs of one submission's cells, within a total of bytes and of entries for all."""

    def __init__(self):
        self.left = MAX_NOTEBOOK

    def cleaned(self, outputs):
        """(outputs of a cell, cut down to the notebook format; what was cut, in words, or "")."""
        kept, size = [], 0
        cut = "it shows JavaScript, which was left out" if _any_script(outputs) else (
            "it shows a frame, sound, video or a button, which was left out"
            if _any(outputs, _NOT_SHOWN) else "")
        for output in clean_outputs(outputs):
            size += _size(output)
            if size > min(MAX_CELL, self.left) or len(kept) >= MAX_ENTRIES:
                whole = size > self.left
                cut = (f"its output was cut off: a notebook shows {MAX_NOTEBOOK >> 20} MiB in all"
                       if whole else "its output was cut off: it was too large")
                kept.append({"output_type": "stream", "name": "stdout", "text": _CUT})
                break
            kept.append(output)
        self.left = max(0, self.left - size)
        return kept, cut


def _size(value):
    """About how many bytes plain data takes."""
    if isinstance(value, str):
        return len(value.encode("utf-8", "replace"))
    parts = value.items() if isinstance(value, dict) else value if isinstance(value, list) else ()
    if isinstance(value, dict):
        return 64 + sum(_size(key) + _size(part) for key, part in parts)
    return 32 + sum(_size(part) for part in parts)


def clean_outputs(outputs):
    """Yield the outputs that the student's process claims, cut down to the notebook format."""
    left = MAX_PARTS_IN_ALL
    for output in outputs if isinstance(outputs, list) else []:
        kind = output.get("output_type") if isinstance(output, dict) else None
        if kind == "stream":
            name = "stderr" if output.get("name") == "stderr" else "stdout"
            yield {"output_type": kind, "name": name, "text": _text(output.get("text"))}
        elif kind in ("display_data", "execute_result"):
            data = output.get("data")
            kept = {}
            for mime, value in data.items() if isinstance(data, dict) else ():
                if _is_kept(mime, value):
                    if _is_markup(mime) and isinstance(value, str):
                        value = _without_unread(value)
                    left -= _parts(mime, value)
                    kept[_text(mime)] = _harmless(mime, value, left > 0)
            if _is_markup_blank(kept.get("text/html")) and _any([output], _NOT_SHOWN):
                kept["text/html"] = _LEFT_OUT
            if data and not kept and _any_script([output]):
                kept["text/plain"] = _NO_SCRIPTS
            entry = {"output_type": kind, "data": kept,
                     "metadata": image_sizes(output.get("metadata"))}
            if kind == "execute_result":
                entry["execution_count"] = None
            if isinstance(output.get("display_id"), str):
                entry["display_id"] = output["display_id"][:100]
            yield entry
        elif kind == "error":
            lines = output.get("traceback")
            yield {
                "output_type": kind, "ename": _text(output.get("ename")),
                "evalue": _text(output.get("evalue")),
                "traceback": [_text(line) for line in lines] if isinstance(lines, list) else [],
            }


def image_sizes(metadata):
    """Of an output's metadata: {type of a picture: its width and height in pixels}."""
    found = {}
    for mime, known in metadata.items() if isinstance(metadata, dict) else ():
        if str(mime).startswith("image/") and isinstance(known, dict):
            sides = {side: known[side] for side in ("width", "height")
                     if type(known.get(side)) in (int, float) and 0 < known[side] < _LARGEST_SIDE}
            if sides and len(found) < 10:
                found[_text(mime)] = sides
    return found


def _any_script(outputs):
    """True if any of the outputs that a student's process claims holds JavaScript."""
    return _any(outputs, _SCRIPT, "javascript")


def _any(outputs, pattern, kind=None):
    """True if the pattern is found in the markup of any output, or the kind in a type's name."""
    for output in outputs if isinstance(outputs, list) else ():
        data = output.get("data") if isinstance(output, dict) else None
        for mime, value in data.items() if isinstance(data, dict) else ():
            if kind and kind in str(mime) or (
                    _is_markup(mime) and isinstance(value, str) and pattern.search(value)):
                return True
    return False


def _is_markup_blank(value):
    return isinstance(value, str) and not value.strip()


def _without_unread(value):
    """Markup without what stands in scripts and styles: cleaning would show it as text."""
    kept, at = [], 0
    while opening := _UNREAD.search(value, at):
        kept.append(value[at:opening.start()])
        closing = opening if opening[1] else next(
            (one for one in _UNREAD.finditer(value, opening.end()) if one[1]), None)
        end = value.find(">", closing.end()) if closing else -1
        if end < 0:
            return "".join(kept)  # as a browser takes it: the rest is part of it
        at = end + 1
    return "".join([*kept, value[at:]])


def _text(value):
    """Text that a file in UTF-8 can hold: halves of characters are replaced."""
    return str(value).encode("utf-8", "replace").decode()


def _is_kept(mime, value):
    if mime.endswith("json"):
        return _is_shallow(value)
    return "javascript" not in mime and isinstance(value, str)


def _is_shallow(value, depth=0):
    """nbformat copies data by recursion."""
    parts = value.values() if isinstance(value, dict) else value if isinstance(value, list) else ()
    return depth < _MAX_DEPTH and all(_is_shallow(part, depth + 1) for part in parts)


def _parts(mime, value):
    return len(_PARTS.findall(DATA.sub("", value))) if _is_markup(mime) else 0


def _is_markup(mime):
    return mime in ("text/html", "image/svg+xml")


def _harmless(mime, value, may_be_cleaned):
    """HTML without scripts: the pages it lands on are opened by the instructor."""
    if not isinstance(value, str):
        return _printable(value)
    value = _text(value)
    if not _is_markup(mime):
        return value
    try:
        if may_be_cleaned and _parts(mime, value) <= MAX_PARTS:
            return bleach.clean(value, _TAGS, _ATTRIBUTES, {"data", "http", "https", "mailto"},
                                strip=True, css_sanitizer=CSSSanitizer())
    except RecursionError:
        pass
    return as_text(value)


def as_text(markup):
    """The beginning of what is too much to be cleaned, as text."""
    return f"<pre>{html.escape(markup[:2000])}\n[too long to be shown as a page]</pre>"


def _printable(value):
    if isinstance(value, dict):
        return {_text(key): _printable(part) for key, part in value.items()}
    if isinstance(value, list):
        return [_printable(part) for part in value]
    return _text(value) if isinstance(value, str) else value
