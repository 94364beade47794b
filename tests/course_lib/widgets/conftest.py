"""How each widget is made: all but one need no arguments."""

import pytest

from course_lib import data, widgets

SCORES = "lambda images: images.reshape(len(images), -1)[:, :10]"
ARGUMENTS = {"DigitExplorer": f"{SCORES}, *data.digits('test')"}


@pytest.fixture(scope="session")
def source():
    """A function: the name of a widget -> Python that makes one."""
    return lambda name: f"widgets.{name}({ARGUMENTS.get(name, '')})"


@pytest.fixture(scope="session")
def make(source):
    """A function: the name of a widget -> a new one."""
    return lambda name: eval(source(name), {"widgets": widgets, "data": data})
