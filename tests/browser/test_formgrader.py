"""An instructor opens formgrader on a graded class and finds the essays waiting."""

import nbformat
import pytest

from autograder.course import SAMPLE_CLASS
from autograder.lessons.sample import submission
from tests.programs import run

from .conftest import SCREENSHOTS, jupyter_lab

LESSON = "01_spatial_arithmetic"
pytestmark = pytest.mark.system


def test_formgrader_shows_grades_and_the_essay_that_waits(page, tmp_path):
    class_dir = tmp_path / "class"
    target = class_dir / "submitted" / "writer" / LESSON / f"{LESSON}.ipynb"
    target.parent.mkdir(parents=True)
    notebook = submission(SAMPLE_CLASS / "answers" / "typical_mistakes" / f"{LESSON}.py")
    essay = next(cell for cell in notebook.cells if cell.id.startswith("essay-"))
    essay.source = "A size that does not fit has to be decided by a person."
    nbformat.write(notebook, target)
    assert run("autograder", "grade", class_dir).returncode == 0
    with jupyter_lab(tmp_path, class_dir) as url:
        page.goto(f"{url}/formgrader/gradebook/{LESSON}/{LESSON}")
        page.wait_for_selector("text=Submission #1", timeout=180_000)
        page.click("text=Submission #1")
        page.wait_for_selector("text=A size that does not fit has to be decided", timeout=180_000)
        page.screenshot(path=SCREENSHOTS / "formgrader.png", full_page=True)
        assert page.locator("input.score").count() > 5
        page.goto(f"{url}/formgrader/manage_assignments")
        page.get_by_role("link", name="Essays in one sitting").click()
        page.wait_for_selector("article.current")
        assert "A size that does not fit has to be decided" in page.inner_text("article.current")
