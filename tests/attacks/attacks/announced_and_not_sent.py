# Announces a frame as large as may be, and sends a little of it.
# stopped by: totals
# %% append neuron
import gc
import json
import struct

worker = next(o for o in gc.get_objects() if type(o).__name__ == "Worker")


def send(head, body=b""):
    worker.sock.sendall(struct.pack(">QI", len(head) + len(body) + 4, len(head)) + head + body)


def neuron(x_patch, w, b):

    worker.sock.sendall(struct.pack(">QI", 64 * 2**20, 9) + b"x" * 1000)
    while True:
        pass


print("armed")
