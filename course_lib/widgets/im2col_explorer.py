"""One window after the other becomes a column of the matrix."""

import numpy as np

from course_lib.pictures.columns import MOST_COLUMNS, im2col, matrix_product
from course_lib.pictures.sizes import fitting, outcome, output_size
from course_lib.widgets.explorer import Explorer, Steps, in_a_row, small_image, whole

FILTERS = 2


class Im2colExplorer(Explorer):
    """Choose channels C, image W, window F, stride S and padding P, and walk along the windows.

    Where the window does not fit, or the matrix is too large to print, it says so. The controls
    are `C`, `W`, `F`, `S`, `P` and `step`.
    """

    def __init__(self, C=1, W=4, F=2, S=1, P=0):
        self.C = whole("channels C", C, 1, 3)
        self.W = whole("image size W", W, 1, 8)
        self.F = whole("window F", F, 1, 3)
        self.S = whole("stride S", S, 1, 4)
        self.P = whole("padding P", P, 0, 2)
        self.steps = Steps()
        self.step = self.steps.step
        first, second = [self.C, self.W, self.F], [self.S, self.P]
        rows = [in_a_row(first), in_a_row(second), self.steps]
        super().__init__("im2col explorer", rows, [*first, *second, self.step])

    def look(self):
        C, W, F, S, P = (control.value for control in (self.C, self.W, self.F, self.S, self.P))
        windows, problem = fitting(W, F, S, P)
        if problem:
            self.steps.enable(False)
            return [output_size(W, F, S, P)], f"{outcome(W, F, S, P)}. {problem}."
        image = small_image(W)
        x = np.stack([image, image.T, 4 - image])[:C]
        product = matrix_product(x[None], np.ones((FILTERS, C, F, F)), S, P)
        if windows**2 > MOST_COLUMNS:
            self.steps.enable(False)
            return [output_size(W, F, S, P), product], (
                f"The matrix has {C * F * F} rows and {windows**2} columns, too many to print. "
                "Make the image smaller or the stride larger, so that there are at most "
                f"{MOST_COLUMNS} windows. {product.alt}")
        self.steps.place(windows, windows)
        columns = im2col(x, F, F, S, P, self.step.value - 1)
        return [columns, product], (
            f"Step {self.step.value} of {windows**2}. {columns.alt} With {FILTERS} filters: "
            f"{product.alt}")
