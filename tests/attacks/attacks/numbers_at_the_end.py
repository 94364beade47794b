# The largest, smallest and least normal numbers there are, so that their difference overflows.
# stopped by: values
# %% append zero_pad
turn = []


def zero_pad(x, pad):
    turn.append(1)
    shape = (x.shape[0], x.shape[1], x.shape[2] + 2 * pad, x.shape[3] + 2 * pad)
    out = np.full(shape, [1e308, 5e-324, -1.7e308][len(turn) % 3])
    out.flat[::2] *= -1
    return out.astype(np.longdouble) * 10 if len(turn) % 2 else out


print("armed")
