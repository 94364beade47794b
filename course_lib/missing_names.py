"""One sentence in place of a NameError in a cell that says `check` or `test`; below it elsewhere.

Whoever has misspelt a function's name, called the function that `check` should get, or restarted
the kernel and not run the cells above, gets told so below the cell. What is known about a
TypeError stands below Python's own words. IPython lets a notebook answer to an exception of its
choice; nothing is done outside a notebook's kernel. In a kernel that JupyterLab starts for the
lessons this module is an extension (`course_lib.lab.open`): it answers before any cell has run.
"""

import linecache
import re
import sys
import textwrap

from course_lib.advice import FIRST_CELL, advice, nearest

# What a learner may ask for in any cell; the lessons' own cells do not import these.
_ASKED = ("hint", "solution", "progress", "reset")
_CALL = re.compile(r"^(score = )?(check|test)\(", re.MULTILINE)
# What Python says of a call without arguments.
_LACKS_ARGUMENTS = re.compile(r"(\w+)\(\) missing \d+ required positional argument")


def answer_missing_names():
    """Tell missing names in the running notebook in a sentence, if there is one."""
    shell = getattr(sys.modules.get("IPython"), "get_ipython", lambda: None)()
    if getattr(shell, "kernel", None) is not None:
        shell.set_custom_exc((NameError, TypeError), _told)


def load_ipython_extension(shell):
    """What IPython calls when it starts with this module as an extension."""
    answer_missing_names()


def in_lines(text, width=72):
    """A printed sentence in lines: JupyterLab breaks a longer one in the middle of a word."""
    return textwrap.fill(text, width, break_long_words=False, break_on_hyphens=False)


def sentence(name, names):
    """What to do about a name that is not there, given those that are."""
    if name == "np" and "check" in names:
        # The first cell has run: that of lesson 1 does without NumPy.
        return "write “import numpy as np” in a cell, run it, then this cell again."
    if name in FIRST_CELL and name not in names:
        return (f"there is no “{name}” yet: the first code cell of this notebook has not run since "
                "the kernel started. Run all cells above this one (menu Run, Run All Above "
                "Selected Cell). If it is gone, the student guide says how to get it back.")
    if name in _ASKED:
        return f"run “from course_lib import {', '.join(_ASKED)}” once, then this cell again."
    near = nearest(name, names)
    if near:
        return f"there is no “{name}”. Did you mean “{near}”?"
    return (f"there is no “{name}” yet. Run the cell in which it is defined; after a restart of "
            "the kernel, run all cells above this one (menu Run, Run All Above Selected Cell).")


def _told(shell, kind, error, trace, tb_offset=None):
    last = trace
    while last.tb_next is not None:
        last = last.tb_next
    frame = last.tb_frame
    in_cell = frame.f_code.co_name == "<module>" and frame.f_globals is shell.user_ns
    source = "".join(linecache.getlines(frame.f_code.co_filename)) if in_cell else ""
    name = getattr(error, "name", None)
    ours = name in _ASKED or name in FIRST_CELL and name not in shell.user_ns
    # A function of an earlier cell may be the first to ask for what the first cell imports.
    in_function = frame.f_globals is shell.user_ns and name in FIRST_CELL
    called = _LACKS_ARGUMENTS.match(str(error))
    if called and in_cell and re.search(rf"(check|test)\(.*\b{called[1]}\(\)", source):
        lines = in_lines(f"{kind.__name__}: the function itself is needed here. Write “{called[1]}”"
                         " without brackets behind it.").splitlines()
    elif not (name and (ours and (in_cell or in_function) or in_cell and _CALL.search(source))):
        lines = shell.InteractiveTB.structured_traceback(kind, error, trace, tb_offset=tb_offset)
        said = advice(error, frame) if frame.f_globals is shell.user_ns else ""
        lines = [*lines, *in_lines(said).splitlines()]
    else:
        mine = [n for n, value in shell.user_ns.items()
                if callable(value) and not n.startswith("_")]
        if re.search(rf"""["']{name}["']""", source):
            mine = []  # the name of an exercise, and so no slip
        lines = in_lines(f"{kind.__name__}: {sentence(name, mine)}").splitlines()
    shell._showtraceback(kind, error, lines)
    return lines

