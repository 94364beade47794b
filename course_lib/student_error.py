"""What went wrong inside a student's function: told briefly, in words of plain data.

The judge and the student's process both need it, so it imports nothing that knows an answer.
"""

import ast
import functools
import linecache
import re
import sys
import textwrap
import traceback
from pathlib import Path

import numpy as np

from course_lib.advice import advice

_COURSE = str(Path(__file__).resolve().parent)
# The judge's own package, where the course lies beside it.
_JUDGE = str(Path(__file__).resolve().parents[1] / "autograder")
# Python's and its packages' files; in a browser all of the system lies below its prefix.
_PYTHON = tuple("/lib/" if prefix == "/" else prefix for prefix in (sys.prefix, sys.base_prefix))
# How the names of files begin that hold no code of a student's.
NOT_THEIRS = (_COURSE, _JUDGE, *_PYTHON, "<frozen")
MOST_SHAPES, MOST_LINES = 12, 5
ENOUGH = 6  # so many of what stands in the line, and others are left out
# How many statements the stubs of the lessons hold beside the gap; those of all others hold none. A
# test counts them in the released notebooks.
GIVEN = {"receptive_field_of_two": 2, "window_at": 2, "row_backward": 5, "where_is_max": 1,
         "window_to_column": 2, "flat_size": 2, "count_params": 5, "count_macs": 6}
# Also behind a condition in the same line.
_RAISES = re.compile(r"(?:^|:\s*)(?:raise|assert)\b")
_NAME = re.compile(r"\b[^\W\d]\w*")


class StudentError(Exception):
    """What went wrong inside a student's function.

    kinds     names of the exception's class and its bases, most special first
    lines     (line number, source text) in the student's own code, outermost call first
    places    for each of the lines, the function and, in a notebook, the cell that it stands in
    function  name of the innermost of the student's functions
    shapes    (name, text) of what is at hand in the innermost of these lines, what stands in the
              line first: shapes of arrays; whole numbers and settings as they are
    advice    what to do about it, a sentence; or ""
    written   of a NotImplementedError: whether the function has other lines than that one
    outside   whether it was raised in the course's code and in no line of the student's
    """

    outside = False

    def __init__(self, kinds, message, lines=(), shapes=(), function="", places=(), written=False,
                 advice=""):
        super().__init__(message)
        self.kinds = tuple(kinds)
        self.message = message
        self.lines = tuple(lines)
        self.places = tuple(places)
        self.shapes = tuple(shapes)
        self.function = function
        self.written = written
        self.advice = advice

    @property
    def refuses(self):
        """Whether it was raised on purpose, by a line with raise or assert of the student's."""
        return bool(self.lines) and bool(_RAISES.search(self.lines[-1][1]))

    @property
    def is_sentence(self):
        """Whether it is an exercise's own sentence about what a function returns."""
        return not self.lines and self.kinds == ("ValueError",)

    def __str__(self):
        return f"{self.kinds[0]}: {self.message}" if self.message else self.kinds[0]


class StudentStopped(StudentError):
    """The student's function did not return: it was too slow, or its process ended.

    way  in a few words, how it failed; something else if it did return, after too long a time
    """

    NO_RETURN = "does not return"

    def __init__(self, message, way=NO_RETURN, **more):
        super().__init__(["Stopped"], message, **more)
        self.way = way


def from_exception(error, skip=()):
    """A StudentError that tells `error`, with the traceback lines in the student's own cells.

    skip  folders, beside the course's and Python's own, whose lines are left out
    """
    kinds = [c.__name__ for c in type(error).__mro__ if issubclass(c, BaseException)]
    return StudentError(kinds, told(error), **whereabouts(error, skip))


def told(error):
    """What an exception says, as StudentError has it. NumPy ends some with a space.

    Of an attribute that NumPy no longer has, it tells a history with addresses: not that.
    """
    text = str(error)[:500].strip()
    return text.partition("\n")[0] if isinstance(error, AttributeError) else text


def whereabouts(error, skip=()):
    """Where in the student's code an exception was raised, as fields of StudentError."""
    hidden = (*NOT_THEIRS, *skip)
    found = [(frame, number) for frame, number in traceback.walk_tb(error.__traceback__)
             if not frame.f_code.co_filename.startswith(hidden)]
    if not found:
        return {}
    lines, places = [], []
    for frame, number in found:
        line = number, linecache.getline(frame.f_code.co_filename, number, frame.f_globals).strip()
        # A function that calls itself has the same line many times.
        if not lines or line != lines[-1]:
            lines.append(line)
            places.append(_place(frame.f_code))
    frame, number = found[-1]
    tree = _tree(frame)
    return {"lines": lines[-MOST_LINES:], "places": places[-MOST_LINES:],
            "shapes": at_hand(frame.f_locals, _statement(frame, number, tree))[:MOST_SHAPES],
            "function": frame.f_code.co_name, "advice": advice(error, frame),
            "written": isinstance(error, NotImplementedError) and _is_written(frame, tree)}


