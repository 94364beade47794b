"""The site, built and used in Chromium with every request to another host refused and counted.

In make test only what the kept parts allow, and one lesson; make site-test fetches the parts.
"""

import importlib.util
import json
import os
import re
import shutil
import zipfile

import pytest

from autograder import course
from autograder.lessons.lesson import read_all
from browser import parts
from browser.build import KEPT, build
from tests.browser_site.visit import answered, opened, run_all, serving, shown, visitor

WHOLE = bool(os.environ.get("SITE_TEST"))
HERE = importlib.util.find_spec("jupyterlite_core") and all(
    parts.right(KEPT / name) for name in parts.NEEDED)
pytestmark = [pytest.mark.system, pytest.mark.skipif(
    not WHOLE and not HERE, reason="the site's parts are not here; make site-test fetches them")]
LESSONS = read_all(course.SOLUTIONS)


@pytest.fixture(scope="module")
def site(tmp_path_factory):
    return build(tmp_path_factory.mktemp("published") / "site")


@pytest.fixture(scope="module")
def visit(site, tmp_path_factory):
    with serving(site.parent) as url, visitor(shutil.which("chromium"),
                                              tmp_path_factory.mktemp("profile")) as found:
        context, refused = found
        yield f"{url}/{site.name}", context.new_page(), refused


def test_nothing_in_it_solves_or_grades(site, tmp_path):
    seeds = {seed for lesson in LESSONS for cell in lesson.cells
             for seed in re.findall(r"on_hidden_cases\(seed=(\d+)", cell.source)}
    assert len(seeds) > 100
    (wheel,) = site.rglob("convnets_lessons*.whl")
    with zipfile.ZipFile(wheel) as archive:
        archive.extractall(tmp_path)
    ours = [*(site / "files").rglob("*"), *(site / "api").rglob("*"), *tmp_path.rglob("*"),
            site / "index.html"]
    for path in ours:
        assert path.name not in ("autograder", "solutions", "answers"), path
        if path.suffix not in (".py", ".ipynb", ".html", ".md", ".json"):
            continue
        text = path.read_text(encoding="utf-8")
        for mark in ("BEGIN SOLUTION", "BEGIN HIDDEN", "MARK SCHEME", "import autograder",
                     "from autograder"):
            assert mark not in text, (path, mark)
        found = set(re.findall(r"seed=(\d{5,})", text)) & seeds
        assert not found, path


def test_it_is_small_and_has_no_source_maps(site):
    assert not list(site.rglob("*.map"))
    assert sum(path.stat().st_size for path in site.rglob("*") if path.is_file()) < 60e6


@pytest.mark.parametrize("lesson", LESSONS if WHOLE else LESSONS[:1], ids=lambda one: one.name)
def test_the_solutions_answers_pass_in_the_browser(visit, lesson, tmp_path):
    url, page, refused = visit
    path = f"{lesson.name}/{lesson.name}.ipynb"
    opened(page, url, path, answered(lesson))
    ran = run_all(page)
    text = shown(ran)
    for cell in ran["cells"]:
        if cell["cell_type"] == "code":
            errors = [one for one in cell["outputs"] if one["output_type"] == "error"]
            assert not errors, (cell["id"], errors)
    assert "✗" not in text
    with page.expect_download(timeout=60_000) as download:
        page.get_by_role("button", name="Download").click()
    download.value.save_as(tmp_path / "down.ipynb")
    kept = json.loads((tmp_path / "down.ipynb").read_text(encoding="utf-8"))
    assert [cell["id"] for cell in kept["cells"]] == [cell["id"] for cell in ran["cells"]]
    assert refused == []
