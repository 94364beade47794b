"""One filter for all places, or a filter of its own for each: what parameter sharing saves."""

from math import prod

from course_lib.architectures.layers import Conv, Local
from course_lib.pictures.picture import FAINT, INK, INPUT, SERIES, Picture, drawing
from course_lib.pictures.scene import Scene, tint

PLACES = [(0, 0), (0, 1), (1, 0), (1, 1)]
OWN = [SERIES[k] for k in (0, 1, 3, 4)]
SHARED = [SERIES[2]] * 4


@drawing
def parameter_sharing(input_shape=(227, 227, 3), K=96, F=11, S=4, P=0, sharing=None):
    """A convolutional layer beside a locally connected one of the same size, with their counts.

    input_shape is (W, H, D), as in the notes; K filters of F x F, stride S, padding P. `sharing`
    (True or False) frames one of the two. The drawing is a sketch with four places, the numbers
    are those of the layer. ValueError where the filter does not fit.
    """
    counts = Counts(input_shape, K, F, S, P)
    scene = Scene(27, 11.2)
    for x, title, colours, parameters, framed in (
        (0.6, "shared: a convolution", SHARED, counts.shared, sharing is True),
        (14.0, "not shared: locally connected", OWN, counts.unshared, sharing is False),
    ):
        if framed:
            scene.box(x - 0.4, 0.15, 13.1, 9.2, edge=INK, line=2)
        scene.text(x + 6.2, 0.7, title, 11.5, weight="bold")
        _draw_layer(scene, x, 1.6, colours)
        scene.text(x + 6.2, 8.7, f"{parameters:,} parameters", 12, weight="bold")
    scene.text(scene.width / 2, 10.3, counts.sentence(), 9.5)
    return Picture(scene.figure, counts.alt(), counts.words())


class Counts:
    """The parameters of one layer with and without sharing."""

    def __init__(self, input_shape, K, F, S, P):
        self.input_shape, self.F = tuple(input_shape), F
        conv, local = Conv(K, F, S, P), Local(K, F, S, P)
        self.output_shape = conv.output_shape(self.input_shape)
        self.neurons = prod(self.output_shape)
        self.each = Conv(1, F, S, P).parameters(self.input_shape)
        self.shared = conv.parameters(self.input_shape)
        self.unshared = local.parameters(self.input_shape)
        self.biases = K

    def sentence(self):
        W2, H2, K = self.output_shape
        return (
            f"{W2}x{H2}x{K} = {self.neurons:,} neurons with {self.each:,} parameters each; "
            f"sharing leaves {K} x {self.each:,}"
        )

    def alt(self):
        return (
            f"Parameter sharing on an input of {'x'.join(map(str, self.input_shape))} with "
            f"{self.biases} filters of {self.F}x{self.F}: {self.unshared:,} parameters without "
            f"sharing, {self.shared:,} with it, {self.unshared / self.shared:,.0f} times fewer."
        )

    def words(self):
        W2, H2, K = self.output_shape
        weights = self.each - 1
        return "\n".join([
            f"output: {W2}x{H2}x{K} = {self.neurons:,} neurons",
            f"each neuron: {weights:,} weights + 1 bias = {self.each:,} parameters",
            f"not shared: {self.neurons:,} * {self.each:,} = {self.unshared:,}",
            f"shared: {K} * {weights:,} weights + {K} biases = {self.shared:,}",
            f"ratio: {self.unshared / self.shared:,.0f}, the number of places {W2} * {H2}",
        ])


def _draw_layer(scene, x, y, colours):
    """Filters on the left, the input with four windows in the middle, the output on the right."""
    shared = len(set(colours)) == 1
    scene.text(x + 0.9, y + 6.2, "1 filter" if shared else "4 filters", 9)
    scene.text(x + 6.2, y + 6.2, "input, 4 windows", 9)
    scene.text(x + 11.2, y + 6.2, "output", 9)
    scene.box(x + 3.6, y + 0.2, 5.2, 5.2, tint(INPUT, 0.06), INPUT, 1.4)
    for k, (i, j) in enumerate(PLACES):
        filter_y = y + 2.0 if shared else y - 0.05 + 1.45 * k
        side = 0.55 if shared else 0.42
        _draw_filter(scene, x + 0.2, filter_y, side, colours[k], 0 if shared else k)
        window = x + 4.0 + 2.5 * j, y + 0.6 + 2.5 * i
        scene.box(*window, 1.9, 1.9, tint(colours[k], 0.35), colours[k], 2)
        start = x + 0.35 + 3 * side, filter_y + 1.5 * side
        scene.arrow(start, (window[0] + 0.15, window[1] + 0.95), colours[k], 1.1, zorder=3)
        scene.box(x + 10.1 + 1.1 * j, y + 1.7 + 1.1 * i, 1.1, 1.1, tint(colours[k], 0.6), FAINT)
    scene.arrow((x + 8.95, y + 2.8), (x + 9.95, y + 2.8))


def _draw_filter(scene, x, y, side, colour, which):
    for i in range(3):
        for j in range(3):
            amount = 0.2 + 0.2 * ((2 * i + 3 * j + which * (i + 1)) % 4)
            scene.box(x + j * side, y + i * side, side, side, tint(colour, amount), colour, 0.7)
