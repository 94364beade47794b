"""Names that are imported when they are first used, so that importing a package costs nothing."""

import functools
import importlib
import importlib.util


def load(package, modules, name):
    """`name` of `package`, from the one of its `modules` {name: module} that defines it.

    While a submission is graded, course_lib.reference is put away, and whatever is drawn with its
    help is put away with it: then the name gives a stand-in, and a student's notebook runs on.
    AttributeError for a name that is not in `modules`.
    """
    if name not in modules:
        raise AttributeError(f"module {package!r} has no attribute {name!r}")
    try:
        return getattr(importlib.import_module(f"{package}.{modules[name]}"), name)
    except ModuleNotFoundError:
        if importlib.util.find_spec("course_lib.reference"):
            raise
        return functools.partial(Withheld, name)


class Withheld:
    """What takes a picture's or widget's place while a notebook is graded."""

    def __init__(self, name, *args, **kwargs):
        self.alt = self.text = f"{name} is not shown while the notebook is graded."

    def __repr__(self):
        return self.text
