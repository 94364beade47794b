"""Right and wrong ways of writing the network of lesson 07 and its parts."""

import numpy as np

from course_lib.judging.exercise import Misconception
from course_lib.reference.affine import affine_backward, affine_forward
from course_lib.reference.convolution import conv_backward, conv_forward
from course_lib.reference.pooling import max_pool_backward, max_pool_forward
from course_lib.reference.relu import relu_backward, relu_forward
from course_lib.reference.softmax_cross_entropy import softmax_cross_entropy

# Stands for a result that a case does not ask for.
NOT_ASKED = 0


def relu_with(gradient):
    """A ReLU whose output is right and whose gradient is gradient(dout, x)."""
    return lambda dout, x: (np.maximum(x, 0), gradient(dout, x), x)


def relu_in_place(gradient):
    """The same, but the forward pass writes into x."""
    return lambda dout, x: (np.maximum(x, 0), gradient(dout, x), np.maximum(x, 0))


def relu_up_to(most):
    """A ReLU that cuts off its output, with the gradient of one that does not."""
    return lambda dout, x: (np.clip(x, 0, most), np.where(x > 0, dout, 0), x)


def leaky(part):
    return lambda dout, x: (np.where(x > 0, x, part * x), np.where(x > 0, dout, part * dout), x)


def sigmoid(dout, x):
    out = 1 / (1 + np.exp(-x))
    return out, dout * out * (1 - out), x


RELU = (
    Misconception("mask of a damaged tensor",
                  "Your gradient passes everywhere. When the mask is made, are there still any "
                  "negative numbers in what the forward pass has stored?",
                  relu_in_place(lambda dout, x: dout)),
    Misconception("input overwritten",
                  "Your gradient is right now. But relu_forward still writes into the array that "
                  "the caller has handed in, and the caller may need it.",
                  relu_in_place(lambda dout, x: np.where(x > 0, dout, 0))),
    Misconception("mask that lets everything pass",
                  "Your gradient passes everywhere. Does your mask tell the numbers that the "
                  "forward pass has set to 0 from the others?",
                  relu_with(lambda dout, x: dout)),
    Misconception("mask of the gradient",
                  "You stop the gradient where dout is negative. What decides is the sign of the "
                  "input: it is the forward pass that let a number through or not.",
                  relu_with(lambda dout, x: dout * (dout > 0))),
    Misconception("both masks",
                  "You also stop negative gradients. Where the input was positive, any gradient "
                  "passes, whatever its sign.",
                  relu_with(lambda dout, x: np.maximum(dout, 0) * (x > 0))),
    Misconception("mask alone",
                  "Your gradient is the slope of ReLU alone, 0 or 1. The chain rule multiplies it "
                  "with something.",
                  relu_with(lambda dout, x: (x > 0) * 1.0)),
    Misconception("output for mask",
                  "You multiply dout with the output itself. Its size does not matter here, only "
                  "where it is above 0.",
                  relu_with(lambda dout, x: dout * np.maximum(x, 0))),
    Misconception("upper limit",
                  "Your output never exceeds some number. A ReLU has no limit above.",
                  *(lambda first, *others: (first, others))(*(
                      relu_up_to(most) for most in (6, 1, 2, 5, 10, 20, 100, 255, 256, 1000)))),
    Misconception("leaky",
                  "Your ReLU lets a part of the negative numbers through. Here they become 0.",
                  *(lambda first, *others: (first, others))(*(
                      leaky(part) for part in (0.01, 0.1, 0.2, 0.001)))),
    Misconception("magnitude",
                  "Your function gives magnitudes. Negative numbers become 0.",
                  lambda dout, x: (np.abs(x), dout * np.sign(x), x)),
    Misconception("sigmoid",
                  "Your function is a sigmoid. ReLU gives the number itself where it is above 0.",
                  sigmoid),
    Misconception("negative side passed",
                  "Your gradient passes where the input was negative, the wrong way round.",
                  relu_with(lambda dout, x: dout * (x < 0))),
)


def side(n, size, pad):
    return (n + 2 * pad - size + 1) // 2


