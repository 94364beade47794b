"""What a network looks at, and what it says: strongest patches, saliency, occlusion, classes."""

import numpy as np
from matplotlib.patches import Rectangle

from course_lib.pictures import panels
from course_lib.pictures.picture import (
    INPUT,
    MAGNITUDE,
    WIDTH,
    WINDOW,
    Picture,
    drawing,
    figure,
)
from course_lib.pictures.scene import counted, number, table, typeset

MOST_PATCHES = 32
MOST_IN_WORDS = 16  # pixels in a row or column of an image whose numbers are listed


@drawing
def strongest_patches(patches, activations, unit="unit"):
    """The patches of images that excite a unit most, the strongest first.

    patches      (K, H, W) or (K, 3, H, W), values in [0, 1]: what the unit saw
    activations  (K,): what it answered

    ValueError where there is not one activation for each patch.
    """
    patches, activations = np.asarray(patches), np.asarray(activations, np.float64)
    if patches.ndim not in (3, 4) or activations.shape != patches.shape[:1] or not len(patches):
        raise ValueError(
            f"patches {patches.shape} and activations {activations.shape}; give K patches of "
            f"(H, W) or (3, H, W) and one activation for each"
        )
    order = np.argsort(-activations, kind="stable")[:MOST_PATCHES]
    made, axes, _ = panels.page(
        len(order), panels.best_columns(len(order)), patches.shape[-2] / patches.shape[-1],
        titles=True, largest=1.5,
    )
    for ax, k in zip(axes, order, strict=True):
        panels.show(ax, panels.photograph(patches[k]), typeset(number(activations[k])))
    alt = (
        f"The {len(order)} patches that excite {unit} most, of {len(patches)}: activations from "
        f"{number(activations[order[0]])} down to {number(activations[order[-1]])}."
    )
    lines = [f"patch {int(k)}: {number(activations[k])}" for k in order]
    return Picture(made, alt, "\n".join(lines))


@drawing
def excitation(images, unit="unit"):
    """Images that were changed step by step to excite a unit, as {title: image}.

    An image is (H, W) or (3, H, W) in any range: each is stretched to its own full contrast.
    """
    if not images:
        raise ValueError("images is empty; give at least one as {title: image}")
    images = {title: np.asarray(image, np.float64) for title, image in images.items()}
    first = next(iter(images.values()))
    made, axes, _ = panels.page(
        len(images), panels.best_columns(len(images)), first.shape[-2] / first.shape[-1],
        titles=True, largest=2,
    )
    for ax, (title, image) in zip(axes, images.items(), strict=True):
        low, high = image.min(), image.max()
        stretched = (image - low) / (high - low) if high > low else np.full(image.shape, 0.5)
        panels.show(ax, panels.photograph(stretched), title)
    size = f"{first.shape[-2]}x{first.shape[-1]}"
    alt = (f"What excites {unit}: {counted(len(images), 'image')} of {size} pixels: "
           f"{', '.join(images)}.")
    lines = [
        f"{title}: values from {number(image.min())} to {number(image.max())}"
        for title, image in images.items()
    ]
    return Picture(made, alt, "\n".join(lines))


@drawing
def saliency(image, gradient, label="the score"):
    """An image beside the size of the score's gradient at each pixel.

    image     (H, W) or (C, H, W) with C 1 or 3, values in [0, 1]
    gradient  of one score with respect to the image, the same shape; of several channels the
              largest magnitude counts

    ValueError where the shapes differ. Source: Simonyan, Vedaldi, Zisserman (2014), section 3.1.
    """
    image, gradient = _grey_or_colour(image), _grey_or_colour(gradient)
    if image.shape != gradient.shape:
        raise ValueError(
            f"the image has shape {image.shape} and its gradient {gradient.shape}; they are the "
            f"same"
        )
    strength = np.abs(gradient)
    strength = strength.max(axis=0) if strength.ndim == 3 else strength
    limits = (0.0, float(strength.max()) or 1.0)
    made, axes, bar = panels.page(
        2, 2, strength.shape[0] / strength.shape[1], titles=True, bar=True
    )
    panels.show(axes[0], panels.photograph(image), "image")
    panels.show(axes[1], strength, f"gradient of {label}", MAGNITUDE, limits)
    panels.colour_bar(bar, MAGNITUDE, limits)
    i, j = _top(strength)
    alt = (
        f"An image beside its saliency for {label}: the gradient is strongest, "
        f"{number(strength[i, j])}, at row {i}, column {j}; {_share(strength)}."
    )
    return Picture(made, alt)


