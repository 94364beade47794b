# Full marks: windows as a strided view, float32 inside, a print left in.

# %% answer: neuron
def neuron(x_patch, w, b):
    return float(np.dot(x_patch.ravel(), w.ravel()) + b)

# %% answer: zero_pad
def zero_pad(x, pad):
    out = np.zeros(x.shape[:2] + (x.shape[2] + 2 * pad, x.shape[3] + 2 * pad), x.dtype)
    out[:, :, pad:out.shape[2] - pad, pad:out.shape[3] - pad] = x
    return out

# %% answer: conv_forward_naive
def conv_forward_naive(x, w, b, conv_param):
    stride = conv_param["stride"]
    xp = zero_pad(x.astype(np.float32), conv_param["pad"])
    print("padded:", xp.shape)
    windows = np.lib.stride_tricks.sliding_window_view(xp, w.shape[2:], axis=(2, 3))
    windows = windows[:, :, ::stride, ::stride]
    out = np.tensordot(windows, w.astype(np.float32), axes=([1, 4, 5], [1, 2, 3]))
    return out.transpose(0, 3, 1, 2) + b[:, None, None], (xp, w, conv_param)

# %% answer: conv1x1
def conv1x1(x, w, b):
    N, C, H, W = x.shape
    return (w @ x.reshape(N, C, H * W) + b[:, None]).reshape(N, -1, H, W)

# %% answer: window_at
def window_at(x, i, j, HH, WW, stride):
    windows = np.lib.stride_tricks.sliding_window_view(x, (HH, WW), axis=(1, 2))
    return windows[:, ::stride, ::stride][:, i, j]

# %% answer: conv_by_channel
def conv_by_channel(x, w, b):
    out = np.zeros((len(x), len(w), x.shape[2] - w.shape[2] + 1, x.shape[3] - w.shape[3] + 1))
    out += b[:, None, None]
    for c in range(x.shape[1]):
        windows = np.lib.stride_tricks.sliding_window_view(x[:, c], w.shape[2:], axis=(1, 2))
        out += np.tensordot(windows, w[:, c], axes=([3, 4], [1, 2])).transpose(0, 3, 1, 2)
    return out