FLAT_SIZE = (
    Misconception("pooling forgotten",
                  "You count the activation maps before pooling.",
                  lambda H, W, F, size, pad: (
                      F * (H + 2 * pad - size + 1) * (W + 2 * pad - size + 1))),
    Misconception("only one side pooled",
                  "Your result is twice what it should be. Does 2x2 pooling halve one side or "
                  "both?",
                  lambda H, W, F, size, pad: 2 * F * side(H, size, pad) * side(W, size, pad)),
    Misconception("one filter",
                  "You count the numbers of one activation map. Each filter makes one.",
                  lambda H, W, F, size, pad: side(H, size, pad) * side(W, size, pad)),
    Misconception("size of the image",
                  "You pool the image. It is the activation map that is pooled: how large is it?",
                  lambda H, W, F, size, pad: F * (H // 2) * (W // 2)),
    Misconception("padding forgotten",
                  "Your result is the one without padding.",
                  lambda H, W, F, size, pad: F * side(H, size, 0) * side(W, size, 0)),
    Misconception("starting place forgotten",
                  "Your maps are one row and one column too small before they are pooled. The "
                  "lines of the function work their size out already.",
                  lambda H, W, F, size, pad: (
                      F * ((H + 2 * pad - size) // 2) * ((W + 2 * pad - size) // 2))),
    Misconception("filters added",
                  "You add the number of filters. Each of them makes a map: multiply.",
                  lambda H, W, F, size, pad: F + side(H, size, pad) * side(W, size, pad)),
    Misconception("weights counted, too",
                  "You multiply with the size of the filters as well. It is the numbers of the "
                  "maps that are counted.",
                  lambda H, W, F, size, pad: (
                      F * size**2 * side(H, size, pad) * side(W, size, pad))),
    Misconception("padding on one side",
                  "You add the padding once. It lies on both sides of the image.",
                  lambda H, W, F, size, pad: (
                      F * ((H + pad - size + 1) // 2) * ((W + pad - size + 1) // 2))),
    Misconception("height for both",
                  "Your map is square. Its width follows from the width of the image.",
                  lambda H, W, F, size, pad: F * side(H, size, pad) ** 2),
    Misconception("width for both",
                  "Your map is square. Its height follows from the height of the image.",
                  lambda H, W, F, size, pad: F * side(W, size, pad) ** 2),
)


def softmax(scores, y, loss=None, gradient=None):
    """(loss, dscores), or one of them replaced: each takes (log p, p, one-hot, scores)."""
    right = softmax_cross_entropy(scores, y)
    log_p = scores - scores.max(axis=1, keepdims=True)
    log_p = log_p - np.log(np.exp(log_p).sum(axis=1, keepdims=True))
    values = log_p, np.exp(log_p), np.eye(scores.shape[1])[y], scores
    return (float(loss(*values)) if loss else right[0],
            gradient(*values) if gradient else right[1])


def wrong_softmax(wanted, change):
    def wrong(asked, scores, y):
        value = softmax(scores, y, **{wanted: change})
        return tuple(v if asked in (name, "both") else NOT_ASKED
                     for name, v in zip(("loss", "gradient"), value, strict=True))

    return wrong


def picked_column(log_p, p, one_hot, scores):
    """`dscores[:, y] -= 1`: all rows lose 1 in every column that is somebody's label."""
    return (p - one_hot.any(axis=0)) / len(p)


def normalised_over_all(log_p, p, one_hot, scores):
    shifted = scores - scores.max()
    return -((shifted - np.log(np.exp(shifted).sum())) * one_hot).sum() / len(p)


def normalised_over_images(log_p, p, one_hot, scores):
    shifted = scores - scores.max(axis=0)
    return -((shifted - np.log(np.exp(shifted).sum(axis=0))) * one_hot).sum() / len(p)


def rounded_to_0(log_p, p, one_hot, scores):
    with np.errstate(divide="ignore"):
        return -np.log((p * one_hot).sum(axis=1)).sum() / len(p)


def kept_above(least):
    """-log(p + least): a loss that stops growing where p is next to nothing."""
    return lambda log_p, p, t, s: -np.log((p * t).sum(axis=1) + least).sum() / len(p)


def unshifted(level, of_sums=False):
    """Loss and gradient from powers of scores that are too large, or too small, for a float.

    of_sums  the loss from the logarithm of the sum of the powers, not from that of a probability
    """

    def wrong(asked, scores, y):
        one_hot = np.eye(scores.shape[1])[y]
        with np.errstate(all="ignore"):
            powers = np.exp(scores - level(scores))
            p = powers / powers.sum(axis=1, keepdims=True)
            loss = float(rounded_to_0(None, p, one_hot, scores))
            if of_sums:
                right = ((scores - level(scores)) * one_hot).sum(axis=1)
                loss = float((np.log(powers.sum(axis=1)) - right).mean())
        value = loss, (p - one_hot) / len(y)
        return tuple(v if asked in (name, "both") else NOT_ASKED
                     for name, v in zip(("loss", "gradient"), value, strict=True))

    return wrong


def shifted_by_the_right_class(asked, scores, y, of_sums=True):
    return unshifted(lambda s: s[np.arange(len(y)), y][:, None], of_sums)(asked, scores, y)


SOFTMAX = (
    Misconception("loss summed over images",
                  "Your loss is the sum over the images. The mean does not grow with the batch.",
                  wrong_softmax("loss", lambda log_p, p, t, s: -(log_p * t).sum())),
    Misconception("loss with the wrong sign",
                  "Your loss is negative. The logarithm of a probability is below 0, and a loss "
                  "should be above it.",
                  wrong_softmax("loss", lambda log_p, p, t, s: (log_p * t).sum() / len(p))),
    Misconception("all classes in the loss",
                  "Your loss adds up the logarithms of all classes. Only the probability of the "
                  "right class counts.",
                  wrong_softmax("loss", lambda log_p, p, t, s: -log_p.sum() / len(p))),
    Misconception("mean over the classes too",
                  "Your loss is divided by the number of classes. The mean is taken over the "
                  "images alone.",
                  wrong_softmax("loss", lambda log_p, p, t, s: -(log_p * t).mean())),
    Misconception("logarithm forgotten",
                  "Your loss is built from the probability itself. It needs a logarithm.",
                  wrong_softmax("loss", lambda log_p, p, t, s: -(p * t).sum() / len(p))),
    Misconception("logarithm to base 2",
                  "Your logarithm is not the natural one: np.log is.",
                  wrong_softmax("loss", lambda log_p, p, t, s: -(log_p * t).sum() / len(p)
                                / np.log(2)),
                  (wrong_softmax("loss", lambda log_p, p, t, s: -(log_p * t).sum() / len(p)
                                 / np.log(10)),)),
    Misconception("score of the right class subtracted",
                  "You subtract the score of the right class. Where another one is far larger, its "
                  "power is inf. Which number of the row leaves no power above 1?",
                  shifted_by_the_right_class, (
                      lambda *case: shifted_by_the_right_class(*case, of_sums=False),)),
    Misconception("softmax forgotten",
                  "Your loss is built from the scores. They have to become probabilities first.",
                  wrong_softmax("loss", lambda log_p, p, t, s: -(s * t).sum() / len(p))),
    Misconception("one sum for the whole batch",
                  "Your probabilities sum to 1 over all images together. Each image has its own "
                  "probabilities: along which axis do you sum?",
                  wrong_softmax("loss", normalised_over_all)),
    Misconception("sum over the images",
                  "Your probabilities sum to 1 down each column, over the images. Along which "
                  "axis are the classes?",
                  wrong_softmax("loss", normalised_over_images)),
    Misconception("probability rounded to 0",
                  "A very small probability becomes 0 in the computer, and its logarithm is minus "
                  "infinity. Take the logarithm of the fraction by hand, before you compute "
                  "anything: it is a difference.",
                  wrong_softmax("loss", rounded_to_0)),
    Misconception("maximum of the whole batch",
                  "You subtract the largest score of all images. An image whose scores are far "
                  "below it is left with powers of 0. Each image has a maximum of its own: along "
                  "which axis?",
                  unshifted(lambda s: s.max()), (unshifted(lambda s: s.max(), of_sums=True),)),
    Misconception("maximum of each class",
                  "You subtract the largest score of each class. That changes the differences "
                  "between the scores of one image. Along which axis are its scores?",
                  unshifted(lambda s: s.max(0)), (unshifted(lambda s: s.max(0), of_sums=True),)),
    Misconception("maximum not subtracted",
                  "np.exp of a large score is inf, and inf / inf is nan. What may be subtracted "
                  "from all the scores of an image?",
                  unshifted(lambda s: 0), (unshifted(lambda s: 0, of_sums=True),)),
    Misconception("small number added",
                  "You add a small number to a probability, or cut it off there, so that its "
                  "logarithm is finite. The loss of a hopeless class then stops growing. Take the "
                  "logarithm of the fraction by hand: it is a difference.",
                  *(lambda first, *others: (first, others))(*(
                      wrong_softmax("loss", kept_above(10.0**-n))
                      for n in (8, 5, 6, 7, 9, 10, 11, 12, 14, 15, 16, 20, 30, 100, 300)))),
    Misconception("gradient divided by the classes",
                  "Your gradient is divided by the number of classes, too. The loss is a mean over "
                  "the images alone.",
                  wrong_softmax("gradient", lambda log_p, p, t, s: (p - t) / p.size),
                  (wrong_softmax("gradient", lambda log_p, p, t, s: (p - t) / p.shape[1]),)),
    Misconception("gradient divided twice",
                  "Your gradient is divided by the number of images twice.",
                  wrong_softmax("gradient", lambda log_p, p, t, s: (p - t) / len(p)**2)),
    Misconception("gradient not divided",
                  "Your gradient is that of the sum over the images. The loss is their mean.",
                  wrong_softmax("gradient", lambda log_p, p, t, s: p - t)),
    Misconception("right class not subtracted",
                  "Your gradient is positive everywhere: it pushes all scores down. Something has "
                  "to be subtracted at the right class.",
                  wrong_softmax("gradient", lambda log_p, p, t, s: p / len(p))),
    Misconception("gradient with the wrong sign",
                  "Your gradient points downhill. A gradient points to where the loss grows; the "
                  "minus comes in the training step.",
                  wrong_softmax("gradient", lambda log_p, p, t, s: (t - p) / len(p))),
    Misconception("whole columns picked",
                  "You subtract 1 in whole columns, for all images. dscores[:, y] means all rows; "
                  "you need one entry in each row.",
                  wrong_softmax("gradient", picked_column)),
)


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
CONVNET = (
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


def scores_of(weights, bias):
    """A network in miniature, for the occlusion map: scores of images (N, C, H, W)."""
    return lambda X: np.reshape(X, (len(X), -1)) @ weights + bias


def drops(weights, bias, image, label, size, *, change=lambda drop, whole: drop, patch=None,
          channels=slice(None), restored=True, cover=lambda image: 0):
    """The drop of one score for each place of the patch, with a mistake in it."""
    scores = scores_of(weights, bias)
    whole = scores(image[None])[0]
    _, H, W = image.shape
    result = np.empty((H - size + 1, W - size + 1))
    covered = image.copy()
    for i, j in np.ndindex(result.shape):
        covered = image.copy() if restored else covered
        high, wide = patch or (size, size)
        covered[channels, i : i + high, j : j + wide] = cover(image)
        result[i, j] = change(whole - scores(covered[None])[0], whole)[label]
    return result


def occluded(**change):
    return lambda *case: drops(*case, **change)


def side_by_side(result, size):
    some = np.zeros_like(result)
    some[::size, ::size] = result[::size, ::size]
    return some


OCCLUSION = (
    Misconception("patch left in place",
                  "Your patches pile up: what was covered once stays covered. Each place of the "
                  "patch needs a fresh copy of the image.",
                  occluded(restored=False)),
    Misconception("gain for drop",
                  "Your signs are the wrong way round. The map says how much the score drops: "
                  "positive where the network needs the pixels.",
                  occluded(change=lambda drop, whole: -drop)),
    Misconception("score for drop",
                  "Your map holds the scores with the patch. It should hold how much lower they "
                  "are than the score of the whole image.",
                  occluded(change=lambda drop, whole: whole - drop)),
    Misconception("one pixel covered",
                  "You cover one pixel. The patch is size pixels high and wide.",
                  occluded(patch=(1, 1))),
    Misconception("covered with another value",
                  "Your patch is not 0: covered pixels become 0, in all channels.",
                  occluded(cover=np.mean),
                  (occluded(cover=lambda image: image.mean(axis=(1, 2), keepdims=True)),
                   *(occluded(cover=lambda image, value=value: value) for value in (0.5, 1)))),
    Misconception("first channel covered",
                  "You cover the first channel alone. The other colours still show the network "
                  "what is there.",
                  occluded(channels=0)),
    Misconception("another class",
                  "Your map is the one of class 0. It should be the one of the label.",
                  occluded(change=lambda drop, whole: np.full(len(drop), drop[0]))),
    Misconception("sign lost",
                  "Your map is never below 0. Where a covered patch raises the score, it is.",
                  occluded(change=lambda drop, whole: np.abs(drop)),
                  (occluded(change=lambda drop, whole: np.maximum(drop, 0)),)),
    Misconception("drop as a part of the score",
                  "You divide by the score of the whole image. The drop itself is wanted.",
                  occluded(change=lambda drop, whole: drop / whole)),
    Misconception("probabilities for scores",
                  "You compare probabilities. The drop of the score is wanted.",
                  occluded(change=lambda drop, whole: (
                      probabilities(whole[None])[0] - probabilities((whole - drop)[None])[0]))),
    Misconception("best class",
                  "You watch the best class. It should be the one of the label.",
                  occluded(change=lambda drop, whole: np.full(
                      len(drop), whole.max() - (whole - drop).max())),
                  (occluded(change=lambda drop, whole: np.full(
                      len(drop), drop[whole.argmax()])),)),
    Misconception("patch one too small",
                  "Your patch lacks its last row and its last column. The end of a slice is the "
                  "first row that is left out.",
                  lambda *case: drops(*case, patch=(case[-1] - 1,) * 2)),
    Misconception("patches side by side",
                  "Your patch moves by its own size, and the places between stay 0. It stands at "
                  "every place.",
                  lambda *case: side_by_side(drops(*case), case[-1])),
    Misconception("rows and columns exchanged",
                  "Rows and columns have changed places in your map.",
                  lambda *case: drops(*case).T),
)
