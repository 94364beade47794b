"""What to do about Python's most frequent exceptions: a sentence beside its own words, or none.

Names that are misspelt, brackets of the wrong kind, a float where a whole number is needed. The
student's process needs it, so it imports nothing of the course.
"""

import builtins
import difflib
import functools
import linecache
import re
import sys

# What a lesson's first cell imports.
FIRST_CELL = ("check", "test", "np", "data", "not_yet", "pictures", "widgets")
_IMPORTS = {"np": "import numpy as np", "numpy": "import numpy",
            "plt": "import matplotlib.pyplot as plt"}
# What NumPy no longer has, and old texts still use.
_OF_NUMPY = re.compile(r"module 'numpy' has no attribute '(\w+)'")
_GONE = {"product": "np.prod", "cumproduct": "np.cumprod", "alltrue": "np.all",
         "sometrue": "np.any", "in1d": "np.isin", "row_stack": "np.vstack",
         "trapz": "np.trapezoid", "msort": "np.sort", "round_": "np.round",
         **{name: name for name in ("float", "int", "bool", "object", "complex", "str")}}
_NEAR = 0.75
_IDENTIFIER = re.compile(r"[^\W\d]\w*")

# (kind, what its message says, what to do)
_KNOWN = tuple((kind, re.compile(says), what) for kind, says, what in (
    ((TypeError, AttributeError), r"'?NoneType'?",
     "Something here is None: that is what a function gives that returns nothing."),
    (TypeError, r"for \^: |'bitwise_xor'",
     "^ is no power in Python: a power is written **."),
    ((TypeError, AttributeError), r"'tuple' and|and 'tuple'|'tuple' object has no attribute|"
                                  r"can only concatenate tuple",
     "Something here is a tuple: a shape is one, and what a function gives that returns several "
     "things. Unpack it, or take an entry by its number, such as [0]."),
    (TypeError, r"multiply sequence by non-int",
     "A number of this kind multiplies arrays, not tuples or lists. Is it a tuple of a function "
     "that returns several things? Unpack it, or take an entry by its number, such as [0]."),
    (ValueError, r"inhomogeneous",
     "Several arrays of different shapes stand here in one list or tuple. Does a function that "
     "returns several things stand where one of them is wanted? Unpack them, or take one with its "
     "number, such as [0]."),
    (TypeError, r"'(dict|list|tuple|numpy\.ndarray)' object is not callable",
     "An entry is written with square brackets: x[0]. Round ones call a function."),
    (TypeError, r"'(int|float|numpy\.\w+)' object is not callable",
     "A number is called here like a function: is a * missing before the bracket, or has a "
     "function's name been given to a number?"),
    (TypeError, r"'(module|str|bool)' object is not callable",
     "Only a function can be called. Has its name been given to something else?"),
    (TypeError, r"'(function|method|builtin_function_or_method)' object is not|"
                  r"type 'function' has no|'function' object has no|and 'function'|'function' and",
     "There is a function where its result is needed: are the brackets behind its name missing?"),
    (TypeError, r"'tuple' object cannot be interpreted as an integer",
     "A whole number is needed here, and this is a tuple: *shape hands its entries on one by one."),
    ((TypeError, IndexError),
     r"'(float|int|numpy\.\w+)' object is not subscriptable|invalid index to scalar variable",
     "A single number has no entries. Are the results of a function unpacked in another order than "
     "it returns them, or is one index too many here?"),
    (ValueError, r"values to unpack",
     "On the left of the = there have to be as many names as there are things on the right. The "
     "shape of an array has one number for each of its axes."),
    (TypeError, r"'float' object cannot be interpreted as an integer|"
                  r"integer argument expected, got float|slice indices must be integers",
     "A whole number is needed here, and / always gives a float; // does not."),
    (IndexError, r"only integers, slices",
     "An index has to be a whole number: / always gives a float, // does not."),
    (TypeError, r"'(int|numpy\.int64)' object is not iterable",
     "To count from 0 to n - 1, write range(n)."),
    (TypeError, r"[Cc]annot interpret '\d+' as a data type",
     "A shape is a single argument, with brackets of its own: np.zeros((2, 3))."),
    ((ValueError, TypeError), r"setting an array element with a sequence|"
                              r"only (length-1|0-dimensional) arrays can be converted",
     "One number has room here, and this is an array: is an index or a sum missing?"),
    (ValueError, r"truth value of an array",
     "An if, and, or, max or min of Python takes one number at a time, and this is an array."),
    (AttributeError, r"'numpy\.ndarray' object has no attribute 'append'",
     "An array does not grow. Append to a list, or fill an array of the right shape."),
    (AttributeError, r"'dict' object has no attribute '(\w+)'",
     "An entry of a dict is written with its name in square brackets: [\"{0}\"]."),
))


def advice(error, frame):
    """What to do about an exception that was raised in a frame of the student's, or "".

    Nothing of the student's is run for it, whatever an object says of itself.
    """
    try:
        return _of_names(error, frame) or _of_kinds(error)
    except Exception:
        return ""  # a strange exception is told without


