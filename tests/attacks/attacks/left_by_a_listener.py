# Listens on abstract and named sockets, in a thread, for whoever comes next.
# stopped by: not shared
# runs twice
# %% found neuron
import socket
import threading

before = []
for name in ("\0left", "/tmp/left", "/dev/left"):
    try:
        line = socket.socket(socket.AF_UNIX)
        line.connect(name)
        before.append(name)
    except OSError:
        pass
    try:
        line = socket.socket(socket.AF_UNIX)
        line.bind(name)
        line.listen()
        threading.Thread(target=line.accept, daemon=True).start()
    except OSError:
        pass


def found():
    return bool(before)
