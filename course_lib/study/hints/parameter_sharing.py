"""Hints of lesson 04."""

HINTS = {
    "count_neurons": (
        "One neuron for each number of the output. How many numbers are in a volume of that shape?",
        "All three sizes take part: width, height and the number of maps.",
    ),
    "params_unshared": (
        "How many weights does one neuron have? Its window goes through the whole depth.",
        "One more number belongs to each neuron. And you have a function that says how many "
        "neurons there are.",
    ),
    "params_shared": (
        "What does one filter consist of? Think of its window, of the depth, and of the one number "
        "that is added at the end.",
        "The size of the output plays no part any more. What is there K of?",
    ),
    "params_of_stack": (
        "For one layer you have the formula. What is the depth that the second layer sees?",
        "Keep the depth in a variable, and change it after each layer is counted.",
    ),
    "local_forward_naive": (
        "Nearly all of it is your conv_forward_naive: the padding, the four loops, the window.",
        "The sizes H2 and W2 stand in the shape of w already.",
        "What is new is which weights and which bias a place uses: w and b begin with the row and "
        "the column of the output.",
    ),
    "one_place_backward": (
        "Nudge one pixel of the window: the output changes by its weight. Nudge a weight: it "
        "changes by ... ?",
        "Each change is multiplied by dout. The bias is added as it is.",
    ),
    "local_backward_naive": (
        "The loops and windows of the forward pass; inside, one call of one_place_backward with "
        "the weights of this very place.",
        "The pixels collect from all windows that they lie in. The weights of a place belong to "
        "one place alone, but several images pass through it.",
        "Collect dx in the padded shape, and take the frame off before you return it.",
    ),
    "tie_weights": (
        "Every place (i, j) is to have the same filters. What does result[i, j] have to be?",
        "An array of zeros in the wanted shape and two loops will do; so will NumPy's "
        "broadcasting.",
    ),
    "shared_gradient": (
        "A shared weight acts at every place. If it is nudged, the changes of all places come "
        "together: added up, or averaged?",
        "Which axes of dw_local are the places? They are not in the result's shape any more.",
    ),
}
FAST = {
    "count_neurons": "It is one multiplication.",
    "params_unshared": "It is a formula: nothing has to be built in order to count it.",
    "params_shared": "It is a formula: nothing has to be built in order to count it.",
    "params_of_stack": "One pass over the layers is all it takes.",
    "local_forward_naive": "The fast reference makes one small matrix product for each place, for "
                           "all images at once. It cannot become one large product as a "
                           "convolution can: each place has a matrix of its own.",
    "one_place_backward": "The reference does this for all places at once.",
    "local_backward_naive": "The fast reference makes two small matrix products for each place, "
                            "one for dw and one for the windows of dx, for all images at once.",
    "tie_weights": "Broadcasting makes no copies: all places look at the same numbers.",
    "shared_gradient": "A sum over two axes is one call of NumPy.",
}
