# Loads compiled libraries that compute layers, by name and from every folder.
# stopped by: list
# %% found zero_pad
import ctypes
import os


def found():
    found = {name for folder, _, names in os.walk("/") for name in names}
    for name in ("libtorch.so", "libtorch_cpu.so", "libmkl_rt.so", "libdnnl.so.3", "libcudnn.so",
                 "libtensorflow.so.2", "libOpenCL.so.1", "libarmadillo.so", "libtcc.so"):
        if name in found:
            return name
        try:
            return ctypes.CDLL(name)
        except OSError:
            pass
