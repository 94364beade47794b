"""What a verdict says where something stops, how other groups fail, and what to do about it."""

import builtins
import dataclasses
import importlib
import json
import linecache
import re
import signal
from pathlib import Path
from types import SimpleNamespace

import numpy as np
import pytest
from IPython.core.ultratb import AutoFormattedTB

from autograder.lessons.lesson import read_lesson
from course_lib import exercises, missing_names
from course_lib.exercises import _growth
from course_lib.judging import exercise as exercise_module
from course_lib.judging.compare import difference
from course_lib.judging.exercise import Exercise, Misconception
from course_lib.judging.judge import judge
from course_lib.judging.verdict import ERROR
from course_lib.lab import open as lab
from course_lib.missing_names import sentence
from course_lib.student_error import StudentStopped
from quality.answers import SOLUTIONS

ASSIGNMENTS = Path(__file__).resolve().parents[2] / "assignments"
GAP = "# YOUR CODE HERE"
# `course_lib.check` is the function as well as the module it comes from.
check_module = importlib.import_module("course_lib.check")


def scaled(x, w):
    return 2 * x + w


def draw(rng):
    return [(rng.normal(size=(2, 3, 4)), float(rng.normal())) for _ in range(3)]


ARRAY = Exercise(
    "scale", scaled, {"values": draw, "more": draw}, lambda x, w: f"x {x.shape}",
    misconceptions=(Misconception("w forgotten", "Something is missing.", lambda x, w: 2 * x),))


def verdict(function, exercise=ARRAY):
    return judge(exercise, (function,), "values")


def raising(x, w):
    y = x[0]
    return y[17]


def in_a_notebook(source, name="scale"):
    """A function from a cell's text, whose lines Python knows as a notebook's kernel does."""
    path = f"<cell {abs(hash(source))}>"
    linecache.cache[path] = len(source), None, source.splitlines(keepends=True), path
    space = {"np": np}
    exec(compile(source, path, "exec"), space)
    return space[name]


def test_what_stands_in_the_failing_statement_comes_first_with_loop_variables():
    scale = in_a_notebook("""\
def helper(y, stride):
    a, b, c, d, e, f = (np.zeros(n) for n in range(6))
    g, h, k, l, m, o = (np.zeros(n) for n in range(6))
    for i in range(9):
        y[i * stride,
          0] = 1

def scale(x, w):
    helper(x[0].copy(), stride=2)
""")
    given = verdict(scale)
    facts = dict(given.facts)
    assert "your function stopped with IndexError" in given.headline
    assert "case of “values”" in given.headline and given.group == "values"
    assert facts["Line 9 of scale"] == "helper(x[0].copy(), stride=2)"
    assert "Line 5 of helper" in facts
    assert facts["At that line"].startswith("y (3, 4), i = 2, stride = 2, ")
    assert facts["Right shape"] == "result (2, 3, 4)"


def test_what_the_failing_statement_only_gives_a_value_is_not_told():
    scale = in_a_notebook("""\
def scale(x, w):
    d, total = 1.0 / 3, 2.0 / 3
    for i in range(9):
        d = x[i] * total
        total += 1
""")
    facts = dict(verdict(scale).facts)
    assert facts["At that line"].startswith("x (2, 3, 4), i = 2, total = 2.66667")
    assert "d = " not in facts["At that line"]


def played(line):
    """An exercise that plays its functions by this line of the course's own code."""
    # A file's name is what tells the course's code from a student's.
    space, path = {}, exercise_module.__file__
    exec(compile(f"def play(functions, *args):\n    {line}", path, "exec"), space)
    return dataclasses.replace(ARRAY, play=space["play"])


def test_an_error_in_the_courses_own_code_is_never_told_as_the_students():
    given = verdict(scaled, played("return 1 // 0"))
    assert given.outcome == ERROR and "your function stopped" not in given.headline
    assert "none of yours" in given.headline


def test_an_answer_beside_the_line_that_raises_is_not_told_as_missing():
    def told(body):
        return verdict(in_a_notebook(f"def scale(x, w):\n{body}"),
                       dataclasses.replace(ARRAY, name="scale")).headline

    stub = "    # YOUR CODE HERE\n    raise NotImplementedError()\n"
    assert told(stub) == "not attempted yet."
    assert told(stub + "    return given\n") == "not attempted yet."
    for body in ("    y = x * 2\n" + stub, stub + "    return 2 * x + w\n",
                 "    # YOUR CODE HERE\n    y = 2 * x + w\n    raise NotImplementedError()\n"):
        assert "still stands in scale" in told(body), body


