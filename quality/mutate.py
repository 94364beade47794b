"""Mutants: an answer with one small mistake in it, made through Python's syntax tree.

Only the lines between ### BEGIN SOLUTION and ### END SOLUTION are changed, one place at a time. The
messages of exceptions are left alone, since no grader reads them.
"""

import ast
import re
from collections import Counter
from dataclasses import dataclass

from autograder.lessons.answers import BEGIN_SOLUTION, END_SOLUTION

_PARTNERS = {"H": "W", "HH": "WW", "H2": "W2", "i": "j", "top": "left", "stride": "pad"}
_PARTNERS |= {b: a for a, b in _PARTNERS.items()}
_DIRECTIONS = {"height": "width", "row": "column"}
_DIRECTIONS |= {b: a for a, b in _DIRECTIONS.items()}

_EXCHANGED = {ast.Add: ast.Mult, ast.Sub: ast.Mult, ast.Mult: ast.Add, ast.FloorDiv: ast.Mod,
              ast.Mod: ast.FloorDiv, ast.Div: ast.Mult, ast.Pow: ast.Mult}
_SIGNS = {ast.Add: ast.Sub, ast.Sub: ast.Add}
# The same comparison with its border moved, and its opposite.
_COMPARED = {ast.Lt: (ast.LtE, ast.GtE), ast.LtE: (ast.Lt, ast.Gt), ast.Gt: (ast.GtE, ast.LtE),
             ast.GtE: (ast.Gt, ast.Lt), ast.Eq: (ast.NotEq,), ast.NotEq: (ast.Eq,),
             ast.In: (ast.NotIn,), ast.NotIn: (ast.In,), ast.Is: (ast.IsNot,),
             ast.IsNot: (ast.Is,)}
_FUNCTIONS = {"sum": "mean", "mean": "sum", "max": "min", "min": "max", "maximum": "minimum",
              "minimum": "maximum", "argmax": "argmin", "argmin": "argmax", "zeros": "ones",
              "ones": "zeros", "zeros_like": "ones_like", "ones_like": "zeros_like"}


@dataclass(frozen=True)
class Mutant:
    """A changed answer.

    operator  what kind of mistake it is
    label     "operator: line before -> line after"; no two mutants of an answer share one
    source    the whole cell, changed
    """

    operator: str
    label: str
    source: str


@dataclass(frozen=True)
class Names:
    """The variables of an answer: all of them in the order of the text, and the loops' own."""

    bound: tuple
    loops: frozenset


def mutants(source):
    """Every Mutant of an answer cell's source, in the order of its text."""
    tree = ast.parse(source)
    lines = _solution_lines(source)
    names = _names(tree)
    seen, labels, found = {ast.unparse(tree)}, Counter(), []
    for parent, field, index, node, statement in list(_places(tree, tree)):
        if not (node.lineno in lines and node.end_lineno in lines):
            continue
        before = ast.unparse(statement).splitlines()[0]
        for rule in RULES:
            for new in rule(node, parent, names):
                _put(parent, field, index, new)
                text = ast.unparse(tree)
                after = ast.unparse(new if node is statement else statement).splitlines()[0]
                _put(parent, field, index, node)
                if text in seen:
                    continue
                seen.add(text)
                operator = rule.__name__.replace("_", " ")
                label = f"{operator}: {before} -> {after}"
                labels[label] += 1
                if labels[label] > 1:
                    label += f" (place {labels[label]})"
                found.append(Mutant(operator, label, text))
    return found


def _solution_lines(source):
    inside, lines = False, set()
    for number, line in enumerate(source.splitlines(), 1):
        if line.strip() in (BEGIN_SOLUTION, END_SOLUTION):
            inside = line.strip() == BEGIN_SOLUTION
        elif inside:
            lines.add(number)
    return lines


def _names(tree):
    bound, loops = {}, set()
    for node in ast.walk(tree):
        if isinstance(node, ast.arg):
            bound[node.arg] = None
        elif isinstance(node, ast.Name) and isinstance(node.ctx, ast.Store):
            bound[node.id] = None
        elif isinstance(node, (ast.For, ast.comprehension)):
            loops |= {n.id for n in ast.walk(node.target) if isinstance(n, ast.Name)}
    return Names(tuple(bound), frozenset(loops))


