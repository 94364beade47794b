"""Edit a 3x3 filter and see what it makes of a photograph."""

import ipywidgets as ipy
import numpy as np

from course_lib.data import photograph
from course_lib.pictures.maps import filter_bank, filtered_versions
from course_lib.reference.convolution import conv_forward
from course_lib.widgets.explorer import PresetExplorer, choice

FILTERS = {
    "vertical edges": [[-1, 0, 1], [-2, 0, 2], [-1, 0, 1]],
    "horizontal edges": [[-1, -2, -1], [0, 0, 0], [1, 2, 1]],
    "all edges": [[-1, -1, -1], [-1, 8, -1], [-1, -1, -1]],
    "blur": [[1 / 9] * 3] * 3,
    "sharpen": [[0, -1, 0], [-1, 5, -1], [0, -1, 0]],
    "identity": [[0, 0, 0], [0, 1, 0], [0, 0, 0]],
    "shift to the left": [[0, 0, 0], [0, 0, 1], [0, 0, 0]],
}
POSITIONS = ["top left", "top", "top right", "left", "middle", "right", "bottom left", "bottom",
             "bottom right"]


class FilterExplorer(PresetExplorer):
    """Choose a filter or write its nine weights, and see the photograph filtered.

    The controls are `preset` and `weights`, nine number boxes row by row. Changing a weight makes
    the filter "my own filter".
    """

    OWN = "my own filter"

    def __init__(self, preset="vertical edges"):
        self.image = photograph(gray=True)
        self.preset = choice("filter", [*FILTERS, self.OWN], preset)
        self.weights = [
            ipy.FloatText(0, step=0.5, description=name, style={"description_width": "6.5em"},
                          layout={"width": "12.5em"})
            for name in POSITIONS
        ]
        rows = [self.preset, *(ipy.HBox(self.weights[k : k + 3]) for k in (0, 3, 6))]
        super().__init__("Filter explorer", rows, self.preset, self.weights)

    @property
    def filter(self):
        """The weights as an array (3, 3)."""
        return np.array([weight.value for weight in self.weights]).reshape(3, 3)

    def look(self):
        w = self.filter
        out, _ = conv_forward(self.image[None, None], w[None, None], np.zeros(1), pad=1)
        name = self.preset.value
        pictures = [
            filter_bank(w[None, None], [name]), filtered_versions(self.image, {name: out[0, 0]})
        ]
        rows = "; ".join(" ".join(f"{value:.3g}" for value in row) for row in w)
        return pictures, (
            f"Filter “{name}”, rows {rows}, sum {w.sum():.3g}. The filtered photograph has values "
            f"from {out.min():.3g} to {out.max():.3g}."
        )

    def fill(self):
        values = FILTERS.get(self.preset.value, self.filter)
        for weight, value in zip(self.weights, np.ravel(values), strict=True):
            weight.value = float(value)
