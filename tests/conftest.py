"""For all tests: how hypothesis draws its examples, and the one Playwright of a process."""

import os

import pytest
from hypothesis import settings

import autograder  # noqa: F401 (before nbformat, which would compile grammars for a second)

# Before anything imports NumPy, and for kernels, too: on a busy machine the threads of its matrix
# products wait for each other, and tests take several times as long.
os.environ.setdefault("OPENBLAS_NUM_THREADS", "1")

# The same examples on any day: whoever runs the tests should see what their change broke, and no
# more. `make search` looks for new ones; what it finds becomes an explicit @example.
settings.register_profile("steady", derandomize=True, deadline=None, database=None)
settings.register_profile("search", derandomize=False, deadline=None)
settings.load_profile("steady")


def pytest_collection_modifyitems(items):
    """Files that take long come first: at the end neither process waits long for the other."""
    first = {}
    for item in items:
        takes = [name for name in ("system", "slow") if item.get_closest_marker(name)]
        rank = ("system", "slow").index(takes[0]) if takes else 2
        first[item.path] = min(rank, first.get(item.path, 2))
    items.sort(key=lambda item: first[item.path])


@pytest.fixture(scope="session")
def playwright():
    """Playwright, started once: a second one in the same process refuses to start."""
    from playwright.sync_api import sync_playwright

    with sync_playwright() as started:
        yield started
