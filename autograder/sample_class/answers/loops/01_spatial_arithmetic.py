# Full marks: plain Python, every formula written out.

# %% answer: conv_output_size
def conv_output_size(W, F, S, P):
    if W < 1 or F < 1 or S < 1 or P < 0:
        raise ValueError("sizes and stride must be positive, padding not negative")
    room = W - F + 2 * P
    if room < 0 or room % S != 0:
        raise ValueError(f"a filter of {F} does not fit on {W} + 2*{P} at stride {S}")
    return room // S + 1

# %% answer: same_padding
def same_padding(F):
    if F % 2 == 0:
        raise ValueError("an even filter has no middle")
    return (F - 1) // 2

# %% answer: fitting_paddings
def fitting_paddings(W, F, S, max_padding):
    fitting = []
    for P in range(max_padding + 1):
        room = W - F + 2 * P
        if room >= 0 and room % S == 0:
            fitting.append(P)
    return fitting

# %% answer: conv_output_shape
def conv_output_shape(input_shape, K, F, S, P):
    W, H, D = input_shape
    return (conv_output_size(W, F, S, P), conv_output_size(H, F, S, P), K)

# %% answer: trace_shapes
def trace_shapes(input_shape, layers):
    shapes = []
    shape = input_shape
    for layer in layers:
        if layer[0] == "conv":
            shape = conv_output_shape(shape, *layer[1:])
        else:
            _, F, S = layer
            W, H, D = shape
            shape = (conv_output_size(W, F, S, 0), conv_output_size(H, F, S, 0), D)
        shapes.append(shape)
    return shapes

# %% answer: receptive_field
def receptive_field(layers):
    fields = []
    size, jump = 1, 1
    for F, S in layers:
        size += (F - 1) * jump
        jump *= S
        fields.append(size)
    return fields

# %% answer: pool_output_shape
def pool_output_shape(input_shape, F, S):
    W, H, D = input_shape
    return (conv_output_size(W, F, S, 0), conv_output_size(H, F, S, 0), D)

# %% answer: receptive_field_of_two
def receptive_field_of_two(F1, S1, F2):
    return F1 + (F2 - 1) * S1
