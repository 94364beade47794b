# Holds memory in files without a name, queues, pipes, sockets and locked pages.
# stopped by: system calls
# %% first
import ctypes
import os
import socket

libc = ctypes.CDLL(None)
held = []
for way in (lambda: os.memfd_create("x"), lambda: libc.syscall(447, 0), lambda: os.openpty()):
    try:
        number = way()
        os.ftruncate(number, 2**26)
        held.append(os.write(number, bytes(2**26)))
    except (OSError, TypeError):
        pass
assert not held, "64 MiB that nobody counts"
pairs = [socket.socketpair() for _ in range(100)]
for pair in pairs:
    pair[0].setblocking(False)
    try:
        while True:
            pair[0].send(bytes(2**16))
    except OSError:
        pass
try:
    socket.send_fds(pairs[0][0], [b"x"], [pairs[1][0].fileno()])
    raise AssertionError("descriptors that wait are counted by nobody")
except OSError:
    pairs.clear()
print("armed")
