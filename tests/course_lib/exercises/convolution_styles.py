"""Further right answers to lessons 01 and 02: {exercise: answers}, a function each or a tuple."""

from itertools import accumulate
from math import gcd, prod

import numpy as np
import test_spatial_arithmetic_answers as arithmetic
from numpy.lib.stride_tricks import sliding_window_view
from test_spatial_arithmetic_answers import by_remainder


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
}
