"""Lines of a notebook for a shell, a screen or a debugger: left out, with a notice, and on it goes.

`!pip install`, `%matplotlib qt`, `breakpoint()` or `input()` make sense where a person sits at a
machine. In grading there is none of these. Such a line must not take along what its cell defines.
"""

import ast
import bdb
import builtins
import code
import concurrent.futures.process
import dis
import errno
import getpass
import multiprocessing.pool
import os
import pdb
import socket
import subprocess
import sys
import types
import urllib.error

from IPython.core.interactiveshell import InteractiveShell
from IPython.utils.text import SList

NO_PROCESSES = "no other programs or processes can be started in grading"
_NO_PERSON = "nobody answers in grading"
_NO_SCREEN = "there is no screen in grading"

_SHELL_MAGICS = {"pip", "conda", "mamba", "micromamba", "uv", "system", "sx", "sc", "!", "script",
                 "less", "more", "man", "edit", "ed", "qtconsole", "connect_info", "tensorboard"}
_SHELL_CELLS = {"bash", "sh", "script", "perl", "ruby", "cmd", "powershell", "pypy", "python",
                "python2", "python3", "system", "sx", "!"}
_DEBUG_MAGICS = {"debug", "pdb"}
_HELP_MAGICS = {"pinfo", "pinfo2", "psearch", "pdoc", "pdef", "psource", "pfile", "pycat", "page",
                "quickref", "guiref", "magic", "lsmagic"}
# A line that runs the student's own code may fail with the student's own error.
_RUN_CODE = {"time", "timeit", "prun", "run", "capture"}
_DRAWN_IN_PAGE = ("", "inline", "agg", "svg", "pdf", "ps", "cairo", "template")
# Programs' windows, and widgets that need a browser behind them.
_SCREENS = ("tk", "qt", "gtk", "wx", "macosx", "osx", "nbagg", "notebook", "webagg", "widget",
            "ipympl")
# Debuggers that are not there: what asks for one gets a notice, wherever it stands.
_DEBUGGERS = ("ipdb", "pudb", "rpdb", "remote_pdb", "web_pdb", "wdb", "debugpy", "pydevd")
_OURS = ("course_lib", "autograder")
_NO_NETWORK = (errno.ENETUNREACH, errno.EHOSTUNREACH, errno.ENETDOWN)
_SCREEN_MODULES = ("tkinter", "_tkinter", "turtle", "PyQt", "PySide", "wx")


class LeavesOut(InteractiveShell):
    """An IPython shell that leaves such lines out.

    Where a statement fails after something was left out of it, the cell goes on behind it.
    """

    leaves_out = False  # the judge's own shell is not walled
    in_cell = False
    _seen = False
    # Names that a line which was left out may have defined, or defined without an answer to it.
    _absent = frozenset()

    def notice(self, what, why):
        """Say in the cell's output what was left out."""
        self._seen = True
        print(f"[left out in grading: {' '.join(str(what).split())[:200]} ({why})]")

    async def run_code(self, code_obj, result=None, *, async_=False):
        """As in IPython, except that a statement of which something was left out never fails."""
        if not self.leaves_out:
            return await super().run_code(code_obj, result, async_=async_)
        self._seen = False
        failed = await super().run_code(code_obj, result, async_=async_)
        error = getattr(result, "error_in_exec", None)
        # `n = int(answer)`, where `answer = input()` got none, fails for the same reason.
        follows = bool(self._absent) and (
            not self._absent.isdisjoint(_names(code_obj, "LOAD_"))
            or isinstance(error, NameError) and error.name in self._absent)
        why = _missing_here(error)
        left_out = self._seen or follows or why or _needs_a_screen(error)
        if left_out:
            self._absent = self._absent | _names(code_obj, "STORE_")
        if not failed or not isinstance(error, Exception) or not left_out:
            return failed
        self.recorder.take_back_error()
        self.notice(f"the rest of this line, {type(error).__name__}: {error}",
                    why or "what it needs was left out")
        result.error_in_exec = None
        return False

    def system(self, cmd):
        if not self.leaves_out:
            return super().system(cmd)
        self.notice(f"!{cmd}", NO_PROCESSES)
        self.user_ns["_exit_code"] = 1

    def getoutput(self, cmd, split=True, depth=0):
        if not self.leaves_out:
            return super().getoutput(cmd, split, depth)
        self.notice(f"!{cmd}", NO_PROCESSES)
        return SList() if split else ""

    def debugger(self, force=False):
        if not self.leaves_out:
            return super().debugger(force)
        self.notice("%debug", _NO_PERSON)

    def run_line_magic(self, magic_name, line, _stack_depth=1):
        """As in IPython, except that no line for IPython ends a cell."""
        if not self.leaves_out:
            return super().run_line_magic(magic_name, line, _stack_depth + 1)
        what = f"%{magic_name} {line}"
        why = _reason(magic_name)
        if magic_name in ("matplotlib", "pylab"):
            gui = [word for word in line.split() if not word.startswith("-")]
            if not gui or _is_screen(gui[0]):
                self.notice(what, _NO_SCREEN)
                if magic_name == "matplotlib":
                    return None
                line = " ".join([word for word in line.split() if word.startswith("-")]
                                + ["inline"])
        elif magic_name == "gui":
            why = _NO_SCREEN
        if why:
            return self.notice(what, why)
        try:
            return super().run_line_magic(magic_name, line, _stack_depth + 1)
        except Exception as error:
            if magic_name in _RUN_CODE and self.find_line_magic(magic_name):
                raise
            self.notice(what, f"{type(error).__name__}: {error}")
            return None

    def run_cell_magic(self, magic_name, line, cell):
        """As in IPython, except that what follows a magic that is not there is run without it."""
        if not self.leaves_out:
            return super().run_cell_magic(magic_name, line, cell)
        if magic_name in _SHELL_CELLS:
            return self.notice(f"%%{magic_name} {line}", NO_PROCESSES)
        if self._find_with_lazy_load("cell", magic_name) and magic_name != "debug":
            return super().run_cell_magic(magic_name, line, cell)
        source = self.transform_cell(cell)
        try:
            ast.parse(source)
        except (SyntaxError, ValueError):
            return self.notice(f"%%{magic_name} {line}", "there is no such magic in grading")
        self.notice(f"%%{magic_name} {line}", "there is no such magic in grading; the cell ran "
                    "without it")
        exec(compile(source, "<cell>", "exec"), self.user_global_ns, self.user_ns)

    def raw_input(self, prompt=""):
        """The answer to `input()`: none. A function that the judge calls is told so."""
        if not (self.in_cell and self.leaves_out):
            raise RuntimeError("input() cannot be answered while a notebook is graded")
        self.notice(f"input({prompt!r})", _NO_PERSON)
        return ""

    def getpass(self, prompt="", stream=None):
        return self.raw_input(prompt)


