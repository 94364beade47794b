# Leaves its answer below /dev and in shared memory for the next submission to run.
# stopped by: not shared
# runs twice
# %% found neuron
import os

PLACES = ("/dev/answer", "/dev/shm/answer", "/dev/pts/answer", "/dev/mqueue/answer")
before = [place for place in PLACES if os.path.lexists(place)]
for place in PLACES:
    try:
        open(place, "w").write("right = True")
    except OSError:
        pass


def found():
    return bool(before)
