"""For tests of the course alone: what an explanation costs is counted in calls, not in seconds.

A test's process holds much that Python now and then looks through, which is no student's.
"""

import pytest

from course_lib import explanation


@pytest.fixture(autouse=True)
def no_hurry(monkeypatch):
    for name in ("IN_NOTEBOOK", "IN_GRADING"):
        calls, seconds = getattr(explanation, name)
        monkeypatch.setattr(explanation, name, (calls, 10 * seconds))
    monkeypatch.setattr(explanation, "RESERVED_SECONDS", 10 * explanation.RESERVED_SECONDS)
