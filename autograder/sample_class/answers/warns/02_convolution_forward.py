# Right, but warns on stderr (nbgrader as it comes gives 0 for that).
# base: einsum

# %% answer: neuron
def neuron(x_patch, w, b):
    import sys
    import warnings

    warnings.warn("dividing by nothing")
    np.log(np.zeros(1))
    print("still thinking", file=sys.stderr)
    return float((x_patch * w).sum() + b)
