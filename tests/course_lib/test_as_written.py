"""What is seen in the source: lines that cannot do what they seem, and never in a right answer."""

import ast
import linecache
from pathlib import Path

import numpy as np
import pytest

from course_lib import exercises
from course_lib.as_written import MOST, seen_in, sentences
from course_lib.check import checked
from course_lib.study import desk

ROOT = Path(__file__).parents[2]
SEEN = [
    ("for n in x:\n    total += n\n    return total",
     "The return in line 4 stands inside the loop “for n in x:”"),
    ("while True:\n    return x", "It ends the function in the first round"),
    ("for n in x:\n    for k in n:\n        return k", "“for k in n:”"),
    ("for n in x:\n    out = np.zeros(3)\n    out[n] += 1\nreturn out",
     "Line 3 gives out its start in every round of “for n in x:”"),
    ("for n in x:\n    wrong = []\n    wrong.append(n)\nreturn wrong", "gives wrong its start"),
    ("x + 1", "Line 2, “x + 1”, works something out, and nothing keeps it"),
    ("x[1:, 2]", "is a return or an = missing?"),
    ("y = 2\nx", "Line 3 names x and does nothing with it"),
    ("y == 2\nreturn y", "= gives a name a value"),
    ("x.transpose(1, 0)\nreturn x", "gives a new array, and nothing keeps it"),
    ("y = x + 1\nprint(y)", "There is no return in f. print shows a value to you"),
    ("y = x + 1", "There is no return in f."),
    ("return x ^ 2", "Line 2 has a ^"),
    ("return x^2 * 3 + 1", "a power is written **"),
    ("a = b = np.zeros(3)\na[0] += 1\nreturn a, b", "2 names, a and b"),
]
NOT_SEEN = [
    "for n in x:\n    if n:\n        return n\nreturn 0",
    "for n in x:\n    if n:\n        continue\n    return n",
    "for n in x:\n    total = 0\n    total += n\n    out[n] = total\nreturn out",
    "for n in x:\n    best = 0\nreturn best",
    "def part(y):\n    for n in y:\n        return n\nreturn part(x)",
    "print(x)\nx.sort()\nout.append(x)\nnp.add.at(x, 1, 2)\nreturn x ^ y",
    "yield x",
    "a = b = 0\na += 1\nreturn a, b",
]


def function(body, name="f"):
    """A function with this body, as a notebook has it: Python knows its source."""
    source = f"def {name}(x):\n" + "".join(f"    {line}\n" for line in body.splitlines())
    path = f"<as written {hash(source)}>"
    linecache.cache[path] = len(source), None, source.splitlines(keepends=True), path
    space = {"np": np}
    exec(compile(source, path, "exec"), space)
    return space[name]


@pytest.mark.parametrize(("body", "words"), SEEN)
def test_a_line_that_cannot_do_what_it_seems_is_named(body, words):
    seen = seen_in(function(body))
    assert words in seen[0] and len(seen) <= MOST


@pytest.mark.parametrize("body", NOT_SEEN)
def test_of_other_lines_nothing_is_said(body):
    assert seen_in(function(body)) == ()


def test_nothing_is_seen_in_what_has_no_source():
    assert seen_in(np.sum) == seen_in(len) == seen_in(eval("lambda x: x")) == ()


def test_methods_are_looked_at_too_and_may_end_without_a_return():
    space = {"seen_in": seen_in}
    step, loss = function("x.a = 1", "step"), function("for n in x:\n    return n", "loss")
    space["Net"] = type("Net", (), {"step": step, "loss": loss})
    assert len(seen_in(space["Net"])) == 1


@pytest.mark.parametrize("path", sorted(
    [*ROOT.glob("solutions/*.py"), *ROOT.glob("course_lib/reference/*.py"),
     *ROOT.glob("course_lib/networks/*.py"), *ROOT.glob("tests/course_lib/exercises/*_styles.py")]),
    ids=lambda path: path.stem)
def test_in_right_answers_nothing_is_seen(path):
    source = path.read_text(encoding="utf-8")
    for node in ast.walk(ast.parse(source)):
        if isinstance(node, ast.FunctionDef):
            seen = sentences(node, source.splitlines(), is_method=True)
            assert not seen, f"{path.name}, {node.name}: {seen}"


def test_the_verdict_and_the_hint_say_it_and_a_right_answer_is_left_alone():
    exercise = exercises.find("global_avg_pool")
    forgotten, right = (checked(exercise, (function(body, "global_avg_pool"),)) for body in (
        "out = x.mean(axis=(2, 3))", "x == 2\nreturn x.mean(axis=(2, 3))"))
    said = "There is no return in global_avg_pool."
    assert f"In your code: {said}" in forgotten.text() and said in forgotten.html()
    assert desk.found_by(forgotten) == said
    assert right.passed and not right.seen
