"""How a step is taken from gradients: SGD with momentum, and Adam.

An optimizer changes the arrays of a network in place. It keeps what it remembers under the names
of the parameters, so that one optimizer serves one network.
"""

import numpy as np


class SGD:
    """Stochastic gradient descent with momentum: v = momentum*v - rate*gradient; w += v.

    Source: CS231n notes, neural networks 3, "SGD and bells and whistles".
    """

    def __init__(self, rate=0.01, momentum=0.9):
        self.rate = checked_rate(rate)
        self.momentum = checked_decay("momentum", momentum)
        self.velocity = {}

    def step(self, params, grads, scale=1.0):
        """Change params, a dict of arrays, by grads, one for each; the rate is rate*scale."""
        for name, w in params.items():
            v = kept(self.velocity, name, w)
            v *= self.momentum
            v -= self.rate * scale * grads[name]
            w += v


class Adam:
    """Momentum divided by the size of recent gradients, both corrected for their start at 0.

    Source: Kingma, Ba: Adam: A method for stochastic optimization (2015), algorithm 1, with the
    two corrections gathered in the rate (end of section 2).
    """

    def __init__(self, rate=0.001, beta1=0.9, beta2=0.999, eps=1e-8):
        self.rate = checked_rate(rate)
        self.beta1, self.beta2 = checked_decay("beta1", beta1), checked_decay("beta2", beta2)
        self.eps = eps
        self.steps = 0
        self.mean, self.square = {}, {}

    def step(self, params, grads, scale=1.0):
        """Change params, a dict of arrays, by grads, one for each; the rate is rate*scale."""
        self.steps += 1
        correction = np.sqrt(1 - self.beta2**self.steps)
        rate = float(self.rate * scale * correction / (1 - self.beta1**self.steps))
        for name, w in params.items():
            g = grads[name]
            mean, square = kept(self.mean, name, w), kept(self.square, name, w)
            mean += (1 - self.beta1) * (g - mean)
            square += (1 - self.beta2) * (g * g - square)
            w -= rate * mean / (np.sqrt(square) + self.eps * float(correction))


def kept(memory, name, w):
    """What is remembered under a name; zeros like w at first."""
    if name not in memory:
        memory[name] = np.zeros_like(w)
    return memory[name]


def checked_rate(rate):
    if not rate > 0:
        raise ValueError(f"rate is {rate}; the learning rate must be above 0, such as 0.001")
    return rate


def checked_decay(name, value):
    if not 0 <= value < 1:
        raise ValueError(f"{name} is {value}; it must be at least 0 and below 1, such as 0.9")
    return value
