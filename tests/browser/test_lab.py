"""A student opens a lesson in JupyterLab, runs it and reads the verdict."""

import nbformat
import pytest

from autograder.course import SAMPLE_CLASS
from autograder.lessons.sample import submission

from .conftest import SCREENSHOTS, open_and_run_all

LESSON = "02_convolution_forward"
pytestmark = pytest.mark.system


def saved_after_run(page, folder, path):
    """The notebook as JupyterLab saves it when every cell has run: also those off screen."""
    for _ in range(120):
        page.keyboard.press("Escape")
        page.keyboard.press("Control+s")
        page.wait_for_timeout(1000)
        notebook = nbformat.read(folder / path, as_version=4)
        code = [cell for cell in notebook.cells if cell.cell_type == "code"]
        if all(cell.execution_count for cell in code):
            return notebook
    waiting = [cell.id for cell in code if not cell.execution_count]
    raise AssertionError(f"these cells did not run: {waiting}")


def test_the_blank_lesson_runs_to_its_end(page, lab):
    url, folder = lab
    path = f"{LESSON}/{LESSON}.ipynb"
    open_and_run_all(page, url, path)
    page.screenshot(path=SCREENSHOTS / "lesson_02_blank.png")
    printed = page.locator(".jp-RenderedText pre", has_text="not the same number yet")
    printed.wait_for(state="attached")
    assert printed.evaluate("one => getComputedStyle(one).wordBreak") == "normal"
    folded = page.locator(".jp-Placeholder-content").first
    assert folded.evaluate("one => getComputedStyle(one).minWidth") == "0px"
    # As at 200 %: a folded cell begins where the others do.
    size = page.viewport_size
    page.set_viewport_size({"width": 700, "height": 800})
    lefts = page.evaluate("""() => ['.jp-Placeholder-content', '.jp-InputArea-editor'].map(
        kind => Math.round(Math.max(...[...document.querySelectorAll(
            `.jp-CodeCell ${kind}`)].map(one => one.getBoundingClientRect().left))))""")
    assert lefts[0] == lefts[1] > 0
    page.set_viewport_size(size)
    answer = page.locator(".jp-RenderedMarkdown details").first
    assert answer.evaluate("one => parseFloat(getComputedStyle(one).marginBottom)") > 5
    notebook = saved_after_run(page, folder, path)
    code = [cell for cell in notebook.cells if cell.cell_type == "code"]
    errors = [o.ename for cell in code for o in cell.outputs if o.output_type == "error"]
    assert errors == []
    assert "not attempted yet" in str(notebook)


def test_a_check_shows_its_verdict_and_the_hint(page, lab):
    url, folder = lab
    path = f"{LESSON}/mistakes.ipynb"
    nbformat.write(submission(SAMPLE_CLASS / "answers" / "typical_mistakes" / f"{LESSON}.py"),
                   folder / path)
    open_and_run_all(page, url, path)
    saved_after_run(page, folder, path)
    verdict = page.locator("[role=status]", has_text="conv_forward_naive").first
    verdict.wait_for(state="attached", timeout=180_000)
    for _ in range(4):
        # Cells above the verdict get their heights while they scroll by, and move it on.
        verdict.scroll_into_view_if_needed()
        page.wait_for_timeout(1000)
    text = verdict.inner_text()
    page.screenshot(path=SCREENSHOTS / "lesson_02_verdict.png")
    assert "Hint" in text and "Case" in text
