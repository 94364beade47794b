"""The tiny worlds of the exercises, one module a subject, each with a list `WORLDS`.

An exercise without one (training, say) gets a verdict without what is observed on small tries.
"""

import functools
import importlib
import pkgutil


@functools.cache
def _all():
    modules = [importlib.import_module(f"{__name__}.{module.name}")
               for module in pkgutil.iter_modules(__path__) if not module.name.startswith("_")]
    return {world.exercise: world for module in modules for world in module.WORLDS}


def find(name):
    """The World of the exercise called `name`, or None."""
    return _all().get(name)


def names():
    """The names of all exercises that have one, sorted."""
    return sorted(_all())
