"""Copies of the reference are flagged, honest work is not."""

import ast
import copy
import re
import time

import nbformat
import pytest
from nbformat.v4 import new_code_cell, new_notebook

from autograder import course
from autograder.grading.after import compare
from autograder.grading.kept import Kept
from autograder.judge.template import template_for
from autograder.lessons.lesson import Lessons, read_lesson, sources
from autograder.lessons.sample import write_sample_class
from autograder.results import likeness
from autograder.results.likeness import MIN_STATEMENTS, MIN_SYMBOLS, THRESHOLD, functions, remarks
from autograder.results.report import write_report
from autograder.results.row import Row

LESSONS = sources(course.SOLUTIONS)
SECOND = LESSONS["02_convolution_forward"]
REFERENCE = sorted((course.ROOT / "course_lib" / "reference").glob("*.py"))
HONEST = sorted((course.ROOT / "tests" / "course_lib" / "exercises").glob("test_*.py"))
ANSWER = next(cell.source for cell in read_lesson(SECOND).cells
              if cell.id == "answer-conv_forward_naive")


def notebook(*sources):
    return new_notebook(cells=[new_code_cell(source) for source in sources])


class Disguise(ast.NodeTransformer):
    """Other names for everything, no docstrings, other notes on types."""

    def visit_FunctionDef(self, node):
        self.generic_visit(node)
        node.name = f"my_{node.name}"
        if ast.get_docstring(node):
            node.body[0] = ast.Expr(ast.Constant("My very own work."))
        return node

    def visit_arg(self, node):
        node.arg, node.annotation = f"{node.arg}_mine", ast.Name("object", ast.Load())
        return node

    def visit_Name(self, node):
        if node.id not in vars(likeness.builtins):
            node.id = f"{node.id}_mine"
        return node


def disguised(source):
    return ast.unparse(ast.fix_missing_locations(Disguise().visit(ast.parse(source))))


def test_every_honest_function_is_well_below_the_threshold():
    """The figures of the module's docstring."""
    known = [one for path in LESSONS.values() for one in likeness._known(path)[0]]
    texts = [path.read_text() for path in HONEST]
    texts += [path.read_text() for path in sorted(course.SAMPLE_CLASS.glob("answers/*/*.py"))]
    alike = [max(likeness.likeness(one, other) for other in known)
             for text in texts for one in functions(text) if not one.name.startswith("test_")]
    assert len(alike) > 100
    assert max(alike) < THRESHOLD - 0.02


def test_nobody_of_the_sample_class_is_flagged(tmp_path):
    write_sample_class(target=tmp_path)
    for path in sorted(tmp_path.glob("*/*/*.ipynb")):
        said, _ = likeness.looked_at(path, LESSONS[path.stem])
        asks = path.parent.parent.name == "calls_reference"
        assert len(said) == asks and all("asks for" in one for one in said), path


@pytest.mark.parametrize("lesson", LESSONS)
def test_the_released_notebook_and_what_it_gives_are_not_flagged(lesson):
    cells = [cell for cell in template_for(LESSONS[lesson]).cells.values()]
    assert remarks(new_notebook(cells=copy.deepcopy(cells)), LESSONS[lesson]) == []
    # Copied into a cell of one's own, with other names, it is still what everybody was given.
    given = [disguised(cell.source) for cell in read_lesson(LESSONS[lesson]).cells
             if cell.role in ("given", "try") and cell.kind == "code"
             and "def " in cell.source and "%" not in cell.source]
    assert [one for one in remarks(notebook(*given), LESSONS[lesson]) if "sample" in one] == []


@pytest.mark.parametrize("path", REFERENCE, ids=lambda path: path.stem)
@pytest.mark.parametrize("change", [str, disguised])
def test_a_copy_of_the_reference_is_flagged(path, change):
    text = path.read_text()
    long = {one.name for one in functions(text) if one.is_long}
    said = "\n".join(remarks(notebook(change(text)), SECOND))
    for name in long:
        assert re.search(rf"\b(my_)?{name} is close to \S+ of the reference, ", said), name


@pytest.mark.parametrize("lesson", LESSONS)
def test_a_copy_of_the_sample_answer_is_flagged(lesson):
    given = likeness._known(LESSONS[lesson])[1]
    for cell in read_lesson(LESSONS[lesson]).cells:
        if cell.role == "answer":
            # Lesson 02 hands out a friend's version with a mistake, to be mended.
            expected = sum(one.is_long and not likeness._closest(one, given)
                           for one in functions(cell.source))
            said = remarks(notebook(disguised(cell.source)), LESSONS[lesson])
            assert len(said) == expected, cell.id
            assert all("the lesson's sample answers" in one or "the reference" in one
                       for one in said)


