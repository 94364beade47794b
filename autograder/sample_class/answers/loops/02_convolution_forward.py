# Full marks: seven nested loops.

# %% answer: neuron
def neuron(x_patch, w, b):
    total = float(b)
    for value, weight in zip(x_patch.ravel(), w.ravel()):
        total += value * weight
    return float(total)

# %% answer: zero_pad
def zero_pad(x, pad):
    N, C, H, W = x.shape
    out = np.zeros((N, C, H + 2 * pad, W + 2 * pad))
    out[:, :, pad:pad + H, pad:pad + W] = x
    return out

# %% answer: conv_forward_naive
def conv_forward_naive(x, w, b, conv_param):
    stride, pad = conv_param["stride"], conv_param["pad"]
    N, C, H, W = x.shape
    F, _, HH, WW = w.shape
    xp = zero_pad(x, pad)
    H2 = (H + 2 * pad - HH) // stride + 1
    W2 = (W + 2 * pad - WW) // stride + 1
    out = np.zeros((N, F, H2, W2))
    for n in range(N):
        for f in range(F):
            for i in range(H2):
                for j in range(W2):
                    total = b[f]
                    for c in range(C):
                        for di in range(HH):
                            for dj in range(WW):
                                total += xp[n, c, i * stride + di, j * stride + dj] * w[f, c, di, dj]
                    out[n, f, i, j] = total
    return out, (x, w, b, conv_param)

# %% answer: conv1x1
def conv1x1(x, w, b):
    N, C, H, W = x.shape
    out = np.zeros((N, w.shape[0], H, W))
    for n in range(N):
        for i in range(H):
            for j in range(W):
                out[n, :, i, j] = w @ x[n, :, i, j] + b
    return out

# %% answer: window_at
def window_at(x, i, j, HH, WW, stride):
    window = np.zeros((x.shape[0], HH, WW))
    for di in range(HH):
        for dj in range(WW):
            window[:, di, dj] = x[:, i * stride + di, j * stride + dj]
    return window

# %% answer: conv_by_channel
def conv_by_channel(x, w, b):
    N, C, H, W = x.shape
    F, _, HH, WW = w.shape
    out = np.zeros((N, F, H - HH + 1, W - WW + 1))
    for n in range(N):
        for f in range(F):
            for i in range(H - HH + 1):
                for j in range(W - WW + 1):
                    out[n, f, i, j] = b[f]
                    for c in range(C):
                        out[n, f, i, j] += (x[n, c, i:i + HH, j:j + WW] * w[f, c]).sum()
    return out
