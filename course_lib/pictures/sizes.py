"""Where a filter fits along one axis of the input, and what is left over."""

from course_lib.arithmetic import conv_output_size
from course_lib.pictures.picture import (
    FAINT,
    INPUT,
    PADDING,
    PAPER,
    WINDOW,
    WRONG,
    Picture,
    drawing,
)
from course_lib.pictures.scene import Scene, number, tint

MOST_CELLS = 34
MOST_WINDOWS = 9
FIRST, LAST = 4, 3
ROW = 0.8
LETTER = 0.075  # inches that a letter of a label takes at most


@drawing
def output_size(W, F, S=1, P=0):
    """The windows of a filter of size F along an input of size W, stride S, padding P.

    A size that does not fit is drawn too: what is left over, and the window that would stick out.
    ValueError where a number makes no sense, such as stride 0.
    """
    windows, problem = fitting(W, F, S, P)
    padded = W + 2 * P
    left_over = _left_over(windows, W, F, S, P)
    shown = _shown(windows)
    beyond = max(0, windows * S + F - padded) if problem else 0
    unit = min(1.0, MOST_CELLS / (padded + beyond))
    rows = len(shown) + bool(problem) + (len(shown) < windows)
    # Room for the sentence, however short the input is.
    width = max((padded + beyond) * unit + 5.5, 20)
    scene = Scene(width, 3.4 + rows * ROW + 1.1)
    x0 = (width - (padded + beyond) * unit) / 2 + 1.2
    formula = _formula(W, F, S, P, windows, left_over)
    scene.text(width / 2, 0.6, formula.replace("*", "·").replace("- ", "− "), 12)
    _draw_input(scene, x0, 1.4, W, P, unit)
    y = 2.9
    for place, k in enumerate(shown):
        if place and k > shown[place - 1] + 1:
            scene.text(x0 + padded * unit / 2, y + 0.3, f"… {windows - len(shown)} more …", 9)
            y += ROW
        _draw_window(scene, x0 + k * S * unit, y, F * unit, f"{k}", WINDOW, "-")
        scene.text(x0 - 0.4, y + 0.3, "output" if k == 0 else "", 9, ha="right")
        y += ROW
    if problem:
        _draw_window(scene, x0 + windows * S * unit, y, F * unit, "does not fit", WRONG, "--")
        y += ROW
        _draw_left_over(scene, x0, (padded - left_over) * unit, left_over * unit)
    scene.text(width / 2, y + 0.5, outcome(W, F, S, P), 10.5)
    alt = (
        f"Input size {W}, filter size {F}, stride {S}, padding {P}: "
        f"{formula}; {outcome(W, F, S, P)}."
    )
    starts = [f"{'…, ' if place and k > shown[place - 1] + 1 else ''}{k * S}"
              for place, k in enumerate(shown)]
    lines = [f"windows start at cells {', '.join(starts)} of {padded}"] if windows else []
    return Picture(scene.figure, alt, "\n".join([*lines, *([problem] if problem else [])]))


def fitting(W, F, S, P):
    """How many windows fit, and the sentence that says why the size does not ("" where it does).

    A filter that is larger than the padded input fits 0 times. ValueError for numbers that make
    no sense in themselves.
    """
    try:
        return conv_output_size(W, F, S, P), ""
    except ValueError as error:
        problem = str(error)
    # "pad" makes everything fit: where it raises too, the numbers themselves make no sense.
    conv_output_size(W, F, S, P, policy="pad")
    try:
        return conv_output_size(W, F, S, P, policy="floor"), problem
    except ValueError:
        return 0, problem


def _formula(W, F, S, P, windows, left_over):
    result = f" = {number(windows + left_over / S)}" if windows else ""
    return f"({W} - {F} + 2*{P}) / {S} + 1{result}"


def outcome(W, F, S, P):
    """How many windows fit and how many cells are left over, in words. Errors as for `fitting`."""
    windows, problem = fitting(W, F, S, P)
    left_over = _left_over(windows, W, F, S, P)
    count = f"{windows} window fits" if windows == 1 else f"{windows} windows fit"
    if not problem:
        return f"{count}, nothing is left over"
    cells = "1 cell is" if left_over == 1 else f"{left_over} cells are"
    if not windows:
        return "the filter is larger than the padded input, no window fits"
    return f"{count}, {cells} left over: not a whole number of steps"


def _left_over(windows, W, F, S, P):
    return W + 2 * P - ((windows - 1) * S + F if windows else 0)


def _shown(windows):
    if windows <= MOST_WINDOWS:
        return list(range(windows))
    return [*range(FIRST), *range(windows - LAST, windows)]


def _draw_input(scene, x0, y, W, P, unit):
    scene.text(x0 - 0.4, y + 0.5, "input", 9, ha="right")
    if unit == 1.0:
        for k in range(W + 2 * P):
            inside = P <= k < P + W
            scene.box(x0 + k, y, 1, 1, PAPER if inside else PADDING, FAINT, 0.6)
            scene.text(x0 + k + 0.5, y + 0.5, f"{k - P}" if inside else "0", 9)
    else:
        scene.box(x0, y, (W + 2 * P) * unit, 1, PADDING, FAINT)
        scene.box(x0 + P * unit, y, W * unit, 1, PAPER, FAINT)
        scene.text(x0 + (P + W / 2) * unit, y + 0.5, f"{W} cells", 9)
    scene.box(x0 + P * unit, y, W * unit, 1, edge=INPUT, line=2)


def _draw_window(scene, x, y, width, label, colour, dashes):
    scene.box(x, y, width, 0.6, tint(colour, 0.3), colour, 1.6, linestyle=dashes)
    # Letters keep their size whatever a cell measures, so what they need is counted in inches.
    if width * scene.cell > LETTER * (len(label) + 2):
        scene.text(x + width / 2, y + 0.31, label, 9)
    elif x + width / 2 < scene.width / 2:
        scene.text(x + width + 0.25, y + 0.31, label, 9, ha="left")
    else:
        scene.text(x - 0.25, y + 0.31, label, 9, ha="right")


def _draw_left_over(scene, x0, start, length):
    scene.box(x0 + start, 1.4, length, 1, tint(WRONG, 0.35), WRONG, 1.6, alpha=0.6)
