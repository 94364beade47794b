"""Filters and what they make of an image: filter banks, activation maps, filtered photographs."""

import numpy as np

from course_lib.pictures import panels
from course_lib.pictures.picture import PHOTO_DPI, Picture, drawing
from course_lib.pictures.scene import counted, number, table, typeset

MOST_FILTERS = 96
MOST_ROWS = 8
MOST_CHANNELS = 12
CUT_OFF = 0.5
WEIGHT_SIZE = 9  # points
CHARACTER = 0.6  # the width of a character, as a share of its size


@drawing
def filter_bank(w, titles=None):
    """The filters w (F, C, HH, WW), each as an image.

    Filters of 3 channels are shown in colour, 0 as middle grey, the largest magnitude of the
    bank as full colour. Filters of one channel are shown in blue for negative and red for
    positive weights; of other depths, one row for a filter and one image for a channel. `titles`
    are names for the filters. ValueError for other shapes.
    """
    w = panels.array("w", w, "F, C, HH, WW")
    F, C, HH, WW = w.shape
    titles = _titles(titles, F, "filter")
    limits = panels.signed_range([w])
    if C == 3:
        made = _colour_bank(w, titles, limits[1])
        key = "Middle grey is weight 0."
    else:
        made = _signed_bank(w, titles, limits)
        key = "Blue is negative, red positive, white 0."
    alt = (
        f"{counted(F, 'filter')} of {HH}x{WW} over {counted(C, 'channel')}, weights from "
        f"{number(w.min())} to {number(w.max())}. {key}{_left_out(F, C)}"
    )
    if F * C <= 12 and HH * WW <= 49:
        lines = [
            f"{titles[f]}, channel {c}:\n{table(w[f, c], '  ')}" for f in range(F) for c in range(C)
        ]
    else:
        lines = [
            f"{titles[f]}: from {number(w[f].min())} to {number(w[f].max())}, "
            f"sum {number(w[f].sum())}"
            for f in range(F)
        ]
    return Picture(made, alt, "\n".join(lines))


def _left_out(F, C, noun="filters"):
    most = MOST_FILTERS if C in (1, 3) else MOST_ROWS
    shown = [f"{noun} 0 to {most - 1}"] if F > most else []
    shown += [f"channels 0 to {MOST_CHANNELS - 1}"] if C > MOST_CHANNELS else []
    return f" Only {' and '.join(shown)} are drawn." if shown else ""


def _colour_bank(w, titles, top):
    shown = min(len(w), MOST_FILTERS)
    columns = panels.best_columns(shown, 12)
    named = shown <= 16
    made, axes, _ = panels.page(shown, columns, w.shape[2] / w.shape[3], titles=named, largest=1.5)
    for f, ax in enumerate(axes):
        image = (0.5 + 0.5 * w[f] / top).transpose(1, 2, 0)
        panels.show(ax, image, titles[f] if named else "")
    return made


def _signed_bank(w, titles, limits):
    F, C, HH, WW = w.shape
    if C == 1:
        images = w[:MOST_FILTERS, 0]
        columns = panels.best_columns(len(images))
        titles = titles if len(images) <= 32 else [""] * F
    else:
        rows, columns = min(F, MOST_ROWS), min(C, MOST_CHANNELS)
        images = w[:rows, :columns].reshape(-1, HH, WW)
        titles = [f"{titles[f]}, ch. {c}" for f in range(rows) for c in range(columns)]
        if columns > 5 or HH > 2 * WW:
            titles = [f"{f}, {c}" for f in range(rows) for c in range(columns)]
    made, axes, bar = panels.page(
        len(images), columns, HH / WW, titles=any(titles), bar=True, largest=1.5
    )
    written = len(images) <= 12 and _weights_fit(axes[0], images)
    for ax, image, title in zip(axes, images, titles[: len(axes)], strict=True):
        panels.show(ax, image, title, panels.SIGNED, limits)
        if written:
            _write_weights(ax, image, limits[1])
    panels.colour_bar(bar, panels.SIGNED, limits)
    return made


