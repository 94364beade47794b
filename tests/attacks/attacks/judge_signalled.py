# Signals every process number, its own parents first, in every way there is.
# stopped by: nothing
# %% first
import ctypes
import os
import signal

libc = ctypes.CDLL(None)
reached = []
for pid in [os.getppid(), *range(2, 3000), *range(30_000, 33_000)]:
    if pid:
        try:
            os.kill(pid, signal.SIGTERM)
            reached.append(pid)
        except OSError:
            pass
        if libc.syscall(434, pid, 0) >= 0:
            reached.append(pid)
assert not reached, reached
print("armed")
