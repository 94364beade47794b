"""Mutants that are no mistakes: for every input that the contract allows they are right.

{(lesson, exercise): {label of the mutant: why it is right}}. A label is listed here after somebody
has looked at it, and only if no allowed input tells it from the answer. A mutant that survives
because the cases are too weak does not belong here: the cases do.
"""

FITS = "the division leaves no remainder: all sizes fit here, by the exercise's contract"
ODD = "F is odd in this line, so F - 1 and F have the same half, rounded down"
EVERY_ENTRY_SET = "every entry of the array is overwritten afterwards"
COMMUTES = "a product or maximum of the same numbers in another order"
OWN_CACHE = "the cache is the student's own: nobody but their backward pass reads it"
CUT_OFF = "more room below or to the right, which is cut off at the end"
ONE_IMAGE = "the network is asked about one image, and the first of one is the last"

EQUIVALENT = {
    ("01_spatial_arithmetic", "conv_output_size"): {
        "ceil for floor: return room // S + 1 -> return -(-room // S) + 1": FITS,
    },
    ("01_spatial_arithmetic", "same_padding"): {
        "ceil for floor: return (F - 1) // 2 -> return -(-(F - 1) // 2)": ODD,
        "dropped term: return (F - 1) // 2 -> return F // 2": ODD,
        "operator exchanged: return (F - 1) // 2 -> return F * 1 // 2": ODD,
        "off by one: return (F - 1) // 2 -> return (F - 0) // 2": ODD,
    },
    ("01_spatial_arithmetic", "pool_output_shape"): {
        "ceil for floor: return ((W - F) // S + 1, (H - F) // S + 1, D) -> "
        "return (-(-(W - F) // S) + 1, (H - F) // S + 1, D)": FITS,
        "ceil for floor: return ((W - F) // S + 1, (H - F) // S + 1, D) -> "
        "return ((W - F) // S + 1, -(-(H - F) // S) + 1, D)": FITS,
    },
    ("02_convolution_forward", "conv_forward_naive"): {
        "ceil for floor: H2 = (H - HH + 2 * pad) // stride + 1 -> "
        "H2 = -(-(H - HH + 2 * pad) // stride) + 1": FITS,
        "ceil for floor: W2 = (W - WW + 2 * pad) // stride + 1 -> "
        "W2 = -(-(W - WW + 2 * pad) // stride) + 1": FITS,
        "function exchanged: out = np.zeros((N, F, H2, W2)) -> out = np.ones((N, F, H2, W2))":
            EVERY_ENTRY_SET,
        "swapped: out[n, f, i, j] = neuron(window, w[f], b[f]) -> "
        "out[n, f, i, j] = neuron(w[f], window, b[f])": COMMUTES,
        "wrong return: return (out, (x, w, b, conv_param)) -> return (out, out)": OWN_CACHE,
        "swapped: return (out, (x, w, b, conv_param)) -> return (out, (w, x, b, conv_param))":
            OWN_CACHE,
        "swapped: return (out, (x, w, b, conv_param)) -> return (out, (x, b, w, conv_param))":
            OWN_CACHE,
        "swapped: return (out, (x, w, b, conv_param)) -> return (out, (x, w, conv_param, b))":
            OWN_CACHE,
        "constant for a variable: return (out, (x, w, b, conv_param)) -> "
        "return (out, (1, w, b, conv_param))": OWN_CACHE,
        "constant for a variable: return (out, (x, w, b, conv_param)) -> "
        "return (out, (x, 1, b, conv_param))": OWN_CACHE,
        "constant for a variable: return (out, (x, w, b, conv_param)) -> "
        "return (out, (x, w, 1, conv_param))": OWN_CACHE,
        "constant for a variable: return (out, (x, w, b, conv_param)) -> "
        "return (out, (x, w, b, 1))": OWN_CACHE,
    },
    ("02_convolution_forward", "conv_by_channel"): {
        "function exchanged: out = np.zeros((N, F, H - HH + 1, W - WW + 1)) -> "
        "out = np.ones((N, F, H - HH + 1, W - WW + 1))": EVERY_ENTRY_SET,
    },
    ("02_convolution_forward", "conv1x1"): {
        "function exchanged: out = np.zeros((N, len(b), H, W)) -> out = np.ones((N, len(b), H, W))":
            EVERY_ENTRY_SET,
    },
    ("04_parameter_sharing", "count_neurons"): {
        "swapped: W2, H2, K = output_shape -> H2, W2, K = output_shape": COMMUTES,
        "swapped: W2, H2, K = output_shape -> W2, K, H2 = output_shape": COMMUTES,
    },
    ("04_parameter_sharing", "local_forward_naive"): {
        "off by one: x_padded = np.pad(x, ((0, 0), (0, 0), (pad, pad), (pad, pad))) -> "
        "x_padded = np.pad(x, ((0, 1), (0, 0), (pad, pad), (pad, pad)))":
            "one more image of zeros behind the others, and nobody looks at it",
        "function exchanged: out = np.zeros((N, F, H2, W2)) -> out = np.ones((N, F, H2, W2))":
            EVERY_ENTRY_SET,
        "wrong return: return (out, (x, w, b, conv_param)) -> return (out, out)": OWN_CACHE,
        "swapped: return (out, (x, w, b, conv_param)) -> return (out, (w, x, b, conv_param))":
            OWN_CACHE,
        "swapped: return (out, (x, w, b, conv_param)) -> return (out, (x, b, w, conv_param))":
            OWN_CACHE,
        "swapped: return (out, (x, w, b, conv_param)) -> return (out, (x, w, conv_param, b))":
            OWN_CACHE,
        "constant for a variable: return (out, (x, w, b, conv_param)) -> "
        "return (out, (1, w, b, conv_param))": OWN_CACHE,
        "constant for a variable: return (out, (x, w, b, conv_param)) -> "
        "return (out, (x, 1, b, conv_param))": OWN_CACHE,
        "constant for a variable: return (out, (x, w, b, conv_param)) -> "
        "return (out, (x, w, 1, conv_param))": OWN_CACHE,
        "constant for a variable: return (out, (x, w, b, conv_param)) -> "
        "return (out, (x, w, b, 1))": OWN_CACHE,
    },
    ("04_parameter_sharing", "tie_weights"): {
        "function exchanged: tied = np.zeros((H2, W2, *w.shape)) -> "
        "tied = np.ones((H2, W2, *w.shape))": EVERY_ENTRY_SET,
    },
    ("04_parameter_sharing", "shared_gradient"): {
        "swapped: return dw_local.sum(axis=(0, 1)) -> return dw_local.sum(axis=(1, 0))":
            "a sum over both axes is the same in either order of their names",
    },
    ("03_convolution_backward", "numerical_gradient"): {
        "function exchanged: gradient = np.zeros(x.shape) -> gradient = np.ones(x.shape)":
            EVERY_ENTRY_SET,
    },
    ("03_convolution_backward", "unpad"): {
        "swapped: N, C, height, width = dx_padded.shape -> C, N, height, width = dx_padded.shape":
            "the names N and C are not used",
    },
    ("05_pooling", "max_pool_forward_naive"): {
        "ceil for floor: H2 = (H - high) // stride + 1 -> H2 = -(-(H - high) // stride) + 1": FITS,
        "ceil for floor: W2 = (W - wide) // stride + 1 -> W2 = -(-(W - wide) // stride) + 1": FITS,
        "function exchanged: out = np.zeros((N, C, H2, W2)) -> out = np.ones((N, C, H2, W2))":
            EVERY_ENTRY_SET,
        "wrong return: return (out, (x, pool_param)) -> return (out, out)": OWN_CACHE,
        "swapped: return (out, (x, pool_param)) -> return (out, (pool_param, x))": OWN_CACHE,
        "constant for a variable: return (out, (x, pool_param)) -> return (out, (1, pool_param))":
            OWN_CACHE,
        "constant for a variable: return (out, (x, pool_param)) -> return (out, (x, 1))": OWN_CACHE,
    },
    ("05_pooling", "avg_pool_forward_naive"): {
        "ceil for floor: H2 = (H - high) // stride + 1 -> H2 = -(-(H - high) // stride) + 1": FITS,
        "ceil for floor: W2 = (W - wide) // stride + 1 -> W2 = -(-(W - wide) // stride) + 1": FITS,
        "function exchanged: out = np.zeros((N, C, H2, W2)) -> out = np.ones((N, C, H2, W2))":
            EVERY_ENTRY_SET,
        "wrong return: return (out, (x, pool_param)) -> return (out, out)": OWN_CACHE,
        "swapped: return (out, (x, pool_param)) -> return (out, (pool_param, x))": OWN_CACHE,
        "constant for a variable: return (out, (x, pool_param)) -> return (out, (1, pool_param))":
            OWN_CACHE,
        "constant for a variable: return (out, (x, pool_param)) -> return (out, (x, 1))": OWN_CACHE,
    },
    ("05_pooling", "l2_pool_forward_naive"): {
        "wrong return: return (np.sqrt(mean_of_squares * in_a_window), (x, pool_param)) -> "
        "return (np.sqrt(mean_of_squares * in_a_window), np.sqrt(mean_of_squares * in_a_window))":
            OWN_CACHE,
        "swapped: return (np.sqrt(mean_of_squares * in_a_window), (x, pool_param)) -> "
        "return (np.sqrt(mean_of_squares * in_a_window), (pool_param, x))": OWN_CACHE,
        "constant for a variable: return (np.sqrt(mean_of_squares * in_a_window), "
        "(x, pool_param)) -> return (np.sqrt(mean_of_squares * in_a_window), (1, pool_param))":
            OWN_CACHE,
        "constant for a variable: return (np.sqrt(mean_of_squares * in_a_window), "
        "(x, pool_param)) -> return (np.sqrt(mean_of_squares * in_a_window), (x, 1))": OWN_CACHE,
    },
    ("05_pooling", "global_avg_pool"): {
        "swapped: return x.mean(axis=(2, 3)) -> return x.mean(axis=(3, 2))":
            "a mean over both axes is the same in either order of their names",
    },
    ("06_fast_convolution", "matrix_shapes"): {
        "ceil for floor: H2 = (H - HH + 2 * pad) // stride + 1 -> "
        "H2 = -(-(H - HH + 2 * pad) // stride) + 1": FITS,
        "ceil for floor: W2 = (W - WW + 2 * pad) // stride + 1 -> "
        "W2 = -(-(W - WW + 2 * pad) // stride) + 1": FITS,
    },
    ("06_fast_convolution", "window_to_column"): {
        "off by one: return window.reshape(-1) -> return window.reshape(-2)":
            "NumPy takes any negative size for the one that it should work out",
    },
    ("06_fast_convolution", "im2col"): {
        "ceil for floor: H2 = (H - HH + 2 * pad) // stride + 1 -> "
        "H2 = -(-(H - HH + 2 * pad) // stride) + 1": FITS,
        "ceil for floor: W2 = (W - WW + 2 * pad) // stride + 1 -> "
        "W2 = -(-(W - WW + 2 * pad) // stride) + 1": FITS,
        "function exchanged: cols = np.zeros((C, HH, WW, N, H2, W2)) -> "
        "cols = np.ones((C, HH, WW, N, H2, W2))": EVERY_ENTRY_SET,
    },
    ("06_fast_convolution", "conv_forward_fast"): {
        "ceil for floor: H2 = (H - HH + 2 * pad) // stride + 1 -> "
        "H2 = -(-(H - HH + 2 * pad) // stride) + 1": FITS,
        "ceil for floor: W2 = (W - WW + 2 * pad) // stride + 1 -> "
        "W2 = -(-(W - WW + 2 * pad) // stride) + 1": FITS,
        "wrong return: return (output_from_product(product, N, H2, W2), "
        "(cols, x.shape, w, conv_param)) -> "
        "return (output_from_product(product, N, H2, W2), "
        "output_from_product(product, N, H2, W2))": OWN_CACHE,
        "swapped: return (output_from_product(product, N, H2, W2), "
        "(cols, x.shape, w, conv_param)) -> "
        "return (output_from_product(product, N, H2, W2), "
        "(x.shape, cols, w, conv_param))": OWN_CACHE,
        "swapped: return (output_from_product(product, N, H2, W2), "
        "(cols, x.shape, w, conv_param)) -> "
        "return (output_from_product(product, N, H2, W2), "
        "(cols, w, x.shape, conv_param))": OWN_CACHE,
        "swapped: return (output_from_product(product, N, H2, W2), "
        "(cols, x.shape, w, conv_param)) -> "
        "return (output_from_product(product, N, H2, W2), "
        "(cols, x.shape, conv_param, w))": OWN_CACHE,
        "constant for a variable: return (output_from_product(product, N, H2, W2), "
        "(cols, x.shape, w, conv_param)) -> "
        "return (output_from_product(product, N, H2, W2), "
        "(1, x.shape, w, conv_param))": OWN_CACHE,
        "constant for a variable: return (output_from_product(product, N, H2, W2), "
        "(cols, x.shape, w, conv_param)) -> "
        "return (output_from_product(product, N, H2, W2), "
        "(cols, x.shape, 1, conv_param))": OWN_CACHE,
        "constant for a variable: return (output_from_product(product, N, H2, W2), "
        "(cols, x.shape, w, conv_param)) -> "
        "return (output_from_product(product, N, H2, W2), "
        "(cols, x.shape, w, 1))": OWN_CACHE,
    },
    ("06_fast_convolution", "col2im"): {
        "ceil for floor: H2 = (H - HH + 2 * pad) // stride + 1 -> "
        "H2 = -(-(H - HH + 2 * pad) // stride) + 1": FITS,
        "ceil for floor: W2 = (W - WW + 2 * pad) // stride + 1 -> "
        "W2 = -(-(W - WW + 2 * pad) // stride) + 1": FITS,
        "doubled term: dx_padded = np.zeros((N, C, H + 2 * pad, W + 2 * pad)) -> "
        "dx_padded = np.zeros((N, C, 2 * H + 2 * pad, W + 2 * pad))": CUT_OFF,
        "doubled term: dx_padded = np.zeros((N, C, H + 2 * pad, W + 2 * pad)) -> "
        "dx_padded = np.zeros((N, C, H + 2 * (2 * pad), W + 2 * pad))": CUT_OFF,
        "off by one: dx_padded = np.zeros((N, C, H + 2 * pad, W + 2 * pad)) -> "
        "dx_padded = np.zeros((N, C, H + 3 * pad, W + 2 * pad))": CUT_OFF,
        "doubled term: dx_padded = np.zeros((N, C, H + 2 * pad, W + 2 * pad)) -> "
        "dx_padded = np.zeros((N, C, H + 2 * pad, 2 * W + 2 * pad))": CUT_OFF,
        "doubled term: dx_padded = np.zeros((N, C, H + 2 * pad, W + 2 * pad)) -> "
        "dx_padded = np.zeros((N, C, H + 2 * pad, W + 2 * (2 * pad)))": CUT_OFF,
        "off by one: dx_padded = np.zeros((N, C, H + 2 * pad, W + 2 * pad)) -> "
        "dx_padded = np.zeros((N, C, H + 2 * pad, W + 3 * pad))": CUT_OFF,
    },
    ("06_fast_convolution", "conv_backward_fast"): {
        "swapped: N, F, H2, W2 = dout.shape -> N, F, W2, H2 = dout.shape": COMMUTES,
    },
    ("07_convnet", "relu_backward"): {
        "swapped: out = np.maximum(x, 0) -> out = np.maximum(0, x)": COMMUTES,
        "wrong return: return (out, x) -> return (out, out)":
            "out is above 0 where x is, and the backward pass asks for nothing else",
        "comparison changed: return dout * (x > 0) -> return dout * (x >= 0)":
            "at exactly 0 ReLU has no derivative, and either choice is right",
    },
    ("07_convnet", "flat_size"): {
        "ceil for floor: return F * (map_height // 2) * (map_width // 2) -> "
        "return F * -(-map_height // 2) * (map_width // 2)": FITS,
        "ceil for floor: return F * (map_height // 2) * (map_width // 2) -> "
        "return F * (map_height // 2) * -(-map_width // 2)": FITS,
    },
    ("07_convnet", "softmax_loss"): {
        "off by one: loss = (np.log(sums[:, 0]) - shifted[np.arange(N), y]).sum() / N -> "
        "loss = (np.log(sums[:, -1]) - shifted[np.arange(N), y]).sum() / N":
            "the sums stand in a single column, and the first of one is the last",
    },
    ("07_convnet", "occlusion_map"): {
        "off by one: whole = scores(image[None])[0, label] -> "
        "whole = scores(image[None])[-1, label]": ONE_IMAGE,
        "off by one: drops[i, j] = whole - scores(covered[None])[0, label] -> "
        "drops[i, j] = whole - scores(covered[None])[-1, label]": ONE_IMAGE,
        "function exchanged: drops = np.zeros((H - size + 1, W - size + 1)) -> "
        "drops = np.ones((H - size + 1, W - size + 1))": EVERY_ENTRY_SET,
    },
    ("08_architectures", "count_params"): {
        "ceil for floor: weights_of_one = layer['F'] * layer['F'] * (D // layer['groups']) -> "
        "weights_of_one = layer['F'] * layer['F'] * -(-D // layer['groups'])":
            "the number of groups divides the depth, or there are no such groups",
    },
    ("08_architectures", "count_macs"): {
        "ceil for floor: for_one_number = layer['F'] * layer['F'] * (D // layer['groups']) -> "
        "for_one_number = layer['F'] * layer['F'] * -(-D // layer['groups'])":
            "the number of groups divides the depth, or there are no such groups",
    },
    ("08_architectures", "memory"): {
        "swapped: for W, H, D in shapes_along(net): -> for H, W, D in shapes_along(net):": COMMUTES,
        "swapped: for W, H, D in shapes_along(net): -> for W, D, H in shapes_along(net):": COMMUTES,
    },
    ("08_architectures", "fc_to_conv"): {
        "function exchanged: filters = np.zeros((M, C, H, W)) -> filters = np.ones((M, C, H, W))":
            EVERY_ENTRY_SET,
    },
    ("08_architectures", "depthwise_forward"): {
        "function exchanged: out = np.zeros((N, C, H - HH + 1, W - WW + 1)) -> "
        "out = np.ones((N, C, H - HH + 1, W - WW + 1))": EVERY_ENTRY_SET,
    },
}
