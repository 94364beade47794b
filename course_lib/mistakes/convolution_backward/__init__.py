"""Wrong gradients: by differences (`numerical`), and of a convolution (`backward`)."""
