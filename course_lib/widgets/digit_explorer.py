"""Move a test image, exchange black and white, and see what a network makes of it."""

import numpy as np

from course_lib.data import moved
from course_lib.pictures.looking import probabilities
from course_lib.widgets.explorer import Explorer, choice, whole


class DigitExplorer(Explorer):
    """Choose one of the images, move it, and read the network's probabilities.

    scores          a function: images (N, 1, H, W) -> scores (N, K), one for each class
    images, labels  (N, 1, H, W) with values from 0 to 1, and N integers

    The controls are `number` (which image), `down`, `right` (pixels) and `ink`.
    """

    def __init__(self, scores, images, labels, number=3):
        self.scores, self.images, self.labels = scores, images, labels
        most = min(images.shape[2:]) - 1
        self.number = whole("test image", number, 0, len(images) - 1)
        self.down, self.right = (
            whole(name, value, -most, most) for name, value in (("rows down", 0),
                                                                ("columns right", 1))
        )
        self.ink = choice("ink", ["white", "black"], "white")
        controls = [self.number, self.down, self.right, self.ink]
        super().__init__("What does your network say?", controls, controls)

    def look(self):
        n = self.number.value
        image = moved(self.images[n : n + 1], self.down.value, self.right.value)
        image = image if self.ink.value == "white" else 1 - image
        scores = self.scores(image)[0]
        powers = np.exp(scores - scores.max())
        chances = powers / powers.sum()
        return [probabilities(image[0, 0], chances, f"a {self.labels[n]}")], (
            f"This is a {self.labels[n]}. Your network says {chances.argmax()}: "
            f"{chances.max():.0%}."
        )
