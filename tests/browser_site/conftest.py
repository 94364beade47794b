"""One site and one visitor for all tests of this folder: both are dear."""

import importlib.util
import os
import shutil

import pytest

from autograder import course
from autograder.lessons.lesson import read_all
from browser import parts
from browser.build import build

from .visit import serving, visitor, worked

# make site-test works through all lessons; make test through one, if the parts are here.
WHOLE = bool(os.environ.get("SITE_TEST"))
LESSONS = read_all(course.SOLUTIONS)
FIRST = f"{LESSONS[0].name}/{LESSONS[0].name}.ipynb"
whole = pytest.mark.skipif(not WHOLE, reason="make site-test runs this")


@pytest.fixture(scope="session")
def site(tmp_path_factory):
    if not WHOLE and not (importlib.util.find_spec("jupyterlite_core") and shutil.which("chromium")
                          and all(parts.right(parts.KEPT / name) for name in parts.NEEDED)):
        pytest.skip("the site's parts are not here: make site-parts fetches them")
    return build(tmp_path_factory.mktemp("published") / "below" / "a" / "path")


@pytest.fixture(scope="session")
def url(site):
    with serving(site.parents[2]) as address:
        yield f"{address}/{site.relative_to(site.parents[2])}"


@pytest.fixture(scope="session")
def visit(url, playwright, tmp_path_factory):
    """(url, browser context, [requests refused])."""
    with visitor(playwright, tmp_path_factory.mktemp("profile")) as (context, refused):
        yield url, context, refused


@pytest.fixture(scope="session")
def elsewhere(url, playwright, tmp_path_factory):
    """As `visit`, in the browser of somebody else, who leaves no trace in the other one."""
    with visitor(playwright, tmp_path_factory.mktemp("profile")) as (context, refused):
        yield url, context, refused


@pytest.fixture(scope="session")
def first(visit):
    """(page, notebook) of the first lesson with the solutions' answers, run to its end."""
    url, context, _ = visit
    page = context.new_page()
    return page, worked(page, url, LESSONS[0])