def _names(code, how):
    """The names of a notebook that a statement's code, or a function in it, binds or reads."""
    inner = [part for part in code.co_consts if isinstance(part, type(code))]
    return {step.argval for step in dis.get_instructions(code)
            if step.opname in (f"{how}NAME", f"{how}GLOBAL")}.union(
                *(_names(part, how) for part in inner))


def _reason(magic_name):
    if magic_name in _SHELL_MAGICS:
        return NO_PROCESSES
    if magic_name in _DEBUG_MAGICS:
        return _NO_PERSON
    if magic_name in _HELP_MAGICS:
        return "help is shown on a screen"
    return ""


def _is_screen(backend):
    name = str(backend).lower().removeprefix("module://")
    return name not in _DRAWN_IN_PAGE and name.startswith(_SCREENS)


def _missing_here(error):
    """Why a line fails that may well run on a student's machine: a package or the network; or "".

    The course's own modules are all there that may be.
    """
    if isinstance(error, ModuleNotFoundError):
        top = str(error.name).partition(".")[0]
        return "" if not error.name or top in _OURS or top in sys.modules else (
            f"{top} is not there in grading; the course needs NumPy alone")
    while isinstance(error, Exception):
        if isinstance(error, (socket.gaierror, urllib.error.URLError)) or (
                isinstance(error, OSError) and error.errno in _NO_NETWORK):
            return "there is no network in grading"
        error = error.__cause__ or error.__context__
    return ""


def _needs_a_screen(error):
    if isinstance(error, ImportError):
        return str(error.name).startswith(_SCREEN_MODULES) or "libtk" in str(error)
    return type(error).__name__ == "TclError"


def _dunder(name):
    """No module has an answer for Python's own questions to it."""
    if name.startswith("__"):
        raise AttributeError(name)


def install(shell):
    """Leave out what cells ask of Python's own functions for shell, screen, debugger and input.

    From then on this process starts no other one.
    """
    import IPython
    import matplotlib
    import matplotlib.pyplot as plt

    shell.leaves_out = True
    builtins.input = shell.raw_input
    getpass.getpass = shell.getpass

    def no_debugger(*args, **kwargs):
        shell.notice("a breakpoint", _NO_PERSON)

    sys.breakpointhook = no_debugger
    pdb.set_trace = pdb.post_mortem = pdb.pm = no_debugger
    bdb.Bdb.set_trace = pdb.Pdb.set_trace = pdb.Pdb.interaction = no_debugger
    IPython.embed = code.interact = code.InteractiveConsole.interact = no_debugger
    for name in _DEBUGGERS:
        if name not in sys.modules:
            module = sys.modules[name] = types.ModuleType(name)
            module.__getattr__ = lambda what: _dunder(what) or no_debugger

    def unless_screen(function, name):
        def use(backend, *args, **kwargs):
            if _is_screen(backend):
                return shell.notice(f"{name}({backend!r})", _NO_SCREEN)
            return function(backend, *args, **kwargs)

        return use

    matplotlib.use = unless_screen(matplotlib.use, "matplotlib.use")
    plt.switch_backend = unless_screen(plt.switch_backend, "plt.switch_backend")

    def no_program(command):
        shell.notice(f"os.system({command!r})", NO_PROCESSES)
        return 1

    def no_processes(*args, **kwargs):
        shell._seen = True
        raise PermissionError(NO_PROCESSES)

    os.system = no_program
    os.fork = os.posix_spawn = os.posix_spawnp = os.forkpty = no_processes
    subprocess.Popen.__init__ = no_processes
    # A process that failed half-way has nothing to clean up.
    subprocess.Popen.__del__ = lambda self, *args, **kwargs: None
    multiprocessing.process.BaseProcess.start = no_processes
    multiprocessing.pool.Pool.__init__ = no_processes
    multiprocessing.pool.Pool.__del__ = lambda self: None
    concurrent.futures.process.ProcessPoolExecutor.__init__ = no_processes
