"""Which of a student's functions are close to the reference or to a sample answer of the lesson.

Such a function keeps its points: a flag in the class report is a reason to ask, not a proof. Code
is compared by what it does, not by how it looks: a name that is no builtin's and no attribute's
counts as “a name”; docstrings, comments and type notes are dropped. That leaves a row of symbols
for each function. The likeness of two is the share of symbols that they have in common in the same
order (difflib's ratio): 1.0 for the same code under other names.

A function is flagged if
- its likeness is THRESHOLD or more: in a function of fourteen lines, one may be another;
- it has at least MIN_STATEMENTS statements and MIN_SYMBOLS symbols. What is shorter (a sum, a
  slice, a formula) is written alike by everybody who gets it right;
- nothing in the released notebook is that close: what every student was given may be used.

tests/autograder/test_likeness.py measures this on every answer that the course's tests and the
sample class hold, 150 functions: none is flagged (the closest is 0.90 alike, the next 0.79), every
renamed copy is (1.00). A copy that was rewritten line by line, or decoded from text, gets away: no
wall depends on this.
"""

import ast
import builtins
import functools
import zlib
from collections import Counter
from dataclasses import dataclass
from difflib import SequenceMatcher

import nbformat

from autograder import course
from autograder.judge.handed_in import read_beside
from autograder.judge.template import COURSE_ROLES, template_for
from autograder.text import one_line

THRESHOLD, MIN_STATEMENTS, MIN_SYMBOLS = 0.94, 6, 100
# Bytes of a module beside a notebook; what is longer is no one's homework.
_MAX_MODULE = 200_000
# Longer functions are cut: comparing takes time that grows with the square of the length.
MAX_SYMBOLS = 3000
# Of one notebook, for comparing students.
_MAX_SOURCE, _MAX_FUNCTIONS = 20_000, 60
_REFERENCE = course.ROOT / "course_lib" / "reference"
_SECRET = ("course_lib.reference", "course_lib/reference", "course_lib.exercises")
_FUNCTIONS = (ast.FunctionDef, ast.AsyncFunctionDef)


@dataclass(frozen=True)
class Function:
    """A function in its normal form. `origin` says where a function of the course is from."""

    name: str
    symbols: tuple
    statements: int
    origin: str = ""

    @property
    def is_long(self):
        return self.statements >= MIN_STATEMENTS and len(self.symbols) >= MIN_SYMBOLS


def functions(source, origin=""):
    """The functions and methods defined in a piece of source, in their normal form."""
    return [_normal(node, origin) for node in _defined(source)]


def pieces(source):
    """[(Function, its source)] of the functions and methods defined in a piece of source."""
    return [(_normal(node, ""), ast.get_source_segment(source, node) or "")
            for node in _defined(source)]


def _defined(source):
    return [node for node in _nodes(source) if isinstance(node, _FUNCTIONS)]


def likeness(one, other):
    """How much two Functions have in common, from 0.0 to 1.0."""
    both = len(one.symbols) + len(other.symbols)
    # The symbols they share in any order bound those in the same order, and are quickly counted.
    shared = Counter(one.symbols) & Counter(other.symbols)
    bound = 2 * shared.total() / max(both, 1)
    if bound < THRESHOLD:
        return bound
    return SequenceMatcher(None, one.symbols, other.symbols, autojunk=False).ratio()


def remarks(notebook, lesson_path, files=None):
    """Sentences on what a student wrote that is close to the reference or asks for it.

    files  {name: bytes} of what was handed in beside the graded notebook: modules are looked at
    """
    known, released = _known(lesson_path)
    said = []
    for where, source in _sources(notebook, lesson_path, files):
        place = f" (in {one_line(where, 80)})" if where else ""
        for function in functions(source):
            if function.is_long and not _closest(function, released):
                match = _closest(function, known)
                if match:
                    said.append(f"{one_line(function.name, 80)}{place} is close to {match[0].name} "
                                f"of {match[0].origin} ({match[1]:.0%} alike)")
        if _asks_for_the_reference(source):
            said.append(f"{f'the file {one_line(where, 80)}' if where else 'a cell'} asks for the "
                        "course's reference, which is not there in grading")
    return list(dict.fromkeys(said))


def looked_at(path, lesson_path):
    """(remarks, written) on the graded notebook in a file and on the modules beside it."""
    # It was written here: there is nothing to convert and nothing to look for.
    notebook = nbformat.v4.reads_json(path.read_text(encoding="utf-8"))
    files = read_beside(path)[0]
    return remarks(notebook, lesson_path, files), written(notebook, lesson_path, files)


