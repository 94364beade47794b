"""When sharing weights is the wrong assumption: the crossing that lesson 04 teaches.

Measured here, 15 epochs of Adam, seeds 0 and 1, test accuracy on digits as they are (centred) and
moved by up to 2 pixels: behind a spatial mean, convolution 0.89 and 0.33, locally connected 0.96
and 0.18; behind a dense head both 0.97 to 0.98. The prototype in the project's facts trained less
(0.594 against 0.899 centred, 0.539 against 0.178 moved): the figures depend on the training, the
crossing does not.
"""

import numpy as np
import pytest

from course_lib.data import digits, faces, shifted
from course_lib.networks.network import (
    Affine,
    BatchNorm,
    Conv,
    GlobalAvgPool,
    Local,
    Network,
    ReLU,
)
from course_lib.networks.optimizers import Adam
from course_lib.networks.training import cosine, fit


def accuracies(layer, head, seed):
    """Test accuracy on centred and on moved digits."""
    network = Network((1, 8, 8), [layer(16, 5), ReLU(), *head, Affine(10)], seed=seed)
    fit(network, *digits("train"), epochs=15, batch_size=32, optimizer=Adam(0.01),
        schedule=cosine, seed=seed, progress=False)
    images, labels = digits("test")
    moved = shifted(images, 2, np.random.default_rng(0))
    return network.evaluate(images, labels)[1], network.evaluate(moved, labels)[1]


@pytest.mark.parametrize("seed", [0, 1])
def test_behind_a_spatial_mean_each_wins_where_its_assumption_holds(seed):
    shared = accuracies(Conv, [GlobalAvgPool()], seed)
    local = accuracies(Local, [GlobalAvgPool()], seed)
    assert local[0] > shared[0] + 0.03
    assert shared[1] > local[1] + 0.1


def test_a_dense_head_takes_the_difference_away():
    assert abs(accuracies(Conv, [], 0)[0] - accuracies(Local, [], 0)[0]) < 0.03


def test_faces_cross_over_after_three_rounds_as_the_lesson_says():
    """Five seeds gave 0.66 to 0.86 shared; not shared 0.98 to 0.99 and, moved, 0.21 to 0.23."""
    (X, y), (images, labels) = faces(1000, seed=1), faces(500, seed=2)
    moved = shifted(images, 2, np.random.default_rng(0))
    answers = {}
    for layer in (Conv, Local):
        network = Network((1, 24, 24), [layer(16, 5, pad=4), ReLU(), GlobalAvgPool(), BatchNorm(),
                                        Affine(8)], seed=1)
        fit(network, 16 * X, y, epochs=3, batch_size=32, optimizer=Adam(0.03, eps=1e-3),
            schedule=cosine, seed=1, progress=False)
        answers[layer] = network.predict(16 * images), network.predict(16 * moved)
    right = {layer: [np.mean(given == labels) for given in both]
             for layer, both in answers.items()}
    assert (answers[Conv][0] == answers[Conv][1]).all()  # not one answer changes
    assert 0.4 < right[Conv][0] < right[Local][0] - 0.05 and right[Local][0] > 0.95
    assert right[Local][1] < 0.35