def test_the_stubs_of_all_lessons_are_not_attempted_and_a_line_more_is_told():
    stubs = [(name, stub) for notebook in sorted(ASSIGNMENTS.glob("*/*.ipynb"))
             for name, stub in stubs_of(notebook)]
    assert len(stubs) > 50
    for name, stub in stubs:
        space = {"np": np, "shapes_along": lambda net: [(1, 1, 1)] * 9}
        exercise = exercises.find(name)
        for source, words in ((stub, "not attempted yet."),
                              (re.sub(rf"( *){GAP}", rf"\1answer = 1\n\1{GAP}", stub),
                               "still stands in")):
            path = f"<stub {abs(hash(source))}>"
            linecache.cache[path] = len(source), None, source.splitlines(keepends=True), path
            exec(compile(source, path, "exec"), space)
            helpers = [lambda *case: (0, 0)] * len(exercise.helpers)
            given = judge(exercise, [space[name], *helpers], list(exercise.groups)[0])
            assert words in given.headline, f"{name}: {given.headline}"


def stubs_of(notebook):
    """(exercise, its stub) of the functions that a lesson leaves to write."""
    for cell in json.loads(notebook.read_text(encoding="utf-8"))["cells"]:
        source = "".join(cell["source"])
        defined = re.findall(r"^def (\w+)", source, re.MULTILINE)
        if cell["cell_type"] == "code" and GAP in source and defined:
            yield defined[-1], source


def shown_by_check(monkeypatch, exercise, function):
    shown = []
    monkeypatch.setattr(check_module, "display", shown.append)
    monkeypatch.setattr(check_module.exercises, "find", lambda name: exercise)
    check_module.check(exercise.name, function)
    return shown[0]


def test_check_says_in_three_words_how_the_other_groups_fail(monkeypatch):
    groups = {name: draw for name in ("values", "more", "many", "last")}
    exercise = dataclasses.replace(ARRAY, groups=groups)
    cases = {name: exercise.cases(name)[0][1] for name in groups}

    def mixed(x, w):
        if w == cases["more"]:
            return x[9]
        if w == cases["many"]:
            return x[0]
        return scaled(x, w) + (w == cases["values"])

    facts = dict(shown_by_check(monkeypatch, exercise, mixed).facts)
    assert facts["Also wrong"] == "more (stops with IndexError); many (shape)"
    facts = dict(shown_by_check(monkeypatch, exercise, raising).facts)
    assert facts["Also wrong"] == "more, many, last (they stop at the same line)"


def test_a_hint_claims_nothing_about_groups_that_fail_for_another_reason(monkeypatch):
    bad = ARRAY.cases("more")[0][1]
    given = shown_by_check(monkeypatch, ARRAY, lambda x, w: 2 * x if w != bad else x)
    assert given.hint and "the hint is about “values”" in given.text()
    assert not shown_by_check(monkeypatch, ARRAY, lambda x, w: 2 * x).notes


def test_something_else_in_place_of_a_function_is_told(monkeypatch):
    given = shown_by_check(monkeypatch, ARRAY, 3.0)
    assert given.outcome == ERROR and "a function is needed here, and this is 3" in given.headline
    score = check_module.test("scale", 3, group="values", points=2)
    assert score.earned == 0


@pytest.mark.parametrize(("arguments", "words"), [
    (("neurn", scaled), "no exercise is called 'neurn'; did you mean 'neuron'?"),
    ((scaled,), 'the exercise\'s name comes first, in quotation marks, and then your function: '
     'check("scaled", scaled).'),
    (("neuron",), 'no function was given. Write check("neuron", neuron).'),
    (("conv_backward_naive", scaled), "it is checked together with conv_forward_naive. Write "
     'check("conv_backward_naive", conv_backward_naive, conv_forward_naive).'),
])
def test_a_call_of_check_that_lacks_something_says_how_it_is_written(
        monkeypatch, arguments, words):
    shown = []
    monkeypatch.setattr(check_module, "display", shown.append)
    check_module.check(*arguments)
    assert shown[0].outcome == ERROR and words in shown[0].headline


def test_functions_in_another_order_are_told(monkeypatch):
    shown = []
    monkeypatch.setattr(check_module, "display", shown.append)
    space = {}
    exec("def relu_forward(x): pass\ndef relu_backward(dout, cache): pass", space)
    check_module.check("relu_backward", space["relu_forward"], space["relu_backward"])
    assert "stand in another order" in shown[0].headline
    check_module.check("neuron", space["relu_backward"])
    assert "you gave relu_backward to the check of neuron" in shown[1].text()


