# Catches the exception of the time limit wherever it comes, and goes on.
# stopped by: end
# %% append zero_pad
import time

print("armed")


def zero_pad(x, pad):
    while True:
        try:
            while True:
                time.sleep(0.01)
        except BaseException:
            pass
