# Full marks: einsum everywhere.

# %% answer: neuron
def neuron(x_patch, w, b):
    return np.einsum("cij,cij->", x_patch, w) + b

# %% answer: zero_pad
def zero_pad(x, pad):
    return np.pad(x, ((0, 0), (0, 0), (pad, pad), (pad, pad)))

# %% answer: conv_forward_naive
def conv_forward_naive(x, w, b, conv_param):
    stride, pad = conv_param["stride"], conv_param["pad"]
    xp = np.pad(x, ((0, 0), (0, 0), (pad, pad), (pad, pad)))
    H2 = (xp.shape[2] - w.shape[2]) // stride + 1
    W2 = (xp.shape[3] - w.shape[3]) // stride + 1
    out = 0
    for di in range(w.shape[2]):
        for dj in range(w.shape[3]):
            tap = xp[:, :, di:di + stride * (H2 - 1) + 1:stride, dj:dj + stride * (W2 - 1) + 1:stride]
            out = out + np.einsum("ncij,fc->nfij", tap, w[:, :, di, dj])
    return out + b[None, :, None, None], {"x": x, "w": w, "b": b, "conv_param": conv_param}

# %% answer: conv1x1
def conv1x1(x, w, b):
    return np.einsum("ncij,fc->nfij", x, w) + b[:, None, None]

# %% answer: window_at
def window_at(x, i, j, HH, WW, stride):
    return x[:, i * stride:i * stride + HH, j * stride:j * stride + WW]

# %% answer: conv_by_channel
def conv_by_channel(x, w, b):
    windows = np.lib.stride_tricks.sliding_window_view(x, w.shape[2:], axis=(2, 3))
    by_channel = [np.einsum("nijkl,fkl->nfij", windows[:, c], w[:, c]) for c in range(x.shape[1])]
    return sum(by_channel) + b[:, None, None]
