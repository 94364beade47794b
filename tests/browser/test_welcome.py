"""JupyterLab as a learner opens it: on the welcome notebook, without teachers' menus."""

import json
import re

import pytest

from course_lib.lab.open import bring_up_to_date
from course_lib.study.desk import PROGRESS

from .conftest import SCREENSHOTS, jupyter_lab, open_and_run_all, words_in_menus

pytestmark = pytest.mark.system
TEACHERS = ("Formgrader", "Create Assignment", "Course List", "Assignment List", "Validate")


@pytest.fixture(scope="module")
def learners(tmp_path_factory):
    """(url, folder) of a JupyterLab that a learner has just opened for the first time."""
    home = tmp_path_factory.mktemp("learner")
    folder = home / "my_lessons"
    bring_up_to_date(folder)
    with jupyter_lab(home, folder, learners=True) as url:
        yield url, folder


def progress_shown(page, url, path):
    """Open a notebook, run all its cells; returns its table of progress."""
    open_and_run_all(page, url, path)
    table = page.get_by_role("table").filter(has_text="Your progress")
    table.wait_for(state="attached", timeout=180_000)
    table.scroll_into_view_if_needed()
    return table


def test_it_opens_on_the_welcome_notebook_without_questions_or_teachers_menus(page, learners):
    url, folder = learners
    page.goto(url)
    page.wait_for_selector(".jp-Notebook .jp-Cell", timeout=180_000)
    page.get_by_role("heading", name="Welcome").first.wait_for(timeout=180_000)
    page.wait_for_selector(".jp-Notebook-ExecutionIndicator[data-status=idle]", timeout=180_000,
                           state="attached")
    page.wait_for_timeout(3000)
    text = page.locator("body").inner_text()
    for word in (*TEACHERS, "Error fetching courses", "Would you like to"):
        assert word not in text, word
    shown = words_in_menus(page)
    for word in TEACHERS:
        assert word not in shown, word
    page.screenshot(path=SCREENSHOTS / "welcome.png")


def test_it_runs_and_its_links_lead_to_the_lessons(page, learners):
    url, folder = learners
    table = progress_shown(page, url, "welcome.ipynb")
    assert "0 of 6" in table.inner_text()
    page.screenshot(path=SCREENSHOTS / "welcome_progress.png")
    outcomes = page.locator("[role=status]", has_text="add_one").all_inner_texts()
    assert any("not attempted" in one for one in outcomes) and any("✗" in one for one in outcomes)
    assert any("passed" in one for one in outcomes)
    table.get_by_role("link", name=re.compile("^1 ·")).click()
    page.get_by_role("heading", name=re.compile("^1 ·")).first.wait_for(timeout=120_000)
    assert page.url.endswith("01_spatial_arithmetic.ipynb")


def test_a_check_in_a_lesson_is_remembered_and_nbgrader_adds_nothing(page, learners):
    url, folder = learners
    path = folder / "02_convolution_forward" / "02_convolution_forward.ipynb"
    notebook = json.loads(path.read_text())
    answer = next(c for c in notebook["cells"] if c["id"] == "answer-neuron")
    source = "".join(answer["source"]).replace("raise NotImplementedError()",
                                               "return (x_patch * w).sum() + b")
    answer["source"] = source
    wanted = ("setup", "answer-neuron", "check-neuron", "figure-my-progress")
    notebook["cells"] = [c for c in notebook["cells"] if c["id"] in wanted or
                         c["id"].startswith("test-neuron")]
    short = path.with_name("short.ipynb")
    short.write_text(json.dumps(notebook))
    table = progress_shown(page, url, "02_convolution_forward/short.ipynb")
    assert re.search(r"Convolution, forward\s+\d+ min\s+1 of 6\s+[23] of", table.inner_text())
    known = json.loads((folder / PROGRESS / "02_convolution_forward.json").read_text())
    assert known["neuron"]["outcome"] == "passed"
    assert "Validate" not in page.locator(".jp-Toolbar").last.inner_text()
