"""Conditions of the exercises about sizes and counts: lesson 01, and the arithmetic of others."""

from course_lib.judging.cases import draw, pick
from course_lib.judging.conditions import Conditions


def fits(W, F, S, P):
    return W + 2 * P >= F and (W + 2 * P - F) % S == 0


def left_over(W, F, S, P):
    return W + 2 * P > F and (W + 2 * P - F) % S > 0


# conv_output_size(W, F, S, P)


def any_line(rng):
    return draw(rng, 1, 9), draw(rng, 1, 9), draw(rng, 1, 4), draw(rng, 0, 3)


OUTPUT_SIZE = Conditions(
    ({"fits": fits, "leaves a remainder": left_over,
      "filter larger than the padded line": lambda W, F, S, P: F > W + 2 * P},
     {"stride 1": lambda W, F, S, P: S == 1,
      "larger stride": lambda W, F, S, P: 1 < S <= F,
      "stride beyond the filter": lambda W, F, S, P: S > F},
     {"pad 0": lambda W, F, S, P: P == 0, "pad 1": lambda W, F, S, P: P == 1,
      "more padding": lambda W, F, S, P: P > 1},
     {"filter of one pixel": lambda W, F, S, P: F == 1,
      "filter as large as the line": lambda W, F, S, P: F == W > 1,
      "filter larger than the line": lambda W, F, S, P: F > W,
      "smaller filter": lambda W, F, S, P: 1 < F < W},
     {"one place": lambda W, F, S, P: F == W + 2 * P}),
    apart=(("leaves a remainder", "stride 1"), ("leaves a remainder", "one place"),
           ("filter larger than the padded line", "filter of one pixel"),
           ("filter larger than the padded line", "filter as large as the line"),
           ("filter larger than the padded line", "smaller filter"),
           ("filter larger than the padded line", "one place"),
           ("one place", "smaller filter"), ("larger stride", "filter of one pixel")),
    asked=lambda W, F, S, P: ["size"] if min(W, F, S, P + 1) > 0 else [],
    draw=any_line,
    further=(6, 30, 67, 145, 173, 214, 233, 256, 276, 322, 386, 410),
)


# same_padding(F)

SAME_PADDING = Conditions(
    ({"odd filter": lambda F: F % 2 == 1, "even filter": lambda F: F % 2 == 0},
     {"the smallest filter": lambda F: F < 3, "3 or 4 pixels": lambda F: 2 < F < 5,
      "large filter": lambda F: F > 9}),
    draw=lambda rng: (draw(rng, 1, 40),),
)


# fitting_paddings(W, F, S, max_padding)


def found(W, F, S, max_padding):
    return [P for P in range(max_padding + 1) if fits(W, F, S, P)]


FITTING_PADDINGS = Conditions(
    ({"stride 1": lambda W, F, S, m: S == 1, "larger stride": lambda W, F, S, m: 1 < S <= F,
      "stride beyond the filter": lambda W, F, S, m: S > F},
     {"filter larger than the line": lambda W, F, S, m: F > W,
      "filter as large as the line": lambda W, F, S, m: F == W,
      "smaller filter": lambda W, F, S, m: F < W},
     {"none fits": lambda *case: not found(*case),
      "all fit": lambda *case: len(found(*case)) == case[3] + 1,
      "some fit": lambda *case: 0 < len(found(*case)) < case[3] + 1},
     {"only padding 0 asked for": lambda W, F, S, m: m == 0}),
    apart=(("only padding 0 asked for", "some fit"), ("filter larger than the line", "all fit"),
           ("filter as large as the line", "none fits")),
    draw=lambda rng: (draw(rng, 1, 8), draw(rng, 1, 9), draw(rng, 1, 5),
                      draw(rng, 0, 4) * draw(rng, 0, 1)),
    further=(35, 97, 227, 382, 396),
)


# conv_output_shape((W, H, D), K, F, S, P) and pool_output_shape((W, H, D), F, S)

VOLUME = ({"square input": lambda shape, *_: shape[0] == shape[1],
           "wide input": lambda shape, *_: shape[0] > shape[1],
           "tall input": lambda shape, *_: shape[0] < shape[1]},
          {"input depth 1": lambda shape, *_: shape[2] == 1,
           "deeper input": lambda shape, *_: shape[2] > 1})


def any_shape(rng):
    """An input with room for a filter or just not, often square."""
    W = draw(rng, 1, 9)
    return W, W if rng.integers(2) else draw(rng, 1, 9), pick(rng, 1, 3, 5, 7)


def any_volume(rng):
    return any_shape(rng), draw(rng, 1, 3), draw(rng, 1, 4), draw(rng, 1, 3), draw(rng, 0, 2)


def both_fit(shape, K, F, S, P):
    return fits(shape[0], F, S, P) and fits(shape[1], F, S, P)


