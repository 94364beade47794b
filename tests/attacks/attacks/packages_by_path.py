# Looks for libraries in the system's and the environment's own package folders.
# stopped by: list
# %% found zero_pad
import glob
import os
import sys


def found():
    folders = [*glob.glob("/usr/lib/python*/*-packages"), *glob.glob("/usr/local/lib/python*/*"),
               *glob.glob(sys.prefix + "/lib*/python*/site-packages/*"),
               *glob.glob("/opt/*"), *glob.glob("/home/*/.local/lib"), *glob.glob("/usr/share/*")]
    sys.path += [folder for folder in folders if "fonts" not in folder]
    names = {name for folder in folders if os.path.isdir(folder) for name in os.listdir(folder)}
    return names & {"torch", "scipy", "nbgrader", "numpy", "setuptools", "pip", "yaml"}
