"""Pooling window by window, with any window, stride and kind."""

from course_lib.pictures.pooling import KINDS, pool_step, pool_windows
from course_lib.pictures.sizes import fitting, outcome, output_size
from course_lib.widgets.explorer import Explorer, Steps, choice, in_a_row, small_image, whole


class PoolingExplorer(Explorer):
    """Choose the kind of pooling, the window F and the stride S, and walk through the steps.

    The controls are `kind`, `W` (the map's size), `F`, `S` and `step`.
    """

    def __init__(self, W=6, F=2, S=2, kind="max"):
        self.kind = choice("kind", list(KINDS), kind)
        self.W = whole("map size W", W, 1, 10)
        self.F = whole("window F", F, 1, 5)
        self.S = whole("stride S", S, 1, 5)
        self.steps = Steps()
        self.step = self.steps.step
        numbers = [self.W, self.F, self.S]
        rows = [self.kind, in_a_row(numbers), self.steps]
        super().__init__("Pooling explorer", rows, [self.kind, *numbers, self.step])

    def look(self):
        W, F, S, kind = (control.value for control in (self.W, self.F, self.S, self.kind))
        windows, problem = fitting(W, F, S, 0)
        if problem:
            self.steps.enable(False)
            return [output_size(W, F, S)], f"{outcome(W, F, S, 0)}. {problem}."
        # Some values below 0: the maximum of a window must not start at 0.
        x = 2 * small_image(W) - 3
        row, column = self.steps.place(windows, windows)
        step = pool_step(x, F, F, S, kind, row, column)
        all_windows = pool_windows(x, F, F, S, kind)
        sentence = f"Step {self.step.value} of {windows**2}. {step.alt} {all_windows.alt}"
        return [step, all_windows], sentence
