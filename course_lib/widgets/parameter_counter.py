"""How many parameters a layer has, with its filters shared over all places or not."""

import ipywidgets as ipy

from course_lib.pictures.sharing import Counts, parameter_sharing
from course_lib.pictures.sizes import fitting, output_size
from course_lib.widgets.explorer import Explorer, in_a_row, whole


class ParameterCounter(Explorer):
    """Choose a layer and switch parameter sharing on and off. It starts as AlexNet's first layer.

    The controls are `W`, `D`, `K`, `F`, `S`, `P` and `sharing` (True or False).
    """

    def __init__(self, W=227, D=3, K=96, F=11, S=4, P=0):
        self.W = whole("input size W", W, 1, 512)
        self.D = whole("input depth D", D, 1, 512)
        self.K = whole("filters K", K, 1, 1024)
        self.F = whole("filter size F", F, 1, 31)
        self.S = whole("stride S", S, 1, 16)
        self.P = whole("padding P", P, 0, 16)
        self.sharing = ipy.Checkbox(
            False, description="share each filter over all places", indent=False,
            layout={"width": "auto"},
        )
        numbers = [self.W, self.D, self.K, self.F, self.S, self.P]
        rows = [in_a_row(numbers[:3]), in_a_row(numbers[3:]), self.sharing]
        super().__init__("Parameter counter", rows, [*numbers, self.sharing])

    def look(self):
        W, D, K, F, S, P = (
            control.value for control in (self.W, self.D, self.K, self.F, self.S, self.P)
        )
        _, problem = fitting(W, F, S, P)
        self.sharing.disabled = bool(problem)  # it could change nothing, and should look so
        if problem:
            return [output_size(W, F, S, P)], f"No layer, so nothing to count. {problem}."
        counts = Counts((W, W, D), K, F, S, P)
        if self.sharing.value:
            now = (
                f"Sharing on: {counts.shared:,} parameters, one filter of {counts.each:,} for "
                f"each of {K} maps. Without sharing there would be {counts.unshared:,}."
            )
        else:
            now = (
                f"Sharing off: {counts.unshared:,} parameters, {counts.each:,} for each of "
                f"{counts.neurons:,} neurons. With sharing there would be {counts.shared:,}."
            )
        return [parameter_sharing((W, W, D), K, F, S, P, self.sharing.value)], now