def _weights_fit(ax, images):
    """Whether the longest weight, written out, is narrower than a pixel of these images."""
    inches = ax.get_position().width * ax.figure.get_figwidth() / images.shape[-1]
    longest = max(len(number(value)) for value in images.flat)
    return longest * CHARACTER * WEIGHT_SIZE <= 72 * inches


def _write_weights(ax, image, top):
    for (i, j), value in np.ndenumerate(image):
        colour = "white" if abs(value) > 0.65 * top else "black"
        ax.text(j, i, typeset(number(value)), ha="center", va="center", color=colour,
                size=WEIGHT_SIZE)


@drawing
def activation_maps(maps, titles=None):
    """The activation maps (F, H, W) of one image, all on one scale.

    Maps with negative values are shown in blue and red around white; maps from 0 up (after ReLU)
    from black to white. ValueError for other shapes.
    """
    maps = panels.array("maps", maps, "F, H, W")
    F, H, W = maps.shape
    titles = _titles(titles, F, "map")
    cmap, limits = panels.shown_as([maps])
    shown = min(F, MOST_FILTERS)
    made, axes, bar = panels.page(
        shown, panels.best_columns(shown), H / W, titles=shown <= 32, bar=True
    )
    for k, ax in enumerate(axes):
        panels.show(ax, maps[k], titles[k] if shown <= 32 else "", cmap, limits)
    panels.colour_bar(bar, cmap, limits)
    alt = (
        f"{counted(F, 'activation map')} of {H}x{W}, values from {number(maps.min())} to "
        f"{number(maps.max())}.{_left_out(F, 1, 'maps')}"
    )
    details = [_in_words(titles[k], maps[k]) for k in range(F)]
    return Picture(made, alt, "\n".join(details))


@drawing
def filtered_versions(image, maps):
    """A photograph beside its filtered versions.

    image  (H, W) grey or (3, H, W) colour, values in [0, 1]
    maps   {title: (H2, W2) array}, for instance {"vertical edges": out[0, 0]}

    Each filtered version has its own scale; middle grey is 0 where there are negative values. The
    strongest half percent is cut off: few bright pixels would leave the others in the dark.
    """
    image = panels.photograph(image)
    maps = {title: panels.array(title, values, "H2, W2") for title, values in maps.items()}
    if not maps:
        raise ValueError("maps is empty; give at least one filtered version, as {title: array}")
    count = 1 + len(maps)
    columns = count if count <= 3 else panels.best_columns(count, 3)
    made, axes, _ = panels.page(
        count, columns, image.shape[0] / image.shape[1], titles=True, largest=3.2,
        dpi=PHOTO_DPI,
    )
    panels.show(axes[0], image, "photograph", smooth=True)
    for ax, (title, values) in zip(axes[1:], maps.items(), strict=True):
        top = np.percentile(np.abs(values), 100 - CUT_OFF)
        _, limits = panels.shown_as([np.clip(values, -top, top)])
        panels.show(ax, values, title, limits=limits, smooth=True)
    alt = (
        f"A photograph of {image.shape[0]}x{image.shape[1]} pixels beside "
        f"{counted(len(maps), 'filtered version')}: {', '.join(maps)}."
    )
    return Picture(made, alt, "\n".join(_in_words(title, m) for title, m in maps.items()))


def _in_words(title, values):
    i, j = (int(k) for k in np.unravel_index(np.abs(values).argmax(), values.shape))
    title = ", ".join(title.splitlines())
    return (
        f"{title}: {values.shape[0]}x{values.shape[1]}, from {number(values.min())} to "
        f"{number(values.max())}, mean {number(values.mean())}; strongest, "
        f"{number(values[i, j])}, at row {i}, column {j}"
    )


def _titles(titles, count, word):
    if titles is None:
        return [f"{word} {k}" for k in range(count)]
    if len(titles) != count:
        raise ValueError(f"{len(titles)} titles for {count} {word}s; give one for each")
    return [str(title) for title in titles]
