"""A class's pictures are drawn once for the same numbers, and for other numbers each."""

import numpy as np
import pytest

from course_lib import pictures
from course_lib.judging.compare import difference
from course_lib.pictures import picture
from course_lib.pictures.remembered import Remembered

X = np.linspace(0.0, 1.0, 12).reshape(3, 4)


@pytest.fixture
def remembering():
    with picture.remembering(Remembered(2)):
        yield


def test_outside_of_grading_everything_is_drawn():
    with picture.remembering(Remembered(2)):
        pictures.zero_padding(X, pad=1)
    assert pictures.zero_padding(X, pad=1) is not pictures.zero_padding(X, pad=1)


def test_the_same_numbers_up_to_the_order_of_a_sum_give_the_same_picture(remembering):
    first = pictures.zero_padding(X, pad=1)
    assert pictures.zero_padding(X.copy(), pad=1) is first
    assert pictures.zero_padding(X + 1e-16, pad=1) is first
    assert pictures.zero_padding(np.where(X == 0, -0.0, X), pad=1) is first
    for value in (0.999999999999, 1.0, 1.000000000001):
        scaled = pictures.zero_padding(np.array([[value, 0.5]]), pad=1)
        assert scaled is pictures.zero_padding(np.array([[1.0, 0.5]]), pad=1), value


def test_other_numbers_settings_and_words_give_another(remembering):
    first = pictures.zero_padding(X, pad=1)
    for other in (pictures.zero_padding(X, pad=2), pictures.zero_padding(X * 1.001, pad=1),
                  pictures.zero_padding(X.T, pad=1), pictures.zero_padding(X.astype("f4"), pad=1)):
        assert other is not first
    assert pictures.filter_bank(X[None, None], ["a"]).text != pictures.filter_bank(
        X[None, None], ["b"]).text


def test_a_wrong_answer_made_by_many_is_drawn_once(remembering):
    def drawn(yours):
        return pictures.difference(yours, X, "out", difference("out", yours, X))

    first = drawn(X + 1)
    assert drawn(X + 1) is first
    assert drawn(X + 2) is not first
    assert pictures.difference(X + 1, X, "dx", difference("dx", X + 1, X)) is not first


def test_a_remembered_picture_is_the_one_that_is_drawn():
    drawn = pictures.filter_bank(X[None, None], ["a"])
    with picture.remembering(Remembered(2)):
        pictures.filter_bank(X[None, None], ["a"])
        again = pictures.filter_bank(X[None, None], ["a"])
    assert (again.png, again.html, again.text) == (drawn.png, drawn.html, drawn.text)


def test_only_so_many_are_kept(remembering):
    first = pictures.zero_padding(X, pad=1)
    pictures.zero_padding(X, pad=2)
    assert pictures.zero_padding(X, pad=1) is first
    pictures.zero_padding(X, pad=3)
    assert pictures.zero_padding(X, pad=1) is first, "it was asked for since"
    pictures.zero_padding(X, pad=2)
    pictures.zero_padding(X, pad=3)
    assert pictures.zero_padding(X, pad=1) is not first
