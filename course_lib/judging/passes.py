"""A backward function works from the cache that it is given, whatever has gone through since.

Whoever keeps what the backward pass needs outside of the cache, in a global variable say, is right
as long as each backward pass follows its forward pass at once. In a network with two such layers,
or with a validation batch between the two passes, it is wrong.
"""

from course_lib.judging.exercise import Misconception
from course_lib.judging.explain import tries
from course_lib.judging.student_call import copied


def another_batch(x):
    """As many images of the same size: the numbers of x, the last one first."""
    return x.ravel()[::-1].reshape(x.shape)


def pass_between(forward, x, *settings):
    """One more forward pass, of another batch. What it returns is of no use to anybody.

    Not in small tries: the line to copy that calls the functions makes no such pass.
    """
    if not tries.under_way:
        forward(another_batch(x), *copied(settings))


def elsewhere(wrong):
    """The misconception; wrong(*case) gives what follows from the other batch, where one passes."""
    return Misconception(
        "cache not used",
        "Between the two passes another batch went forward, and your gradients are those of that "
        "batch. What does your backward function take from somewhere else than its argument "
        "cache?", wrong)
