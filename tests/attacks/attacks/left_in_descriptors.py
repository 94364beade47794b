# Keeps descriptors open and marked as inheritable, and looks for others' files in its own.
# stopped by: not shared
# runs twice
# %% found neuron
import os

before = []
for number in range(3, 300):
    try:
        os.lseek(number, 0, 0)
        before.append(os.read(number, 9))
    except OSError:
        pass
kept = os.open("/scratch/left", os.O_RDWR | os.O_CREAT)
os.write(kept, b"right")
for number in range(200, 230):
    os.dup2(kept, number, inheritable=True)
os.unlink("/scratch/left")


def found():
    return b"right" in before
