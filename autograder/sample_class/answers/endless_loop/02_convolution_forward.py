# Endless loop: the row counter of conv_forward_naive is never increased. All else is right.
# base: loops

# %% answer: conv_forward_naive
def conv_forward_naive(x, w, b, conv_param):
    stride, pad = conv_param["stride"], conv_param["pad"]
    xp = zero_pad(x, pad)
    rows = []
    i = 0
    while i * stride + w.shape[2] <= xp.shape[2]:
        rows = [i]
    return np.array(rows), None
