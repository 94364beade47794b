"""The digit explorer shows the network the image that it shows us, and says what it answers."""

import numpy as np
import pytest

from course_lib import data, widgets


@pytest.fixture
def seen():
    return []


@pytest.fixture
def explorer(seen):
    """With a network that finds the class of an image's brightest column, and keeps what it sees.
    """
    def scores(images):
        seen.append(images)
        return np.pad(images.sum(axis=(1, 2)) * 1000, ((0, 0), (0, 2)))

    images, labels = data.digits("test")
    return widgets.DigitExplorer(scores, images, labels)


def test_the_network_sees_the_image_moved_and_in_the_chosen_ink(explorer, seen):
    images, labels = data.digits("test")
    explorer.number.value, explorer.down.value, explorer.right.value = 7, -2, 1
    assert (seen[-1] == data.moved(images[7:8], -2, 1)).all()
    explorer.ink.value = "black"
    assert (seen[-1] == 1 - data.moved(images[7:8], -2, 1)).all()
    column = seen[-1].sum(axis=(0, 1, 2)).argmax()
    assert explorer.sentence.startswith(f"This is a {labels[7]}. Your network says {column}: ")


def test_large_scores_do_no_harm_and_the_picture_lists_the_probabilities(explorer):
    explorer.number.value = 0
    alt = explorer.pictures[0].alt
    assert "nan" not in alt and alt.count("%") == 10 and " 100%" in alt


def test_an_image_cannot_leave_the_window(explorer):
    explorer.down.value = 100
    assert explorer.down.value == 7
