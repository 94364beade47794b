"""Does the cell that has defined a function still do so?

A kernel keeps what a cell has defined, also when the cell is edited and run again: under its old
name, or behind a line that stops. Such a function is gone after a restart, and in grading. What
is told needs the front end to name the cell that it runs, as JupyterLab and JupyterLite do.
"""

import ast
import inspect
import math
from typing import NamedTuple

from course_lib.student_error import parsed

_NESTED = (ast.FunctionDef, ast.AsyncFunctionDef, ast.ClassDef)
_shell = None
NOW = math.inf  # the number of the execution that has not ended
_runs = {}  # {number of the execution: Run}


class Run(NamedTuple):
    """One execution of a cell: the cell's id, its text, and the name of what stopped it, or ""."""

    cell: str
    text: str
    stopped: str


def listen(shell):
    """Note which cell runs what from now on, in a learner's IPython shell (or None)."""
    global _shell
    if shell is not None and _shell is None:
        _shell = shell
        # A check may stand in the very cell.
        shell.events.register("pre_run_cell", _begun)
        shell.events.register("post_run_cell", _ended)


def _begun(info):
    _note(info, NOW)


def _ended(result):
    _runs.pop(NOW, None)
    _note(result.info, result.execution_count, result.error_before_exec or result.error_in_exec)


def _note(info, number, error=None):
    try:
        cell = _shell.kernel.get_parent()["metadata"]["cellId"]
    except (AttributeError, KeyError, TypeError):
        return  # run by no cell, or by one without a name
    if info.store_history and isinstance(cell, str):
        _runs[number] = Run(cell, info.raw_cell, type(error).__name__ if error else "")


def left_behind(functions):
    """A sentence about the first of `functions` that its cell defines no longer, or ""."""
    for function in functions if _runs else ():
        number = _defined_by(function)
        run = _runs.get(number)
        last = max((n for n, other in _runs.items() if run and other.cell == run.cell), default=0)
        if run and last > number:
            said = _told(_names(function) & _bound(run.text), last)
            if said:
                return said
    return ""


def _told(names, number):
    """What there is to say if names were defined before a cell's execution `number`, or ""."""
    run, bound = _runs[number], _bound(_runs[number].text)
    if not names or names & bound and not run.stopped:
        return ""
    name, cell = min(names), "this cell" if number == NOW else f"your cell [{number}]"
    if run.stopped and (names & bound or not bound):
        return (f"{cell} stopped with {run.stopped} before it came to {name}. The "
                "kernel still holds the one from before, so there is nothing to judge. Mend the "
                "cell, run it, and then this one again.")
    others = " and ".join(sorted(one for one in _functions(run.text) if one in bound))
    return (f"{cell} no longer defines {name}"
            + (f"; it now defines {others}" if others else "") + ". The kernel still holds the "
            "old one, which is gone after a restart, and in grading. If you have renamed it, give "
            f"it back the name {name}; if it stands in another cell now, run that one.")


def _defined_by(function):
    """The number of the execution that has defined a function or class, or None."""
    function = inspect.unwrap(function)
    parts = vars(function).values() if inspect.isclass(function) else [function]
    files = [part.__code__.co_filename for part in parts if inspect.isfunction(part)]
    # The table from which IPython's own tracebacks say "Cell In[5]".
    table = getattr(_shell.compile, "_filename_map", {})
    return table.get(files[0]) if files else None


def _names(function):
    """The names that a function has in the notebook."""
    return {name for name, value in _shell.user_ns.items() if value is function}


def _functions(text):
    return [node.name for node in _own(_tree(text)) if isinstance(node, _NESTED)]


def _bound(text):
    """All names that a cell's text gives a value outside its functions; none if it does not parse.
    """
    bound = set()
    for node in _own(_tree(text)):
        if isinstance(node, _NESTED):
            bound.add(node.name)
        elif isinstance(node, ast.Name) and isinstance(node.ctx, ast.Store):
            bound.add(node.id)
        elif isinstance(node, ast.alias):
            bound.add(node.asname or node.name.partition(".")[0])
    return bound


def _tree(text):
    if text.lstrip().startswith("%%"):
        text = text.lstrip().partition("\n")[2]  # what %%time runs is the rest
    try:
        return parsed(_shell.transform_cell(text))
    except Exception:  # IPython reads no lines that break off
        return parsed("")


def _own(node):
    """All nodes below one, but for what is within functions and classes."""
    for child in ast.iter_child_nodes(node):
        yield child
        if not isinstance(child, _NESTED):
            yield from _own(child)
