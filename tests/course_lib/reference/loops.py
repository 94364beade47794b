"""Every layer once more, in plain loops and without the course's library: slow, short, obvious.

Shapes and arguments are those of the reference layers. Nothing is checked and nothing is fast.
"""

import numpy as np


def pad_zeros(x, pad):
    N, C, H, W = x.shape
    padded = np.zeros((N, C, H + 2 * pad, W + 2 * pad))
    for h in range(H):
        for w in range(W):
            padded[:, :, h + pad, w + pad] = x[:, :, h, w]
    return padded


def fits(size, window, stride, pad=0, dilation=1):
    """Count the places by trying them one after the other."""
    places = 0
    while places * stride + (window - 1) * dilation < size + 2 * pad:
        places += 1
    return places


def conv_terms(x_shape, w_shape, stride, pad, dilation, groups):
    """Indices (n, f, r, c), (n, k, h, v) and (f, k', i, j) of every product in a convolution."""
    N, C, H, W = x_shape
    F, share, HH, WW = w_shape
    for n, f, r, c in np.ndindex(
        N, F, fits(H, HH, stride, pad, dilation), fits(W, WW, stride, pad, dilation)
    ):
        for k, i, j in np.ndindex(share, HH, WW):
            channel = f // (F // groups) * share + k
            h, v = r * stride + i * dilation - pad, c * stride + j * dilation - pad
            if 0 <= h < H and 0 <= v < W:
                yield (n, f, r, c), (n, channel, h, v), (f, k, i, j)


def conv_forward(x, w, b, stride=1, pad=0, dilation=1, groups=1):
    (N, _, H, W), (F, _, HH, WW) = x.shape, w.shape
    out = np.zeros((N, F, fits(H, HH, stride, pad, dilation), fits(W, WW, stride, pad, dilation)))
    for here, pixel, weight in conv_terms(x.shape, w.shape, stride, pad, dilation, groups):
        out[here] += x[pixel] * w[weight]
    for f in range(F):
        out[:, f] += b[f]
    return out


def conv_backward(dout, x, w, stride=1, pad=0, dilation=1, groups=1):
    dx, dw, db = np.zeros(x.shape), np.zeros(w.shape), np.zeros(len(w))
    for here, pixel, weight in conv_terms(x.shape, w.shape, stride, pad, dilation, groups):
        dx[pixel] += dout[here] * w[weight]
        dw[weight] += dout[here] * x[pixel]
    for f in range(len(w)):
        db[f] = dout[:, f].sum()
    return dx, dw, db


def transposed_conv_forward(x, w, b, stride=1, pad=0):
    (N, C, H, W), (_, F, HH, WW) = x.shape, w.shape
    whole = np.zeros((N, F, (H - 1) * stride + HH, (W - 1) * stride + WW))
    for n, c, r, v in np.ndindex(N, C, H, W):
        for f, i, j in np.ndindex(F, HH, WW):
            whole[n, f, r * stride + i, v * stride + j] += x[n, c, r, v] * w[c, f, i, j]
    cropped = whole[:, :, pad : whole.shape[2] - pad, pad : whole.shape[3] - pad].copy()
    for f in range(F):
        cropped[:, f] += b[f]
    return cropped


def local_forward(x, w, b, stride=1, pad=0):
    padded = pad_zeros(x, pad)
    H2, W2, F, _, HH, WW = w.shape
    out = np.zeros((len(x), F, H2, W2))
    for n, f, r, c in np.ndindex(out.shape):
        window = padded[n, :, r * stride : r * stride + HH, c * stride : c * stride + WW]
        out[n, f, r, c] = (window * w[r, c, f]).sum() + b[r, c, f]
    return out


def local_backward(dout, x, w, stride=1, pad=0):
    padded = pad_zeros(x, pad)
    dpadded, dw, db = np.zeros(padded.shape), np.zeros(w.shape), np.zeros(w.shape[:3])
    HH, WW = w.shape[4:]
    for n, f, r, c in np.ndindex(dout.shape):
        rows = slice(r * stride, r * stride + HH)
        columns = slice(c * stride, c * stride + WW)
        dpadded[n, :, rows, columns] += dout[n, f, r, c] * w[r, c, f]
        dw[r, c, f] += dout[n, f, r, c] * padded[n, :, rows, columns]
        db[r, c, f] += dout[n, f, r, c]
    H, W = x.shape[2:]
    return dpadded[:, :, pad : pad + H, pad : pad + W], dw, db


def pooled(x, height, width, stride):
    """Yield the index of each output and its window, a list of indices into x, row by row."""
    N, C, H, W = x.shape
    for n, c, r, v in np.ndindex(N, C, fits(H, height, stride), fits(W, width, stride)):
        window = [
            (n, c, r * stride + i, v * stride + j) for i in range(height) for j in range(width)
        ]
        yield (n, c, r, v), window


def pool_forward(kind, x, height, width, stride):
    N, C, H, W = x.shape
    out = np.zeros((N, C, fits(H, height, stride), fits(W, width, stride)))
    for here, window in pooled(x, height, width, stride):
        values = [float(x[pixel]) for pixel in window]
        if kind == "max":
            out[here] = max(values)
        elif kind == "avg":
            out[here] = sum(values) / len(values)
        else:
            out[here] = sum(value**2 for value in values) ** 0.5
    return out


def pool_backward(kind, dout, x, height, width, stride):
    dx = np.zeros(x.shape)
    for here, window in pooled(x, height, width, stride):
        values = [float(x[pixel]) for pixel in window]
        if kind == "max":
            dx[window[values.index(max(values))]] += dout[here]
            continue
        norm = sum(value**2 for value in values) ** 0.5
        for pixel, value in zip(window, values, strict=True):
            share = 1 / len(values) if kind == "avg" else value / norm if norm else 0
            dx[pixel] += dout[here] * share
    return dx


def im2col(x, HH, WW, stride, pad):
    padded = pad_zeros(x, pad)
    N, C, H, W = x.shape
    columns = []
    for n, r, c in np.ndindex(N, fits(H, HH, stride, pad), fits(W, WW, stride, pad)):
        window = padded[n, :, r * stride : r * stride + HH, c * stride : c * stride + WW]
        columns.append(window.reshape(-1))
    return np.array(columns).T


def affine_forward(x, w, b):
    out = np.zeros((len(x), w.shape[1]))
    for n, m in np.ndindex(out.shape):
        out[n, m] = sum(p * q for p, q in zip(x[n].reshape(-1), w[:, m], strict=True)) + b[m]
    return out


def softmax_cross_entropy(scores, y):
    loss, dscores = 0.0, np.zeros(scores.shape)
    for n, row in enumerate(scores):
        shares = [np.exp(score) for score in row]
        for k, share in enumerate(shares):
            dscores[n, k] = (share / sum(shares) - (k == y[n])) / len(scores)
        loss -= np.log(shares[y[n]] / sum(shares)) / len(scores)
    return loss, dscores


def batch_norm_forward(x, gamma, beta, eps=1e-5):
    """While training, for x (N, C, H, W)."""
    out = np.zeros(x.shape)
    for c in range(x.shape[1]):
        values = [float(value) for value in x[:, c].reshape(-1)]
        mean = sum(values) / len(values)
        var = sum((value - mean) ** 2 for value in values) / len(values)
        out[:, c] = gamma[c] * (x[:, c] - mean) / (var + eps) ** 0.5 + beta[c]
    return out
