"""The affine (fully connected) layer: every output sees every input."""

from course_lib.reference import shapes


def affine_forward(x, w, b):
    """out[n] = flatten(x[n]) @ w + b.

    x (N, ...) is flattened image by image to (N, D); w (D, M), b (M,). Returns out (N, M) and the
    cache. ValueError where the shapes do not match.
    """
    x, w, b = shapes.affine(x, w, b)
    out = x.reshape(len(x), w.shape[0]) @ w + b
    return out, (x, w)


def affine_backward(dout, cache):
    """dout (N, M) -> dx with the shape of x, dw (D, M), db (M,).

    Source: CS231n notes, backpropagation, "Gradients for vectorized operations".
    """
    x, w = cache
    dout = shapes.gradient(dout, (len(x), w.shape[1]), w.dtype)
    dx = (dout @ w.T).reshape(x.shape)
    dw = x.reshape(len(x), w.shape[0]).T @ dout
    return dx, dw, dout.sum(axis=0)
