"""Widgets for the lessons: things to turn, with a still and a text for those who cannot."""

from course_lib.pictures import lazy

_MODULES = {
    "ConvolutionStepper": "convolution_stepper",
    "DigitExplorer": "digit_explorer",
    "FilterExplorer": "filter_explorer",
    "Im2colExplorer": "im2col_explorer",
    "ParameterCounter": "parameter_counter",
    "PoolingExplorer": "pooling_explorer",
    "ReceptiveFieldExplorer": "receptive_field_explorer",
}
__all__ = sorted(_MODULES)


def __getattr__(name):
    return lazy.load(__name__, _MODULES, name)


def __dir__():
    return __all__
