"""Batch normalisation: each feature gets mean 0 and variance 1 over the batch, then a new scale.

For images the feature is the channel, and the mean is taken over all pixels of all images.
"""

import numpy as np

from course_lib.reference import shapes


def batch_norm_forward(x, gamma, beta, running, train, momentum=0.9, eps=1e-5):
    """out = gamma * (x - mean) / sqrt(var + eps) + beta, feature by feature.

    x (N, D) or (N, C, H, W); gamma and beta (D,) or (C,). `running` is a dict with "mean" and
    "var", one number per feature each. With train=True mean and variance are the batch's and
    running becomes momentum * running + (1 - momentum) * batch; with train=False they are
    running's. An empty batch has no mean and changes nothing. Returns out and the cache.
    ValueError where shapes do not match.

    Source: Ioffe, Szegedy: Batch Normalization (2015), algorithm 1; running averages as in the
    CS231n assignments (the variance divides by the number of values, not by one less).
    """
    x, gamma, beta = shapes.batch_norm(x, gamma, beta, running)
    others = tuple(axis for axis in range(x.ndim) if axis != 1)
    if train and x.size:
        mean, var = x.mean(axis=others), x.var(axis=others)
        for name, value in (("mean", mean), ("var", var)):
            running[name] = momentum * np.asarray(running[name]) + (1 - momentum) * value
    else:
        mean, var = (np.asarray(running[name], x.dtype) for name in ("mean", "var"))
    shape = [1 if axis in others else -1 for axis in range(x.ndim)]
    inverse_std = (1 / np.sqrt(var + eps)).astype(x.dtype).reshape(shape)
    normal = (x - mean.reshape(shape)) * inverse_std
    gamma = gamma.reshape(shape)
    return gamma * normal + beta.reshape(shape), (normal, gamma, inverse_std, others, train)


def batch_norm_backward(dout, cache):
    """dout like x -> dx like x, dgamma and dbeta like gamma.

    With train=True every x moves the mean and the variance too: what dout has in common with a
    constant and with the normalised x is taken out. Source: Ioffe, Szegedy (2015), section 3.
    """
    normal, gamma, inverse_std, others, train = cache
    dout = shapes.gradient(dout, normal.shape, normal.dtype)
    dbeta, dgamma = dout.sum(axis=others), (dout * normal).sum(axis=others)
    if train and normal.size:
        count = normal.size // dbeta.size
        mean_part = dbeta.reshape(gamma.shape) / count
        dout = dout - mean_part - normal * (dgamma.reshape(gamma.shape) / count)
    return gamma * inverse_std * dout, dgamma, dbeta
