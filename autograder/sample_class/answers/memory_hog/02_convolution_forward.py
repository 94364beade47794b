# Memory hog: keeps every intermediate result in a list that grows without end. All else is right.
# base: loops

# %% answer: conv_forward_naive
def conv_forward_naive(x, w, b, conv_param):
    kept = []
    while True:
        kept.append(np.zeros((1000, 1000, 50)))
    return kept, None
