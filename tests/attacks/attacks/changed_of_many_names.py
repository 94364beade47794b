# The arrays that it says it has changed are one buffer, again and again.
# stopped by: totals
# %% append neuron
import gc
import json
import struct

worker = next(o for o in gc.get_objects() if type(o).__name__ == "Worker")


def send(head, body=b""):
    worker.sock.sendall(struct.pack(">QI", len(head) + len(body) + 4, len(head)) + head + body)


def neuron(x_patch, w, b):

    changed = [[0, {"a": ["|u1", [2**20], 0]}]] * 5000
    send(json.dumps([{"value": 0.0, "changed": changed}, [2**20]]).encode(), bytes(2**20))


print("armed")
