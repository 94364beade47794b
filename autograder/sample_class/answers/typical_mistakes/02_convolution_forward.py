# Typical mistakes: padding hard-coded to 1; the bias of the 1x1 convolution forgotten.
# base: loops

# %% answer: conv_forward_naive
def conv_forward_naive(x, w, b, conv_param):
    stride = conv_param["stride"]
    N, C, H, W = x.shape
    F, _, HH, WW = w.shape
    xp = np.pad(x, ((0, 0), (0, 0), (1, 1), (1, 1)))
    H2 = (H + 2 - HH) // stride + 1
    W2 = (W + 2 - WW) // stride + 1
    out = np.zeros((N, F, H2, W2))
    for n in range(N):
        for f in range(F):
            for i in range(H2):
                for j in range(W2):
                    patch = xp[n, :, i * stride:i * stride + HH, j * stride:j * stride + WW]
                    out[n, f, i, j] = (patch * w[f]).sum() + b[f]
    return out, (x, w, b, conv_param)

# %% answer: conv1x1
def conv1x1(x, w, b):
    return np.einsum("ncij,fc->nfij", x, w)
