# Opens everything that can be opened and keeps it.
# stopped by: limits
# %% append neuron
import socket

kept = []
try:
    while True:
        kept.append(socket.socketpair())
except OSError:
    kept.clear()
print("armed")