def test_a_function_that_takes_something_else_is_told_so_and_not_the_course_accused():
    given = verdict(in_a_notebook("def scale(x):\n    return x\n")).headline
    assert "cannot be called as it should be: scale() takes 1 positional argument" in given
    given = verdict(in_a_notebook("def scale(x, w, b):\n    return x\n")).headline
    assert "missing 1 required positional argument: 'b'" in given and "none of yours" not in given


def test_an_object_that_lacks_what_is_asked_for_is_told_what():
    class Net:
        def __init__(self, x, w):
            pass

    given = verdict(Net, played("return functions[0](*args).scores()")).headline
    assert "your Net has no “scores”" in given and "none of yours" not in given


def test_what_else_was_returned_is_told_in_words():
    def generator(x, w):
        yield x

    for function, words in ((lambda x, w: x.sum, "brackets behind its name missing"),
                            (generator, "yield where return belongs"),
                            (lambda x, w: {"out": x}, "a dict with 'out'")):
        assert words in verdict(function).headline


def test_an_exercises_own_sentence_about_a_result_is_no_stop(monkeypatch):
    shown = []
    monkeypatch.setattr(check_module, "display", shown.append)
    check_module.check("relu_backward", lambda dout, cache: dout, lambda x: x)
    text = shown[0].text()
    assert "relu_forward should return two things" in text
    assert "it returned another number of results" in text and "stops" not in text


@pytest.mark.parametrize("clock", [True, False], ids=["a clock", "as on Windows"])
def test_an_endless_loop_ends(monkeypatch, clock):
    monkeypatch.setattr(check_module, "GROUP_SECONDS", 0.3)
    if not clock:
        monkeypatch.delattr(signal, "setitimer")

    def endless(x, w):
        while True:
            w += 1

    given = shown_by_check(monkeypatch, ARRAY, endless)
    facts = dict(given.facts)
    assert "did not return within 0.3 seconds" in given.headline
    assert facts["Not tried"] == "more" and any("of endless" in label for label in facts)


def test_results_moved_by_a_row_are_told():
    for move, words in (((0, 1, 0), "1 row too far down"), ((0, 0, -1), "1 column too far left")):
        given = verdict(lambda x, w, move=move: np.roll(scaled(x, w), move, (0, 1, 2)))
        assert f"They are the right ones, {words}." in given.headline


def test_lists_in_another_order_and_facts_are_told_in_words():
    other = difference("the list", [(2, 7), (0, 5)], [(0, 5), (2, 7)]).sentence
    assert other.endswith("The entries are the right ones, in another order.")
    assert "order" not in difference("the list", [(2, 5), (0, 7)], [(0, 5), (2, 7)]).sentence
    both = difference("the list of losses", ([1.0, 2.0], {}), [1.0, 2.0]).sentence
    assert "a tuple of 2. Its first entry is right" in both
    assert difference("each image keeps its label", True, True) is None
    assert difference("each image keeps its label", False, True).sentence == (
        "“each image keeps its label”: that should be so, and is not.")


def test_names_stand_with_their_verbs():
    right = np.arange(6.0).reshape(2, 3)
    assert difference("the pixels", right[0], right).sentence.startswith("the pixels have shape")
    assert difference("the list of losses", right[0], right).sentence.startswith(
        "the list of losses has shape")
    assert "yours is a single number, 3" in difference("dx", np.int64(3), right).sentence
    exercise = exercises.find("pixels_of_weight")
    told = check_module.checked(exercise, [lambda x, di, dj, H2, W2, stride: 1 + exercise.reference(
        x, di, dj, H2, W2, stride)]).text()
    assert "small tries the pixels were wrong" in told


def test_missing_names_are_told_with_what_to_do():
    assert "Did you mean “neuron”?" in sentence("neurn", ["neuron", "check"])
    assert "run all cells above" in sentence("neuron", ["conv1x1"])


@pytest.mark.parametrize(("cell", "said"), [
    ('score = test("neuron", neuron(), group="bias", points=1)',
     "TypeError: the function itself is needed here. Write “neuron” without brackets behind it."),
    ("y = neuron()", "missing 1 required positional argument: 'x'"),
    ("np.zeros(2, 3)", "A shape is a single argument, with brackets of its own")])