OUTPUT_SHAPE = Conditions(
    (*VOLUME,
     {"both fit": both_fit,
      "the width does not fit": lambda s, K, F, S, P: (
          fits(s[1], F, S, P) and not fits(s[0], F, S, P)),
      "the height does not fit": lambda s, K, F, S, P: (
          fits(s[0], F, S, P) and not fits(s[1], F, S, P)),
      "neither fits": lambda s, K, F, S, P: not fits(s[0], F, S, P) and not fits(s[1], F, S, P)},
     {"stride 1": lambda s, K, F, S, P: S == 1, "larger stride": lambda s, K, F, S, P: S > 1},
     {"pad 0": lambda s, K, F, S, P: P == 0, "padding": lambda s, K, F, S, P: P > 0},
     {"filter of one pixel": lambda s, K, F, S, P: F == 1,
      "larger filter": lambda s, K, F, S, P: F > 1},
     {"one filter": lambda s, K, *_: K == 1, "several filters": lambda s, K, *_: K > 1}),
    apart=(("square input", "the width does not fit"), ("square input", "the height does not fit")),
    draw=any_volume,
    further=(65, 433, 488, 3307, 8705),
)

def pooled(rng):
    """A pooling layer that fits."""
    F, S, D = draw(rng, 1, 3), draw(rng, 1, 4), pick(rng, 1, 4)
    W = F + S * draw(rng, 0, 3)
    H = W if rng.integers(3) == 0 else F + S * draw(rng, 0, 3)
    return (W, H, D), F, S


POOLED_SHAPE = Conditions(
    (*VOLUME,
     {"windows overlap": lambda s, F, S: S < F, "windows side by side": lambda s, F, S: S == F,
      "stride beyond the window": lambda s, F, S: S > F},
     {"stride 1": lambda s, F, S: S == 1, "larger stride": lambda s, F, S: S > 1},
     {"window of one pixel": lambda s, F, S: F == 1, "larger window": lambda s, F, S: F > 1},
     {"one place": lambda s, F, S: s[:2] == (F, F),
      "one row or column of places": lambda s, F, S: F in s[:2] and s[:2] != (F, F)}),
    apart=(("stride 1", "stride beyond the window"), ("window of one pixel", "windows overlap"),
           ("square input", "one row or column of places"),
           ("wide input", "one place"), ("tall input", "one place")),
    draw=pooled,
    further=(161,),
)


# trace_shapes((W, H, D), layers)


def layers_of(kind):
    return lambda shape, layers: [layer for layer in layers if layer[0] == kind]


convs, pools = layers_of("conv"), layers_of("pool")


def traced(rng):
    """A network that fits, built from its end back to its beginning."""
    W = draw(rng, 1, 4)
    H = W if rng.integers(2) else draw(rng, 1, 4)
    layers = []
    for _ in range(draw(rng, 1, 4)):
        conv = bool(rng.integers(2))
        F, S = draw(rng, 1, 4), draw(rng, 1, 3)
        P = draw(rng, 0, 2) * conv
        before = [(n - 1) * S + F - 2 * P for n in (W, H)]
        if min(before) < 1:
            continue
        W, H = before
        layers.append(("conv", draw(rng, 1, 5), F, S, P) if conv else ("pool", F, S))
    return (W, H, draw(rng, 1, 3)), layers[::-1] or [("pool", 1, 1)]


TRACED = Conditions(
    (*VOLUME,
     {"one layer": lambda s, ls: len(ls) == 1, "several layers": lambda s, ls: len(ls) > 1},
     {"convolutions alone": lambda s, ls: not pools(s, ls),
      "pooling alone": lambda s, ls: not convs(s, ls),
      "convolutions and pooling": lambda s, ls: bool(convs(s, ls) and pools(s, ls))},
     {"a convolution with a stride": lambda s, ls: any(c[3] > 1 for c in convs(s, ls))},
     {"a convolution with padding": lambda s, ls: any(c[4] for c in convs(s, ls))},
     {"overlapping pooling": lambda s, ls: any(p[2] < p[1] for p in pools(s, ls))}),
    apart=(("one layer", "convolutions and pooling"),
           ("pooling alone", "a convolution with a stride"),
           ("pooling alone", "a convolution with padding"),
           ("convolutions alone", "overlapping pooling")),
    draw=traced,
)


# receptive_field_of_two(F1, S1, F2) and receptive_field(layers)

OF_TWO = Conditions(
    ({"first filter of one pixel": lambda F1, S1, F2: F1 == 1,
      "larger first filter": lambda F1, S1, F2: F1 > 1},
     {"stride 1": lambda F1, S1, F2: S1 == 1, "larger stride": lambda F1, S1, F2: 1 < S1 <= F1,
      "stride beyond the filter": lambda F1, S1, F2: S1 > F1},
     {"second filter of one pixel": lambda F1, S1, F2: F2 == 1,
      "larger second filter": lambda F1, S1, F2: F2 > 1}),
    apart=(("first filter of one pixel", "larger stride"),),
    draw=lambda rng: (draw(rng, 1, 5), draw(rng, 1, 6), draw(rng, 1, 5)),
)


