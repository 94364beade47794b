"""Hints of lesson 08."""

HINTS = {
    "conv_params": (
        "One filter first: a window through the whole depth, and one bias.",
        "How many filters are there?",
    ),
    "count_params": (
        "Only two kinds of layer have parameters. What does layer[\"kind\"] say of them?",
        "A filter sees only the channels of its group: the depth divided by the number of groups. "
        "A fully connected neuron sees the whole volume before it.",
        "Biases come once for each filter or neuron, if the layer has them at all: look at "
        "layer[\"bias\"].",
    ),
    "count_macs": (
        "How many multiplications make one number of the output? It is the number of weights of "
        "one filter, without the bias.",
        "A convolution does that for each number of the volume that it makes, a fully connected "
        "layer for each of its M neurons. Pooling multiplies nothing.",
    ),
    "memory": (
        "shapes_along gives every volume, that of the input too. How many numbers are in one?",
        "Add up the numbers of all volumes. How many bytes does each take?",
    ),
    "wrong_claims": (
        "For each claim, first get the right number from the function that `measures` has under "
        "that name.",
        "How far off is it, in either direction? Compare with the tolerance, as a part of the "
        "right number. Exactly at the tolerance is still allowed.",
        "enumerate counts the claims from 0. A wrong one goes into the list with its number and "
        "the right value.",
    ),
    "fc_to_conv": (
        "One neuron is one column of w_fc. It has a weight for each number of the volume.",
        "The volume was unrolled in the order C, H, W. Bring the column back into that shape: this "
        "is a filter. If you do all at once, mind which axis is the neurons' before you reshape.",
    ),
    "dilate": (
        "Begin with zeros in the shape that the description gives.",
        "Weight (i, j) moves to another place. With dilation 2, where does weight 1 of a row go, "
        "and weight 2? Loops will do, and so does a slice with steps.",
    ),
    "depthwise_forward": (
        "It is a convolution with one loop less: map c of the output has to do with channel c "
        "alone.",
        "So a window has two axes, not three. Filter and bias are those of channel c.",
    ),
}
FAST = {
    "conv_params": "It is a formula.",
    "count_params": "It is one pass over the layers, as yours.",
    "count_macs": "It is one pass over the layers, as yours.",
    "memory": "It is one pass over the volumes, as yours.",
    "wrong_claims": "One pass over the claims is all it takes.",
    "fc_to_conv": "One transpose and one reshape do all neurons at once, without a copy.",
    "dilate": "A slice with steps puts all weights in their places at once.",
    "depthwise_forward": "The reference is the general convolution with as many groups as "
                         "channels: one matrix product for each group.",
}
