"""Softmax and cross-entropy in one: from class scores to a loss and its gradient."""

import numpy as np

from course_lib.reference import shapes


def softmax_cross_entropy(scores, y):
    """The mean over images of -log(softmax(scores[n])[y[n]]), and its gradient.

    scores (N, K) for K classes, y (N,) integers from 0 to K-1. Returns the loss, a float, and
    dscores (N, K); an empty batch has loss 0. ValueError for other shapes or labels.

    The largest score of each row is subtracted first: the result is the same and exp cannot
    overflow. The gradient is (softmax - one-hot) / N.
    Source: CS231n notes, linear classification, "Softmax classifier".
    """
    scores, y = shapes.scores(scores, y)
    N = max(len(y), 1)
    image = np.arange(len(y))
    shifted = scores - scores.max(axis=1, keepdims=True)
    log_softmax = shifted - np.log(np.exp(shifted).sum(axis=1, keepdims=True))
    dscores = np.exp(log_softmax)
    dscores[image, y] -= 1
    return float(np.sum(-log_softmax[image, y])) / N, dscores / N
