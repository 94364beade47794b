"""Wrong sizes, paddings, shapes and receptive fields, for lesson 01."""
