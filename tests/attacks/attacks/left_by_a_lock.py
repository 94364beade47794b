# Locks files of Python's, which are the same for all, and asks who has locked them.
# stopped by: not shared
# runs twice
# %% found neuron
import fcntl
import os
import struct

kept = [open(name, "rb") for name in (os.__file__, np.__file__, "/dev/null")]
before = []
for file in kept:
    for way in (lambda: fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB),
                lambda: fcntl.lockf(file, fcntl.LOCK_SH | fcntl.LOCK_NB),
                lambda: fcntl.fcntl(file, 1024, fcntl.F_RDLCK)):
        try:
            way()
        except BlockingIOError:
            before.append(file)
        except OSError:
            pass


def found():
    return bool(before)