def _places(node, statement):
    """(parent, field, index, node, statement around it) of every expression and statement."""
    for field, value in ast.iter_fields(node):
        for index, child in enumerate(value if isinstance(value, list) else [value]):
            if not isinstance(child, ast.AST):
                continue
            around = child if isinstance(child, ast.stmt) else statement
            if isinstance(child, (ast.expr, ast.stmt, ast.Slice)):
                yield node, field, index if isinstance(value, list) else None, child, around
            if not isinstance(child, (ast.JoinedStr, ast.Raise)):
                yield from _places(child, around)


def _put(parent, field, index, node):
    if index is None:
        setattr(parent, field, node)
    else:
        getattr(parent, field)[index] = node


def _with(node, **fields):
    """A shallow copy of a node with some fields replaced."""
    return type(node)(**{**dict(ast.iter_fields(node)), **fields})


def _replaced(items, index, *new):
    return [*items[:index], *new, *items[index + 1:]]


def _number(node):
    """True for an int that is written out."""
    return isinstance(node, ast.Constant) and type(node.value) is int


# Rules: rule(node, parent, names) yields what may stand in the node's place.


def off_by_one(node, parent, names):
    """One more and one less: whole numbers, the arguments of range, the bounds of slices."""
    if _number(node):
        yield ast.Constant(node.value + 1)
        yield ast.Constant(node.value - 1)
    if isinstance(node, ast.Call) and getattr(node.func, "id", "") == "range":
        for k, argument in enumerate(node.args[:2]):
            for other in _one_off(argument):
                yield _with(node, args=_replaced(node.args, k, other))
    if isinstance(node, ast.Slice):
        for bound in ("lower", "upper"):
            for other in _one_off(getattr(node, bound)):
                yield _with(node, **{bound: other})


def _one_off(node):
    if node is not None and not _number(node):
        yield ast.BinOp(node, ast.Add(), ast.Constant(1))
        yield ast.BinOp(node, ast.Sub(), ast.Constant(1))


def swapped(node, parent, names):
    """Neighbours exchanged: in tuples, subscripts and calls; a name for its partner (H for W)."""
    if isinstance(node, (ast.Tuple, ast.List)):
        yield from (_with(node, elts=other) for other in _neighbours_swapped(node.elts))
    if isinstance(node, ast.Call):
        yield from (_with(node, args=other) for other in _neighbours_swapped(node.args))
    if isinstance(node, ast.Name) and isinstance(node.ctx, ast.Load):
        partner = _partner(node.id)
        if partner in names.bound and partner != node.id:
            yield ast.Name(partner, ast.Load())
    if isinstance(node, ast.Constant) and isinstance(node.value, str):
        if isinstance(parent, ast.Subscript) and _partner(node.value) != node.value:
            yield ast.Constant(_partner(node.value))


def _neighbours_swapped(items):
    for k in range(len(items) - 1):
        yield [*items[:k], items[k + 1], items[k], *items[k + 2:]]


def _partner(name):
    if name in _PARTNERS:
        return _PARTNERS[name]
    return re.sub("height|width|row|column", lambda found: _DIRECTIONS[found[0]], name)


def dropped_term(node, parent, names):
    """An operand left out, a divisor, a sign of `and`/`or`, a bound or the step of a slice."""
    if isinstance(node, ast.BinOp):
        yield node.left
        if isinstance(node.op, (ast.Add, ast.Sub, ast.Mult, ast.MatMult)):
            yield node.right
    if isinstance(node, ast.BoolOp):
        for k in range(len(node.values)):
            rest = _replaced(node.values, k)
            yield _with(node, values=rest) if len(rest) > 1 else rest[0]
    if isinstance(node, ast.Slice):
        for part in ("lower", "upper", "step"):
            if getattr(node, part) is not None:
                yield _with(node, **{part: None})
    if isinstance(node, ast.Call):
        for k in range(len(node.keywords)):
            yield _with(node, keywords=_replaced(node.keywords, k))


def doubled_term(node, parent, names):
    """A term of a sum counted twice."""
    if isinstance(node, ast.BinOp) and isinstance(node.op, (ast.Add, ast.Sub)):
        yield _with(node, left=_twice(node.left))
        yield _with(node, right=_twice(node.right))


def _twice(node):
    return ast.BinOp(ast.Constant(2), ast.Mult(), node)


