"""Hints of lesson 05."""

HINTS = {
    "where_is_max": (
        "argmax counts the numbers row by row, from 0. How many numbers has it passed after one "
        "whole row?",
        "Whole rows are a division without remainder; the rest is the place in the row. What is "
        "the length of a row: the window's height or its width?",
    ),
    "max_pool_forward_naive": (
        "The loops are those of a convolution, but each map is on its own: over n, c, i and j. "
        "What are H2 and W2?",
        "The window starts at row i times the stride and column j times the stride. Its height and "
        "its width have names of their own in pool_param.",
        "What comes out of a window is one number of it. Negative windows have a largest number, "
        "too, so do not start from 0. Return the output and a cache, as a pair.",
    ),
    "max_pool_backward_naive": (
        "Pooling has no weights: only dx is asked for. Begin with zeros in the shape of x, and go "
        "through the same windows as forwards.",
        "Only one number of a window has reached the output. It gets the whole upstream gradient "
        "of this window, the others get nothing.",
        "where_is_max tells the place within the window. Where is that in x? And what if the same "
        "number has won in two windows?",
    ),
    "avg_pool_forward_naive": (
        "It is max_pool_forward_naive but for one line.",
        "All numbers of the window count alike. How many are there? NumPy has a word for it.",
    ),
    "avg_pool_backward_naive": (
        "Nudge one number of a window: by what part of it does the average change?",
        "Every number of the window gets this part of the upstream gradient. Windows may overlap: "
        "so collect.",
    ),
    "l2_pool_forward_naive": (
        "Three steps for each window: squares, their sum, the square root of that.",
        "Loops will do. If you would rather use avg_pool_forward_naive on the squares: what is "
        "the difference between an average and a sum?",
    ),
    "global_avg_pool": (
        "One number is left of each map. Which of the four axes disappear?",
        "mean can take several axes at once; or two loops, over images and maps.",
    ),
}
FAST = {
    "where_is_max": "The reference compares all windows with their maxima at once; it needs no "
                    "argmax.",
    "max_pool_forward_naive": "The fast reference has no loop over positions: it goes through the "
                              "few places of a window, and takes each place of all windows at "
                              "once, as a slice with steps.",
    "max_pool_backward_naive": "The fast reference goes through the few places of a window. Where "
                               "the pixel there equals the maximum, it gets the gradient, for all "
                               "windows at once, unless an equal one before it has it already.",
    "avg_pool_forward_naive": "The fast reference adds up a few slices with steps, one for each "
                              "place of the window.",
    "avg_pool_backward_naive": "The fast reference adds the shares back slice by slice, one for "
                               "each place of the window.",
    "l2_pool_forward_naive": "The reference does the same with slices in place of windows.",
    "global_avg_pool": "A mean over two axes is one call of NumPy already.",
}
