# Imports libraries that compute layers and gradients.
# stopped by: list
# %% found zero_pad
import importlib


def found():
    for name in ("torch", "torch.nn.functional", "tensorflow", "jax.lax", "scipy.signal", "cupy",
                 "numba", "sklearn", "skimage", "cv2", "onnxruntime", "mxnet", "autograd", "numexpr",
                 "theano", "keras", "paddle", "pandas", "sympy"):
        try:
            return importlib.import_module(name)
        except ImportError:
            pass
