"""The receptive field of a stack of layers, layer by layer."""

import ipywidgets as ipy

from course_lib import architectures
from course_lib.pictures.fields import receptive_field
from course_lib.widgets.explorer import PresetExplorer, choice, in_a_row, whole

NETWORKS = {
    "AlexNet": architectures.ALEXNET,
    "VGG-16": architectures.VGG16,
    "LeNet-5": architectures.LENET5,
}
STACKS = {
    "three 3x3 layers": ((3, 1),) * 3,
    "one 7x7 layer": ((7, 1),),
    "3x3 layers with pooling": ((3, 1), (2, 2), (3, 1), (2, 2)),
}
MOST_LAYERS = 6


class ReceptiveFieldExplorer(PresetExplorer):
    """Choose a known stack of layers or make one of your own.

    The controls are `stack`, `count` (how many layers), and the lists `F` and `S` with a filter
    size and a stride for each layer. Changing one of the latter makes the stack "my own layers".
    """

    OWN = "my own layers"

    def __init__(self, stack="three 3x3 layers"):
        self.stack = choice("stack", [*STACKS, *NETWORKS, self.OWN], stack)
        self.count = whole("layers", 3, 1, MOST_LAYERS)
        self.F = [whole(f"layer {k} size F", 3, 1, 11) for k in range(1, MOST_LAYERS + 1)]
        self.S = [whole(f"layer {k} stride S", 1, 1, 4) for k in range(1, MOST_LAYERS + 1)]
        self._settings = ipy.VBox([in_a_row(pair) for pair in zip(self.F, self.S, strict=True)])
        rows = [self.stack, self.count, self._settings]
        own = [self.count, *self.F, *self.S]
        super().__init__("Receptive field explorer", rows, self.stack, own)

    def look(self):
        name = self.stack.value
        # A known network is longer than the boxes go, and not to be edited: they are put away.
        shown = 0 if name in NETWORKS else self.count.value
        for k, row in enumerate(self._settings.children):
            row.layout.display = None if k < shown else "none"
        self.count.layout.display = None if shown else "none"
        if name in NETWORKS:
            layers = NETWORKS[name].spatial_layers
        else:
            layers = [(self.F[k].value, self.S[k].value) for k in range(shown)]
        picture = receptive_field(layers)
        return [picture], f"{name[0].upper()}{name[1:]}. {picture.alt}"

    def fill(self):
        layers = STACKS.get(self.stack.value, ())
        for k, layer in enumerate(layers):
            self.F[k].value, self.S[k].value = layer
        self.count.value = len(layers) or self.count.value
