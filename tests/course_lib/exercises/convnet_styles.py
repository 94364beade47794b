"""Further right answers to lesson 07: {exercise: answers}, each a function or a tuple of them."""

from itertools import product

import numpy as np
import test_convnet_answers as convnet
from numpy.lib.stride_tricks import sliding_window_view


def descend_by_index(net, X, y, epochs, batch_size, learning_rate, seed):
    rng, losses = np.random.default_rng(seed), []
    for _ in range(epochs):
        order = np.arange(len(X))
        rng.shuffle(order)
        batches = -(-len(X) // batch_size)
        for k in range(batches):
            batch = order[k * batch_size : min((k + 1) * batch_size, len(X))]
            loss, grads = net.loss(X[batch], y[batch])
            for name, grad in grads.items():
                net.params[name] += -learning_rate * grad
            losses.append(loss)
    return losses


def descend_by_while(net, X, y, epochs, batch_size, learning_rate, seed):
    import random

    shuffler, losses, epoch = random.Random(seed), [], 0
    while epoch < epochs:
        pairs = list(zip(X, y, strict=True))
        shuffler.shuffle(pairs)
        for at in range(0, len(pairs), batch_size):
            images, labels = zip(*pairs[at : at + batch_size], strict=True)
            loss, grads = net.loss(np.stack(images), np.array(labels))
            losses += [loss]
            for name in sorted(net.params):
                net.params[name] = np.subtract(net.params[name], learning_rate * grads[name])
        epoch += 1
    return losses


def descend_by_keys(net, X, y, epochs, batch_size, learning_rate, seed):
    rng = np.random.default_rng(seed)

    def step(batch):
        loss, grads = net.loss(X[batch], y[batch])
        net.params.update({k: net.params[k] - learning_rate * grads[k] for k in grads})
        return np.float64(loss)

    return [step(batch) for _ in range(epochs) for order in [rng.permutation(len(y))]
            for batch in (order[i : i + batch_size] for i in range(0, len(y), batch_size))]


def size_by_layers(H, W, F, size, pad):
    H, W = (n + 2 * pad - (size - 1) for n in (H, W))
    H, W = (n // 2 for n in (H, W))
    return F * H * W


def size_by_trying(H, W, F, size, pad):
    view = sliding_window_view(np.zeros((H + 2 * pad, W + 2 * pad)), (size, size))
    return len([0 for _ in product(range(F), range(0, len(view) - 1, 2),
                                   range(0, view.shape[1] - 1, 2))])


def size_by_float(H, W, F, size, pad):
    return int(F * ((H - size + 2 * pad) / 1 + 1) / 2 * ((W - size + 2 * pad) / 1 + 1) / 2)


def occlude_row_by_row(scores, image, label, size):
    C, H, W = image.shape
    before, result = scores(image[None])[0][label], []
    for i in range(H - size + 1):
        row = np.repeat(image[None], W - size + 1, axis=0)
        for j in range(W - size + 1):
            row[j, :, i : i + size, j : j + size] = 0.0
        result.append(before - scores(row)[:, label])
    return np.array(result)


def occlude_by_dict(scores, image, label, size):
    found = {}
    for i, j in np.ndindex(image.shape[1] - size + 1, image.shape[2] - size + 1):
        covered = image * 1.0
        covered[:, i : i + size, j : j + size] *= 0
        found[i, j] = float(scores(image[None])[0, label] - scores(covered[None])[0, label])
    return np.reshape(list(found.values()), (image.shape[1] - size + 1, -1))


def occlude_talking(scores, image, label, size):
    print("covering", size)
    return convnet.occlude(scores, image.astype(np.float32), label, size)


MORE = {
    "flat_size": [size_by_layers, size_by_trying, size_by_float],
    "train": [(way, convnet.PracticeNet) for way in (descend_by_index, descend_by_while,
                                                     descend_by_keys)],
    "occlusion_map": [occlude_row_by_row, occlude_by_dict, occlude_talking],
}