def written(notebook, lesson_path, files):
    """What a student wrote, for comparing students: dicts with name, symbols (a number each) and
    source of each function, in a graded notebook or a module beside it, that is long enough and
    was not given to all."""
    released, found = _known(lesson_path)[1], []
    for _, source in _sources(notebook, lesson_path, files):
        found += [(one, text) for one, text in pieces(source)
                  if not (one.is_long and _closest(one, released))]
    return [{"name": one_line(one.name, 80), "long": one.is_long,
             "source": text[:_MAX_SOURCE],
             "symbols": [zlib.crc32(symbol.encode("utf-8", "replace")) for symbol in one.symbols]}
            for one, text in found[:_MAX_FUNCTIONS]]


def _sources(notebook, lesson_path, files):
    """[(where, source)] of the code cells that are the student's and of the modules beside them.

    where is "" for the notebook, else the file's name.
    """
    roles = template_for(lesson_path).roles
    cells = [("", cell.source) for cell in notebook.cells
             if cell.cell_type == "code"
             and roles.get(cell.id) not in ("setup", *COURSE_ROLES)]
    return cells + [(name, content.decode("utf-8", "replace"))
                    for name, content in (files or {}).items()
                    if name.endswith(".py") and len(content) <= _MAX_MODULE]


def prepare(lesson_path):
    """Read the course's own code once, before processes are forked that compare with it."""
    _known(lesson_path)


@functools.cache
def _known(lesson_path):
    """(what may not be copied, what every student was given) for one lesson."""
    known = []
    for path in sorted(_REFERENCE.glob("*.py")):
        known += functions(path.read_text(encoding="utf-8"), f"the reference, {path.stem}")
    template = template_for(lesson_path)
    for cell in template.lesson.cells:
        if cell.role == "answer":
            known += functions(cell.source, "the lesson's sample answers")
    # An answer cell as released holds the head of a function and what stands in it already.
    released = [function for cell in (*template.cells.values(), *_handed_out(template.lesson))
                for function in functions(cell.source)]
    return ([one for one in known if one.is_long], [one for one in released if one.is_long])


def _handed_out(lesson):
    """The cells that students get with working code in them, to use, to try or to mend."""
    return [cell for cell in lesson.cells if cell.role in ("given", "try", "setup", "figure")]


def _closest(function, others):
    """(the most alike of the others, likeness), or None if none is THRESHOLD alike."""
    found = [(one, likeness(function, one)) for one in others]
    best = max(found, key=lambda pair: pair[1], default=(None, 0.0))
    return best if best[1] >= THRESHOLD else None


@functools.lru_cache(64)
def _nodes(source):
    """All nodes of a piece of source; none if it cannot be read."""
    try:
        return tuple(ast.walk(ast.parse(source)))
    except (SyntaxError, ValueError, RecursionError, MemoryError):
        return ()


@functools.lru_cache(256)
def _normal(node, origin):
    symbols = []

    def known_or_own(name):
        return name if hasattr(builtins, name) else "name"

    def add(part):
        symbols.append(type(part).__name__)
        if isinstance(part, ast.Name):
            symbols[-1] = known_or_own(part.id)
        elif isinstance(part, ast.arg):
            symbols[-1] = known_or_own(part.arg)
        elif isinstance(part, ast.Constant):
            symbols[-1] = _constant(part.value)
        elif isinstance(part, ast.Attribute):
            symbols.append(part.attr)
        elif isinstance(part, ast.keyword):
            symbols.append(str(part.arg))

    waiting, statements = [node], 0
    while waiting and len(symbols) < MAX_SYMBOLS:
        part = waiting.pop()
        if isinstance(part, ast.expr_context) or _is_text(part):
            continue
        statements += isinstance(part, ast.stmt)
        add(part)
        children = [child for name, child in ast.iter_fields(part)
                    if name not in ("annotation", "returns", "decorator_list", "type_comment")]
        flat = [one for child in children
                for one in (child if isinstance(child, list) else [child])]
        waiting += [one for one in reversed(flat) if isinstance(one, ast.AST)]
    return Function(node.name, tuple(symbols), statements - 1, origin)


def _constant(value):
    """A constant as a symbol; Python writes no number of more than 4,300 digits."""
    return hex(value) if isinstance(value, int) and value.bit_length() > 10_000 else repr(value)


def _is_text(part):
    """A docstring or another text that stands alone."""
    return (isinstance(part, ast.Expr) and isinstance(part.value, ast.Constant)
            and isinstance(part.value.value, str))


def _asks_for_the_reference(source):
    for node in _nodes(source):
        if isinstance(node, ast.Import):
            names = [alias.name for alias in node.names]
        elif isinstance(node, ast.ImportFrom):
            names = [f"{node.module}.{alias.name}" for alias in node.names]
        else:
            names = [node.value] if isinstance(node, ast.Constant) else []
        if any(isinstance(name, str) and name.startswith(_SECRET) for name in names):
            return True
    return False
