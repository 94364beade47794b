# Accident: deleted a test cell. The work is that of `typical_mistakes`.
# base: typical_mistakes

# %% delete: test: neuron dot product
