"""What `bench.layers` measures: workloads, and for each the ways to compute it.

A case is a dict from the name of a way to a function without arguments that returns its arrays.
Every way computes the same thing from the same arrays; `check_equal` makes sure of it.
"""

import numpy as np

from bench.layers_usual import USUAL, windows, zero_pad
from course_lib.reference import convolution, locally_connected, pooling

try:
    import torch
except ImportError:
    torch = None

CONVOLUTIONS = [  # x, w, stride, pad
    ((100, 3, 31, 31), (25, 3, 3, 3), 2, 1),
    ((8, 3, 227, 227), (96, 3, 11, 11), 4, 0),
    ((8, 64, 56, 56), (64, 64, 3, 3), 1, 1),
    ((64, 16, 28, 28), (32, 16, 3, 3), 1, 1),
    ((16, 256, 28, 28), (64, 256, 1, 1), 1, 0),
]
POOL_INPUT = (16, 64, 112, 112)
LOCAL_INPUT, LOCAL_MAPS = (32, 16, 28, 28), 32
OURS, GEMM, TORCH = "reference", "bare matrix product", "torch"


def check_equal(ways):
    """Run every way once and compare it with the reference; the bare product has other inputs."""
    expected = ways[OURS]()
    for name in ways.keys() - {OURS, GEMM}:
        for mine, other in zip(expected, ways[name](), strict=True):
            other = np.asarray(other)
            assert mine.shape == other.shape, f"{name}: {other.shape}, expected {mine.shape}"
            worst = np.abs(mine - other).max() / np.abs(mine).max()
            assert worst < 1e-4, f"{name} differs from the reference by {worst:.1e}"


def convolution_cases(workload, dtype):
    """The forward and the backward case of one convolution, as (title, ways) pairs."""
    x_shape, w_shape, stride, pad = workload
    rng = np.random.default_rng(0)
    x, w, b = (rng.standard_normal(s).astype(dtype) for s in (x_shape, w_shape, w_shape[:1]))
    out, cache = convolution.conv_forward(x, w, b, stride, pad)
    dout = rng.standard_normal(out.shape).astype(dtype)
    cols = rng.standard_normal((w[0].size, out.size // len(w))).astype(dtype)
    w_rows, dout_rows = w.reshape(len(w), -1), dout.reshape(len(w), -1)

    forward = {
        OURS: lambda: convolution.conv_forward(x, w, b, stride, pad)[:1],
        GEMM: lambda: (w_rows @ cols,),
    }
    backward = {
        OURS: lambda: convolution.conv_backward(dout, cache),
        GEMM: lambda: (dout_rows @ cols.T, w_rows.T @ dout_rows),
    }
    if dtype == np.float32:
        for name, (way_forward, way_backward) in USUAL.items():
            kept = way_forward(x, w, b, stride, pad)[1]
            forward[name] = lambda f=way_forward: f(x, w, b, stride, pad)[:1]
            backward[name] = lambda f=way_backward, kept=kept: f(dout, kept, x, w, stride, pad)
    if torch:
        tx, tw, tb, tdout = (torch.from_numpy(a) for a in (x, w, b, dout))
        forward[TORCH] = lambda: (torch.conv2d(tx, tw, tb, stride, pad),)
        backward[TORCH] = lambda: torch.ops.aten.convolution_backward(
            tdout, tx, tw, [len(w)], [stride] * 2, [pad] * 2, [1, 1], False, [0, 0], 1, [True] * 3
        )
    return [("forward", forward), ("backward", backward)]


def pooling_cases(size):
    """Maximum pooling of size x size at stride 2, forward and forward with backward."""
    rng = np.random.default_rng(0)
    full = rng.standard_normal(POOL_INPUT, dtype=np.float32)
    # The reference refuses what does not fit; torch leaves out the last row and column by itself.
    fits = POOL_INPUT[2] - (POOL_INPUT[2] - size) % 2
    x = full[:, :, :fits, :fits]
    dout = rng.standard_normal(pooling.max_pool_forward(x, size, size, 2)[0].shape, np.float32)

    def both():
        out, cache = pooling.max_pool_forward(x, size, size, 2)
        return out, pooling.max_pool_backward(dout, cache)

    forward = {OURS: lambda: pooling.max_pool_forward(x, size, size, 2)[:1]}
    forward_backward = {OURS: both}
    if torch:
        tx, tdout = torch.from_numpy(full), torch.from_numpy(dout)

        def torch_both():
            leaf = tx.detach().requires_grad_()
            out = torch.nn.functional.max_pool2d(leaf, size, 2)
            out.backward(tdout)
            return out.detach(), leaf.grad[:, :, :fits, :fits]

        forward[TORCH] = lambda: (torch.nn.functional.max_pool2d(tx, size, 2),)
        forward_backward[TORCH] = torch_both
    return [("forward", forward), ("forward and backward", forward_backward)]


def local_cases():
    """The locally connected layer, 3x3 at stride 1, against the products that it consists of."""
    rng = np.random.default_rng(0)
    N, C, H, W = LOCAL_INPUT
    shape = (H - 2, W - 2, LOCAL_MAPS, C, 3, 3)
    x, w, b = (rng.standard_normal(s, np.float32) for s in (LOCAL_INPUT, shape, shape[:3]))
    out, cache = locally_connected.local_forward(x, w, b)
    dout = rng.standard_normal(out.shape, np.float32)
    w_matrices = w.reshape(*shape[:3], -1)
    cols = rng.standard_normal((*shape[:2], w_matrices.shape[3], N), np.float32)
    products = rng.standard_normal((*shape[:3], N), np.float32)
    forward = {
        OURS: lambda: locally_connected.local_forward(x, w, b)[:1],
        GEMM: lambda: (w_matrices @ cols,),
    }
    backward = {
        OURS: lambda: locally_connected.local_backward(dout, cache),
        GEMM: lambda: (products @ cols.swapaxes(2, 3), w_matrices.swapaxes(2, 3) @ products),
    }
    if torch:
        tx, tw, tb = (torch.from_numpy(a) for a in (x, w_matrices, b))

        def torch_forward():
            unfolded = torch.nn.functional.unfold(tx, 3).reshape(N, -1, *shape[:2])
            out = torch.einsum("nkij,ijfk->nfij", unfolded, tw)
            return (out + tb.permute(2, 0, 1),)

        forward[TORCH] = torch_forward
    view = windows(zero_pad(x, 0), 3, 3, 1)
    forward["windows + einsum"] = lambda: (
        np.einsum("ncijhw,ijfchw->nfij", view, w, optimize=True) + b.transpose(2, 0, 1),
    )
    return [("forward", forward), ("backward", backward)]
