# Leaves a style and a font list where matplotlib would load them.
# stopped by: not shared
# runs twice
# %% found neuron
import os

import matplotlib

before = []
for folder in {matplotlib.get_cachedir(), matplotlib.get_configdir(), os.path.expanduser("~")}:
    before += [n for n in (os.listdir(folder) if os.path.isdir(folder) else ()) if "left" in n]
    os.makedirs(folder, exist_ok=True)
    open(folder + "/left.mplstyle", "w").write("lines.linewidth: 7")


def found():
    return bool(before)
