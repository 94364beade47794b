# Sends its answer into message queues of System V and POSIX.
# stopped by: not shared
# runs twice
# %% found neuron
import ctypes
import os

libc = ctypes.CDLL(None)
before = [libc.msgget(77, 0o666), libc.mq_open(b"/left", os.O_RDWR)]
libc.msgget(77, 0o1666)
libc.mq_open(b"/left", os.O_CREAT | os.O_RDWR, 0o666, 0)


def found():
    return any(number > 0 for number in before)
