"""Further right answers to lesson 08: {exercise: answers}, each a function or a tuple of them."""

from itertools import pairwise
from math import prod

import numpy as np
import test_convolution_forward_answers as forward
from numpy.lib.stride_tricks import as_strided
from test_architectures_answers import walked


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