@drawing
def occlusion(image, scores, whole, size, corners, label="the score"):
    """How the score changes when a square of the image is covered.

    image    (H, W) or (C, H, W) with C 1 or 3, values in [0, 1]
    scores   (rows, columns): the score with the square at each place
    whole    the score of the uncovered image
    size     the square's side, in pixels
    corners  (rows of pixels, columns of pixels): where the squares start

    ValueError where scores has not one number for each place.
    Source: Zeiler and Fergus (2014), section 4.2.
    """
    image, scores = _grey_or_colour(image), panels.array("scores", scores, "rows, columns")
    tops, lefts = (np.asarray(c) for c in corners)
    if scores.shape != (len(tops), len(lefts)):
        raise ValueError(
            f"scores {scores.shape} for {len(tops)} x {len(lefts)} places; give one for each"
        )
    drop = scores - whole
    limits = panels.signed_range([drop])
    height, width = image.shape[-2:]
    made, axes, bar = panels.page(2, 2, height / width, titles=True, bar=True)
    panels.show(axes[0], panels.photograph(image), "image, worst square marked")
    panels.show(axes[1], drop, f"change of {label}", panels.SIGNED, limits)
    panels.colour_bar(bar, panels.SIGNED, limits)
    i, j = (int(k) for k in np.unravel_index(drop.argmin(), drop.shape))
    top, left = int(tops[i]), int(lefts[j])
    for colour, line in (("black", 4), (WINDOW, 2.2)):
        axes[0].add_patch(
            Rectangle((left - 0.5, top - 0.5), size, size, fill=False, ec=colour, lw=line)
        )
    alt = (
        f"Occlusion: {label} is {number(whole)} for the whole image. Covering the {size}x{size} "
        f"square at row {top}, column {left} changes it most, by {number(drop[i, j])} to "
        f"{number(scores[i, j])}; {int((drop < 0).sum())} of {drop.size} places lower it."
    )
    return Picture(made, alt)


@drawing
def probabilities(image, chances, name):
    """An image beside a bar for the probability of each class.

    image    (H, W), values in [0, 1]
    chances  (K,): the probabilities, which add up to 1
    name     what the image shows, for the text

    ValueError where chances is not a row of numbers.
    """
    chances = panels.array("chances", chances, "K")
    made = figure(2.6, WIDTH)
    panels.show(made.add_axes((0.03, 0.1, 0.26, 0.8)), panels.photograph(image))
    ax = made.add_axes((0.4, 0.2, 0.58, 0.7))
    bars = ax.bar(range(len(chances)), 100 * chances, color=INPUT)
    ax.bar_label(bars, fmt="%.0f", fontsize=9)
    ax.set(xticks=range(len(chances)), xlabel="class", ylabel="probability in %", ylim=(0, 112))
    ax.spines[["top", "right"]].set_visible(False)
    shares = ", ".join(f"{k} {chance:.0%}" for k, chance in enumerate(chances))
    details = "\n".join(f"class {k}: {chance:.1%}" for k, chance in enumerate(chances))
    brightness = np.asarray(image)
    if brightness.ndim == 2 and max(brightness.shape) <= MOST_IN_WORDS:
        details += f"\n\nbrightness of the pixels in %:\n{table(np.round(100 * brightness))}"
    return Picture(made, f"An image of {name} and {len(chances)} probabilities: {shares}.", details)


def _grey_or_colour(image):
    image = np.asarray(image)
    return image[0] if image.ndim == 3 and image.shape[0] == 1 else image


def _top(values):
    return tuple(int(k) for k in np.unravel_index(values.argmax(), values.shape))


def _share(strength):
    total = strength.sum()
    strong = np.sort(strength, axis=None)[::-1]
    tenth = max(1, strength.size // 10)
    share = strong[:tenth].sum() / total if total else 0.0
    return f"a tenth of the pixels holds {100 * share:.0f} % of it"