def _place(code):
    """The function, and the number of the cell where a notebook knows it."""
    function = "" if code.co_name == "<module>" else code.co_name
    shell = getattr(sys.modules.get("IPython"), "get_ipython", lambda: None)()
    if getattr(shell, "kernel", None) is None:
        return function
    # The table from which IPython's own tracebacks say "Cell In[5]".
    number = getattr(shell.compile, "_filename_map", {}).get(code.co_filename)
    cell = f"cell [{number}]" if isinstance(number, int) else ""
    return ", ".join(filter(None, (function, cell)))


def _tree(frame):
    """The syntax tree of the cell or file that a frame's code stands in."""
    return parsed("".join(linecache.getlines(frame.f_code.co_filename, frame.f_globals)))


# A function that stops is tried dozens of times.
@functools.lru_cache(maxsize=16)
def parsed(source):
    try:
        return ast.parse(source)
    except (SyntaxError, ValueError, RecursionError, MemoryError):
        return ast.Module([], [])


def _statement(frame, number, tree):
    """The text of the innermost statement around a line: it may go over several lines."""
    lines = linecache.getlines(frame.f_code.co_filename, frame.f_globals)
    first, last = _span(tree, number)
    return "".join(lines[first - 1:last])


@functools.lru_cache(maxsize=64)
def _span(tree, number):
    """The first and the last line of the innermost statement around a line."""
    around = [node for node in ast.walk(tree) if isinstance(node, ast.stmt)
              and node.lineno <= number <= node.end_lineno and not hasattr(node, "body")]
    node = min(around, key=lambda n: n.end_lineno - n.lineno, default=None)
    return (node.lineno, node.end_lineno) if node else (number, number)


def at_hand(values, text):
    """(name, text) of arrays, whole numbers and settings; those that `text` names come first."""
    named, given = list(dict.fromkeys(_NAME.findall(text))), _given(text)
    order = [name for name in named if name in values and name not in given]
    # Of what the line does not name, numbers would be too many.
    if len([name for name in order if _short(values[name])]) < ENOUGH:
        order += [name for name, value in values.items()
                  if name not in named and isinstance(value, (np.ndarray, dict))]
    shown = [(name, _short(values[name])) for name in order]
    return [(name, short) for name, short in shown if short]


def _given(text):
    """The names that a statement gives a value and does not read: what they are is of long ago."""
    names = [node for node in ast.walk(parsed(textwrap.dedent(text)))
             if isinstance(node, ast.Name)]
    return {node.id for node in names if isinstance(node.ctx, ast.Store)} - {
        node.id for node in names if isinstance(node.ctx, ast.Load)}


def _short(value):
    if isinstance(value, np.ndarray):
        return str(value.shape)
    if isinstance(value, (int, np.integer)) and not isinstance(value, bool):
        return f"= {int(value)}" if abs(int(value)) < 10**9 else ""
    if value is None or isinstance(value, (float, np.floating)):
        text = repr(value if value is None else float(value))
        return f"= {text}" if len(text) < 9 else f"= {float(value):.6g}"
    if isinstance(value, tuple) and 0 < len(value) <= 6 and all(type(n) is int for n in value):
        return f"= {value}"
    if isinstance(value, dict) and 0 < len(value) <= 4 and all(
            isinstance(key, str) and isinstance(one, int) for key, one in value.items()):
        return f"= {value}"
    return ""


def _is_written(frame, tree):
    """True if a function that raises NotImplementedError has an answer beside that line.

    What the course gives in its stub is none: the statements of GIVEN, and a `return` of names that
    nobody has given a value yet.
    """
    code = frame.f_code
    function = next((node for node in ast.walk(tree)
                     if isinstance(node, ast.FunctionDef) and node.name == code.co_name
                     and node.lineno <= code.co_firstlineno + 5
                     and code.co_firstlineno <= node.end_lineno), None)
    return function is not None and written_in(function) > GIVEN.get(function.name, 0)


def written_in(function):
    """How many statements of a function (its syntax tree) may be an answer."""
    bound = {node.id for node in ast.walk(function) if isinstance(node, ast.Name)
             and isinstance(node.ctx, ast.Store)} | {arg.arg for arg in function.args.args}
    statements = [node for node in ast.walk(function) if isinstance(node, ast.stmt)][1:]
    return sum(_is_answer(node, bound) for node in statements)


def _is_answer(node, bound):
    if isinstance(node, (ast.Pass, ast.Raise)):
        return False
    if isinstance(node, ast.Expr) and isinstance(node.value, ast.Constant):
        return False
    if isinstance(node, ast.Return):
        return all(name.id in bound for name in ast.walk(node) if isinstance(name, ast.Name))
    return True
