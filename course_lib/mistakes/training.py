"""Right and wrong ways of training the network of lesson 07."""

import numpy as np


def practice(params, X, y):
    """The practice net: (loss, grads) of out = X @ w + b with half the mean squared error."""
    error = X @ params["w"] + params["b"] - y
    grads = {"w": X.T @ error / len(y), "b": np.array([error.mean()])}
    return float((error**2).mean() / 2), grads


def stepped(params, X, y, epochs, batch_size, learning_rate, seed, *, updated=("w", "b"),
            step=lambda rate, grad, size: -rate * grad, stale=False, measured_after=False,
            skipped=lambda start, images, size: False, own_labels=True, shuffled_once=False,
            seeded=lambda seed: seed, whole=None, kept=lambda rate, name, old: 1,
            losses=lambda found, epochs: found, rates=lambda epoch: 1, momentum=0,
            used=lambda grads: grads, more_epochs=0):
    """(params, losses, batches) of plain stochastic gradient descent, with a mistake in it.

    skipped(start, number of images, batch size) says which batches are left out; seeded(seed) is
    the seed that is used; rates(epoch) is multiplied with the learning rate, and each step keeps
    `momentum` of the one before, kept(rate, name, parameter) of the parameter and used(grads) of
    the gradients
    """
    params = {name: value.copy() for name, value in params.items()}
    rng = np.random.default_rng(seeded(seed))
    found, batches = [], []
    _, at_start = practice(params, X, y)
    before = dict.fromkeys(updated, 0)
    for epoch in range(epochs + more_epochs):
        if not epoch or not shuffled_once:
            order = rng.permutation(len(X))
        for start in range(0, len(X), batch_size):
            if skipped(start, len(X), batch_size):
                continue
            images = whole(order, batch_size) if whole else order[start : start + batch_size]
            batch = X[images], y[images if own_labels else np.sort(images)]
            loss, grads = practice(params, *batch)
            grads = used(grads)
            for name in updated:
                grad = at_start[name] if stale else grads[name]
                before[name] = momentum * before[name] + step(
                    learning_rate * rates(epoch), grad, len(images))
                old = params[name]
                params[name] = kept(learning_rate, name, old) * old + before[name]
            batches.append(batch)
            found.append(practice(params, *batch)[0] if measured_after else loss)
    return params, losses(found, epochs), batches


def number_by_number(grads, most):
    return {name: np.clip(grad, -most, most) for name, grad in grads.items()}


def array_by_array(grads, most):
    return {name: grad * min(1, most / np.linalg.norm(grad)) for name, grad in grads.items()}


def all_together(grads, most):
    length = np.linalg.norm([np.linalg.norm(grad) for grad in grads.values()])
    return {name: grad * min(1, most / length) for name, grad in grads.items()}


