# Half-finished: neuron and zero_pad are right, conv_forward_naive breaks off with an error.

# %% answer: neuron
def neuron(x_patch, w, b):
    return (x_patch * w).sum() + b

# %% answer: zero_pad
def zero_pad(x, pad):
    return np.pad(x, [(0, 0), (0, 0), (pad, pad), (pad, pad)])

# %% answer: conv_forward_naive
def conv_forward_naive(x, w, b, conv_param):
    xp = zero_pad(x, conv_param["pad"])
    N, C, H, W = xp.shape
    F, C, HH, WW = w.shape
    H2 = (H - HH) / conv_param["stride"] + 1
    W2 = (W - WW) / conv_param["stride"] + 1
    out = np.zeros((N, F, H2, W2))
