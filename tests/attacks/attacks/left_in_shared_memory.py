# Puts its answer into shared memory and semaphores of System V and POSIX.
# stopped by: not shared
# runs twice
# %% found neuron
import ctypes
from multiprocessing import shared_memory

libc = ctypes.CDLL(None)
before = [libc.shmget(77, 4096, 0o666), libc.semget(77, 1, 0o666)]
libc.shmget(77, 4096, 0o1666)
libc.semget(77, 1, 0o1666)
for create in (False, True):
    try:
        before.append(shared_memory.SharedMemory("left", create, 99).size - 100 * create)
    except OSError:
        pass


def found():
    return any(number > 0 for number in before)
