# Characters that no file in UTF-8 can hold, in outputs and in messages.
# stopped by: cleaned
# %% first
print("armed \ud800 \x00 \x1b[2J")
# %% append neuron
def neuron(x_patch, w, b):
    raise ValueError("\udfff" * 9)
