"""Wrong ways of cutting off the padding (`unpad`)."""

from course_lib.judging.exercise import Misconception


def inside(padded, pad):
    """The right result."""
    return padded[:, :, pad : padded.shape[2] - pad, pad : padded.shape[3] - pad]


UNPAD_MISTAKES = (
    Misconception("slice to minus pad",
                  "Nothing is left for pad 0. Print -pad for that case: where does the slice end?",
                  lambda padded, pad: padded[:, :, pad:-pad, pad:-pad]),
    Misconception("one pixel cut off always",
                  "You cut off one pixel at every side, whatever pad is.",
                  lambda padded, pad: inside(padded, 1)),
    Misconception("cut off at the start alone",
                  "You cut off the frame above and to the left. There is one below and to the "
                  "right as well.",
                  lambda padded, pad: padded[:, :, pad:, pad:]),
    Misconception("cut off at the end alone",
                  "Your shape is right, but you keep the upper left part. The image is in the "
                  "middle.",
                  lambda padded, pad: padded[:, :, : padded.shape[2] - 2 * pad,
                                             : padded.shape[3] - 2 * pad]),
    Misconception("nothing cut off", "The frame is still there.", lambda padded, pad: padded),
    Misconception("two frames at the end",
                  "Below and to the right you cut off two frames. H and W are the sizes with the "
                  "frame: where does the image end in them?",
                  lambda padded, pad: padded[:, :, pad : padded.shape[2] - 2 * pad,
                                             pad : padded.shape[3] - 2 * pad]),
    Misconception("images and channels cut off",
                  "You cut the first two axes, images and channels. The frame is around the last "
                  "two: put a colon for each axis that stays whole.",
                  lambda padded, pad: padded[pad:-pad, pad:-pad],
                  (lambda padded, pad: padded[pad : len(padded) - pad,
                                              pad : padded.shape[1] - pad],
                   lambda padded, pad: padded[pad : padded.shape[2] - pad,
                                              pad : padded.shape[3] - pad])),
    Misconception("one size for both",
                  "You cut the width by the height. Where does each axis end?",
                  lambda padded, pad: padded[:, :, pad : padded.shape[2] - pad,
                                             pad : padded.shape[2] - pad]),
)
