# Accident: copied a test cell (nbgrader as it comes stops the whole class here). Full marks.
# base: einsum

# %% copy: test: neuron dot product
