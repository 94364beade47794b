"""A network: layers one after the other, with what they have learned.

    net = Network((1, 8, 8), [Conv(16, 3, pad=1), ReLU(), Pool(2), Affine(10)], seed=0)
    history = fit(net, images, labels)          # course_lib.networks.training
    net.predict(images)

The last layer gives one score per class; softmax and cross-entropy make a loss of them.
"""

import json
from dataclasses import asdict
from pathlib import Path

import numpy as np

from course_lib.networks.layers import (
    LAYERS,
    Affine,
    BatchNorm,
    Conv,
    Dropout,
    GlobalAvgPool,
    Layer,
    Local,
    Pool,
    ReLU,
)
from course_lib.reference import shapes
from course_lib.reference.softmax_cross_entropy import softmax_cross_entropy
from course_lib.whole_files import whole

__all__ = [
    "Affine", "BatchNorm", "Conv", "Dropout", "GlobalAvgPool", "Local", "Network", "Pool", "ReLU",
]  # fmt: skip

AT_A_TIME = 256


class Network:
    """Layers for images of one shape.

    - `params`: every learned array under a name such as "conv1.w"; optimizers change them in place
    - `running`: the averages that batch normalisation keeps, under names such as
      "batchnorm1.mean"; they are replaced while training
    - `names`: the names of the layers, such as "conv1", "relu1", "pool1", "conv2"
    """

    def __init__(self, input_shape, layers, seed=0, dtype=np.float32):
        """input_shape (C, H, W). Equal seeds give equal networks; dtype is float32 or float64.

        ValueError where the layers do not fit to each other, with the name of the layer.
        """
        self.input_shape = tuple(shapes.integer("size", n, 1) for n in input_shape)
        if len(self.input_shape) != 3:
            raise ValueError(f"input_shape is {self.input_shape}; it must be (C, H, W)")
        self.layers, self.dtype = tuple(layers), np.dtype(dtype)
        if self.dtype not in (np.float32, np.float64):
            raise ValueError(f"dtype is {self.dtype}; it must be float32 or float64")
        self.names = numbered(self.layers)
        self._own = []
        rng = np.random.default_rng(seed)
        x = np.empty((0, *self.input_shape), self.dtype)
        for name, layer in zip(self.names, self.layers, strict=True):
            try:
                self._own.append(typed(layer.start(x.shape[1:], rng), self.dtype))
                x, _ = layer.forward(x, self._own[-1], False, rng)
            except ValueError as error:
                raise ValueError(f"{name}, {layer}: {error}") from None
        self.output_shape = x.shape[1:]
        self.params = {
            f"{name}.{key}": array
            for name, own in zip(self.names, self._own, strict=True)
            for key, array in own.items()
            if key != "running"
        }

    @property
    def running(self):
        return {
            f"{name}.{key}": array
            for name, own in zip(self.names, self._own, strict=True)
            for key, array in own.get("running", {}).items()
        }

    def forward(self, x, train=False, rng=None, last=None):
        """x (N, C, H, W) -> the output of the layer named `last`, and the caches on the way there.

        Without `last` that is the whole network: scores (N, K). train=True switches dropout (which
        draws from rng) and batch normalisation to training. ValueError for other shapes or names.
        """
        x = self._images(x)
        caches = []
        for layer, own in zip(self.layers[: self._count(last)], self._own, strict=False):
            x, cache = layer.forward(x, own, train, rng)
            caches.append(cache)
        return x, caches

    def backward(self, dout, caches):
        """The upstream gradient of what `forward` returned -> dx, and a gradient per parameter."""
        dout, grads = self._above_the_first(dout, caches)
        if not caches:
            return dout, grads
        dx, own = self.layers[0].backward(dout, caches[0])
        return dx, grads | self._named(0, own)

    def loss(self, x, y, train=False, rng=None):
        """x (N, C, H, W), labels y (N,) -> the mean loss, and a gradient for each parameter."""
        scores, caches = self.forward(x, train, rng)
        loss, dscores = softmax_cross_entropy(scores, y)
        if not caches:
            return loss, {}
        dout, grads = self._above_the_first(dscores, caches)
        return loss, grads | self._named(0, self.layers[0].learned(dout, caches[0]))

    def scores(self, x):
        """x (N, C, H, W) -> class scores (N, K), a few hundred images at a time."""
        x = self._images(x)
        parts = [self.forward(x[n : n + AT_A_TIME])[0] for n in range(0, len(x), AT_A_TIME)]
        return np.concatenate(parts) if parts else np.empty((0, *self.output_shape), self.dtype)

    def predict(self, x):
        """x (N, C, H, W) -> the class with the highest score, (N,)."""
        return self.scores(x).argmax(axis=1)

    def evaluate(self, x, y):
        """The mean loss and the accuracy, from 0 to 1, on images x with labels y."""
        scores = self.scores(x)
        loss, _ = softmax_cross_entropy(scores, y)
        return loss, float(np.mean(scores.argmax(axis=1) == y)) if len(scores) else 0.0

    def activations(self, x):
        """The output of each layer on images x, as a dict of arrays under the layers' names."""
        found, x = {}, self._images(x)
        for name, layer, own in zip(self.names, self.layers, self._own, strict=True):
            x, _ = layer.forward(x, own, False, None)
            found[name] = x
        return found

    def save(self, path):
        """Write the network to a .npz file, all at once: an older file stays until then."""
        path = Path(path)
        layers = [{"layer": type(layer).__name__, **asdict(layer)} for layer in self.layers]
        words = {"input_shape": self.input_shape, "dtype": self.dtype.name, "layers": layers}
        with whole(path) as unfinished, open(unfinished, "xb") as file:
            np.savez(file, network=json.dumps(words), **self.params, **self.running)

    @classmethod
    def load(cls, path):
        """The network that `save` wrote. ValueError where the file does not hold one.

        Nothing in the file is ever executed (no pickle).
        """
        try:
            with np.load(path, allow_pickle=False) as stored:
                arrays = dict(stored)
            words = json.loads(str(arrays.pop("network")))
            layers = [layer_of(**saved) for saved in words["layers"]]
            net = cls(words["input_shape"], layers, dtype=words["dtype"])
            net.restore(arrays)
        except Exception as error:  # a damaged file fails in many ways: zip, JSON, NumPy, settings
            reason = " ".join(f"{type(error).__name__}: {error}".split())
            raise ValueError(
                f"{path} holds no network ({reason}); load a file that Network.save has written"
            ) from None
        return net

    def snapshot(self):
        """A copy of all parameters and running averages, for `restore`."""
        return {name: array.copy() for name, array in (self.params | self.running).items()}

    def restore(self, snapshot):
        """Put a snapshot back. ValueError where its names or shapes are not the network's own."""
        here = {name: array.shape for name, array in (self.params | self.running).items()}
        there = {name: array.shape for name, array in snapshot.items()}
        if here != there:
            raise ValueError(f"the arrays are {there}; this network has {here}")
        for name, array in self.params.items():
            array[...] = snapshot[name]
        for name, own in zip(self.names, self._own, strict=True):
            for key in own.get("running", {}):
                own["running"][key] = snapshot[f"{name}.{key}"].astype(self.dtype)

    def _above_the_first(self, dout, caches):
        """Backward through all layers but the first: its upstream gradient, and their grads."""
        grads = {}
        for i in range(len(caches) - 1, 0, -1):
            dout, own = self.layers[i].backward(dout, caches[i])
            grads |= self._named(i, own)
        return dout, grads

    def _named(self, i, own):
        """What belongs to layer number i, under the names of `params`."""
        return {f"{self.names[i]}.{key}": array for key, array in own.items()}

    def _images(self, x):
        x = shapes.floats("x", x, "N, C, H, W").astype(self.dtype, copy=False)
        if x.shape[1:] != self.input_shape:
            raise ValueError(
                f"x has shape {x.shape}; this network takes images of shape {self.input_shape}, "
                f"so x must be (N, {', '.join(map(str, self.input_shape))})"
            )
        return x

    def _count(self, last):
        """How many layers there are up to the one named `last`."""
        if last is not None and last not in self.names:
            raise ValueError(f"there is no layer {last!r}; the layers are {', '.join(self.names)}")
        return len(self.names) if last is None else self.names.index(last) + 1


def numbered(layers):
    """A name for each layer: its kind and its number among those of its kind, "conv1"."""
    names = []
    for layer in layers:
        if not isinstance(layer, Layer):
            raise ValueError(f"{layer!r} is no layer; choose from {', '.join(LAYERS)}")
        kind = type(layer).__name__.lower()
        names.append(f"{kind}{1 + sum(name.rstrip('0123456789') == kind for name in names)}")
    return names


def typed(own, dtype):
    """The same dict with all arrays, running ones too, in one float type."""
    return {
        key: typed(value, dtype) if isinstance(value, dict) else value.astype(dtype)
        for key, value in own.items()
    }


def layer_of(layer, **settings):
    """A layer from its name and settings as they were saved; JSON has made lists of tuples."""
    settings = {k: tuple(v) if isinstance(v, list) else v for k, v in settings.items()}
    return LAYERS[layer](**settings)