def test_most_lessons_have_an_answer_that_is_long_enough_to_be_told_from_another():
    long = [any(one.is_long for cell in read_lesson(path).cells if cell.role == "answer"
                for one in functions(cell.source)) for path in LESSONS.values()]
    assert sum(long) > len(long) / 2


def test_a_copy_with_a_line_changed_is_flagged():
    assert "out = np.zeros((N, F, H2, W2))" in ANSWER
    changed = ANSWER.replace("out = np.zeros((N, F, H2, W2))",
                             "shape = (N, F, H2, W2)\n    out = np.empty(shape)")
    assert "conv_forward_naive is close to conv_forward_naive" in remarks(
        notebook(changed), SECOND)[0]


def test_a_module_beside_the_notebook_is_compared_like_a_cell(tmp_path):
    path = tmp_path / f"{SECOND.stem}.ipynb"
    nbformat.write(notebook("from helper import conv_forward_naive"), path)
    (tmp_path / "helper.py").write_text(ANSWER)
    (tmp_path / "data.txt").write_text(ANSWER)
    said, written = likeness.looked_at(path, SECOND)
    assert len(said) == 1 and "conv_forward_naive (in helper.py) is close to" in said[0]
    assert [one["name"] for one in written] == ["conv_forward_naive"]


@pytest.mark.parametrize("source", [
    "def neuron(x_patch, w, b):\n    return np.sum(x_patch * w) + b",
    "def relu(x):\n    x = np.asarray(x)\n    return np.maximum(x, 0), x",
    "def zero_pad(x, pad):\n    N, C, H, W = x.shape\n"
    "    padded = np.zeros((N, C, H + 2 * pad, W + 2 * pad))\n"
    "    padded[:, :, pad : pad + H, pad : pad + W] = x\n    return padded",
    "neuron = lambda x, w, b: (x * w).sum() + b",
])
def test_short_functions_are_never_flagged(source):
    assert remarks(notebook(source), SECOND) == []
    for one in functions(source):
        assert one.statements < MIN_STATEMENTS or len(one.symbols) < MIN_SYMBOLS


@pytest.mark.parametrize(("source", "asks"), [
    ("from course_lib.reference.convolution import conv_forward", True),
    ("from course_lib import reference", True),
    ("import course_lib.reference as r", True),
    ("__import__('course_lib.reference')", True),
    ("open('../course_lib/reference/im2col.py')", False),
    ("open('course_lib/reference/im2col.py')", True),
    ("from course_lib import check, test", False),
    ("import course_lib.data\nreference = 1", False),
])
def test_asking_for_the_reference_is_said(source, asks):
    assert bool(remarks(notebook(source), SECOND)) == asks


@pytest.mark.parametrize("source", [
    "def f(:", "\0", "(" * 5000, "x = " + "-" * 100_000 + "1", "%matplotlib inline\n!ls",
    "def f():\n" + "    x = x + 1\n" * 20_000,
    "def f(x):\n    return " + "+".join(["x"] * 800),
    "".join(f"def f{n}(x):\n" + "    y = x\n" * 50 for n in range(300)),
    "def f(x):\n" + "    x = x + 1\n" * 60 + f"    return 0x{'f' * 6000}",
])
def test_strange_cells_are_passed_over_quickly(source):
    start = time.process_time()
    assert remarks(notebook(source), SECOND) == []
    assert time.process_time() - start < 5


def test_the_report_names_the_copy_and_keeps_its_points(tmp_path):
    rows = []
    for student, source in (("copy<b>", disguised(ANSWER)), ("honest", "x = 1")):
        folder = tmp_path / "autograded" / student / SECOND.stem
        folder.mkdir(parents=True)
        nbformat.write(notebook(source), folder / f"{SECOND.stem}.ipynb")
        rows.append(Row(student, SECOND.stem, score=11.0, max_score=11.0))
    rows.append(Row("lost", SECOND.stem, problem="no notebook"))
    kept = Kept(tmp_path, None, None)
    for row in rows:
        kept.keep(row)
    compare(kept, 1, {SECOND.stem: SECOND})
    text = write_report(tmp_path, rows, Lessons(sources(course.SOLUTIONS)), ["a wall"]).read_text()
    part = text[text.index("Close to the reference"):text.index("Student code ran")]
    assert "copy&lt;b&gt;" in part and "my_conv_forward_naive is close to" in part
    assert "honest" not in part and "lost" not in part
    assert text.count("11 of 11") == 2
    rows = rows[1:]
    assert "Close to the reference" not in write_report(
        tmp_path, rows, Lessons(sources(course.SOLUTIONS)), ["a wall"]).read_text()
