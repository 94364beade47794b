"""Further ways of writing right answers, so that each exercise of the course has at least six."""

from itertools import accumulate, pairwise, product
from math import gcd, prod

import numpy as np
import pytest
import test_architectures_answers as architectures
import test_convnet_answers as convnet
import test_convolution_backward_answers as backward
import test_convolution_forward_answers as forward
import test_fast_convolution_answers as fast
import test_parameter_sharing_answers as sharing
import test_pooling_answers as pooling
import test_spatial_arithmetic_answers as arithmetic
from numpy.lib.stride_tricks import as_strided, sliding_window_view

from course_lib import exercises
from course_lib.judging import judge

SEEDS = (None, 1, 2)
by_remainder, walked = arithmetic.by_remainder, architectures.walked


# Lesson 01


def by_slices(W, F, S, P):
    if min(W, F, S) < 1 or P < 0:
        raise ValueError("no such layer")
    line = range(W + 2 * P)
    windows = [line[i : i + F] for i in line[::S]]
    full = [w for w in windows if len(w) == F]
    if not full or full[-1][-1] != line[-1]:
        raise ValueError("pixels are left over")
    return len(full)


def by_sliding(W, F, S, P):
    if W <= 0 or F <= 0 or S <= 0 or P < 0 or F > W + 2 * P or (W + 2 * P - F) % S != 0:
        raise ValueError(f"{F} does not fit into {W}")
    return sliding_window_view(np.zeros(W + 2 * P), F)[::S].shape[0]


def half(F):
    if F % 2 == 0:
        raise ValueError("even")
    return F // 2


def half_by_float(F):
    if (F - 1) / 2 != int((F - 1) / 2):
        raise ValueError("even")
    return int((F - 1) / 2)


def half_by_search(F):
    for P in range(F):
        if 5 * F + 2 * P - F + 1 == 5 * F:
            return P
    raise ValueError("none keeps the size")


def half_by_bits(F):
    if not F & 1:
        raise ValueError("even")
    return F >> 1


def half_by_numpy(F):
    half_, rest = np.divmod(F - 1, 2)
    if rest:
        raise ValueError("even")
    return half_


def paddings_by_step(W, F, S, most):
    """From one padding that fits to the next it is S pixels, or half of it if S is even."""
    step = S // gcd(S, 2)
    first = next((P for P in range(most + 1) if F <= W + 2 * P and not (W - F + 2 * P) % S), None)
    return [] if first is None else list(range(first, most + 1, step))


def paddings_by_while(W, F, S, most):
    found, P = [], 0
    while P <= most:
        room = W + 2 * P - F
        if room >= 0 and room // S * S == room:
            found += [P]
        P += 1
    return found


