"""Exercises of lesson 06: convolution as one matrix product, forwards and backwards.

Groups keep one difficulty each: images and filters are square, biases 0 and the padding 0 (1 for
the backward pass) wherever a group is not about them. `course_lib.mistakes.fast_convolution`
holds the wrong algorithms; how "many positions" is judged, `_growth` says.

Cases end with `few`: None, or a case with as many numbers at fewer positions.
"""

import numpy as np

from course_lib.exercises._conditions.windows import BIASES, conditions
from course_lib.exercises._growth import FEW, MANY, refuse_growth
from course_lib.exercises.convolution_backward import (
    backward_case,
    backward_cases,
    backward_with,
    describe_backward,
    non_square,
    of_another_batch,
    play_backward,
)
from course_lib.exercises.convolution_forward import (
    conv_case,
    convolution_with,
    describe_convolution,
    different_sizes,
    layer_of_convolution,
    square_cases,
    stride_and_padding,
)
from course_lib.judging.conditions import Draws
from course_lib.judging.exercise import Exercise, Misconception
from course_lib.judging.passes import elsewhere
from course_lib.mistakes.convolution_backward.numerical import GRADIENTS, masked
from course_lib.mistakes.convolution_backward.ways import gradients
from course_lib.mistakes.fast_convolution import layers as mistakes
from course_lib.reference.convolution import conv_forward


def alone(cases):
    """The draw of a group that is not about the number of positions."""
    return Draws(*(lambda rng, draw=draw: [(*case, None) for case in draw(rng)]
                   for draw in (cases, getattr(cases, "hidden", cases))))


def without_few(function):
    return lambda *args: function(*args[:-1])


def for_one_case(misconceptions):
    return tuple(Misconception(m.name, m.sentence, without_few(m.wrong),
                               tuple(map(without_few, m.ways))) for m in misconceptions)


def layer_alone(x, w, b, conv_param, few):
    return layer_of_convolution(x, w, b, conv_param)


def without_timing(names):
    """What a case judges: nothing that counts, if it is there to be timed."""
    return lambda *case: names(*case[:-1]) if case[-1] is None else None


FORWARD_CONDITIONS, forward_everything = conditions(
    layer_alone, lambda rng, layer: (*convolution_with(rng, layer), None), more=[BIASES],
    asked=without_timing(lambda *case: ["out"]),
    further=(32, 76, 82, 154, 176, 184, 240, 321, 344, 393, 419, 465, 475, 3143, 4800, 5756,
             6241))
BACKWARD_CONDITIONS, backward_everything = conditions(
    lambda wanted, dout, *case: layer_alone(*case),
    lambda rng, layer: (*backward_with(rng, layer), None),
    asked=without_timing(lambda wanted, *case: wanted.split()), values=(True,),
    further=(4, 25, 32, 72, 88, 156, 265, 378, 872, 2274, 2718))


def many_and_few(rng, make=conv_case):
    """The same amount of work for NumPy, at MANY and at FEW positions, in four rows."""
    many, few = (make(rng, C=MANY // positions, HH=1, WW=1, rows=4, columns=positions // 4)
                 for positions in (MANY, FEW))
    yield *many, few


def play_forward(functions, *case):
    *args, few = case
    value = functions[0](*args)
    if few is not None:
        refuse_growth(lambda case: functions[0](*case), args, few)
    return value


conv_forward_fast = Exercise(
    name="conv_forward_fast",
    reference=without_few(lambda x, w, b, conv_param: conv_forward(x, w, b, **conv_param)[0]),
    groups={
        "one image": alone(square_cases(C=(1, 2, 3), F=(1, 3, 4))),
        "many images": alone(square_cases(N=(2, 4), F=(3, 2))),
        "bias": alone(square_cases(F=(2, 3), biased=(True, True))),
        "stride and padding": alone(stride_and_padding),
        "non-square": alone(lambda rng: [
            *different_sizes(wide=True)(rng), *different_sizes(wide=False)(rng)]),
        "many positions": many_and_few,
        "everything at once": forward_everything,
    },
    describe=without_few(describe_convolution),
    results=("out", "cache"),
    judged=("out",),
    play=play_forward,
    misconceptions=for_one_case(mistakes.CONV_FORWARD_FAST),
    conditions=FORWARD_CONDITIONS,
)


def growing(array):
    """The magnitudes, those at the end multiplied by three."""
    return np.abs(array) * np.linspace(1, 3, array.size).reshape(array.shape)


def many_and_few_backward(rng):
    def make(rng, **settings):
        wanted, dout, x, *others = backward_case(rng, "dx dw db", **settings)
        # Positive numbers: thousands of terms that cancel would leave nothing but float32's noise.
        # They grow from the first position to the last: sums over thousands of pixels in another
        # order, those of another batch, say, would differ by as little as the tolerance else.
        return wanted, growing(dout), growing(x), *others

    return many_and_few(rng, make)


def play_backward_fast(functions, *case):
    *args, few = case
    value = play_backward(functions, *args)
    if few is not None:
        def prepared(wanted, dout, *forward):
            return dout, functions[1](*forward)[1]

        refuse_growth(lambda case: functions[0](*case), prepared(*args), prepared(*few))
    return value


conv_backward_fast = Exercise(
    name="conv_backward_fast",
    reference=without_few(masked(gradients)),
    groups={
        "db": alone(backward_cases("db", N=(2, 3), F=(3, 2))),
        "dw": alone(backward_cases("dw", C=(1, 2, 3), F=(2, 3, 2))),
        "dx": alone(backward_cases("dx", C=(1, 2, 3), F=(2, 3, 2))),
        "many images": alone(backward_cases("dx dw", N=(2, 4), F=(3, 2))),
        "pad 0": alone(backward_cases("dx dw", pad=(0, 0), stride=(1, 2))),
        "strides and shapes": alone(lambda rng: [
            *non_square("dx dw")(rng), *backward_cases("dx dw", stride=(2, 3), pad=(1, 2),
                                                rows=(4, 5), columns=(4, 5))(rng)]),
        "many positions": many_and_few_backward,
        "everything at once": backward_everything,
    },
    describe=without_few(describe_backward),
    results=GRADIENTS,
    play=play_backward_fast,
    helpers=("conv_forward_fast",),
    misconceptions=for_one_case((*mistakes.CONV_BACKWARD_FAST, elsewhere(of_another_batch))),
    conditions=BACKWARD_CONDITIONS,
)


EXERCISES = [conv_forward_fast, conv_backward_fast]
