"""Hints of lesson 07."""

HINTS = {
    "relu_backward": (
        "Nudge a number above 0: the output moves along. Nudge one below 0: what happens?",
        "The cache tells which were above 0. A comparison gives True and False, and these can be "
        "multiplied with.",
    ),
    "flat_size": (
        "Pooling of 2x2 with stride 2 halves a side. What does it do with a last row that has no "
        "partner?",
        "The affine layer sees all numbers of one image: every map, every row, every column.",
    ),
    "softmax_loss": (
        "Step by step: subtract each image's largest score, take np.exp, divide by the sum of the "
        "row. These are the probabilities. keepdims=True keeps the rows in shape.",
        "The loss of an image is minus the natural logarithm of the probability of its right "
        "class; then the mean. np.arange(N) and y together pick one number from each row.",
        "The gradient is the probabilities with something subtracted at the right classes. It is "
        "the gradient of a mean: what is it divided by?",
    ),
    "ConvNet": (
        "forward: each layer takes what the one before it gave. The functions exist already; keep "
        "the cache of each.",
        "predict: which of the K scores of an image is the best? You want its place, not its "
        "value.",
        "loss: the caches in the opposite order. What each backward function gives for its input "
        "is the upstream gradient of the layer before it. Are all four names of params in grads?",
    ),
    "train": (
        "Two loops: epochs, and batches within an epoch. Shuffle the numbers of the images anew in "
        "each epoch, and take X and y by the same numbers.",
        "For each batch: loss and gradients, then every parameter goes a little way against its "
        "gradient. Change it within net.params. The last batch may be smaller.",
        "One generator, made from the seed before the loops, and one loss in the list for each "
        "batch.",
    ),
    "occlusion_map": (
        "The score of the whole image is needed once, before the loops. `scores` takes a batch, "
        "even of one image.",
        "For each place: cover a copy, ask for the score of `label`, subtract. What would "
        "happen to later places if you covered the image itself?",
    ),
}
FAST = {
    "relu_backward": "Both are one multiplication for all numbers.",
    "flat_size": "It is a formula.",
    "softmax_loss": "The reference is vectorised in the same way: no loop over images.",
    "ConvNet": "The course's own network has a list of layers, and each of them knows its forward "
               "and its backward function: so it can have any number of them.",
    "train": "The course's own training can take other rules than a plain step against the "
             "gradient, and shows its progress. The loop is the same.",
    "occlusion_map": "It would be faster to cover many copies and ask for their scores in one "
                     "batch: most of the time goes into `scores`.",
}
