# Recursion without end in a call, in a result and in an attribute.
# stopped by: data
# %% append neuron
import sys

sys.setrecursionlimit(10**4)


def neuron(x_patch, w, b):
    return neuron(x_patch, w, b)


print("armed")
# %% append zero_pad
def zero_pad(x, pad):
    nested = []
    nested.append(nested)
    return nested
# %% append numerical_gradient
def numerical_gradient(f, x, df, h=1e-5):
    value = {}
    for _ in range(900):
        value = {"deeper": [value]}
    return value
