"""Hints of lesson 02."""

HINTS = {
    "neuron": (
        "Window and weights have the same shape: multiply them entry by entry first.",
        "Then one number has to come out: add up all products, over all axes, channels too. What "
        "is added once at the end?",
    ),
    "zero_pad": (
        "Two axes of the four get longer. By how much each, with a frame on both sides?",
        "Make an array of zeros in the new shape, and lay the images into the middle of it with a "
        "slice. np.pad does it too; it takes a pair (before, after) for each axis.",
        "At which row does the image begin in the frame, and at which does it end? Count with H, "
        "so that it works with pad 0, too.",
    ),
    "window_at": (
        "A slice of three axes: which of them is taken whole?",
        "A slice from a to b holds b - a numbers. The window begins in row `top` and is HH high. "
        "Where does it end?",
    ),
    "conv_forward_naive": (
        "First the size of the output, with the formula in the description, then an array of zeros "
        "in that shape. Every number of it is one neuron's answer: four loops, over n, f, i and j.",
        "The window of output (i, j) is cut from the padded image. It starts at row i and column j "
        "times what?",
        "You have written the parts: zero_pad once before the loops, window_at and neuron inside. "
        "Filter f meets its own bias. Return the output and a cache, as a pair.",
    ),
    "conv_by_channel": (
        "What is the output of one channel alone? It is as in conv_forward_naive, but image and "
        "filter have one channel.",
        "A sum over channels is built up: the output of each channel is added to what is there. "
        "The bias comes once for each filter, not once for each channel.",
    ),
    "conv1x1": (
        "At one pixel there are C numbers, x[n, :, i, j]. Each filter has C weights.",
        "F dot products of the same C numbers are a matrix times a vector. The shape of w tells on "
        "which side the matrix stands.",
    ),
}
FAST = {
    "neuron": "The reference multiplies all windows at once; for one window there is nothing to "
              "gain.",
    "zero_pad": "Both copy once: np.pad, or zeros and a slice.",
    "window_at": "A slice copies nothing: it is a view. The fast layer takes all windows as one "
                 "view of six axes.",
    "conv_forward_naive": "The fast reference has no loop over positions. It lays all windows out "
                          "at once and makes one matrix product of them, which runs in compiled "
                          "code. Lesson 06 builds it. The sums are the same.",
    "conv_by_channel": "The fast reference adds up the channels within its one matrix product.",
    "conv1x1": "The reference makes one product for all pixels: the loops over rows and columns "
               "are an axis of it.",
}
