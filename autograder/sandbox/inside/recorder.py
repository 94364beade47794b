"""The outputs of a notebook cell, as Jupyter would show them in the end.

Plain dicts in the notebook format's own form, in the order in which they came: text that a carriage
return overwrote is gone, a display that was updated shows its last state, and what
`clear_output(wait=True)` clears stays until something new comes.
"""

import base64
import io
import json

MAX_OUTPUT = 2 * 2**20
# Bytes of JSON; the header of a message, which holds a cell's outputs, has 8 MiB.
_MAX_TAKEN = 5 * 2**20
_CUT = "\n[more output was cut off here]\n"


class Recorder:
    """The outputs of the running cell, up to MAX_OUTPUT characters in all."""

    def __init__(self):
        self._earlier = set()
        self.updates = {}
        self.clear()

    def begin(self):
        """A new cell: what is recorded from now on is its own."""
        self._earlier.update(self._displays)
        self.updates = {}
        self.clear()

    def clear(self, wait=False):
        """Forget what was recorded: at once, or when the next output comes."""
        self._clear_before_next = wait
        if not wait:
            self.outputs, self.size, self._displays = [], 0, {}

    def add(self, output, size):
        if self._clear_before_next:
            self.clear()
        if self.size > MAX_OUTPUT:
            return
        self.size += size
        if self.size > MAX_OUTPUT:
            output = {"output_type": "stream", "name": "stdout", "text": [_CUT]}
        self.outputs.append(output)

    def add_stream(self, name, text):
        if not text:
            return
        if self._clear_before_next:
            self.clear()
        last = self.outputs[-1] if self.outputs else {}
        if self.size > MAX_OUTPUT:
            return
        if last.get("output_type") == "stream" and last["name"] == name:
            self.size += len(text)
            # A list until the cell is over: adding to a long string a million times never ends.
            last["text"].append(text if self.size <= MAX_OUTPUT else _CUT)
        else:
            self.add({"output_type": "stream", "name": name, "text": [text]}, len(text))

    def add_data(self, kind, data, metadata, display_id=None, **more):
        data = {mime: _text(value) for mime, value in data.items()}
        size = sum(len(value) for value in data.values() if isinstance(value, str))
        output = {"output_type": kind, "data": data, "metadata": metadata or {}, **more}
        self.add(output, size)
        if display_id is not None:
            output["display_id"] = str(display_id)[:100]
            self._displays.setdefault(display_id, []).append(output)

    def update(self, data, metadata, display_id):
        """Show something else where the display of this id stands."""
        data = {mime: _text(value) for mime, value in data.items()}
        self.size += sum(len(value) for value in data.values() if isinstance(value, str))
        if self.size > MAX_OUTPUT:
            return
        for output in self._displays.get(display_id, ()):
            output.update(data=data, metadata=metadata or {})
        if display_id in self._earlier and display_id is not None:
            # A display of an earlier cell: that cell's outputs are with the judge.
            self.updates[str(display_id)[:100]] = {
                "output_type": "display_data", "data": data, "metadata": metadata or {}}

    def take_back_error(self):
        """Forget the error that was recorded last."""
        if self.outputs and self.outputs[-1]["output_type"] == "error":
            self.outputs.pop()

    def take(self):
        """The outputs so far, in the notebook format's form, as far as they fit into a message."""
        taken, left = [], _MAX_TAKEN
        for output in self.outputs:
            if output["output_type"] == "stream":
                output["text"] = overwritten("".join(output["text"]))
            size = _size(output)
            if size > left:
                # A character takes at most 6 bytes as JSON.
                text = output["text"][:left // 6] if output["output_type"] == "stream" else ""
                taken.append({"output_type": "stream", "name": "stdout", "text": text + _CUT})
                break
            left -= size
            taken.append(output)
        self._room = left
        return taken

    def taken_updates(self):
        """{id: output} of what displays of earlier cells show now, as far as it fits as well."""
        taken = {}
        for display_id, output in self.updates.items():
            self._room -= _size(output)
            if self._room > 0:
                taken[display_id] = output
        return taken


def _size(output):
    return len(json.dumps(output, default=str))


def overwritten(text):
    """Text as it stands in the end where carriage returns and backspaces went back in a line."""
    if "\r" not in text and "\b" not in text:
        return text
    return "\n".join(_line(line) for line in text.replace("\r\n", "\n").split("\n"))


def _line(line):
    shown = ""
    for part in line.split("\r"):
        if "\b" in part:
            kept = []
            for sign in part:
                if sign != "\b":
                    kept.append(sign)
                elif kept:
                    kept.pop()
            part = "".join(kept)
        shown = part + shown[len(part):]
    return shown


def _text(value):
    """MIME data as the notebook format wants it: bytes in base64, the rest as it is."""
    if isinstance(value, bytes):
        return base64.b64encode(value).decode()
    return value


class Stream(io.TextIOBase):
    """Stands for stdout or stderr and gives what is written to a Recorder."""

    encoding = "utf-8"
    errors = "replace"

    def __init__(self, recorder, name):
        self.recorder, self.name = recorder, name

    def write(self, text):
        self.recorder.add_stream(self.name, str(text))
        return len(text)

    def writable(self):
        return True

    def isatty(self):
        return False
