"""A filter that walks over an image, one step at a time, for any W, F, S and P."""

import numpy as np

from course_lib.pictures.sizes import fitting, outcome, output_size
from course_lib.pictures.walk import filter_step
from course_lib.widgets.explorer import Explorer, Steps, in_a_row, small_image, whole


class ConvolutionStepper(Explorer):
    """Choose input size W, filter size F, stride S and padding P, and walk through the steps.

    Where the filter does not fit, it says why. The controls are `W`, `F`, `S`, `P` and `step`.
    """

    def __init__(self, W=7, F=3, S=2, P=0):
        self.W = whole("input size W", W, 1, 10)
        self.F = whole("filter size F", F, 1, 7)
        self.S = whole("stride S", S, 1, 5)
        self.P = whole("padding P", P, 0, 3)
        self.steps = Steps()
        self.step = self.steps.step
        sizes = [self.W, self.F, self.S, self.P]
        rows = [in_a_row(sizes), self.steps]
        super().__init__("Convolution stepper", rows, [*sizes, self.step])

    def look(self):
        W, F, S, P = (control.value for control in (self.W, self.F, self.S, self.P))
        windows, problem = fitting(W, F, S, P)
        along = output_size(W, F, S, P)
        if problem:
            self.steps.enable(False)
            return [along], f"{outcome(W, F, S, P)}. {problem}."
        row, column = self.steps.place(windows, windows)
        step = filter_step(small_image(W), edge_filter(F), 0, S, P, row, column)
        return [along, step], f"Step {self.step.value} of {windows**2}. {step.alt}"


def edge_filter(F):
    """-1 on the left, 1 on the right, 0 in the middle; a single 1 for F = 1."""
    row = np.sign(np.arange(F) - (F - 1) / 2) if F > 1 else np.ones(1)
    return np.tile(row, (F, 1))
