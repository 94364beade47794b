# A child, or a thread where no child may be, keeps writing replies to the judge's socket.
# stopped by: system calls
# %% append numerical_gradient
import gc
import os
import socket
import threading
import time

from autograder.sandbox.inside import wire

sock = next(o for o in gc.get_objects() if isinstance(o, socket.socket))


def forge():
    time.sleep(0.3)  # the cell is over by then, and has said that it is armed
    for _ in range(400):
        time.sleep(0.005)
        wire.send(sock, {"value": 0.0, "changed": [], "outputs": [], "values": {}})


print("armed")
try:
    child = os.fork()
except OSError:
    threading.Thread(target=forge, daemon=True).start()
else:
    if child == 0:
        os.setsid()
        forge()
        os._exit(0)
