"""Two or three steps towards each exercise; a module has the name of its exercises' module.

`HINTS` {name: steps}: never the answer, each a little nearer. `FAST` {name: what the course's own,
fast version does differently}, told beside the solution.
"""

import functools
import importlib
import pkgutil


@functools.cache
def _all():
    steps, fast = {}, {}
    for module in pkgutil.iter_modules(__path__):
        found = importlib.import_module(f"{__name__}.{module.name}")
        steps |= found.HINTS
        fast |= found.FAST
    return steps, fast


def steps(name):
    """The steps of exercise `name`, a tuple of sentences; empty if it has none."""
    return _all()[0].get(name, ())


def fast(name):
    """How the fast reference of exercise `name` goes about it; "" if there is nothing to say."""
    return _all()[1].get(name, "")


def missing(names):
    """{name: what is wrong} of the exercises whose steps are not two or three, or are empty."""
    wrong = {}
    for name in names:
        found = steps(name)
        if not found:
            wrong[name] = "has no hints"
        elif not 2 <= len(found) <= 3:
            wrong[name] = f"has {len(found)} hints in place of two or three"
        elif not all(step.strip() for step in found):
            wrong[name] = "has an empty hint"
    return wrong
