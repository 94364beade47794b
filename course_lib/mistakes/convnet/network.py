"""The network of lesson 07, right as it stands; a mistake says which of its steps it replaces."""

import numpy as np

from course_lib.reference.affine import affine_backward, affine_forward
from course_lib.reference.convolution import conv_backward, conv_forward
from course_lib.reference.pooling import (
    avg_pool_backward,
    avg_pool_forward,
    max_pool_backward,
    max_pool_forward,
)
from course_lib.reference.relu import relu_backward, relu_forward
from course_lib.reference.softmax_cross_entropy import softmax_cross_entropy


def same(value, cache=None):
    return value


def network(params, pad, X, y, *, activation=relu_forward, scores=same, loss=None, dscores=same,
            labels=lambda scores: scores.argmax(axis=1), pool_back=max_pool_backward,
            relu_back=relu_backward, grads=same, penalty=0, pulled=0, images=same, stride=1,
            padding=same, pooling=(2, 2, 2), pool=max_pool_forward, biases=(1, 1), flat=same):
    """(scores, labels, loss, grads) of the network, with steps replaced by wrong ones."""
    maps, conv_cache = conv_forward(
        images(X), params["conv_w"], biases[0] * params["conv_b"], stride, padding(pad))
    active, relu_cache = activation(maps)
    pooled, pool_cache = pool(active, *pooling)
    # Where the sizes do not fit, it stops with the words with which a student's product does.
    _ = pooled.reshape(len(pooled), -1) @ params["affine_w"]
    out, affine_cache = affine_forward(
        flat(pooled), params["affine_w"], biases[1] * params["affine_b"])
    shown = scores(out)
    used = shown if loss is None else loss(out)
    value, gradient = softmax_cross_entropy(used, y)
    dpooled, affine_w, affine_b = affine_backward(dscores(gradient), affine_cache)
    dpooled = dpooled.reshape(pooled.shape)
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
    # Which of these it is, the sizes at which it stops do not say.
    ("another stride, padding or window",
     "Your maps come out in another size, or your windows lie elsewhere. The convolution has "
     "stride 1 and the network's own padding, self.pad; the pooling windows are 2x2, with stride "
     "2.", *({"padding": padding} for padding in (lambda pad: 0, lambda pad: 1)),
     *({"stride": stride} for stride in (2, 3)),
     *({"pooling": size} for size in ((2, 2, 1), (3, 3, 2), (3, 3, 3), (4, 4, 4), (2, 2, 3),
                                      (3, 3, 1), (1, 1, 1)))),
    ("average pooling",
     "Your network pools by averages. Here it is the maximum of each window.",
     {"pool": avg_pool_forward, "pool_back": avg_pool_backward}),
    ("biases of the filters forgotten",
     "The biases of your filters are not in the scores. Does the convolution get conv_b?",
     {"biases": (0, 1)}),
    ("biases of the classes forgotten",
     "The biases of the classes are not in the scores. Does the affine layer get affine_b?",
     {"biases": (1, 0)}),
    ("images changed first",
     "You change the images before the first layer: divide them by 255 or by their standard "
     "deviation, or take their mean off. The network takes them as they are.",
     {"images": lambda X: X / 255}, {"images": lambda X: (X - X.mean()) / X.std()},
     {"images": lambda X: X - X.mean()}, {"images": lambda X: X / X.max()},
     {"images": lambda X: X - X.mean(axis=0)}),
    ("maps flattened in another order",
     "Your affine layer gets the numbers of the maps in another order. They come map by map and "
     "row by row, as they lie in (N, F, H, W).",
     {"flat": lambda pooled: pooled.transpose(0, 2, 3, 1)},
     {"flat": lambda pooled: pooled.transpose(0, 1, 3, 2)}),
    ("mask of the gradient",
     "On the way back your ReLU stops the gradient where the gradient itself is negative. What "
     "counts is the sign of its input on the way forward.",
     {"relu_back": lambda dout, cache: dout * (dout > 0)},
     {"relu_back": lambda dout, cache: dout * (dout > 0), "pool_back": to_each_maximum}),
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
