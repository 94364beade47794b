"""Random cases for the tests of the reference layers, the same ones in every run."""

from contextlib import contextmanager

import numpy as np
from hypothesis import assume, settings
from hypothesis import strategies as st

from course_lib.reference import locally_connected, pooling, windows
from course_lib.reference.gradients import relative_error

KNOBS = ((windows, "TILE_BYTES"), (locally_connected, "IMAGE_BYTES"),
         (locally_connected, "COLUMN_BYTES"), (pooling, "TILE_BYTES"))


def examples(count):
    """Hypothesis settings: so many examples, drawn alike each time, without a clock."""
    return settings(max_examples=count)


@contextmanager
def tiles_of(size):
    """Let the layers cut their work into tiles of `size` bytes; None leaves them as they are."""
    before = [(module, name, getattr(module, name)) for module, name in KNOBS]
    for module, name, value in before:
        setattr(module, name, value if size is None else size)
    try:
        yield
    finally:
        for module, name, value in before:
            setattr(module, name, value)


def equal(mine, expected, tolerance=1e-12):
    """Assert that arrays agree in shape and, relative to the largest value, within tolerance."""
    assert relative_error(mine, expected) < tolerance


@st.composite
def sizes(draw, dilations=(1, 2, 3), largest_pad=3, largest_stride=3):
    """Input and window sizes, stride, padding and dilation that fit, mostly not square."""
    HH, WW = draw(st.tuples(st.integers(1, 4), st.integers(1, 4)))
    stride, pad = draw(st.integers(1, largest_stride)), draw(st.integers(0, largest_pad))
    dilation = draw(st.sampled_from(dilations))
    H2, W2 = draw(st.tuples(st.integers(1, 4), st.integers(1, 3)))
    H = (H2 - 1) * stride + (HH - 1) * dilation + 1 - 2 * pad
    W = (W2 - 1) * stride + (WW - 1) * dilation + 1 - 2 * pad
    assume(H >= 1 and W >= 1)
    return {"H": H, "W": W, "HH": HH, "WW": WW, "H2": H2, "W2": W2, "stride": stride, "pad": pad,
            "dilation": dilation}  # fmt: skip


TILES = st.sampled_from([1, 300, 2000, None])
SEEDS = st.integers(0, 2**32 - 1)
COUNTS = st.integers(1, 3)


@st.composite
def convolutions(draw):
    """x, w, b, the settings as keywords, dout, and a tile size."""
    s, groups = draw(sizes()), draw(st.sampled_from([1, 1, 2, 3]))
    N, share, filters = draw(COUNTS), draw(COUNTS), draw(st.integers(1, 5))
    rng = np.random.default_rng(draw(SEEDS))
    x = rng.standard_normal((N, share * groups, s["H"], s["W"]))
    w = rng.standard_normal((filters * groups, share, s["HH"], s["WW"]))
    b = rng.standard_normal(len(w))
    dout = rng.standard_normal((N, len(w), s["H2"], s["W2"]))
    keywords = {name: s[name] for name in ("stride", "pad", "dilation")} | {"groups": groups}
    return x, w, b, keywords, dout, draw(TILES)


@st.composite
def locals_(draw):
    """x, w, b, the settings, dout, and a tile size, for the locally connected layer."""
    s = draw(sizes(dilations=(1,)))
    N, C, F = draw(COUNTS), draw(COUNTS), draw(COUNTS)
    rng = np.random.default_rng(draw(SEEDS))
    x = rng.standard_normal((N, C, s["H"], s["W"]))
    w = rng.standard_normal((s["H2"], s["W2"], F, C, s["HH"], s["WW"]))
    b, dout = rng.standard_normal(w.shape[:3]), rng.standard_normal((N, F, s["H2"], s["W2"]))
    return x, w, b, {"stride": s["stride"], "pad": s["pad"]}, dout, draw(TILES)


@st.composite
def poolings(draw, ties=False):
    """x, (pool_height, pool_width, stride), dout, and a tile size; with ties x has few values."""
    s = draw(sizes(dilations=(1,), largest_pad=0))
    rng = np.random.default_rng(draw(SEEDS))
    shape = draw(COUNTS), draw(COUNTS), s["H"], s["W"]
    x = rng.integers(-1, 2, shape).astype(float) if ties else rng.standard_normal(shape)
    dout = rng.standard_normal((*shape[:2], s["H2"], s["W2"]))
    return x, (s["HH"], s["WW"], s["stride"]), dout, draw(TILES)