# (name, sentence, what to replace in `stepped`, and further ways to do so)
TRAIN = (
    ("uphill",
     "Your parameters go uphill: the gradient points to where the loss grows.",
     {"step": lambda rate, grad, size: rate * grad}),
    ("learning rate forgotten",
     "Your steps are as long as the gradient. Where do you use the learning rate?",
     {"step": lambda rate, grad, size: -grad}),
    ("divided by the batch again",
     "Your steps are too short by the size of the batch. The loss is a mean already.",
     {"step": lambda rate, grad, size: -rate * grad / size}),
    ("parameters never change",
     "Your parameters stay as they were. p = p - ... gives a new array to the name p alone; the "
     "one in net.params does not notice.",
     {"step": lambda rate, grad, size: 0 * grad}),
    ("step for the parameter",
     "The step has taken the place of your parameters. It is to be taken from where they are.",
     {"kept": lambda rate, name, old: 0},
     {"kept": lambda rate, name, old: 0, "step": lambda rate, grad, size: rate * grad}),
    ("all images in every step",
     "Each of your steps uses all images. It should see those of its own batch alone.",
     {"whole": lambda order, size: np.sort(order)}, {"whole": lambda order, size: order}),
    ("first batch alone",
     "Each of your epochs ends after its first batch. Is there a break or a return in your loop?",
     {"skipped": lambda start, images, size: start > 0}),
    ("first batch again and again",
     "All steps of an epoch use its first batch. Where does each batch begin?",
     {"whole": lambda order, size: order[:size]}),
    ("one epoch too many", "You train for one epoch more than epochs says.", {"more_epochs": 1}),
    ("one parameter left out",
     "One of the parameters never changes. Do you go through all the names in grads?",
     {"updated": ("w",)}),
    ("learning rate that shrinks",
     "Your steps get shorter from epoch to epoch. The learning rate is the same in all of them.",
     *({"rates": lambda epoch, decay=decay: decay**epoch} for decay in (0.95, 0.9, 0.99, 0.5)),
     {"rates": lambda epoch: 1 / (1 + epoch)}, {"rates": lambda epoch: 1 / np.sqrt(1 + epoch)},
     *({"rates": lambda epoch, decay=decay: 1 / (1 + decay * epoch)} for decay in (0.1, 0.01))),
    ("momentum",
     "Each of your steps has a part of the one before in it, as with momentum. Here a step is the "
     "learning rate times the gradient, and no more.",
     *({"momentum": part} for part in (0.9, 0.5, 0.99))),
    ("weight decay",
     "Your parameters also shrink by themselves, as with weight decay. Here a step is the learning "
     "rate times the gradient, and no more.",
     *({"kept": lambda rate, name, old, part=part, which=which: (
         1 - rate * part * which(name, old))}
       for part in (0.01, 0.1, 0.001, 5e-4, 1e-4, 0.5)
       for which in (lambda name, old: True, lambda name, old: name == "w",
                     lambda name, old: old.ndim > 1)),
     *({"kept": lambda rate, name, old, part=part: 1 - part} for part in (0.01, 0.001, 0.1))),
    ("gradients clipped",
     "Your steps never exceed some length: the gradients are clipped, number by number or as a "
     "whole. Here a step is the learning rate times the gradient, however long that is.",
     *({"used": lambda grads, cut=cut, most=most: cut(grads, most)}
       for most in (1, 5, 0.5, 0.1, 10)
       for cut in (number_by_number, array_by_array, all_together))),
    ("length of the gradient lost",
     "Your steps have one length, however long the gradient is: as with its sign, with a gradient "
     "that is divided by its length, or in the first step of Adam. Here a longer gradient makes a "
     "longer step.",
     {"used": lambda grads: {name: np.sign(grad) for name, grad in grads.items()}},
     {"used": lambda grads: {name: grad / np.linalg.norm(grad) for name, grad in grads.items()}}),
    ("gradient of the start",
     "All your steps use the gradient of the first one. It has to be computed anew after each "
     "step: the parameters have moved.",
     {"stale": True}),
    ("losses after the step",
     "Your losses are those after each step. The ones before it come for free with the gradient.",
     {"measured_after": True}),
    ("running total",
     "Your losses are running totals. Each entry should be the loss of one batch.",
     {"losses": lambda found, epochs: np.cumsum(found).tolist()}),
    ("one loss for an epoch",
     "Your list has one loss for each epoch. The loss of every single batch is wanted.",
     *({"losses": lambda found, epochs, of=of: of(np.reshape(found, (epochs, -1))).tolist()}
       for of in (lambda each: each.mean(axis=1), lambda each: each[:, -1],
                  lambda each: each.sum(axis=1)))),
    ("last batch left out",
     "The last images of each epoch are left out: when the batch size does not divide their "
     "number, the last batch is smaller.",
     {"skipped": lambda start, images, size: start + size > images}),
    ("last batch never used",
     "The last batch of each epoch is never used, even where it is a whole one. Where does range "
     "end?",
     {"skipped": lambda start, images, size: start + size >= images}),
    ("labels left behind",
     "Your images are shuffled and their labels are not, or in another way. Each image has to "
     "keep its own label.",
     {"own_labels": False}),
    ("same order in every epoch",
     "Every epoch has the same batches. Where is the order drawn, before the loop over the epochs "
     "or in it?",
     {"shuffled_once": True}),
    ("never shuffled",
     "Your images come in the same order in every epoch and with every seed. Does what net.loss is "
     "given go by the order that you have drawn?",
     {"shuffled_once": True, "seeded": lambda seed: 0}),
    ("seed not used",
     "Your order does not follow from the seed that train is given. With rng = "
     "np.random.default_rng(seed) the same seed gives the same training again, and another seed "
     "another one.",
     {"seeded": lambda seed: None}, {"seeded": lambda seed: 0}),
)
