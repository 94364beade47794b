"""Wrong output sizes and paddings in one direction, for lesson 01.

Each wrong function stands for a single mistake: a wrong formula refuses what has to be refused, a
wrong check comes with the right formula. Where they are wrong they give floats, since a float
explains an answer made with / as well as one made with //; where they are right they explain
nothing.
"""

import itertools
import math

from course_lib import arithmetic
from course_lib.judging.exercise import Misconception


def formula(right, wrong):
    """A wrong formula behind the right check."""

    def refusing(*case):
        expected, value = right(*case), wrong(*case)
        return expected if value == expected else float(value)

    return refusing


def unchecked(right, wrong):
    """Right where a result exists; wrong(...) where there is none."""

    def never_refusing(*case):
        try:
            return right(*case)
        except ValueError:
            return wrong(*case)

    return never_refusing


def size_formula(wrong):
    return formula(arithmetic.conv_output_size, wrong)


def size_unchecked(wrong):
    return unchecked(arithmetic.conv_output_size, wrong)


def only_remainder_checked(W, F, S, P):
    places, left_over = divmod(W - F + 2 * P, S)
    if left_over:
        raise ValueError("does not fit")
    return float(places + 1)


CONV_OUTPUT_SIZE = (
    Misconception("nonsense let through",
                  "You refuse a division that leaves a remainder, and that is right. Here the "
                  "division works out, but the filter is larger than the padded line: it "
                  "cannot be put down even once.",
                  size_unchecked(only_remainder_checked)),
    Misconception("rounded down",
                  "This filter does not fit, and your function rounds the size down without "
                  "telling anybody. Is that for your function to decide?",
                  size_unchecked(lambda W, F, S, P: float((W - F + 2 * P) // S + 1))),
    Misconception("rounded up",
                  "This filter does not fit, and your function rounds the size up without "
                  "telling anybody. Is that for your function to decide?",
                  size_unchecked(lambda W, F, S, P: (
                      float(math.ceil((W - F + 2 * P) / S) + 1)))),
    Misconception("rounded to the nearest",
                  "This filter does not fit, and your function rounds the size to the nearest "
                  "whole number without telling anybody. Is that for your function to decide?",
                  size_unchecked(lambda W, F, S, P: float(round((W - F + 2 * P) / S) + 1)),
                  (size_unchecked(lambda W, F, S, P: float(round((W - F + 2 * P) / S + 1))),)),
    Misconception("a fraction of a place",
                  "Your function returns a fraction. A filter cannot stand at half a place.",
                  size_unchecked(lambda W, F, S, P: (W - F + 2 * P) / S + 1)),
    Misconception("precedence",
                  "Your numbers are (W - F) + (2P / S) + 1. Python divides before it adds. "
                  "Which part of the formula stands above the fraction bar? Put brackets "
                  "around it.",
                  size_formula(lambda W, F, S, P: (W - F) + 2 * P / S + 1)),
    Misconception("padding not divided",
                  "Your numbers are (W - F)/S + 2P + 1: the padding is added after the "
                  "division. The stride jumps over padded pixels like over all others.",
                  size_formula(lambda W, F, S, P: (W - F) / S + 2 * P + 1)),
    Misconception("divided by S + 1",
                  "Your numbers are (W - F + 2P)/(S + 1). The 1 does not belong to the "
                  "stride: it counts the place where the filter starts.",
                  size_formula(lambda W, F, S, P: (W - F + 2 * P) / (S + 1))),
    Misconception("1 added before the division",
                  "Your numbers are (W - F + 2P + 1) // S. The 1 counts the place where the "
                  "filter starts, whatever the stride is. When must it be added?",
                  size_formula(lambda W, F, S, P: (W - F + 2 * P + 1) // S)),
    Misconception("starting place forgotten",
                  "Your result is the number of steps that the filter takes. How many places "
                  "does it visit? Count both on a line of 4 pixels with a filter of 3.",
                  size_formula(lambda W, F, S, P: (W - F + 2 * P) / S)),
    Misconception("padding at one end",
                  "Your result counts the P extra zeros once. Look at the picture: where do "
                  "they stand?",
                  size_formula(lambda W, F, S, P: (W - F + P) / S + 1)),
    Misconception("padding ignored",
                  "Your result is the one without any padding. Where does P come into your "
                  "formula?",
                  size_formula(lambda W, F, S, P: (W - F) / S + 1)),
    Misconception("padding taken away",
                  "You subtract the padding. Zeros around the line make it longer.",
                  size_formula(lambda W, F, S, P: (W - F - 2 * P) / S + 1)),
    Misconception("filter added",
                  "You add F. The larger the filter, the fewer places there are for it.",
                  size_formula(lambda W, F, S, P: (W + F + 2 * P) / S + 1),
                  (size_formula(lambda W, F, S, P: (W + F + 2 * P) // S + 1),)),
)


def even_alone(F):
    if F % 2:
        raise ValueError("odd")
    return (F - 1) // 2


SAME_PADDING = (
    Misconception("not halved",
                  "Without padding F - 1 pixels get lost. You put F - 1 zeros at both ends. "
                  "How many does each end need?",
                  formula(arithmetic.same_padding, lambda F: F - 1)),
    Misconception("half of F + 1",
                  "Your result is (F + 1)/2. Try F = 1: a filter of one pixel fits everywhere "
                  "without any padding. Does your formula say so?",
                  formula(arithmetic.same_padding, lambda F: (F + 1) / 2)),
    Misconception("half of F",
                  "Your result is F/2, with half a pixel left over. How many pixels get lost "
                  "without padding: F, or one fewer?",
                  formula(arithmetic.same_padding, lambda F: F / 2)),
    Misconception("even filters rounded down",
                  "With this padding the output of an even filter is one pixel too small. F - "
                  "1 is odd: can it be shared out equally between two ends?",
                  unchecked(arithmetic.same_padding, lambda F: float((F - 1) // 2))),
    Misconception("even filters rounded up",
                  "With this padding the output of an even filter is one pixel too large. F - "
                  "1 is odd: can it be shared out equally between two ends?",
                  unchecked(arithmetic.same_padding, lambda F: float(F // 2))),
    Misconception("even and odd exchanged",
                  "You refuse the odd filters and let the even ones through. For F = 3 one zero at "
                  "each end is right: which ones have no answer?",
                  even_alone),
    Misconception("half a pixel",
                  "Your function asks for half a pixel of padding, and there is no such "
                  "thing.",
                  unchecked(arithmetic.same_padding, lambda F: (F - 1) / 2)),
)


def paddings_where(fits, last=1, first=0):
    return lambda W, F, S, max_padding: [
        P for P in range(first, max_padding + last) if fits(W, F, S, P)
    ]


def fits(W, F, S, P):
    return F <= W + 2 * P and (W - F + 2 * P) % S == 0


def sizes_for_paddings(W, F, S, max_padding):
    found = paddings_where(fits)(W, F, S, max_padding)
    return [arithmetic.conv_output_size(W, F, S, P) for P in found]


def up_to_the_first_refusal(W, F, S, max_padding):
    if F > W:
        # It finds nothing then, and so does the mistake of comparing F with W.
        return paddings_where(fits)(W, F, S, max_padding)
    tried = range(max_padding + 1)
    return list(itertools.takewhile(lambda P: fits(W, F, S, P), tried))


FITTING_PADDINGS = (
    Misconception("last padding left out",
                  "The largest padding is missing. range(n) ends before n.",
                  paddings_where(fits, last=0)),
    Misconception("padding 0 left out",
                  "Padding 0 fits as well, and it is missing.",
                  paddings_where(fits, first=1)),
    Misconception("only the smallest",
                  "Your list ends with the first padding that fits. All of them are wanted.",
                  lambda *case: paddings_where(fits)(*case)[:1]),
    Misconception("sizes for paddings",
                  "Your list holds output sizes, where it should hold the paddings that lead "
                  "to them.",
                  sizes_for_paddings),
    Misconception("end at the first refusal",
                  "Your list ends where a padding does not fit. A larger one may fit again.",
                  up_to_the_first_refusal),
    Misconception("filter compared without padding",
                  "Your list is empty when the filter is larger than the input. Enough "
                  "padding makes room even for such a filter.",
                  paddings_where(lambda W, F, S, P: F <= W and fits(W, F, S, P))),
    Misconception("filter larger than the image",
                  "Your list holds paddings for which the division works out, but with which "
                  "the filter is still larger than the padded line.",
                  paddings_where(lambda W, F, S, P: (W - F + 2 * P) % S == 0)),
    Misconception("padding at one end",
                  "Your list would be right if P zeros were added at one end. They are added "
                  "at both.",
                  paddings_where(lambda W, F, S, P: F <= W + P and (W - F + P) % S == 0)),
    Misconception("everything fits",
                  "Your list holds every padding. If you ask your conv_output_size: does it "
                  "refuse a size that does not fit?",
                  paddings_where(lambda W, F, S, P: True)),
    Misconception("end before the size of the filter",
                  "Your list ends before P reaches F. A padding as large as the filter is of "
                  "little use, but it fits.",
                  paddings_where(lambda W, F, S, P: P < F and fits(W, F, S, P)),
                  (paddings_where(lambda W, F, S, P: P <= F and fits(W, F, S, P)),)),
    Misconception("in steps of the stride",
                  "From the first padding that fits you go on in steps of S. P zeros at both ends "
                  "make 2P: may a smaller step fit as well?",
                  lambda *case: paddings_where(fits)(*case)[:1] and list(range(
                      paddings_where(fits)(*case)[0], case[3] + 1, case[2]))),
)
