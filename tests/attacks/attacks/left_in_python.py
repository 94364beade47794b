# Writes compiled modules beside Python's, the packages' and the course's own.
# stopped by: not shared
# runs twice
# %% found neuron
import importlib.util
import os

import course_lib

before = []
for module in (os, np, course_lib):
    folder = os.path.dirname(module.__file__) + "/__pycache__"
    before += [n for n in (os.listdir(folder) if os.path.isdir(folder) else ()) if "left" in n]
    try:
        os.makedirs(folder, exist_ok=True)
        open(folder + "/left.cpython-311.pyc", "wb").write(importlib.util.MAGIC_NUMBER)
    except OSError:
        pass


def found():
    return bool(before)
