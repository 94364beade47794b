"""Pictures that were pasted into text cells: kept where they are pictures, and bounded.

They are found in the bytes of the notebook's file, so that nothing is made of what is none: a name,
a type and base64. What is kept begins as a file of its type does. An SVG is a program as much as a
picture and is left out.
"""

import base64
import binascii
import json
import re

# Bytes of one picture and of all of a notebook; pictures of a cell.
MAX_PICTURE, MAX_PICTURES, MAX_COUNT = 4 * 2**20, 12 * 2**20, 50
_TYPES = {"image/png": (b"\x89PNG\r\n\x1a\n",), "image/jpeg": (b"\xff\xd8\xff",),
          "image/gif": (b"GIF87a", b"GIF89a")}
_NAME = rb'("(?:[^"\\]|\\.){1,300}+")\s*:\s*'
_TYPE = rb'\{\s*"([\w/+.-]{1,60})"\s*:\s*'
_BASE64 = rb'(?:\[\s*)?"((?:[A-Za-z0-9+/=]|\\n)*+)"'
_ENTRY = re.compile(_NAME + _TYPE + _BASE64)


def pictures_in(found):
    """({number of a cell: its attachments}, remarks) for what `reading` cut out of a file.

    found  [(number of a cell, bytes of the value of its "attachments")]
    """
    kept, left_out, total = {}, {}, 0
    for number, data in found:
        for count, entry in enumerate(_ENTRY.finditer(data)):
            name, kind = _text(entry[1]), entry[2].decode()
            content = _decoded(entry[3])
            why = _reason(kind, content, count)
            if not why and total + len(content) > MAX_PICTURES:
                why = f"all pictures together are larger than {MAX_PICTURES >> 20} MiB"
            if name is None:
                continue
            if why:
                left_out[why] = left_out.get(why, 0) + 1
                continue
            total += len(content)
            kept.setdefault(number, {})[name] = {kind: base64.b64encode(content).decode()}
    return kept, [_remark(why, count) for why, count in left_out.items()]


def _reason(kind, content, count):
    """Why a picture is left out; None for one that is kept."""
    if kind not in _TYPES:
        return "only PNG, JPEG and GIF are kept"
    if content is None or not content.startswith(_TYPES[kind]):
        return "it is none"
    if len(content) > MAX_PICTURE:
        return f"it is larger than {MAX_PICTURE >> 20} MiB"
    if count >= MAX_COUNT:
        return f"a cell has more than {MAX_COUNT}"
    return None


def _decoded(text):
    try:
        return base64.b64decode(text.replace(b"\\n", b""), validate=True)
    except binascii.Error:
        return None


def _text(literal):
    """The text of a JSON string; None if it is none that a file can hold."""
    try:
        text = json.loads(literal)
        text.encode()
        return text
    except ValueError:
        return None


def _remark(why, count):
    pictures = "a picture" if count == 1 else f"{count} pictures"
    return f"{pictures} pasted into the text {'was' if count == 1 else 'were'} left out: {why}"
