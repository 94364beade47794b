# Mounts a folder of its own over the packages and leaves it there.
# stopped by: not shared
# runs twice
# %% found neuron
import ctypes
import os

libc = ctypes.CDLL(None)
before = os.path.exists("/packages/left")
for what in ((b"none", b"/packages", b"tmpfs", 0, None), (b"/scratch", b"/packages", None, 4096, 0),
             (None, b"/", None, 32 | 4096, None)):
    libc.mount(*what)
try:
    open("/packages/left", "w")
except OSError:
    pass


def found():
    return before
