# Keeps every input that it is given, prints them later and tries to find results among them.
# stopped by: quiet
# %% append neuron
kept = []


def neuron(x_patch, w, b):
    kept.append(float(b))
    print(x_patch, w, b)
    return float((x_patch * w).sum())


print("armed")
# %% last
print(kept)
result = kept[-1]
result
