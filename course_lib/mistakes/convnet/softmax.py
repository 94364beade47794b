"""Wrong softmax losses and gradients of lesson 07."""

import numpy as np

from course_lib.judging.exercise import Misconception
from course_lib.reference.softmax_cross_entropy import softmax_cross_entropy

# Stands for a result that a case does not ask for.
NOT_ASKED = 0


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
