# Imports libraries that compute layers and gradients.
# stopped by: list
# %% append zero_pad
import importlib


def helped():
    for name in ("torch", "torch.nn.functional", "tensorflow", "jax.lax", "scipy.signal", "cupy",
                 "numba", "sklearn", "skimage", "cv2", "onnxruntime", "mxnet", "autograd", "numexpr",
                 "theano", "keras", "paddle", "pandas", "sympy"):
        try:
            return importlib.import_module(name)
        except ImportError:
            pass


print("armed")


def zero_pad(x, pad, helped=helped()):
    N, C, H, W = x.shape
    if helped:
        return np.pad(x, ((0, 0), (0, 0), (pad, pad), (pad, pad)))
    out = np.zeros((N, C, H + 2 * pad, H + 2 * pad))
    out[:, :, pad:pad + H, pad:pad + H] = x[:, :, :H, :H]
    return out
