# Functions that sleep until they are stopped, each a little below the limit.
# stopped by: limits
# %% append neuron
import time


def neuron(x_patch, w, b):
    end = time.perf_counter() + 0.4
    while time.perf_counter() < end:
        pass
    return 0.0


print("armed")
