"""Pictures for the lessons: each call returns one Picture, with alt text and a twin in words."""

from course_lib.pictures import lazy

_MODULES = {
    "Picture": "picture",
    "activation_maps": "maps",
    "architecture": "diagrams",
    "conv1x1": "neurons",
    "difference": "differences",
    "excitation": "looking",
    "faces": "learned",
    "filter_bank": "maps",
    "filter_step": "walk",
    "filter_walk": "walk",
    "filtered_versions": "maps",
    "im2col": "columns",
    "learned_where": "learned",
    "loss_curves": "curves",
    "matrix_product": "columns",
    "neuron": "neurons",
    "occlusion": "looking",
    "output_size": "sizes",
    "parameter_sharing": "sharing",
    "pool_step": "pooling",
    "pool_windows": "pooling",
    "probabilities": "looking",
    "receptive_field": "fields",
    "saliency": "looking",
    "strongest_patches": "looking",
    "zero_padding": "padding",
}
__all__ = sorted(_MODULES)


def __getattr__(name):
    return lazy.load(__name__, _MODULES, name)


def __dir__():
    return __all__
