"""Networks of layers and their training: network, layers, optimizers, training."""