def _of_names(error, frame):
    name = getattr(error, "name", None)
    gone = isinstance(error, AttributeError) and _OF_NUMPY.match(str(error))
    if gone and gone[1] in _GONE:
        return f"NumPy no longer has it: write {_GONE[gone[1]]}."
    if isinstance(error, UnboundLocalError):
        return "No line that ran before this one has given it a value."
    if isinstance(error, NameError) and isinstance(name, str):
        return _of_a_missing_name(name, frame)
    if isinstance(error, AttributeError) and isinstance(name, str):
        near = nearest(name, _attributes(error.obj))
        return f"Did you mean “{near}”?" if near else _what_it_has(error.obj)
    if isinstance(error, KeyError) and len(error.args) == 1 and type(error.args[0]) is str:
        keys = [key for value in frame.f_locals.values() if type(value) is dict for key in value
                if type(key) is str]
        near = nearest(error.args[0], keys) or _longer_or_shorter(error.args[0], keys)
        return f"Did you mean “{near}”?" if near else _of_a_missing_key(error.args[0], frame)
    return ""


def _what_it_has(value):
    """What an object of a notebook's own class has, if it is little."""
    kind = type(value)
    if kind.__module__ in sys.stdlib_module_names or kind.__module__.partition(".")[0] == "numpy":
        return ""
    names = [one for one in dict.fromkeys(_attributes(value)) if not one.startswith("_")]
    return f"It has {', '.join(names)}." if 0 < len(names) < 9 else ""


def _of_a_missing_key(key, frame):
    """What has no such entry: the only dict whose entry the line asks for."""
    if type(frame.f_locals.get(key)) is str:
        return (f"“{key}” in quotation marks is that word itself. Without them it is what your "
                f"variable {key} holds.")
    line = linecache.getline(frame.f_code.co_filename, frame.f_lineno, frame.f_globals)
    asked = [(name, value) for name, value in frame.f_locals.items()
             if type(value) is dict and key not in value and 0 < len(value) < 9
             and all(type(one) is str for one in value) and re.search(rf"\b{name}\s*\[", line)]
    if len(asked) != 1:
        return ""
    name, value = asked[0]
    return f"Here {name} has {', '.join(map(repr, value))}, and no {key!r}."


def _of_a_missing_name(name, frame):
    known = [*frame.f_locals, *frame.f_globals]
    if name == "numpy" and "np" in known:
        return "NumPy is called np here."
    if name in _IMPORTS or name in sys.stdlib_module_names:
        return f"Write “{_IMPORTS.get(name, f'import {name}')}” in a cell above, and run it."
    if name in FIRST_CELL:
        return "The first code cell of the notebook brings it along: run it once more."
    owner = frame.f_locals.get("self")
    if name in _attributes(owner) and not name.startswith("__"):
        return f"Did you mean “self.{name}”?"
    near = nearest(name, [*known, *dir(builtins)])
    if near:
        return f"Did you mean “{near}”?"
    return ("Nothing has that name so far. Is it spelt right? Is there a cell to run that defines "
            "it?")


def _attributes(value):
    """The names of what a value has, without asking the value itself."""
    try:
        own = object.__getattribute__(value, "__dict__")
    except AttributeError:
        own = {}
    return [*own, *(name for kind in type(value).__mro__ for name in vars(kind))]


# A function that stops is tried dozens of times.
@functools.lru_cache(maxsize=32)
def _among(name, names):
    plain = name.replace("_", "").lower()
    for one in names:
        if one.replace("_", "").lower() == plain:
            return one
    near = difflib.get_close_matches(name, names, 3, _NEAR)
    return next((one for one in near if _is_slip(name, one)), "")


def _is_slip(name, other):
    """True unless a whole word is another one: max_pool is not avg_pool misspelt."""
    words, others = name.lower().split("_"), other.lower().split("_")
    if len(words) != len(others):
        return set(words) <= set(others) or set(others) <= set(words)
    return all(
        difflib.SequenceMatcher(None, *pair).ratio() > 0.5 or len(pair[0] + pair[1]) < 4
        for pair in zip(words, others, strict=True))


def nearest(name, names):
    """The name that may have been meant, or ""."""
    return _among(name, tuple(one for one in dict.fromkeys(names)
                              if one != name and _IDENTIFIER.fullmatch(one)
                              and one.startswith("_") == name.startswith("_")))


def _longer_or_shorter(key, keys):
    """The only key that begins with this one, or that this one begins with, or ""."""
    found = {one for one in keys if min(len(one), len(key)) > 2
             and (one.startswith(key) or key.startswith(one))}
    return found.pop() if len(found) == 1 else ""


def _of_kinds(error):
    message = str(error)[:500]
    for kind, says, what in _KNOWN:
        found = isinstance(error, kind) and says.search(message)
        if found:
            return what.format(*found.groups()) if "{" in what else what
    return ""
