# Cheats: calls the reference in place of an answer. The rest is that of `loops`.
# base: loops

# %% answer: conv_forward_naive
def conv_forward_naive(x, w, b, conv_param):
    from course_lib.reference.convolution import conv_forward

    return conv_forward(x, w, b, conv_param["stride"], conv_param["pad"])
