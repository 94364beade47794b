"""What is said beside Python's own words: names that are misspelt, brackets, whole numbers."""

import builtins
import linecache
import sys

import numpy as np
import pytest

from course_lib import exercises
from course_lib.advice import advice, nearest
from course_lib.check import checked
from course_lib.judging.judge import judge
from course_lib.missing_names import sentence
from course_lib.student_error import from_exception

NAMES = {"np": np, "zero_pad": lambda x: x, "conv_forward_naive": print}
SAID = [
    ("conv_param['strid']", "Did you mean “stride”?"),
    ("1 // strid", "Did you mean “stride”?"),
    ("zeropad(x)", "Did you mean “zero_pad”?"),
    ("numpy.zeros(3)", "NumPy is called np here."),
    ("math.prod((1, 2))", "Write “import math” in a cell above, and run it."),
    ("np.zeross(3)", "Did you mean “zeros”?"),
    ("x.shap", "Did you mean “shape”?"),
    ("np.float(3)", "NumPy no longer has it: write float."),
    ("np.product((2, 3))", "NumPy no longer has it: write np.prod."),
    ("x[0]['w']", "A single number has no entries."),
    ("(1.0)[0]", "A single number has no entries."),
    ("max_pool_forward_naive(x)", "Is there a cell to run that defines it?"),
    ("conv_param.stride", 'square brackets: ["stride"].'),
    ("conv_param('stride')", "An entry is written with square brackets"),
    ("x.shape(0)", "An entry is written with square brackets"),
    ("np.zeros(2, 3)", "A shape is a single argument"),
    ("range(x.shape[0] / 2)", "/ always gives a float"),
    ("x[2 / 2]", "/ always gives a float"),
    ("list(3)", "write range(n)"),
    ("stride(2)", "A number is called here like a function"),
    ("len(zero_pad)", "are the brackets behind its name missing?"),
    ("print(x).shape", "Something here is None"),
    ("max(x, 0)", "takes one number at a time"),
    ("x.append(1)", "An array does not grow"),
    ("1 // 0", ""),
    ("x ^ 2", "a power is written **"),
    ("np.ones(6).reshape(2, (3, 1))", "*shape hands its entries on one by one"),
    ("(lambda N, C: N)(*x.shape, *[y for y, z in [x.shape]])", "one number for each of its axes"),
    ("x.shape / 2", "Unpack it, or take an entry by its number"),
    ("x.shape * 0.5", "Unpack it, or take an entry by its number"),
    ("(x, stride).shape", "Unpack it, or take an entry by its number"),
    ("x + np.array((x, np.ones(2)))", "Does a function that returns several things stand"),
    ("conv_param['K']", "Here conv_param has 'stride', 'pad', and no 'K'."),
    ("[conv_param['what'] for what in ('pad',)]", "Without them it is what your variable what"),
]


def raised(line, **more):
    """What a function of a student's raises in this line, told as in a notebook."""
    source = f"def f(x, conv_param, stride):\n    return {line}\n"
    path = f"<advice {line}>"
    linecache.cache[path] = len(source), None, source.splitlines(keepends=True), path
    space = NAMES | more
    exec(compile(source, path, "exec"), space)
    try:
        space["f"](np.ones(3), {"stride": 1, "pad": 0}, 1)
    except Exception as error:
        return from_exception(error)


@pytest.mark.parametrize(("line", "words"), SAID)
def test_what_to_do_stands_beside_pythons_words(line, words):
    told = raised(line)
    assert words in told.advice and bool(words) == bool(told.advice)


def test_it_is_told_in_the_verdict_and_the_message_stays_pythons():
    space = {}
    exec("def neuron(x_patch, w, b):\n    return x_pach @ w", space)
    given = judge(exercises.find("neuron"), (space["neuron"],), "bias")
    assert "NameError: name 'x_pach' is not defined. Did you mean “x_patch”? (case of" in (
        given.headline)
    assert given.way == "stops with NameError"
    told = checked(exercises.find("neuron"), (space["neuron"],))
    assert "small tries" not in told.text() and set(told.pattern) == {"x"}  # the line says it all


def test_an_attribute_that_init_has_set_is_found_and_a_local_without_a_value_told():
    space = {}
    exec("class Net:\n    def __init__(self):\n        self.params = 1\n"
         "    def loss(self):\n        return params\n"
         "def total():\n    total += 1\n", space)
    for call, words in ((space["Net"]().loss, "Did you mean “self.params”?"),
                        (space["total"], "No line that ran before this one has given it a value.")):
        with pytest.raises(NameError) as caught:
            call()
        last = caught.value.__traceback__
        while last.tb_next:
            last = last.tb_next
        assert advice(caught.value, last.tb_frame) == words


def test_what_an_object_of_the_notebook_has_is_told_if_nothing_is_near():
    space = {"__name__": "__main__"}
    exec("class Net:\n    def __init__(self):\n        self.params = 1\n"
         "    def loss(self):\n        pass\n"
         "def step(x):\n    return x.grads\n", space)
    for thing, words in ((space["Net"](), "It has params, loss."), (np.ones(2), ""), ([], "")):
        with pytest.raises(AttributeError) as caught:
            space["step"](thing)
        assert advice(caught.value, caught.value.__traceback__.tb_next.tb_frame) == words


def test_another_word_is_no_slip():
    names = ["avg_pool_forward_naive", "conv_forward_fast", "conv_forward_naive", "dw", "db"]
    assert nearest("max_pool_forward_naive", names) == ""
    assert nearest("conv_forward_naiv", names) == "conv_forward_naive"
    assert nearest("conv_forward", names) in names
    assert nearest("dx", [*names, *dir(builtins)]) == ""


def test_nothing_of_a_students_object_is_asked():
    class Odd:
        def __getattribute__(self, name):
            raise SystemExit("asked")

        __dir__ = __getattribute__

    try:
        object.__getattribute__(Odd(), "shap")
    except AttributeError as error:
        error.obj, error.name = Odd(), "shap"
        assert isinstance(advice(error, None), str)


def test_numpy_that_lesson_1_does_without_is_not_sought_in_the_first_cell():
    assert "the first code cell" in sentence("np", [])
    assert "import numpy as np" in sentence("np", ["check"])


def test_a_refusal_of_what_is_right_is_told_as_one_and_known():
    source = ("def same_padding(F):\n    if F % 2:\n        raise ValueError('odd, please')\n"
              "    return (F - 1) // 2\n")
    linecache.cache["<odd>"] = len(source), None, source.splitlines(keepends=True), "<odd>"
    space = {}
    exec(compile(source, "<odd>", "exec"), space)
    given = judge(exercises.find("same_padding"), (space["same_padding"],), "odd filters")
    assert "your function refuses an input that it should accept: ValueError: odd, please" in (
        given.headline)
    assert given.misconception == "even and odd exchanged"


def test_a_key_that_is_written_out_or_cut_short_is_known():
    def advised(key):
        conv_param = {"stride": 1, "pad": 0}
        try:
            conv_param[key]
        except KeyError as error:
            return advice(error, sys._getframe())

    assert advised("padding") == "Did you mean “pad”?"
    assert advised("str") == "Did you mean “stride”?"
    assert advised("s") == advised("filters") == ""