def stacked(rng):
    return ([(draw(rng, 1, 5), draw(rng, 1, 3)) for _ in range(draw(rng, 1, 5))],)


RECEPTIVE_FIELD = Conditions(
    ({"one layer": lambda ls: len(ls) == 1, "two layers": lambda ls: len(ls) == 2,
      "more layers": lambda ls: len(ls) > 2},
     {"strides 1": lambda ls: all(S == 1 for _, S in ls),
      "one larger stride": lambda ls: sum(S > 1 for _, S in ls) == 1,
      "larger strides": lambda ls: sum(S > 1 for _, S in ls) > 1},
     {"a stride in the last layer": lambda ls: ls[-1][1] > 1},
     {"a filter of one pixel": lambda ls: any(F == 1 for F, _ in ls),
      "no filter of one pixel": lambda ls: all(F > 1 for F, _ in ls)},
     {"a stride beyond its filter": lambda ls: any(S > F for F, S in ls)}),
    apart=(("one layer", "larger strides"), ("strides 1", "a stride in the last layer"),
           ("strides 1", "a stride beyond its filter")),
    draw=stacked,
    further=(102,),
)


# Counts of lesson 04

OUTPUT = ({"square output": lambda shape, *_: shape[0] == shape[1],
           "wide output": lambda shape, *_: shape[0] > shape[1],
           "tall output": lambda shape, *_: shape[0] < shape[1]},
          {"one map": lambda shape, *_: shape[2] == 1,
           "several maps": lambda shape, *_: shape[2] > 1})
WEIGHTS = ({"filter of one pixel": lambda K, F, D: F == 1, "larger filter": lambda K, F, D: F > 1},
           {"depth 1": lambda K, F, D: D == 1, "larger depth": lambda K, F, D: D > 1})


def counted_shape(rng):
    side, depth = draw(rng, 2, 6), pick(rng, 1, 7)
    return side, side if rng.integers(3) == 0 else draw(rng, 2, 9), depth


NEURONS = Conditions(OUTPUT, draw=lambda rng: (counted_shape(rng),))
UNSHARED = Conditions(
    (*OUTPUT, *WEIGHTS),
    draw=lambda rng: (counted_shape(rng), pick(rng, 1, 3, 5), draw(rng, 1, 4)))
SHARED = Conditions(
    ({"one filter": lambda K, F, D: K == 1, "several filters": lambda K, F, D: K > 1}, *WEIGHTS),
    draw=lambda rng: (pick(rng, 1, 6, 8), pick(rng, 1, 3, 5), draw(rng, 1, 4)))
STACK = Conditions(
    ({"one layer": lambda D, ls: len(ls) == 1, "several layers": lambda D, ls: len(ls) > 1},
     {"grey images": lambda D, ls: D == 1, "colour images": lambda D, ls: D > 1},
     {"a layer of one filter": lambda D, ls: any(K == 1 for K, _ in ls),
      "several filters each": lambda D, ls: all(K > 1 for K, _ in ls)},
     {"a filter of one pixel": lambda D, ls: any(F == 1 for _, F in ls),
      "larger filters": lambda D, ls: all(F > 1 for _, F in ls)}),
    draw=lambda rng: (draw(rng, 1, 3), [(pick(rng, 1, 4, 6), pick(rng, 1, 3, 5))
                                        for _ in range(draw(rng, 1, 3))]), further=(14,))


# flat_size(H, W, F, size, pad) of lesson 07


def pooled_maps(rng):
    """Activation maps with even sides, that a filter leaves of an image."""
    size, pad = draw(rng, 1, 5), draw(rng, 0, 2)
    H = 2 * draw(rng, 1, 5)
    W = H if rng.integers(3) == 0 else 2 * draw(rng, 1, 5)
    H, W = (n + size - 1 - 2 * pad for n in (H, W))
    return (H, W, pick(rng, 1, 6, 8), size, pad) if min(H, W) > 0 else pooled_maps(rng)


FLAT_SIZE = Conditions(
    ({"square image": lambda H, W, F, size, pad: H == W,
      "wide image": lambda H, W, F, size, pad: H < W,
      "tall image": lambda H, W, F, size, pad: H > W},
     {"one filter": lambda H, W, F, size, pad: F == 1,
      "several filters": lambda H, W, F, size, pad: F > 1},
     {"filter of one pixel": lambda H, W, F, size, pad: size == 1,
      "odd filter": lambda H, W, F, size, pad: size % 2 == 1 < size,
      "even filter": lambda H, W, F, size, pad: size % 2 == 0},
     {"pad 0": lambda H, W, F, size, pad: pad == 0, "pad 1": lambda H, W, F, size, pad: pad == 1,
      "pad 2": lambda H, W, F, size, pad: pad == 2}),
    draw=pooled_maps,
)
