"""Runs notebook cells in an IPython shell without a kernel and records their outputs.

The same class runs the student's cells in the sandbox and the course's cells at the judge.
Outputs are plain dicts in the notebook format's own form, in the order in which they came.
"""

import builtins
import sys

from IPython.core.compilerop import CachingCompiler
from IPython.core.displayhook import DisplayHook
from IPython.core.displaypub import DisplayPublisher
from traitlets import Type
from traitlets.config import Config

from autograder.sandbox.inside.left_out import LeavesOut, install
from autograder.sandbox.inside.recorder import Recorder, Stream


def explain(error):
    """Say of a package that cannot be imported why it is not there."""
    if isinstance(error, ModuleNotFoundError) and error.name and "." not in error.name:
        error.msg = f"{error.name} is not there in grading; the course needs NumPy alone"


class _Publisher(DisplayPublisher):
    recorder = None

    def publish(self, data, metadata=None, source=None, *, transient=None, update=False, **kwargs):
        display_id = (transient or {}).get("display_id")
        if update:
            self.recorder.update(data, metadata, display_id)
        else:
            self.recorder.add_data("display_data", data, metadata, display_id)

    def clear_output(self, wait=False):
        self.recorder.clear(wait)


class _Hook(DisplayHook):
    recorder = None

    def write_output_prompt(self):
        pass

    def write_format_data(self, format_dict, md_dict=None):
        self.recorder.add_data("execute_result", format_dict, md_dict,
                               execution_count=self.prompt_count)

    def finish_displayhook(self):
        pass

    def flush(self):
        """Forget what cells have shown. IPython's own also searches all of memory for garbage."""
        for name in [f"_{n}" for n in range(1, self.prompt_count + 1)]:
            self.shell.user_ns.pop(name, None)
        self.shell.user_ns.get("_oh", {}).clear()
        self._ = self.__ = self.___ = ""


class _Remembering(CachingCompiler):
    """Keeps the trees and the code of cells that come again with every submission."""

    _most = 500

    def __init__(self):
        super().__init__()
        self._trees, self._code = {}, {}

    def ast_parse(self, source, filename="<unknown>", symbol="exec"):
        if source not in self._trees:
            if len(self._trees) >= self._most:
                self._trees.clear()
                self._code.clear()
            self._trees[source] = super().ast_parse(source, filename, symbol)
        return self._trees[source]

    def __call__(self, source, filename, symbol, **more):
        # What it is given is a new module around a statement of one of the trees.
        key = symbol, *map(id, source.body)
        if key not in self._code:
            self._code[key] = super().__call__(source, filename, symbol, **more)
        return self._code[key]


class _Shell(LeavesOut):
    displayhook_class = Type(_Hook)
    display_pub_class = Type(_Publisher)
    recorder = None
    brief = False
    brief_errors = ("TimeLimit",)
    _most_transformed = 500

    def __init__(self, *args, **kwargs):
        self._transformed = {}
        super().__init__(*args, **kwargs)

    def transform_cell(self, raw_cell):
        """As in IPython; the judge's cells, the same for a whole class, are gone through once."""
        if not self.brief:
            return super().transform_cell(raw_cell)
        if raw_cell not in self._transformed:
            if len(self._transformed) >= self._most_transformed:
                self._transformed.clear()
            self._transformed[raw_cell] = super().transform_cell(raw_cell)
        return self._transformed[raw_cell]

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
        self._streams = {}
        self.shell = _Shell.instance(config=config)
        self.shell.recorder = self.recorder
        self.shell.brief = brief
        # No cell of the course awaits anything: there is no need to look.
        self.shell.autoawait = not brief
        if brief:
            self.shell.compile = _Remembering()
        self.shell.display_pub.recorder = self.recorder
        self.shell.displayhook.recorder = self.recorder
        self.shell.builtin_trap.activate()
        builtins.input = self.shell.raw_input
        self.shell.enable_matplotlib("inline")

    @property
    def namespace(self):
        return self.shell.user_ns

    def leave_out(self):
        """From now on lines for a shell, a screen or a debugger are left out, with a notice."""
        install(self.shell)

    def reset(self):
        """Forget every name that earlier cells defined."""
        self.shell.reset(new_session=True, aggressive=False)
        self.shell.execution_count = 1

    def run(self, source):
        """Run one cell; returns (outputs, succeeded)."""
        self.recorder.begin()
        with self.captured():
            self.shell.in_cell = True
            try:
                result = self.shell.run_cell(source, store_history=True, silent=False)
            finally:
                self.shell.in_cell = False
        return self.recorder.take(), bool(result.success)

    def captured(self):
        """A context in which stdout and stderr go to the recorder."""
        return _Captured(self)

    def stream(self, name):
        """The stream of this name; another one if a cell has closed it."""
        if name not in self._streams or self._streams[name].closed:
            self._streams[name] = Stream(self.recorder, name)
        return self._streams[name]


class _Captured:
    def __init__(self, runner):
        self.runner = runner

    def __enter__(self):
        self.before = sys.stdout, sys.stderr
        sys.stdout, sys.stderr = self.runner.stream("stdout"), self.runner.stream("stderr")

    def __exit__(self, *exc):
        sys.stdout, sys.stderr = self.before
