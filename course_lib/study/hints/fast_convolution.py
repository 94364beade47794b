"""Hints of lesson 06."""

HINTS = {
    "matrix_shapes": (
        "A row of the first matrix is one filter, unrolled. How many numbers is that, and how many "
        "rows are there?",
        "A column of the second is one window, unrolled: as long as a filter. How many windows are "
        "there in one image, and in all?",
    ),
    "window_to_column": (
        "Nothing has to be computed: the same numbers in one axis.",
        "The order is C, HH, WW, which is the order in which NumPy unrolls anyway.",
    ),
    "pixels_of_weight": (
        "In the first window this place is pixel (di, dj). Where is it in the window to the right "
        "of it, and in the one below?",
        "A slice can have steps: start : end : step. It is to hold H2 numbers downwards and W2 to "
        "the right; where may it end at the latest?",
    ),
    "im2col": (
        "Two loops are enough, over the places of the filter. For one place, pixels_of_weight "
        "gives the pixels of all windows.",
        "Collect in an array with six axes, in the order that the columns ask for: C, HH, WW, then "
        "N, H2, W2. pixels_of_weight gives N before C: exchange them.",
        "At the end one reshape joins the first three axes and the last three. Pad before the "
        "loops.",
    ),
    "output_from_product": (
        "The columns are in the order N, H2, W2. Give each of these an axis of its own again.",
        "Then F stands first and N second. Which of reshape and transpose can put that right? Only "
        "one of them moves numbers to other axes.",
    ),
    "conv_forward_fast": (
        "The filters as rows times the windows as columns: what are the two shapes, and where does "
        "the bias of each filter go?",
        "The bias has to be added to a whole row. As a column of shape (F, 1) it is.",
        "output_from_product brings the result into shape. Put into the cache what the backward "
        "function needs, and that includes the columns.",
    ),
    "col2im": (
        "It is im2col in the other direction: the same two loops, the same slices, but on a padded "
        "array of zeros.",
        "First undo the last reshape: six axes again. For one place of the filter you have N, C, "
        "H2, W2 after one exchange of axes.",
        "A pixel gets a number from every window that it lies in. Add into the slice; the frame "
        "comes off at the end.",
    ),
    "conv_backward_fast": (
        "Bring dout into the form of the matrix product: F rows, in the order of the columns. It "
        "is output_from_product backwards.",
        "The product was rows @ cols + bias. The gradient of each is dout's matrix times the "
        "other, one of them turned; shapes tell which and on which side. db is a sum.",
        "What you get for the columns are gradients of windows, not of pixels. Which function of "
        "yours brings them back to their pixels?",
    ),
}
FAST = {
    "matrix_shapes": "It is a formula.",
    "window_to_column": "The reference unrolls all windows in one copy.",
    "pixels_of_weight": "A slice with steps is a view: nothing is copied.",
    "im2col": "The reference takes a view of all windows at once and copies it in one go. Both "
              "have no loop over positions.",
    "output_from_product": "Both are one reshape and one transpose.",
    "conv_forward_fast": "It is built as yours is, but works through a few images at a time, so "
                         "that the columns stay in the processor's own memory.",
    "col2im": "The reference adds slices as well, in an order of axes that the processor can read "
              "in one go.",
    "conv_backward_fast": "The reference makes the same two products. The speed comes from "
                          "how the numbers lie in memory.",
}
