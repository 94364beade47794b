"""The windows of one image, as the reference sees them: what the pictures show is what counts."""

from course_lib.reference.im2col import im2col


def padded(x, pad):
    """x (C, H, W) -> (C, H + 2*pad, W + 2*pad). ValueError for a negative pad."""
    # A window as large as the padded image is the padded image.
    size = x.shape[1] + 2 * pad, x.shape[2] + 2 * pad
    return im2col(x[None], *size, 1, pad).reshape(len(x), *size)


def windows(x, HH, WW, stride, pad, places):
    """x (C, H, W) -> (C, HH, WW, *places), one window for each of the output's (H2, W2) places."""
    return im2col(x[None], HH, WW, stride, pad).reshape(len(x), HH, WW, *places)
