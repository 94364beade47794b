# Results that are texts and bytes of many megabytes.
# stopped by: totals
# %% append neuron
def neuron(x_patch, w, b):
    return "x" * (2 * 2**20) if b else b"x" * (9 * 2**20)


print("armed")
# %% append zero_pad
def zero_pad(x, pad):
    return b"x" * (9 * 2**20)
