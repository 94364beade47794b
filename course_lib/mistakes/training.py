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
            seeded=lambda seed: seed, whole=None, kept=1, losses=lambda found, epochs: found,
            decay=1, momentum=0):
    """(params, losses, batches) of plain stochastic gradient descent, with a mistake in it.

    skipped(start, number of images, batch size) says which batches are left out; seeded(seed) is
    the seed that is used; each epoch multiplies the learning rate by `decay`, and each step keeps
    `momentum` of the one before
    """
    params = {name: value.copy() for name, value in params.items()}
    rng = np.random.default_rng(seeded(seed))
    found, batches = [], []
    order = rng.permutation(len(X))
    _, at_start = practice(params, X, y)
    before = dict.fromkeys(updated, 0)
    for epoch in range(epochs):
        if not shuffled_once:
            order = rng.permutation(len(X))
        for start in range(0, len(X), batch_size):
            if skipped(start, len(X), batch_size):
                continue
            images = whole(order) if whole else order[start : start + batch_size]
            batch = X[images], y[images if own_labels else np.sort(images)]
            loss, grads = practice(params, *batch)
            for name in updated:
                grad = at_start[name] if stale else grads[name]
                before[name] = momentum * before[name] + step(
                    learning_rate * decay**epoch, grad, len(images))
                params[name] = kept * params[name] + before[name]
            batches.append(batch)
            found.append(practice(params, *batch)[0] if measured_after else loss)
    return params, losses(found, epochs), batches


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
     {"kept": 0}, {"kept": 0, "step": lambda rate, grad, size: rate * grad}),
    ("all images in every step",
     "Each of your steps uses all images. It should see those of its own batch alone.",
     {"whole": np.sort}, {"whole": np.copy}),
    ("one parameter left out",
     "One of the parameters never changes. Do you go through all the names in grads?",
     {"updated": ("w",)}),
    ("learning rate that shrinks",
     "Your steps get shorter from epoch to epoch. The learning rate is the same in all of them.",
     *({"decay": decay} for decay in (0.95, 0.9, 0.99, 0.5))),
    ("momentum",
     "Each of your steps has a part of the one before in it, as with momentum. Here a step is the "
     "learning rate times the gradient, and no more.",
     *({"momentum": part} for part in (0.9, 0.5, 0.99))),
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
     "Your list has one mean loss for each epoch. The loss of every single batch is wanted.",
     {"losses": lambda found, epochs: np.reshape(found, (epochs, -1)).mean(axis=1).tolist()}),
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
    ("seed not used",
     "Your order does not follow from the seed that train is given. With rng = "
     "np.random.default_rng(seed) the same seed gives the same training again, and another seed "
     "another one.",
     {"seeded": lambda seed: None}, {"seeded": lambda seed: 0}),
)
