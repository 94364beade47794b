# Writes its answer into the permissions of devices and files.
# stopped by: not shared
# runs twice
# %% found neuron
import os
import stat

NAMES = [0, 1, 2, os.__file__, np.__file__, "/", *(f"/dev/{n}" for n in os.listdir("/dev"))]
before = [stat.S_IMODE(os.stat(name).st_mode) for name in NAMES]
for name in NAMES:
    try:
        os.chmod(name, 0o765)
    except OSError:
        pass


def found():
    return 0o765 in before
