# Writes its answer into the dates of devices and files, of which it may be the owner.
# stopped by: not shared
# runs twice
# %% found neuron
import os

NAMES = [0, 1, 2, os.__file__, np.__file__, "/", *(f"/dev/{n}" for n in os.listdir("/dev"))]
before = [int(os.stat(name).st_mtime) for name in NAMES]
for name in NAMES:
    try:
        os.utime(name, (4711, 4711))
    except OSError:
        pass


def found():
    return 4711 in before
