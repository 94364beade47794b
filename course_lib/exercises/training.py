"""The exercise of lesson 07 in which a network is trained.

A case says what is asked of the training run; all else is replaced by NOT_ASKED on both sides.
"""

from dataclasses import replace

import numpy as np

from course_lib.exercises._conditions import networks
from course_lib.judging.cases import draw
from course_lib.judging.compare import difference
from course_lib.judging.conditions import both, meeting
from course_lib.judging.exercise import Exercise, Misconception
from course_lib.judging.student_call import copied
from course_lib.mistakes.convnet.softmax import NOT_ASKED
from course_lib.mistakes.training import TRAIN, practice, stepped

# train: played with the notebook's PracticeNet, which writes down in `seen` what it is shown.

TRAINED = ("net.params", "the list of losses", "the list of batch sizes",
           "the table of how often each epoch uses each image",
           # Facts: they should be so.
           "each image keeps its label", "net.loss is called", "there are batches in all epochs",
           "the order changes from epoch to epoch", "each epoch has an order of its own",
           "another seed gives another order",
           "another seed gives the first epoch another order, too",
           "the same seed gives the same order again")


def after_training(wanted, params, losses, seen, N, epochs, batch_size, other=(), again=()):
    """What is judged of a training run, in the order of TRAINED.

    other, again  for "shuffling": what a run with another seed was shown, and one with the same
    """
    found = dict.fromkeys(TRAINED, NOT_ASKED)
    if wanted == "parameters":
        return tuple((found | {TRAINED[0]: params}).values())
    if wanted == "losses":
        return tuple((found | {TRAINED[1]: losses}).values())
    everything = seen
    # Asking for the loss and the gradient in two calls is no mistake.
    seen = [batch for k, batch in enumerate(seen)
            if not k or not np.array_equal(batch[0], seen[k - 1][0])]
    members = np.zeros((epochs, -(-N // batch_size), N), int)
    own_labels = True
    for batch, (images, labels) in zip(members.reshape(-1, N), seen, strict=False):
        # The first number of each image says which one it is, and so does its label.
        names = np.round(np.asarray(images)[:, 0]).astype(int)
        np.add.at(batch, names, 1)
        own_labels = own_labels and np.array_equal(names, np.round(labels).astype(int))
    if wanted == "batches":
        values = [len(images) for images, _ in seen], members.sum(axis=1), own_labels
        return tuple((found | dict(zip(TRAINED[2:5], values, strict=True))).values())
    orders = len({epoch.tobytes() for epoch in members})
    first = -(-N // batch_size)  # so many batches has the first epoch
    facts = (bool(seen), 2 * len(seen) > epochs * first, orders > 1, 2 * orders > epochs,
             not _same_order(everything, other), not _same_order(everything[:first], other[:first]),
             _same_order(everything, again))
    return tuple((found | dict(zip(TRAINED[5:], facts, strict=True))).values())


def _same_order(seen, others):
    return len(seen) == len(others) and all(
        np.array_equal(one[0], other[0]) for one, other in zip(seen, others, strict=True))


def play_train(functions, wanted, params, X, y, epochs, batch_size, learning_rate, seed):
    def run(X, y, seed):
        net = functions[1](copied(params))
        return net, functions[0](net, X, y, epochs, batch_size, learning_rate, seed)

    # Whoever shuffles the images themselves is told so, and each run starts from the same ones.
    fresh = [copied((X, y)) for _ in range(2 * (wanted == "shuffling"))]
    net, losses = run(X, y, seed)
    more = [run(*data, one)[0].seen for data, one in zip(fresh, (seed + 1, seed), strict=False)]
    return after_training(wanted, net.params, losses, net.seen, len(X), epochs, batch_size, *more)


def trained(wanted, params, X, y, epochs, batch_size, learning_rate, seed, **change):
    """What a training run should leave, or one with a mistake in it (see `stepped`)."""
    def run(seed):
        return stepped(params, X, y, epochs, batch_size, learning_rate, seed, **change)

    more = [run(one)[2] for one in (seed + 1, seed)] if wanted == "shuffling" else []
    return after_training(wanted, *run(seed), len(X), epochs, batch_size, *more)


def training_with(change):
    """What a training run with a mistake in it leaves, as a function of a case."""
    return lambda *case: trained(*case, **change)


def one_batch(rng, wanted, **settings):
    """All points in one batch and with one label: their order does not matter."""
    return training(rng, wanted, N=draw(rng, 5, 8), epochs=1, **settings)


def steep(rng, wanted):
    """One batch with a long gradient, and with weights that are a matrix as those of a network."""
    wanted, params, X, y, *rest = one_batch(rng, wanted, column=True)
    return wanted, params | {"w": params["w"] + 20}, X, y, *rest


def growing_losses(rng):
    """Steps that are too long, so that the losses grow."""
    wanted, params, X, y, epochs, batch_size, _, seed = same_points(rng, "losses", 2)
    return wanted, params, X, y, epochs, batch_size, 2.5 / float(1 + X[0] @ X[0]), seed


def same_points(rng, wanted, epochs):
    """Several batches that all hold the same point: again their order does not matter."""
    batch_size = draw(rng, 2, 3)
    return training(rng, wanted, 2 * batch_size, epochs, batch_size, same=True)


def any_training(rng, wanted):
    """One batch of any points, or several batches that all hold the same point."""
    epochs, D, batch_size = (draw(rng, 1, 3) for _ in "eDb")
    column = bool(rng.integers(2))
    if rng.integers(2):
        return training(rng, wanted, batch_size, epochs, D=D, column=column)
    return training(rng, wanted, draw(rng, 2, 3) * batch_size, epochs, batch_size, True, D, column)


def meeting_runs(wanted):
    return meeting(networks.TRAIN, draw=lambda rng: any_training(rng, wanted))


def training(rng, wanted, N, epochs, batch_size=None, same=False, D=None, column=False):
    """A case. column: w is a matrix of one column, and so is y."""
    D = D or draw(rng, 2, 4)
    params = {"w": rng.standard_normal(D), "b": rng.standard_normal(1)}
    X = np.repeat(rng.standard_normal((1, D)), N, axis=0) if same else rng.standard_normal((N, D))
    y = np.full(N, rng.standard_normal())
    if column:
        params["w"], y = params["w"][:, None], y[:, None]
    return (wanted, params, X, y, epochs, batch_size or N, float(rng.uniform(0.1, 0.3)),
            draw(rng, 1, 99))


def numbered(rng, wanted, epochs, sizes=(3, 4)):
    """Images whose first number is their own, and so is their label."""
    batch_size, rest = draw(rng, *sizes), draw(rng, 1, 2)
    N = 2 * batch_size + rest
    y = np.arange(N, dtype=float)
    X = np.stack([y, rng.standard_normal(N)], axis=1)
    params = {"w": np.zeros(2), "b": np.zeros(1)}
    return wanted, params, X, y, epochs, batch_size, 0.001, draw(rng, 1, 99)


def a_single_batch(rng):
    """Fewer images than a batch has room for, and more than two orders agree on by chance."""
    wanted, params, X, y, epochs, batch_size, *rest = numbered(rng, "batches", 1, (6, 7))
    N = batch_size - 1
    return wanted, params, X[:N], y[:N], epochs, batch_size, *rest


def a_smaller_last_batch(rng):
    """The same point in all batches, so that their order does not matter: a step is a step."""
    batch_size = draw(rng, 3, 4)
    return training(rng, "parameters", 2 * batch_size + draw(rng, 1, 2), 2, batch_size, same=True)


def run_observed(args, value):
    """What a training run that is wrong did instead, if there is a sentence for it."""
    wanted, _, X, _, epochs, batch_size, *_ = args
    if len(value) != len(TRAINED):
        return ""
    if wanted == "losses":
        return _list_observed(args, value[1])
    if wanted == "batches":
        return _use_observed(value[3])
    if wanted == "parameters":
        one_step = epochs == 1 and batch_size >= len(X)
        return _step_observed(args, value) if one_step else _steps_observed(args, value[0])
    return ""


def _list_observed(args, mine):
    """What a list with one loss for each epoch has in it."""
    *_, epochs, _, _, _ = args
    due = trained(*args)[1]
    if not isinstance(mine, (list, tuple, np.ndarray)) or len(mine) != epochs or (
            len(due) in (0, epochs) or len(due) % epochs):
        return ""
    each = np.reshape(due, (epochs, -1))
    words = (("the loss of the last batch", each[:, -1]),
             ("the loss of the first batch", each[:, 0]),
             ("the mean of its batches' losses", each.mean(axis=1)),
             ("the sum of its batches' losses", each.sum(axis=1)))
    found = next((f": {what}" for what, values in words
                  if difference("", list(mine), values.tolist()) is None), "")
    which = "a single entry" if epochs == 1 else "one entry for each epoch"
    return f"your list has {which}{found}. The losses of all the batches are wanted."


def _use_observed(used):
    """Which images the first epoch used twice, or not at all."""
    twice, never = (np.flatnonzero(which) for which in (used[0] > 1, used[0] == 0))
    told = [*(f"image {n} is used {used[0, n]} times" for n in twice[:1]),
            *(f"image {n} is not used at all" for n in never[:1])]
    return told and (f"in the first epoch {' and '.join(told)}. An epoch uses each image once.")


def _steps_observed(args, mine):
    """How many right steps lead to where the parameters are, if another number was to be made."""
    wanted, params, X, y, epochs, batch_size, learning_rate, _ = args
    due = epochs * -(-len(X) // batch_size)
    if not (X == X[0]).all() or not (y == y[0]).all():
        return ""  # which step is which depends on the order
    for steps in range(1, 2 * due + 1):
        grads = practice(params, X, y)[1]
        params = {name: value - learning_rate * grads[name] for name, value in params.items()}
        if steps != due and _equal(mine, params):
            return (f"your parameters are where {steps} step{'s' * (steps > 1)} would lead. {due} "
                    "are to be made, one for each batch of each epoch.")
    return ""


def _equal(mine, params):
    # Nearly at their goal, steps are so short that the usual tolerance would not tell them apart.
    return isinstance(mine, dict) and all(
        isinstance(mine.get(name), np.ndarray) and mine[name].shape == value.shape
        and np.allclose(mine[name], value, rtol=1e-9, atol=1e-12)
        for name, value in params.items())


def _step_observed(args, value):
    """What a single step was made of, if it was no step along the whole gradient."""
    _, params, X, y, _, _, learning_rate, _ = args
    mine, grads = value[0], practice(params, X, y)[1]
    used = {}  # what the student's step takes for the gradient
    for name, start in params.items():
        now = mine.get(name) if isinstance(mine, dict) else None
        if not isinstance(now, np.ndarray) or now.shape != start.shape or now.dtype.kind != "f":
            return ""
        used[name] = (start - now) / learning_rate
    return (_length_observed(grads, used) or _decay_observed(params, grads, used, learning_rate)
            or _clipping_observed(grads, used) or _sign_observed(grads, used))


def _length_observed(grads, used):
    """How long the step was, if it was in the right direction."""
    times = {name: np.vdot(used[name], grad) / np.vdot(grad, grad) for name, grad in grads.items()}
    if not all(times[name] > 0 and np.allclose(used[name], times[name] * grad, rtol=1e-6)
               for name, grad in grads.items()):
        return ""
    if np.ptp(list(times.values())) < 1e-6:
        return (f"your one step went in the right direction, {times['w']:.4g} times as far as the "
                "learning rate times the gradient.")
    told = " and ".join(f"{name} {factor:.4g} times" for name, factor in times.items())
    return (f"your one step went in the right direction, {told} as far as the learning rate times "
            "the gradient: one factor for all is wanted, and that is 1.")


def _decay_observed(params, grads, used, learning_rate):
    """Which part of the parameters the step took off, beside the gradient."""
    more = {name: used[name] - grads[name] for name in params}
    part = np.vdot(more["w"], params["w"]) / np.vdot(params["w"], params["w"])
    named = [name for name in params if not np.allclose(more[name], 0, atol=1e-9)]
    if params["w"].size < 2 or not 0 < learning_rate * part < 0.9 or not all(
            np.allclose(more[name], part * params[name], rtol=1e-6) for name in named):
        return ""
    return (f"beside the gradient your one step takes {learning_rate * part:.3g} of "
            f"{' and '.join(named)} itself off, as weight decay does: {part:.4g} of the parameters "
            "is added to their gradient.")


def _sign_observed(grads, used):
    """How long all numbers of the step were, if the gradient's had no say in it."""
    grads, used = (np.concatenate([one[name].ravel() for name in grads]) for one in (grads, used))
    length = abs(used[0])
    if length < 1e-9 or not np.allclose(used, length * np.sign(grads), rtol=1e-3):
        return ""
    return (f"in your one step all numbers move equally far, {length:.4g} times the learning rate, "
            "however long the gradient is: as with its sign, or in the first step of Adam.")


def _clipping_observed(grads, used):
    """Up to which number gradients counted, if they were clipped there."""
    grads, used = (np.concatenate([one[name].ravel() for name in grads]) for one in (grads, used))
    most = np.abs(used).max()
    cut = np.abs(grads) > most * (1 + 1e-6)
    if cut.sum() < 2 or most < 1e-9 or not np.allclose(
            used, np.clip(grads, -most, most), rtol=1e-6):
        return ""
    return (f"in your one step no number of the gradient counts for more than {most:.4g}, as if "
            "it were clipped there.")


train = Exercise(
    name="train",
    reference=trained,
    groups={
        "one step": lambda rng: [*(one_batch(rng, "parameters") for _ in range(2)),
                                 steep(rng, "parameters")],
        "many steps": both(
            lambda rng: [same_points(rng, "parameters", epochs) for epochs in (2, 4)],
            meeting_runs("parameters")),
        "losses": both(lambda rng: [*(same_points(rng, "losses", epochs) for epochs in (1, 3)),
                                    growing_losses(rng)],
                       meeting_runs("losses")),
        "batches": lambda rng: [*(numbered(rng, "batches", epochs) for epochs in (1, 3)),
                                a_smaller_last_batch(rng), a_single_batch(rng)],
        "shuffling": lambda rng: [numbered(rng, "shuffling", 25)],
    },
    describe=lambda wanted, params, X, y, epochs, batch_size, learning_rate, seed: (
        f"the practice net, {len(X)} images, {epochs} epoch{'s' * (epochs > 1)}, batches of "
        f"{batch_size}, learning rate {learning_rate:.2g}"
    ),
    results=TRAINED,
    conditions=replace(networks.TRAIN, draw=lambda rng: any_training(
        rng, ("parameters", "losses")[int(rng.integers(2))])),
    play=play_train,
    helpers=("PracticeNet",),
    observe=run_observed,
    misconceptions=tuple(
        Misconception(name, sentence, training_with(change), tuple(map(training_with, ways)))
        for name, sentence, change, *ways in TRAIN
    ),
)


EXERCISES = [train]