def test_a_notebook_says_what_to_do_about_a_call_that_python_refuses(cell, said):
    path = f"<cell {cell}>"
    linecache.cache[path] = len(cell), None, cell.splitlines(keepends=True), path
    shown = []
    shell = SimpleNamespace(
        user_ns={"np": np, "neuron": lambda x: x, "test": print}, InteractiveTB=AutoFormattedTB(),
        _showtraceback=lambda kind, error, lines: shown.extend(lines))
    shell.user_ns["neuron"].__name__ = shell.user_ns["neuron"].__qualname__ = "neuron"
    with pytest.raises(TypeError) as caught:
        exec(compile(cell, path, "exec"), shell.user_ns)
    missing_names._told(shell, caught.type, caught.value, caught.tb.tb_next)
    assert said in " ".join(" ".join(shown).split())
    assert ("Traceback" in " ".join(shown)) == (not said.startswith("TypeError"))


@pytest.mark.parametrize("lesson", sorted(SOLUTIONS.glob("0*.py")), ids=lambda path: path.stem)
def test_another_kernel_shows_what_to_do_whichever_package_it_lacks(lesson):
    cell = next(c.source for c in read_lesson(lesson).cells if c.role == "setup")
    path = f"<{lesson.stem}>"
    linecache.cache[path] = len(cell), None, cell.splitlines(keepends=True), path
    for lacking in {"numpy", "course_lib"} & set(re.findall(r"(?:import|from) (\w+)", cell)):
        def without(name, *more, lacking=lacking):
            if name.partition(".")[0] == lacking:
                raise ModuleNotFoundError(f"No module named '{lacking}'")
            return __import__(name, *more)

        with pytest.raises(ModuleNotFoundError) as caught:
            exec(compile(cell, path, "exec"), {"__builtins__": vars(builtins) | {
                "__import__": without}})
        shown = "\n".join(AutoFormattedTB(mode="Context").structured_traceback(
            caught.type, caught.value, caught.tb))
        shown = re.sub(r"\x1b\[[0-9;]*m", "", shown)
        shown = " ".join(re.sub(r"\n +\d+ #", " ", shown).split())
        assert ("“No module named”? Then this kernel is not the course's. Choose another: menu "
                "Kernel, Change Kernel; or open the lessons as the student guide describes."
                ) in shown


def test_the_first_cell_that_has_not_run_is_told_and_kernels_begin_with_the_answers():
    for name in ("check", "np", "pictures"):
        assert "the first code cell of this notebook has not run" in sentence(name, ["neuron"])
    assert "first code cell" not in sentence("photo", ["np"])
    spec = json.loads((lab.SETTINGS / "kernels" / "python3" / "kernel.json").read_text())
    assert "--ext=course_lib.missing_names" in spec["argv"]
    assert callable(missing_names.load_ipython_extension)


def test_a_coarse_clock_accuses_nobody_and_still_finds_loops(monkeypatch):
    now = [0.0]

    def coarse():
        now[0] += 1e-5
        return now[0] // 0.005 * 0.005

    def takes(seconds):
        def call(case):
            now[0] += seconds[case]

        return call

    monkeypatch.setattr(_growth, "time", SimpleNamespace(perf_counter=coarse))
    _growth.refuse_growth(takes({"many": 2e-4, "few": 2e-4}), "many", "few")
    with pytest.raises(StudentStopped, match="loop over positions"):
        _growth.refuse_growth(takes({"many": 3e-2, "few": 2e-4}), "many", "few")


@pytest.mark.parametrize(("yours", "expected", "bits"), [
    (28256, 290400, 16), ((15_041_361_408 + 2**31) % 2**32 - 2**31, 15_041_361_408, 32),
    (3025, 290400, 0), (5 - 2**16, 5, 0)])
def test_a_number_that_has_outgrown_its_type_is_told_so(yours, expected, bits):
    found = difference("the number", yours, expected)
    assert (f"integer type of {bits} bits" in found.sentence) == bool(bits)
    assert found.kind == "value"


def test_a_missing_entry_is_not_told_as_a_result_that_is_none():
    """A dict without a key is there, and so is a list with None in it."""
    assert difference("grads", {"dw": 1.0}, {"w": 1.0}).kind == "lacking"
    assert difference("grads", {"w": None}, {"w": 1.0}).kind == "lacking"
    assert difference("sizes", [1, None], [1, 2]).kind == "lacking"
    assert difference("sizes", None, [1, 2]).kind == "missing"


def test_an_array_of_whole_numbers_is_told_as_the_reason_and_another_type_by_its_name():
    whole = verdict(lambda x, w: (2 * x + w).astype(int)).headline
    assert "room for whole numbers alone: its type is int64" in whole
    assert "entries of type complex128" in verdict(lambda x, w: 2 * x + w + 0j).headline
