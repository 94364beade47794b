# Objects whose unpickling runs code, as results, as attributes and as raw bytes in a reply.
# stopped by: data
# %% append neuron
import os
import pickle


class Bomb:
    def __reduce__(self):
        return os.system, ("touch /tmp/escaped-pickle ./escaped-pickle",)


def neuron(x_patch, w, b):
    return pickle.dumps(Bomb())


print("armed")
# %% append zero_pad
def zero_pad(x, pad):
    return np.array([Bomb()], dtype=object)
# %% append numerical_gradient
def numerical_gradient(f, x, df, h=1e-5):
    return [Bomb(), {"escaped": Bomb()}]
