# Half-finished: the first two functions, then the train arrived.

# %% answer: conv_output_size
def conv_output_size(W, F, S, P):
    if S < 1 or F < 1 or W < 1 or P < 0 or W + 2 * P < F or (W - F + 2 * P) % S:
        raise ValueError("does not fit")
    return (W - F + 2 * P) // S + 1

# %% answer: same_padding
def same_padding(F):
    if F % 2 == 0:
        raise ValueError("even")
    return F // 2
