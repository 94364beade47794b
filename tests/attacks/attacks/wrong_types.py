# Complex results, times, text, float16 and huge integers in the right shape.
# stopped by: values
# %% append neuron
def neuron(x_patch, w, b):
    return complex((x_patch * w).sum(), 1)


print("armed")
# %% append zero_pad
def zero_pad(x, pad):
    shape = (x.shape[0], x.shape[1], x.shape[2] + 2 * pad, x.shape[3] + 2 * pad)
    kinds = ["datetime64[s]", "U5", "complex128", "float16", "uint64", "bool", "S3"]
    return np.zeros(shape, kinds[x.size % len(kinds)])
# %% append numerical_gradient
def numerical_gradient(f, x, df, h=1e-5):
    return np.full(x.shape, np.iinfo(np.int64).min)
