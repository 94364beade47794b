# Many cells that run well once and end the process whenever they are repeated.
# stopped by: end
# %% first
import os

print("armed")
os.open("/scratch/once", os.O_CREAT)
# %% append zero_pad
import gc

worker = next(o for o in gc.get_objects() if type(o).__name__ == "Worker")
ran = []


def do_run(header, decoder, encoder):
    source = header["source"]
    if "once" in source or len(ran) > 3:
        os._exit(0)
    ran.append(source)
    return {"outputs": [], "succeeded": True}


worker.do_run = do_run
# %% last
os._exit(1)
