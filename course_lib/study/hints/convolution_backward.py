"""Hints of lesson 03."""

HINTS = {
    "neuron_backward": (
        "Nudge one weight by a little: how much does np.sum(x_patch * w) + b change? And what if "
        "you nudge one pixel, or the bias?",
        "Each of the three is that change times the upstream gradient, in the shape of what was "
        "nudged.",
    ),
    "numerical_gradient": (
        "Every number of x is nudged on its own, up and down by h, with all the others as they "
        "were. np.ndindex(x.shape) gives every place.",
        "f returns an array. What each of its numbers did has to be multiplied by its df and added "
        "up before it is a slope.",
        "The step from below to above is 2h. Put the number back before the next one, and work on "
        "a copy of x that can hold fractions.",
    ),
    "row_backward": (
        "Output i was one neuron: window, weights, no bias. You know its two gradients from "
        "neuron_backward.",
        "A pixel can lie in several windows, and a weight is used by all of them. So what do you "
        "do with a share when there is one already?",
    ),
    "unpad": (
        "A slice on the last two axes, from where to where?",
        "With pad 0 nothing is taken off: what would a slice that ends at -pad give then? Count "
        "the end from the left.",
    ),
    "conv_backward_naive": (
        "Same loops, same windows as in the forward pass. Each output was one neuron: what do its "
        "window, its filter and its bias get?",
        "All three are collected with += : windows overlap, a filter is used at every place and in "
        "every image, and so is its bias.",
        "Work on padded arrays: the window comes from the padded x, and dx is collected in the "
        "padded shape. What has to happen to it before you return it?",
    ),
    "dx_by_convolution": (
        "Which outputs does one pixel feed, and with which weight each? Write it down for a row of "
        "pixels: the weights come in the opposite order.",
        "In the other direction filters and channels change places: the result has C maps, and "
        "sums over F.",
        "The result is to be larger than dout again. How much padding makes it as large as x was "
        "with pad 0, and how much of it is dropped for `pad`? There is no bias on this way.",
    ),
}
FAST = {
    "neuron_backward": "The reference gets the gradients of all neurons from two matrix products.",
    "numerical_gradient": "It cannot be made fast: it calls f twice for each number of x. That is "
                          "why it is used to test and not to train.",
    "row_backward": "The reference does all rows, channels and images in one product each.",
    "unpad": "A slice is a view: nothing is copied.",
    "conv_backward_naive": "The fast reference gets dw from one matrix product, and dx from "
                           "another whose windows are then added back to their pixels. Its loop "
                           "goes over the few places of a filter, not over all positions.",
    "dx_by_convolution": "It is as fast as the convolution that it calls.",
}
