# Results that are lists of thousands of objects of its own.
# stopped by: totals
# %% append neuron
class Thing:
    pass


def neuron(x_patch, w, b):
    thing = Thing()
    return [thing] * 3_000


print("armed")
# %% append zero_pad
def zero_pad(x, pad):
    return {number: [] for number in range(3_000)}
