"""The network of lesson 07, right as it stands; a mistake says which of its steps it replaces."""

import numpy as np

from course_lib.reference.affine import affine_backward, affine_forward
from course_lib.reference.convolution import conv_backward, conv_forward
from course_lib.reference.pooling import max_pool_backward, max_pool_forward
from course_lib.reference.relu import relu_backward, relu_forward
from course_lib.reference.softmax_cross_entropy import softmax_cross_entropy


def same(value, cache=None):
    return value


def network(params, pad, X, y, *, activation=relu_forward, scores=same, loss=None, dscores=same,
            labels=lambda scores: scores.argmax(axis=1), pool_back=max_pool_backward,
            relu_back=relu_backward, grads=same, penalty=0, pulled=0):
    """(scores, labels, loss, grads) of the network, with steps replaced by wrong ones."""
    maps, conv_cache = conv_forward(X, params["conv_w"], params["conv_b"], 1, pad)
    active, relu_cache = activation(maps)
    pooled, pool_cache = max_pool_forward(active, 2, 2, 2)
    out, affine_cache = affine_forward(pooled, params["affine_w"], params["affine_b"])
    shown = scores(out)
    used = shown if loss is None else loss(out)
    value, gradient = softmax_cross_entropy(used, y)
    dpooled, affine_w, affine_b = affine_backward(dscores(gradient), affine_cache)
    dmaps = relu_back(pool_back(dpooled, pool_cache), relu_cache)
    _, conv_w, conv_b = conv_backward(dmaps, conv_cache)
    found = {"conv_w": conv_w, "conv_b": conv_b, "affine_w": affine_w, "affine_b": affine_b}
    value += penalty * sum((array**2).sum() for array in params.values())
    found = {name: grad + pulled * params[name] for name, grad in found.items()}
    return shown, labels(out), value, grads(found)


def probabilities(scores):
    shifted = np.exp(scores - scores.max(axis=1, keepdims=True))
    return shifted / shifted.sum(axis=1, keepdims=True)


def to_each_maximum(dout, cache):
    """To all maxima of a window, as in the lesson; a ReLU leaves windows of equal zeros."""
    windows, out = cache
    largest = all_four(out.reshape(dout.shape), cache)
    return all_four(dout, cache) * (windows.maps.reshape(windows.x_shape) == largest)


def all_four(dout, cache):
    """A pooling gradient that goes to all pixels of its window."""
    return dout.repeat(2, axis=2).repeat(2, axis=3)


def every(change):
    return lambda grads: {name: change(value) for name, value in grads.items()}


# (name, sentence, what to replace in `network`, and other ways to the same mistake)
NETWORK = (
    ("no ReLU",
     "There is no ReLU in your network. Without it two linear layers are no more than one.",
     {"activation": lambda maps: (maps, maps), "relu_back": same}),
    ("ReLU on the scores",
     "Your scores are never negative: the last layer has a ReLU, too. Scores are free.",
     {"scores": lambda s: np.maximum(s, 0)}),
    ("probabilities for scores",
     "Your scores are probabilities already. The softmax belongs to the loss.",
     {"scores": probabilities, "loss": same}),
    ("scores for labels",
     "predict gives the scores. It should say which class has the best one.",
     {"labels": same}),
    ("best score for best class",
     "predict gives the best score of each image. It should say which class has it.",
     {"labels": lambda s: s.max(axis=1)}),
    ("best image for each class",
     "predict finds the best image for each class. The classes are along the other axis.",
     {"labels": lambda s: s.argmax(axis=0)}),
    ("best score from 0",
     "predict gives class 0 where all scores are below 0. What does your search start with?",
     {"labels": lambda s: np.maximum(s, 0).argmax(axis=1)}),
    ("worst class",
     "predict gives the class with the lowest score.",
     {"labels": lambda s: s.argmin(axis=1)}),
    ("softmax twice",
     "Your loss takes the softmax twice: softmax_loss expects scores.",
     {"loss": probabilities}),
    ("weight decay in the loss",
     "You add a part of the squared parameters to the loss, or of the parameters to their "
     "gradients, as weight decay does. The loss is that of the scores alone.",
     *({"penalty": part, "pulled": pulled} for part in (0.01, 0.005, 0.001, 0.0005, 0.1, 0.05)
       for pulled in (0, part, 2 * part))),
    ("gradients clipped",
     "Your gradients never exceed some number. They are not clipped here.",
     *({"grads": every(lambda g, most=most: np.clip(g, -most, most))}
       for most in (0.01, 0.1, 0.05, 0.001))),
    ("gradients of the sum",
     "Your gradients are too large by the number of images: they are those of the sum, and the "
     "loss is a mean.",
     {"dscores": lambda d: d * len(d)}),
    ("gradients divided twice",
     "Your gradients are too small by the number of images. softmax_loss has divided by it "
     "already.",
     {"dscores": lambda d: d / len(d)}),
    ("minus in the gradients",
     "Your gradients have the wrong sign. The minus comes in the training step.",
     {"grads": every(np.negative)}),
    ("zero gradients",
     "Your gradients are all zero. What does the backward pass put into them?",
     {"grads": every(np.zeros_like)}),
    ("ReLU left out on the way back",
     "On the way back you leave out the ReLU. Every layer of the forward pass has its turn.",
     {"relu_back": same}, {"relu_back": same, "pool_back": to_each_maximum}),
    ("gradient to all pixels",
     "On the way back the pooling layer seems to pass its gradient to all pixels of a window. "
     "Which one of them did the maximum come from?",
     {"pool_back": all_four}),
)
