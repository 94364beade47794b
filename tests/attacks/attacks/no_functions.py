# Plain values under the names of the functions.
# stopped by: values
# %% append neuron
neuron = 1.0
print("armed")
# %% append zero_pad
zero_pad = {"score": 1.0}
# %% append numerical_gradient
numerical_gradient = "score = 1.0"
