"""Hints of lesson 01."""

HINTS = {
    "conv_output_size": (
        "Put the filter at the left end of the padded row. How many pixels are left to its right? "
        "That is the room it has to walk in.",
        "Each step uses up S pixels of that room. The place where it stands at first counts, too.",
        "Three things have to be refused before you divide: numbers that are too small, a filter "
        "larger than the padded row, and a room that whole steps do not use up (% tells).",
    ),
    "same_padding": (
        "Write the formula of the output size with S = 1 and set it equal to W. Which letter "
        "drops out?",
        "What is left says how many zeros are needed at both ends together. For which F can they "
        "not be shared out equally?",
    ),
    "fitting_paddings": (
        "You have a function that says whether a padding fits: it raises ValueError if not. Try "
        "one padding after the other.",
        "try and except ValueError around one call: what belongs into the list is what gets "
        "through. max_padding itself is tried, too; what does range leave out?",
    ),
    "conv_output_shape": (
        "Width and height are two rows of pixels, each with a formula that you have written "
        "already.",
        "The depth of the output has nothing to do with the depth of the input. What makes a map?",
    ),
    "pool_output_shape": (
        "It is the formula of the output size with one letter equal to 0.",
        "A window of pooling looks at one map at a time. How many maps go in, and so how many "
        "come out?",
    ),
    "trace_shapes": (
        "Keep one variable for the shape before the layer, and replace it after each layer.",
        "The first entry of a layer says its kind; the others are, in order, the numbers that one "
        "of your two functions above asks for.",
        "The list has one shape for each layer: the image itself is not in it.",
    ),
    "receptive_field_of_two": (
        "Draw F2 windows of F1 pixels below each other, each S1 pixels further right than the one "
        "above.",
        "From the start of the first to the start of the last it is a number of steps; how long is "
        "a step? Behind that start lies one whole window.",
    ),
    "receptive_field": (
        "Keep two numbers from layer to layer: how many pixels are seen, and how many pixels of "
        "the image lie between two neighbours in this layer.",
        "Before the first layer a number is a pixel: it sees 1, and its neighbour is 1 further on.",
        "A layer adds F - 1 steps to what is seen, at the distance from before this layer. Its "
        "own stride changes the distance for those that come after it.",
    ),
}
FAST = {
    "conv_output_size": "There is no faster way: it is one division. The reference writes the same "
                        "three refusals in another order.",
    "same_padding": "There is nothing to speed up in one division.",
    "fitting_paddings": "The reference needs no exceptions: it asks of each padding whether there "
                        "is room and whether the remainder is 0.",
    "conv_output_shape": "The reference uses the size formula twice as well.",
    "pool_output_shape": "The reference uses the size formula with a padding of 0.",
    "trace_shapes": "The walk from layer to layer cannot be shortened: each shape needs the one "
                    "before it.",
    "receptive_field_of_two": "The reference is the general formula, for two layers.",
    "receptive_field": "The reference needs one pass over the layers, as the loop does. Counting "
                       "the pixels in a picture would take far longer.",
}
