"""The course as a learner has it, whatever tests of grading have run in this process before."""

import pytest

from course_lib.pictures import picture


@pytest.fixture(autouse=True, scope="module")
def pictures_are_drawn():
    """Grading keeps what it has drawn for the rest of its process; a learner's Jupyter does not."""
    kept, picture.remembered = picture.remembered, None
    yield
    picture.remembered = kept
