"""Results of loops that go on too far or end too early."""

import numpy as np


def fold_goes_on(ufunc):
    """A running sum or maximum that is not started again for each window.

    Returns functions of an output (N, F, H2, W2), one for each loop in front of which it starts,
    in the order of a student's loops: before all of them, for each image, for each map, for each
    row; and once where the loop over maps is the innermost.
    """
    def over(axes):
        def wrong(out):
            rows = out.reshape(*out.shape[:axes], -1)
            return ufunc.accumulate(rows, axis=-1).reshape(out.shape)

        return wrong

    return (*map(over, range(4)), lambda out: ufunc.accumulate(out, axis=1))


def without_the_last(out):
    """The output with zeros in its last row and its last column."""
    last = np.arange(out.shape[2]) == out.shape[2] - 1, np.arange(out.shape[3]) == out.shape[3] - 1
    return np.where(last[0][:, None] | last[1], 0, out)
