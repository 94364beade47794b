"""Which names a cell of Python defines and which it needs, read from its text and never run."""

import ast
import builtins
import functools
import re
import symtable
import warnings

_BUILTINS = frozenset(dir(builtins))
# Cells beyond this length are data pasted in; nobody looks for functions there.
_LONGEST = 500_000
# Letters of cells whose trees are kept from one submission to the next: a tree takes some two
# hundred bytes for each letter of what is made to be large.
_MOST_KEPT = 500_000
_kept = 0
# Cell magics whose body is Python that runs in the notebook's own namespace.
_RUNS_PYTHON = re.compile(r"%%(?:time|capture|prun|debug|timeit)\b[^\n]*\n")
_IPYTHON_LINE = re.compile(r"^\s*(?:[%!?]|[\w.]+\?{1,2}\s*$|[\w, ]+=\s*[%!])", re.MULTILINE)
# Whatever the compiler says to text that is no Python, or that is made to exhaust it.
_NO_PYTHON = (SyntaxError, ValueError, RecursionError, MemoryError, OverflowError)


@functools.lru_cache(maxsize=512)
def parsed(source):
    """The syntax tree of a cell, IPython's own lines understood; None if it is no Python."""
    global _kept
    if len(source) > _LONGEST:
        return None
    _kept += len(source)
    source = _RUNS_PYTHON.sub("\n", source, count=1) if source.startswith("%%") else source
    if source.startswith("%%"):
        return None
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        try:
            return ast.parse(source)
        except _NO_PYTHON:
            pass
        if not _IPYTHON_LINE.search(source):
            return None
        try:
            return ast.parse(as_python(source))
        except _NO_PYTHON:
            return None


def forget_much():
    """Between two submissions: let go of what was read, if it is more than the course's cells."""
    global _kept
    if _kept > _MOST_KEPT:
        _kept = 0
        for function in (parsed, defined, needed):
            function.cache_clear()


def as_python(source):
    """The cell with its lines for IPython (`!ls`, `%pip`) as the Python that they stand for."""
    from IPython.core.inputtransformer2 import TransformerManager

    return TransformerManager().transform_cell(source)


@functools.lru_cache(maxsize=512)
def defined(source):
    """The names that running a cell defines. "*" is among them for `from module import *`."""
    tree = parsed(source)
    return frozenset(_bound(tree.body)) if tree else frozenset()


def _bound(statements):
    """The names that statements bind where they stand, not inside functions and classes."""
    found, left = set(), list(statements)
    while left:
        node = left.pop()
        if isinstance(node, (ast.FunctionDef, ast.AsyncFunctionDef, ast.ClassDef)):
            found.add(node.name)
            found.update(name for inner in ast.walk(node) if isinstance(inner, ast.Global)
                         for name in inner.names)
            continue
        if isinstance(node, (ast.Lambda, ast.ListComp, ast.SetComp, ast.DictComp,
                             ast.GeneratorExp)):
            continue
        if isinstance(node, ast.Name) and isinstance(node.ctx, ast.Store):
            found.add(node.id)
        elif isinstance(node, ast.alias):
            found.add(node.asname or node.name.partition(".")[0])
        elif isinstance(node, (ast.ExceptHandler, ast.MatchAs, ast.MatchStar)) and node.name:
            found.add(node.name)
        left.extend(ast.iter_child_nodes(node))
    return found


@functools.lru_cache(maxsize=512)
def needed(source):
    """The names that a cell, or a function defined in it, takes from elsewhere."""
    tree = parsed(source)
    if tree is None:
        return frozenset()
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        try:
            table = symtable.symtable(ast.unparse(tree), "cell", "exec")
        except _NO_PYTHON:
            return frozenset()
    found, left = set(), [table]
    while left:
        scope = left.pop()
        inside = scope.get_type() != "module"
        found.update(symbol.get_name() for symbol in scope.get_symbols()
                     if symbol.is_referenced() and (symbol.is_global() or not inside))
        left.extend(scope.get_children())
    return frozenset(found - defined(source) - _BUILTINS)


def calls(source):
    """{name of the function: [(positional texts, keyword texts)]} of the calls in a cell.

    Only arguments that are plain text count: `test("neuron", neuron, group="bias", points=2)`
    gives {"test": [(("neuron",), {"group": "bias"})]}.
    """
    found = {}
    for node in ast.walk(parsed(source) or ast.Module([], [])):
        if isinstance(node, ast.Call) and isinstance(node.func, ast.Name):
            texts = tuple(a.value for a in node.args
                          if isinstance(a, ast.Constant) and isinstance(a.value, str))
            words = {k.arg: k.value.value for k in node.keywords
                     if isinstance(k.value, ast.Constant) and isinstance(k.value.value, str)}
            found.setdefault(node.func.id, []).append((texts, words))
    return found


def without(source, theirs):
    """The cell without the statements that define one of the names `theirs`."""
    if not set(theirs):
        return source
    body = parsed(source).body
    return "\n".join(ast.unparse(node) for node in body if not _bound([node]) & set(theirs))
