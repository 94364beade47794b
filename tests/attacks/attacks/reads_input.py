# Waits for input from the judge's terminal, by every way there is.
# stopped by: nothing
# %% append neuron
import os
import sys

print("armed", repr(os.read(0, 10)), repr(sys.__stdin__.read(10)))
try:
    input("points? ")
except RuntimeError:
    print("no input")
