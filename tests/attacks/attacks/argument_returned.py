# Returns the very argument and changes it afterwards, with a thread of its own.
# stopped by: copies
# %% append zero_pad
import threading
import time


def zero_pad(x, pad):
    def later():
        time.sleep(0.001)
        x.resize((x.shape[0], x.shape[1], x.shape[2] + 2 * pad, x.shape[3] + 2 * pad),
                 refcheck=False)

    threading.Thread(target=later).start()
    return x if pad else x[:, :, ::-1]


print("armed")
