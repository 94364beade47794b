"""Runs notebook cells in an IPython shell without a kernel and records their outputs.

The same class runs the student's cells in the sandbox and the course's cells at the judge.
Outputs are plain dicts in the notebook format's own form, in the order in which they came.
"""

import base64
import builtins
import io
import sys

from IPython.core.displayhook import DisplayHook
from IPython.core.displaypub import DisplayPublisher
from IPython.core.interactiveshell import InteractiveShell
from traitlets import Type
from traitlets.config import Config

MAX_OUTPUT = 2 * 2**20
_CUT = "\n[more output was cut off here]\n"


def explain(error):
    """Say of a package that cannot be imported why it is not there."""
    if isinstance(error, ModuleNotFoundError) and error.name and "." not in error.name:
        error.msg = f"{error.name} is not there in grading; the course needs NumPy alone"


class Recorder:
    """The outputs of the running cell, up to MAX_OUTPUT characters in all."""

    def __init__(self):
        self.outputs = []
        self.size = 0

    def clear(self):
        self.outputs, self.size = [], 0

    def add(self, output, size):
        if self.size > MAX_OUTPUT:
            return
        self.size += size
        if self.size > MAX_OUTPUT:
            output = {"output_type": "stream", "name": "stdout", "text": [_CUT]}
        self.outputs.append(output)

    def add_stream(self, name, text):
        last = self.outputs[-1] if self.outputs else {}
        if self.size > MAX_OUTPUT:
            return
        if last.get("output_type") == "stream" and last["name"] == name:
            self.size += len(text)
            # A list until the cell is over: adding to a long string a million times never ends.
            last["text"].append(text if self.size <= MAX_OUTPUT else _CUT)
        else:
            self.add({"output_type": "stream", "name": name, "text": [text]}, len(text))

    def take(self):
        """The outputs so far, in the notebook format's form."""
        for output in self.outputs:
            if output["output_type"] == "stream":
                output["text"] = "".join(output["text"])
        return self.outputs

    def add_data(self, kind, data, metadata, **more):
        data = {mime: _text(value) for mime, value in data.items()}
        size = sum(len(value) for value in data.values() if isinstance(value, str))
        self.add({"output_type": kind, "data": data, "metadata": metadata or {}, **more}, size)


def _text(value):
    """MIME data as the notebook format wants it: bytes in base64, the rest as it is."""
    if isinstance(value, bytes):
        return base64.b64encode(value).decode()
    return value


class _Stream(io.TextIOBase):
    def __init__(self, recorder, name):
        self.recorder, self.name = recorder, name

    def write(self, text):
        self.recorder.add_stream(self.name, str(text))
        return len(text)

    def writable(self):
        return True

    def isatty(self):
        return False


class _Publisher(DisplayPublisher):
    recorder = None

    def publish(self, data, metadata=None, source=None, *, transient=None, update=False, **kwargs):
        self.recorder.add_data("display_data", data, metadata)

    def clear_output(self, wait=False):
        self.recorder.clear()


class _Hook(DisplayHook):
    recorder = None

    def write_output_prompt(self):
        pass

    def write_format_data(self, format_dict, md_dict=None):
        self.recorder.add_data("execute_result", format_dict, md_dict,
                               execution_count=self.prompt_count)

    def finish_displayhook(self):
        pass


class _Shell(InteractiveShell):
    displayhook_class = Type(_Hook)
    display_pub_class = Type(_Publisher)
    recorder = None
    brief = False
    brief_errors = ("TimeLimit",)

    def enable_gui(self, gui=None):
        pass

    def showtraceback(self, exc_tuple=None, *args, **kwargs):
        if not self.brief:
            explain(exc_tuple[1] if exc_tuple else sys.exc_info()[1])
        super().showtraceback(exc_tuple, *args, **kwargs)

    def _showtraceback(self, etype, evalue, stb):
        name, value = etype.__name__, str(evalue)
        brief = self.brief or name in self.brief_errors
        lines = [f"{name}: {value}"] if brief else list(stb)
        self.recorder.add({"output_type": "error", "ename": name, "evalue": value[:2000],
                           "traceback": [line[:4000] for line in lines[:60]]},
                          sum(map(len, lines[:60])))

    def raw_input(self, prompt=""):
        raise RuntimeError("input() cannot be answered while a notebook is graded")


class CellRunner:
    """Runs cells one after the other in one namespace.

    brief: an error is recorded as one line without the code around it (at the judge, where that
    code is a hidden test).
    """

    def __init__(self, brief=False):
        config = Config()
        config.HistoryManager.enabled = False
        config.HistoryManager.hist_file = ":memory:"
        config.InteractiveShell.colors = "nocolor"
        config.InteractiveShell.xmode = "Context"
        self.recorder = Recorder()
        self.shell = _Shell.instance(config=config)
        self.shell.recorder = self.recorder
        self.shell.brief = brief
        self.shell.display_pub.recorder = self.recorder
        self.shell.displayhook.recorder = self.recorder
        self.shell.builtin_trap.activate()
        builtins.input = self.shell.raw_input
        self.shell.enable_matplotlib("inline")

    @property
    def namespace(self):
        return self.shell.user_ns

    def reset(self):
        """Forget every name that earlier cells defined."""
        self.shell.reset(new_session=True, aggressive=False)
        self.shell.execution_count = 1

    def run(self, source):
        """Run one cell; returns (outputs, succeeded)."""
        self.recorder.clear()
        with self.captured():
            result = self.shell.run_cell(source, store_history=True, silent=False)
        return self.recorder.take(), bool(result.success)

    def captured(self):
        """A context in which stdout and stderr go to the recorder."""
        return _Captured(self.recorder)


class _Captured:
    def __init__(self, recorder):
        self.recorder = recorder

    def __enter__(self):
        self.before = sys.stdout, sys.stderr
        sys.stdout = _Stream(self.recorder, "stdout")
        sys.stderr = _Stream(self.recorder, "stderr")

    def __exit__(self, *exc):
        sys.stdout, sys.stderr = self.before
