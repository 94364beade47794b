"""Results that have those before them in them: a running sum or maximum that never starts again."""


def fold_goes_on(ufunc):
    """Functions of an output (N, F, H2, W2), one for each loop in front of which it starts again.

    In the order of a student's loops: before all of them, for each image, for each map, for each
    row; and once where the loop over maps is the innermost.
    """
    def over(axes):
        def wrong(out):
            rows = out.reshape(*out.shape[:axes], -1)
            return ufunc.accumulate(rows, axis=-1).reshape(out.shape)

        return wrong

    return (*map(over, range(4)), lambda out: ufunc.accumulate(out, axis=1))
