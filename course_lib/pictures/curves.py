"""Curves of a training run."""

import numpy as np
from matplotlib.ticker import MaxNLocator

from course_lib.pictures.picture import FAINT, SERIES, WIDTH, Picture, drawing, figure
from course_lib.pictures.scene import number

HEIGHT = 3.1
DASHES = ["-", "--", "-.", ":"]


@drawing
def loss_curves(history, unit="step"):
    """The curves of a training run, losses on the left and accuracies on the right.

    history  {name: values, one a `unit`, which is "step" or "epoch"}; a name with "acc" in it
             is an accuracy, every other one a loss

    ValueError where there is nothing to draw.
    """
    history = {name: np.atleast_1d(np.asarray(v, np.float64)) for name, v in history.items()}
    if not history or any(values.ndim != 1 or not values.size for values in history.values()):
        raise ValueError("history has no values; give {name: list of numbers}")
    losses = {name: values for name, values in history.items() if "acc" not in name.lower()}
    accuracies = {name: history[name] for name in history if name not in losses}
    panels = [(title, part) for title, part in (("loss", losses), ("accuracy", accuracies)) if part]
    made = figure(HEIGHT, WIDTH if len(panels) == 2 else 0.62 * WIDTH, layout="constrained")
    axes = np.atleast_1d(made.subplots(1, len(panels)))
    for ax, (title, part) in zip(axes, panels, strict=True):
        for k, (name, values) in enumerate(part.items()):
            ax.plot(
                np.arange(len(values)), values, DASHES[k % len(DASHES)],
                color=SERIES[k % len(SERIES)], lw=1.9, label=name,
                marker="o" if len(values) == 1 else None,
            )
        ax.set(xlabel=unit, ylabel=title)
        ax.grid(color=FAINT, alpha=0.25, lw=0.6)
        ax.spines[["top", "right"]].set_visible(False)
        if title == "accuracy":
            ax.set_ylim(min(0, min(v.min() for v in part.values())), 1.02)
        ax.xaxis.set_major_locator(MaxNLocator(nbins=7, integer=True))
        ax.legend()
    alt = "Training curves. " + " ".join(_in_words(name, v, unit) for name, v in history.items())
    return Picture(made, alt)


def _in_words(name, values, unit):
    best = values.argmax() if "acc" in name.lower() else values.argmin()
    return (
        f"{name}: from {number(values[0])} to {number(values[-1])} in {len(values)} {unit}s, best "
        f"{number(values[best])} at {unit} {int(best)}."
    )
