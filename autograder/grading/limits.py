"""What the submissions of a class may use."""

from autograder.classroom.settings import read_settings
from autograder.sandbox.walls import Limits


def class_limits(class_dir, **given):
    """The Limits that a class's settings name, with those `given` (None: not given) on top."""
    given = {name: value for name, value in given.items() if value is not None}
    return Limits(**(read_settings(class_dir).limits | given))
