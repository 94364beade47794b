"""What the class report learns of one submission from its verdicts."""

import numpy as np

from autograder.judge.heard import Heard
from autograder.results.row import Row
from course_lib import exercises
from course_lib.check import checked
from course_lib.check import test as test_cell
from course_lib.judging import judge


def heard_of(*functions, name="zero_pad"):
    heard = Heard()
    judge.listeners.append(heard)
    try:
        heard.before_cell()
        checked(exercises.find(name), functions)
    finally:
        judge.listeners.remove(heard)
    return heard


def too_wide(x, pad):
    return np.pad(x, ((0, 0), (0, 0), (pad, pad), (pad, pad + 1)))


def too_wide_in_loops(x, pad):
    n, c, h, w = x.shape
    out = np.zeros((n, c, h + 2 * pad, w + 2 * pad + 1))
    for i in range(h):
        for j in range(w):
            out[:, :, i + pad, j + pad] = x[:, :, i, j]
    return out


def of_ones(x, pad):
    return np.pad(x, ((0, 0), (0, 0), (pad, pad), (pad, pad)), constant_values=1)


def of_twos(x, pad):
    return np.pad(x, ((0, 0), (0, 0), (pad, pad), (pad, pad)), constant_values=2)


def test_wrong_in_the_same_way_is_found_by_what_functions_compute():
    ways = {f.__name__: heard_of(f).ways[0]["id"] for f in (
        too_wide, too_wide_in_loops, of_ones, of_twos)}
    assert ways["too_wide"] == ways["too_wide_in_loops"]
    # Wrong on the same tries, with other numbers: that is another way.
    assert len(set(ways.values())) == 3
    assert heard_of(lambda x, pad: np.pad(x, ((0, 0), (0, 0), (pad, pad), (pad, pad)))).ways == []


def test_a_way_has_its_rule_and_its_smallest_case():
    way = heard_of(of_ones).ways[0]
    assert way["exercise"] == "zero_pad" and "pad" in way["rule"] and way["case"]
    row = Row("ada", "02", ways=[way], outcomes=[{"exercise": "zero_pad", "group": "pad 0",
                                                  "outcome": "passed", "mistake": ""}])
    assert Row.from_data(row.data()) == row


def test_what_a_test_cell_comes_to_is_its_first_lost_verdict():
    heard = Heard()
    judge.listeners.append(heard)
    try:
        for group, function, hidden in (("pad 0", of_ones, 3), ("square images", of_ones, 3)):
            heard.before_cell()
            score = test_cell("zero_pad", function, group=group, points=1)
            score.on_hidden_cases(hidden)
            heard.after_test("zero_pad", group, [])
    finally:
        judge.listeners.remove(heard)
    assert [one["outcome"] for one in heard.outcomes] == ["passed", "wrong"]


def test_a_test_without_a_verdict_was_not_attempted_or_stopped():
    heard = Heard()
    heard.before_cell()
    heard.after_test("neuron", "bias", [{"ename": "NameError"}])
    heard.after_test("neuron", "dot product", [{"ename": "TypeError"}])
    assert [one["outcome"] for one in heard.outcomes] == ["not attempted", "error"]


def test_rows_of_an_earlier_release_still_load():
    old = Row("ada", "02").data()
    for name in ("outcomes", "ways", "late"):
        del old[name]
    assert Row.from_data(old).outcomes == []
