# Typical mistakes: sizes that do not fit are rounded down; one side used for both; the jump forgotten.
# base: loops

# %% answer: conv_output_size
def conv_output_size(W, F, S, P):
    return (W - F + 2 * P) // S + 1

# %% answer: conv_output_shape
def conv_output_shape(input_shape, K, F, S, P):
    size = conv_output_size(input_shape[0], F, S, P)
    return (size, size, K)

# %% answer: receptive_field
def receptive_field(layers):
    fields, size = [], 1
    for F, S in layers:
        size += F - 1
        fields.append(size)
    return fields