def paddings_by_sizes(W, F, S, most):
    sizes = range(F, W + 2 * most + 1, S)
    return sorted((size - W) // 2 for size in sizes if size >= W and (size - W) % 2 == 0)


def shape_by_numpy(shape, K, F, S, P):
    wide, high = np.array(shape[:2])
    return np.array([by_remainder(int(wide), F, S, P), by_remainder(int(high), F, S, P), K])


def shape_by_unpacking(input_shape, K, F, S, P):
    W, H, _ = input_shape
    for n in (W, H):
        if n < 1 or F > n + 2 * P or (n - F + 2 * P) % S:
            raise ValueError("does not fit")
    return int((W - F + 2 * P) / S + 1), int((H - F + 2 * P) / S + 1), K


def trace_by_accumulate(shape, layers):
    def after(volume, layer):
        return tuple(arithmetic.trace(volume, [layer])[0])

    return list(accumulate(layers, after, initial=tuple(shape)))[1:]


def trace_by_index(input_shape, layers):
    shapes = [tuple(input_shape)]
    for layer in layers:
        W, H, D = shapes[-1]
        if layer[0] == "conv":
            _, K, F, S, P = layer
        else:
            (_, F, S), K, P = layer, D, 0
        shapes.append(((W - F + 2 * P) // S + 1, (H - F + 2 * P) // S + 1, K))
    del shapes[0]
    return shapes


def trace_by_match(shape, layers):
    found = []
    for layer in layers:
        match layer:
            case "conv", K, F, S, P:
                shape = tuple(int((n + 2 * P - F) / S) + 1 for n in shape[:2]) + (K,)
            case "pool", F, S:
                shape = tuple(int((n - F) / S) + 1 for n in shape[:2]) + (shape[2],)
        found.append(list(shape))
    return found


def trace_with_words(shape, layers):
    print("from", shape)
    return [np.array(one) for one in arithmetic.trace(shape, layers)]


def fields_by_jumps(layers):
    jumps = [1, *accumulate((S for _, S in layers), int.__mul__)]
    return list(accumulate(((F - 1) * jump for (F, _), jump in zip(layers, jumps, strict=False)),
                           initial=1))[1:]


def fields_by_marking(layers):
    """The pixels themselves: who is seen by the first number of a layer, and by the others."""
    found = []
    for n in range(1, len(layers) + 1):
        seen = {0}
        for F, S in reversed(layers[:n]):
            seen = {place * S + k for place in seen for k in range(F)}
        found.append(max(seen) - min(seen) + 1)
    return found


def fields_by_prefixes(layers):
    return tuple(1 + sum((F - 1) * prod(S for _, S in layers[:k])
                         for k, (F, _) in enumerate(layers[: n + 1])) for n in range(len(layers)))


def fields_by_array(layers):
    F, S = np.array(layers, dtype=np.int64).reshape(-1, 2).T
    return 1 + np.cumsum((F - 1) * np.concatenate([[1], np.cumprod(S)[:-1]]))


# Lesson 02


def padded_by_assignment(x, pad):
    N, C, H, W = x.shape
    out = np.zeros((N, C, H + 2 * pad, W + 2 * pad))
    out[:, :, pad : pad + H, pad : pad + W] = x
    return out


def padded_by_pixels(x, pad):
    N, C, H, W = x.shape
    out = np.zeros((N, C, H + 2 * pad, W + 2 * pad), np.float32)
    for n, c, i, j in np.ndindex(N, C, H, W):
        out[n, c, i + pad, j + pad] = x[n, c, i, j]
    return out


def window_by_take(x, i, j, HH, WW, stride):
    rows, columns = range(i * stride, i * stride + HH), range(j * stride, j * stride + WW)
    return x.take(rows, axis=1).take(columns, axis=2)


def window_by_ix(x, i, j, HH, WW, stride):
    return x[np.ix_(range(len(x)), np.arange(HH) + i * stride, np.arange(WW) + j * stride)]


def pixels_one_by_one(x, w, b):
    N, C, H, W = x.shape
    out = np.zeros((N, len(w), H, W))
    for n, f, i, j in np.ndindex(out.shape):
        out[n, f, i, j] = sum(w[f, c] * x[n, c, i, j] for c in range(C)) + b[f]
    return out


# Lesson 07


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


# Lesson 08


def params_by_dict(net):
    total = 0
    for layer, (W, H, D), _ in walked(net):
        if layer["kind"] == "conv":
            weights = layer["K"] * layer["F"] ** 2 * D // layer["groups"]
        elif layer["kind"] == "fc":
            weights = layer["M"] * W * H * D
        else:
            continue
        total += weights + (layer.get("K", layer.get("M")) if layer["bias"] else 0)
    return total


def params_by_sum(net):
    return sum(
        {"conv": lambda layer=layer, D=before[2]: layer["K"] * (
            layer["F"] * layer["F"] * D // layer["groups"] + layer["bias"]),
         "fc": lambda layer=layer, n=before: layer["M"] * (prod(n) + layer["bias"]),
         "pool": lambda: 0}[layer["kind"]]()
        for layer, before, _ in walked(net))


def params_talking(net):
    print(len(net["layers"]), "layers")
    return np.int64(params_by_dict(net))


def macs_by_neurons(net):
    total = 0
    for layer, (W, H, D), (W2, H2, D2) in walked(net):
        if layer["kind"] == "conv":
            per_neuron = layer["F"] * layer["F"] * (D // layer["groups"])
        else:
            per_neuron = W * H * D if layer["kind"] == "fc" else 0
        total += W2 * H2 * D2 * per_neuron
    return total


def macs_by_groups(net):
    total = 0
    for layer, before, after in walked(net):
        groups = layer.get("groups", 1)
        for _ in range(groups):
            if layer["kind"] == "conv":
                total += prod(after[:2]) * layer["K"] // groups * layer["F"] ** 2 * (
                    before[2] // groups)
        if layer["kind"] == "fc":
            total += layer["M"] * prod(before)
    return total


def macs_recursively(net):
    if not net["layers"]:
        return 0
    *first, last = net["layers"]
    *_, (_, before, _) = walked(net)
    return macs_recursively(net | {"layers": first}) + macs_by_neurons(
        {"input": before, "layers": [last]})


def macs_by_numpy(net):
    return np.sum([macs_by_neurons({"input": before, "layers": [layer]})
                   for layer, before, _ in walked(net)], dtype=np.int64)


def memory_by_loop(net, bytes_each=4):
    numbers = prod(net["input"])
    for *_, (W, H, D) in walked(net):
        numbers += W * H * D
    return numbers * bytes_each


def memory_by_pairs(net, bytes_each=4):
    volumes = [net["input"], *(after for *_, after in walked(net))]
    total = prod(volumes[0])
    for _, after in pairwise(volumes):
        total += prod(after)
    return bytes_each * total


def memory_by_cumsum(net, bytes_each=4):
    sizes = [prod(net["input"])] + [prod(after) for *_, after in walked(net)]
    return np.cumsum(sizes)[-1] * bytes_each


def memory_recursively(net, bytes_each=4):
    here = prod(net["input"]) * bytes_each
    if not net["layers"]:
        return here
    _, _, after = next(walked(net))
    return here + memory_recursively({"input": after, "layers": net["layers"][1:]}, bytes_each)


def claims_by_difference(claims, measures, tolerance):
    found = []
    for n, claim in enumerate(claims):
        right = measures[claim[1]](claim[2])
        if abs(claim[3] - right) > tolerance * right:
            found.append((n, right))
    return found


def claims_by_bounds(claims, measures, tolerance):
    return [(n, measures[what](net)) for n, (_, what, net, claimed) in enumerate(claims)
            if claimed < measures[what](net) * (1 - tolerance)
            or claimed > measures[what](net) * (1 + tolerance)]


def claims_by_filter(claims, measures, tolerance):
    rights = [(n, measures[c[1]](c[2]), c[3]) for n, c in enumerate(claims)]
    wrong = filter(lambda one: not -tolerance <= (one[2] - one[1]) / one[1] <= tolerance, rights)
    return [(n, right) for n, right, _ in wrong]


def claims_talking(claims, measures, tolerance):
    print(len(claims), "claims")
    return list(reversed(claims_by_filter(claims, measures, tolerance)))[::-1]


def filters_by_columns(w_fc, shape):
    return np.array([[[[w_fc[(c * shape[1] + i) * shape[2] + j, m] for j in range(shape[2])]
                       for i in range(shape[1])] for c in range(shape[0])]
                     for m in range(w_fc.shape[1])])


def dilate_by_loops(w, dilation):
    F, C, HH, WW = w.shape
    out = np.zeros((F, C, (HH - 1) * dilation + 1, (WW - 1) * dilation + 1))
    for i, j in np.ndindex(HH, WW):
        out[:, :, i * dilation, j * dilation] = w[:, :, i, j]
    return out


def dilate_by_matrices(w, dilation):
    def spread(n):
        return np.eye((n - 1) * dilation + 1)[:, ::dilation]

    return spread(w.shape[2]) @ w @ spread(w.shape[3]).T


def dilate_by_strides(w, dilation):
    out = np.zeros((*w.shape[:2], *((n - 1) * dilation + 1 for n in w.shape[2:])), w.dtype)
    f, c, i, j = out.strides
    as_strided(out, w.shape, (f, c, i * dilation, j * dilation))[...] = w
    return out


def depthwise_by_windows(x, w, b):
    N, C, H, W = x.shape
    out = np.zeros((N, C, H - w.shape[1] + 1, W - w.shape[2] + 1))
    for n, c, i, j in np.ndindex(out.shape):
        out[n, c, i, j] = (x[n, c, i : i + w.shape[1], j : j + w.shape[2]] * w[c]).sum() + b[c]
    return out


def depthwise_by_channels(x, w, b):
    maps = [forward.einsum(x[:, c : c + 1], w[c][None, None], b[c : c + 1],
                           {"stride": 1, "pad": 0})[0] for c in range(len(w))]
    return np.concatenate(maps, axis=1)


def depthwise_by_spectrum(x, w, b):
    size = x.shape[2:]
    product_ = np.fft.fft2(x) * np.conj(np.fft.fft2(w, size))
    full = np.fft.ifft2(product_).real
    return full[:, :, : size[0] - w.shape[1] + 1, : size[1] - w.shape[2] + 1] + b[:, None, None]


MORE = {
    "conv_output_size": [by_slices, by_sliding],
    "same_padding": [half, half_by_float, half_by_search, half_by_bits, half_by_numpy],
    "fitting_paddings": [paddings_by_step, paddings_by_while, paddings_by_sizes],
    "conv_output_shape": [
        shape_by_numpy, shape_by_unpacking,
        lambda shape, K, F, S, P: (by_slices(shape[0], F, S, P), by_sliding(shape[1], F, S, P), K),
        lambda shape, K, F, S, P: tuple([*map(lambda n: by_remainder(n, F, S, P), shape[:2]), K])],
    "pool_output_shape": [
        lambda shape, F, S: (*((n - F) // S + 1 for n in shape[:2]), shape[2]),
        lambda shape, F, S: [len(range(0, shape[0] - F + 1, S)),
                             len(range(0, shape[1] - F + 1, S)), shape[2]],
        lambda shape, F, S: np.array([(shape[0] - F) // S + 1, (shape[1] - F) // S + 1, shape[2]]),
        lambda shape, F, S: (int((shape[0] - F) / S + 1), int((shape[1] - F) / S + 1), shape[2]),
        lambda shape, F, S: (by_remainder(shape[0], F, S, 0), by_slices(shape[1], F, S, 0),
                             shape[2])],
    "trace_shapes": [trace_by_accumulate, trace_by_index, trace_by_match, trace_with_words],
    "receptive_field_of_two": [
        lambda F1, S1, F2: F1 + (F2 - 1) * S1,
        lambda F1, S1, F2: max(S1 * k + F1 for k in range(F2)),
        lambda F1, S1, F2: len({S1 * k + i for k in range(F2) for i in range(F1)} | set(
            range((F2 - 1) * S1 + F1))),
        lambda F1, S1, F2: np.int64(F1) + sum(S1 for _ in range(F2 - 1))],
    "receptive_field": [fields_by_jumps, fields_by_marking, fields_by_prefixes, fields_by_array],
    "neuron": [lambda x_patch, w, b: float(np.einsum("chw,chw->", x_patch, w) + b)],
    "zero_pad": [padded_by_assignment, padded_by_pixels],
    "window_at": [window_by_take, window_by_ix],
    "conv1x1": [pixels_one_by_one],
    "flat_size": [size_by_layers, size_by_trying, size_by_float],
    "train": [(way, convnet.PracticeNet) for way in (descend_by_index, descend_by_while,
                                                     descend_by_keys)],
    "occlusion_map": [occlude_row_by_row, occlude_by_dict, occlude_talking],
    "conv_params": [lambda K, F, D: (F * F * D + 1) * K,
                    lambda K, F, D: int(np.prod([K, F, F, D])) + K,
                    lambda K, F, D: np.int64(K) * (D * F**2) + K],
    "count_params": [params_by_dict, params_by_sum, params_talking],
    "count_macs": [macs_by_neurons, macs_by_groups, macs_recursively, macs_by_numpy],
    "memory": [memory_by_loop, memory_by_pairs, memory_by_cumsum, memory_recursively],
    "wrong_claims": [claims_by_difference, claims_by_bounds, claims_by_filter, claims_talking],
    "fc_to_conv": [filters_by_columns],
    "dilate": [dilate_by_loops, dilate_by_matrices, dilate_by_strides],
    "depthwise_forward": [depthwise_by_windows, depthwise_by_channels, depthwise_by_spectrum],
}
ANSWERS = [(name, answer if isinstance(answer, tuple) else (answer,))
           for name, answers in MORE.items() for answer in answers]


@pytest.mark.parametrize(("name", "functions"), ANSWERS)
def test_right_answers_of_every_style_pass(name, functions):
    exercise = exercises.find(name)
    for group in exercise.groups:
        for seed in SEEDS:
            verdict = judge(exercise, functions, group, seed)
            assert verdict.passed, f"{group}: {verdict.text()}"


def test_every_exercise_of_the_course_has_six_right_answers():
    tables = [arithmetic.EVERY, ANSWERS, *(module.ANSWERS for module in (
        forward, backward, sharing, pooling, convnet, architectures))]
    tables += [[(name, style) for name, styles in fast.ANSWERS.items() for style in styles]]
    names = [name for table in tables for name, *_ in table]
    few = {name: names.count(name) for name in exercises.names() if names.count(name) < 6}
    assert few == {}
