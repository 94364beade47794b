# Asks to live on when its parent ends, cannot exit, hears no signal, and holds memory.
# stopped by: system calls
# %% first
import ctypes
import os
import signal
import threading

libc = ctypes.CDLL(None)
libc.prctl(1, 0, 0, 0, 0)
libc.prctl(36, 1, 0, 0, 0)
os._exit = lambda status: threading.Event().wait()
for number in range(1, 65):
    try:
        signal.signal(number, signal.SIG_IGN)
    except (OSError, ValueError):
        pass
held = bytearray(2**28)
print("armed")
