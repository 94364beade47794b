# Things to be done when the process ends, or when objects are collected.
# stopped by: system calls
# %% first
import atexit
import os
import weakref


class Late:
    def __del__(self):
        open("/tmp/escaped-late", "w").write("1.0")


def late():
    open("/tmp/escaped-atexit", "w").write("1.0")
    if os.fork() == 0:
        while True:
            pass


kept = Late()
weakref.finalize(kept, late)
atexit.register(late)
print("armed")
