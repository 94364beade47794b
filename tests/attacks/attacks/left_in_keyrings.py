# Puts its answer into the kernel's keyrings, by number.
# stopped by: not shared
# runs twice
# %% found neuron
import ctypes

libc = ctypes.CDLL(None)
before = max(libc.syscall(249, b"user", b"left", 0, ring) for ring in (0, -3, -4, -5))
for ring in (-1, -2, -3, -4, -5):
    libc.syscall(248, b"user", b"left", b"right", 5, ring)


def found():
    return before > 0
