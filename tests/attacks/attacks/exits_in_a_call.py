# Ends the process, politely and at once, in the middle of a call of a test cell.
# stopped by: own process
# %% append neuron
import os
import sys

calls = []


def neuron(x_patch, w, b):
    calls.append(1)
    if len(calls) > 9:
        os._exit(0)
    sys.exit(0)


print("armed")
