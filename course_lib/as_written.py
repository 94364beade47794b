"""What can be seen in a student's function without running it: lines that cannot do what they seem.

Each sentence is true of the source whatever the function is for. They are told beside a verdict
that something is wrong, and never of a right answer. Where the source is not at hand, as across
the boundary of grading, nothing is seen.
"""

import ast
import inspect
import linecache

from course_lib.student_error import parsed

MOST = 2
# Methods and functions that give a new array and leave the one they are asked of as it was.
_GIVE_A_NEW_ONE = {"reshape", "transpose", "swapaxes", "astype", "copy", "squeeze", "flatten",
                   "ravel", "pad", "stack", "concatenate", "maximum", "minimum", "sorted"}
_STARTS = {"zeros", "ones", "empty", "full", "zeros_like", "ones_like", "empty_like", "list",
           "dict"}
_NESTED = (ast.FunctionDef, ast.Lambda, ast.ClassDef, ast.AsyncFunctionDef)
_LOOPS = (ast.For, ast.While)


def seen_in(function):
    """Sentences about a function, or the methods of a class: at most two."""
    if isinstance(function, type):
        methods = [part for part in vars(function).values() if inspect.isfunction(part)]
        found = [sentence for part in methods for sentence in _seen(part, is_method=True)]
    else:
        found = _seen(function)
    return tuple(dict.fromkeys(found))[:MOST]


def _seen(function, is_method=False):
    code = getattr(function, "__code__", None)
    if code is None:
        return []
    lines = linecache.getlines(code.co_filename, function.__globals__)
    tree = next((node for node in ast.walk(parsed("".join(lines)))
                 if isinstance(node, ast.FunctionDef) and node.name == code.co_name
                 and code.co_firstlineno in (node.lineno, *(d.lineno for d in node.decorator_list))
                 ), None)
    return [] if tree is None else sentences(tree, lines, is_method)


def sentences(tree, lines, is_method=False):
    """All there is to say of a function's syntax tree, which stands in these lines of source."""
    kept = [*_thrown_away(tree)] or ([] if is_method else [*_no_return(tree)])
    return [*_returns_in_loops(tree, lines), *_starts_again(tree, lines), *kept, *_powers(tree),
            *_two_names(tree)]


def _own(node):
    """All nodes below one, but for those of functions and classes within it."""
    for child in ast.iter_child_nodes(node):
        if not isinstance(child, _NESTED):
            yield child
            yield from _own(child)


def _returns_in_loops(tree, lines):
    """A return of a loop's own body, behind no condition: the second round never comes."""
    for loop in _own(tree):
        if not isinstance(loop, _LOOPS) or any(isinstance(n, ast.Continue) for n in _own(loop)):
            continue
        for node in loop.body:
            if isinstance(node, ast.Return):
                yield (f"The return in line {node.lineno} stands inside the loop "
                       f"“{_short(lines[loop.lineno - 1])}”. It ends the function in the first "
                       "round.")


def _starts_again(tree, lines):
    """What is returned behind a loop and is given its start in each round of it."""
    returned = [(node.lineno, {name.id for name in ast.walk(node) if isinstance(name, ast.Name)})
                for node in _own(tree) if isinstance(node, ast.Return)]
    for loop in _own(tree):
        if not isinstance(loop, _LOOPS):
            continue
        wanted = {name for line, names in returned if line > loop.end_lineno for name in names}
        for node in loop.body:
            if isinstance(node, ast.Assign) and _is_start(node.value):
                for target in node.targets:
                    if getattr(target, "id", "") in wanted and _grows(loop, target.id):
                        yield (f"Line {node.lineno} gives {target.id} its start in every round of "
                               f"“{_short(lines[loop.lineno - 1])}”. What the rounds before it "
                               "have brought is lost.")


def _is_start(value):
    name = getattr(value, "func", None)
    return (isinstance(value, ast.Constant) or isinstance(value, (ast.List, ast.Dict))
            and not (getattr(value, "elts", None) or getattr(value, "keys", None))
            or getattr(name, "attr", getattr(name, "id", "")) in _STARTS)


def _grows(loop, name):
    """True if something is added to a name, or written into it, within a loop."""
    for node in _own(loop):
        target = node.target if isinstance(node, ast.AugAssign) else (
            node.targets[0] if isinstance(node, ast.Assign)
            and isinstance(node.targets[0], ast.Subscript) else
            node.func.value if isinstance(node, ast.Call) and isinstance(node.func, ast.Attribute)
            and node.func.attr in ("append", "extend", "add") else None)
        while isinstance(target, ast.Subscript):
            target = target.value
        if getattr(target, "id", None) == name:
            return True
    return False


def _thrown_away(tree):
    """A line that works something out, which nothing keeps."""
    for node in _own(tree):
        value = node.value if isinstance(node, ast.Expr) else None
        if isinstance(value, ast.Compare) and isinstance(value.ops[0], ast.Eq):
            yield (f"Line {node.lineno} compares: == asks whether two are equal, = gives a name a "
                   "value.")
        elif isinstance(value, ast.Name):
            yield (f"Line {node.lineno} names {value.id} and does nothing with it: is a return "
                   "missing?")
        elif isinstance(value, (ast.BinOp, ast.Subscript, ast.Compare)) or _is_plain_tuple(value):
            yield (f"Line {node.lineno}, “{_short(value)}”, works something out, and nothing keeps "
                   "it: is a return or an = missing?")
        elif isinstance(value, ast.Call):
            name = getattr(value.func, "attr", getattr(value.func, "id", ""))
            if name in _GIVE_A_NEW_ONE:
                yield (f"Line {node.lineno}, “{_short(value)}”, gives a new array, and nothing "
                       "keeps it. What it is asked of stays as it was.")


def _is_plain_tuple(value):
    """True if nothing is called in a tuple, which might do something."""
    return isinstance(value, ast.Tuple) and not any(
        isinstance(node, ast.Call) for node in ast.walk(value))


def _no_return(tree):
    own = list(_own(tree))
    if any(isinstance(node, (ast.Return, ast.Yield, ast.YieldFrom)) for node in own):
        return
    prints = any(isinstance(node, ast.Call) and getattr(node.func, "id", "") == "print"
                 for node in own)
    yield f"There is no return in {tree.name}." + (
        " print shows a value to you; the function hands nothing on." if prints else "")


def _powers(tree):
    for node in _own(tree):
        if isinstance(node, (ast.BinOp, ast.AugAssign)) and isinstance(node.op, ast.BitXor):
            power = node.right if isinstance(node, ast.BinOp) else node.value
            while isinstance(power, ast.BinOp):
                power = power.left  # F^2 * D is F ^ (2 * D)
            if isinstance(power, ast.Constant):
                yield (f"Line {node.lineno} has a ^. In Python that is no power: a power is "
                       "written **.")


def _two_names(tree):
    for node in _own(tree):
        if isinstance(node, ast.Assign) and len(node.targets) > 1 and isinstance(
                node.value, (ast.Call, ast.List, ast.Dict)) and _is_start(node.value):
            names = [ast.unparse(target) for target in node.targets]
            if any(_grows(tree, name) for name in names):
                yield (f"Line {node.lineno} makes one array or list and gives it "
                       f"{len(names)} names, {' and '.join(names)}: what is written into the one "
                       "is in the other, too.")


def _short(text):
    text = (text if isinstance(text, str) else ast.unparse(text)).strip()
    return text if len(text) < 50 else text[:46] + " ..."
