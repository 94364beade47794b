# A thread keeps changing the arguments, the results and the functions while they are judged.
# stopped by: copies
# %% append zero_pad
import gc
import threading
import time


def meddle():
    while True:
        for thing in gc.get_objects():
            if type(thing) is np.ndarray and thing.ndim == 4 and thing.flags.writeable:
                thing[...] = 0
        globals()["neuron"] = lambda x, w, b: 0.0
        time.sleep(0.001)


threading.Thread(target=meddle, daemon=True).start()
print("armed")
