# Exceptions whose text is endless, raises itself, or pretends to be another.
# stopped by: cleaned
# %% append neuron
class Endless(ValueError):
    def __str__(self):
        return "<script>alert(1)</script>" * 10**6


class Raising(Exception):
    def __str__(self):
        raise KeyboardInterrupt

    __repr__ = __str__


Endless.__name__ = "<script>" * 1000
Raising.__qualname__ = "passed"


def neuron(x_patch, w, b):
    raise Endless


print("armed")
# %% append zero_pad
def zero_pad(x, pad):
    raise Raising
# %% append numerical_gradient
def numerical_gradient(f, x, df, h=1e-5):
    raise BaseExceptionGroup("many", [SystemExit(0), KeyboardInterrupt(), GeneratorExit()])