def wrong_sign(node, parent, names):
    """Minus for plus, and the other way round."""
    if isinstance(node, (ast.BinOp, ast.AugAssign)) and type(node.op) in _SIGNS:
        yield _with(node, op=_SIGNS[type(node.op)]())
    if isinstance(node, ast.UnaryOp) and isinstance(node.op, ast.USub):
        yield node.operand
    if isinstance(node, ast.Return) and isinstance(node.value, (ast.BinOp, ast.Name, ast.Call)):
        yield _with(node, value=ast.UnaryOp(ast.USub(), node.value))


def operator_exchanged(node, parent, names):
    """Another arithmetic operator."""
    if isinstance(node, (ast.BinOp, ast.AugAssign)) and type(node.op) in _EXCHANGED:
        yield _with(node, op=_EXCHANGED[type(node.op)]())
    if isinstance(node, ast.BinOp) and isinstance(node.op, ast.FloorDiv):
        yield _with(node, op=ast.Div())


def ceil_for_floor(node, parent, names):
    """A division rounded up."""
    if isinstance(node, ast.BinOp) and isinstance(node.op, ast.FloorDiv):
        minus = ast.UnaryOp(ast.USub(), node.left)
        yield ast.UnaryOp(ast.USub(), _with(node, left=minus))


def overwritten(node, parent, names):
    """= for += and its like."""
    if isinstance(node, ast.AugAssign):
        yield ast.Assign([node.target], node.value, lineno=node.lineno)


def constant_for_a_variable(node, parent, names):
    """0 for a loop's variable (always the first one), 1 for any other (a stride, a pad, a size)."""
    if not (isinstance(node, ast.Name) and isinstance(node.ctx, ast.Load)):
        return
    of_parent = isinstance(parent, (ast.Attribute, ast.Return, ast.Starred)) or (
        isinstance(parent, (ast.Subscript, ast.Call))
        and node in (getattr(parent, "value", None), getattr(parent, "func", None)))
    if node.id in names.bound and not of_parent:
        yield ast.Constant(0 if node.id in names.loops else 1)


def comparison_changed(node, parent, names):
    """The border moved, the opposite asked; a condition that always holds."""
    if isinstance(node, ast.Compare) and len(node.ops) == 1:
        for op in _COMPARED[type(node.ops[0])]:
            yield _with(node, ops=[op()])
    if isinstance(node, ast.If):
        yield _with(node, test=ast.Constant(True))
        if not isinstance(node.test, ast.Compare):
            yield _with(node, test=ast.UnaryOp(ast.Not(), node.test))


def function_exchanged(node, parent, names):
    """mean for sum, min for max, ones for zeros; no copy where one was made."""
    if isinstance(node, ast.Attribute) and node.attr in _FUNCTIONS:
        if isinstance(parent, ast.Call) and parent.func is node:
            yield _with(node, attr=_FUNCTIONS[node.attr])
    if isinstance(node, ast.Name) and node.id in ("max", "min", "sum"):
        if node.id != "sum" and isinstance(parent, ast.Call) and parent.func is node:
            yield ast.Name(_FUNCTIONS[node.id], ast.Load())
    if isinstance(node, ast.Call) and isinstance(node.func, ast.Attribute):
        if node.func.attr == "copy" and not node.args:
            yield node.func.value


def dropped_statement(node, parent, names):
    """A line left out, where that is no mere NameError."""
    stored = isinstance(node, ast.Assign) and isinstance(node.targets[0], ast.Subscript)
    if stored or isinstance(node, (ast.AugAssign, ast.Expr, ast.Continue, ast.Raise)):
        yield ast.Pass()


def wrong_return(node, parent, names):
    """Nothing returned, another variable, or a part of a tuple twice."""
    if not (isinstance(node, ast.Return) and node.value):
        return
    yield _with(node, value=None)
    if isinstance(node.value, ast.Name):
        others = [name for name in names.bound if name not in (node.value.id, "self")]
        for name in dict.fromkeys((others[0], others[-1])):
            yield _with(node, value=ast.Name(name, ast.Load()))
    if isinstance(node.value, ast.Tuple):
        parts = node.value.elts
        for k in range(len(parts)):
            twice = _replaced(parts, k, parts[(k + 1) % len(parts)])
            yield _with(node, value=_with(node.value, elts=twice))


RULES = (off_by_one, swapped, dropped_term, doubled_term, wrong_sign, operator_exchanged,
         ceil_for_floor, overwritten, constant_for_a_variable, comparison_changed,
         function_exchanged, dropped_statement, wrong_return)
