# Changes what the forking process has loaded, in every module it can reach.
# stopped by: not shared
# runs twice
# %% found neuron
import gc
import os
import sys

before = hasattr(np, "left") or "LEFT" in os.environ or hasattr(sys, "left")
os.environ["LEFT"] = "1"
for module in list(sys.modules.values()):
    try:
        module.left = True
    except Exception:
        pass
gc.unfreeze()
gc.collect()


def found():
    return before
