"""Grading essays on the essay page and in formgrader: keys, clicks, seconds, pixels an essay.

    python -m bench.essays [--students 6]

A browser gives every waiting essay of a class one point, on each of the two; nobody reads. The
table goes into docs/performance.md. Needs Chromium, like the tests with a browser.
"""

import argparse
import shutil
import tempfile
import time
from pathlib import Path

import nbformat
from playwright.sync_api import sync_playwright

from autograder import course
from autograder.commands import main as convnets
from autograder.essays.answers import counts
from autograder.lessons.lesson import read_lesson
from autograder.lessons.sample import submission
from bench.document import write
from tests.browser.conftest import jupyter_lab
from tests.chromium import FLAGS

LESSON = "01_spatial_arithmetic"
ESSAY = next(cell.id for cell in read_lesson(course.SOLUTIONS / f"{LESSON}.py").cells
             if cell.role == "essay")


def main():
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--students", type=int, default=6)
    options = parser.parse_args()
    with tempfile.TemporaryDirectory() as scratch, sync_playwright() as playwright:
        home = Path(scratch)
        for name in ("ours", "theirs"):
            a_class(home / name, options.students)
        browser = playwright.chromium.launch(executable_path=shutil.which("chromium"), args=FLAGS)
        page = browser.new_page(viewport={"width": 1400, "height": 900})
        (home / "a").mkdir()
        with jupyter_lab(home / "a", home) as url:
            ours = on_our_page(page, url, options.students)
        (home / "b").mkdir()
        with jupyter_lab(home / "b", home / "theirs") as url:
            theirs = in_formgrader(page, url, options.students)
        browser.close()
        for name in ("ours", "theirs"):
            waiting, _ = counts(home / name)[LESSON, ESSAY]
            if waiting:
                raise SystemExit(f"{name}: {waiting} essays still wait; nothing was measured")
    rows = ["| where | keys | clicks | seconds | pixels of page |", "|---|---|---|---|---|"]
    for name, (keys, clicks, seconds, pixels) in (("the essay page", ours),
                                                  ("formgrader", theirs)):
        rows.append(f"| {name} | {keys:g} | {clicks:g} | {seconds:.1f} | {pixels:,.0f} |")
    write("essays", f"{options.students} essays of lesson {LESSON}; each figure is for one essay, "
          "without reading it:\n\n" + "\n".join(rows))


def a_class(folder, students):
    """A graded class in which every essay waits."""
    for number in range(students):
        notebook = submission(course.SAMPLE_CLASS / "answers" / "half_finished" / f"{LESSON}.py")
        essay = next(cell for cell in notebook.cells if cell.id == ESSAY)
        essay.source = f"One pixel at the rim is not seen, says student {number}. " * 8
        path = folder / "submitted" / f"s{number}" / LESSON / f"{LESSON}.ipynb"
        path.parent.mkdir(parents=True)
        nbformat.write(notebook, path)
    if convnets(["grade", str(folder), "--no-feedback"]):
        raise SystemExit("the class was not graded")


def on_our_page(page, url, students):
    """(keys, clicks, seconds, pixels) for one essay."""
    start = time.perf_counter()
    page.goto(f"{url}/essays/?path=ours")
    page.wait_for_selector("article.current")
    height = page.locator("#answers").bounding_box()["height"]
    for left in range(students - 1, -1, -1):
        page.keyboard.press("1")
        page.keyboard.press("Enter")
        said = f"{left} of {students} answers wait" if left else "all"
        page.locator("#progress", has_text=said).wait_for()
    return 2, 0, (time.perf_counter() - start) / students, height / students


def in_formgrader(page, url, students):
    """The same: Ctrl+. leads to the same essay of the next student, where it is typed into."""
    page.goto(f"{url}/formgrader/gradebook/{LESSON}/{LESSON}")
    start, pixels = time.perf_counter(), 0
    page.get_by_role("link", name="Submission #1", exact=True).click()
    for number in range(students):
        page.wait_for_load_state("load")
        found = page.locator("input.score").last
        found.wait_for()
        pixels += page.evaluate("document.documentElement.scrollHeight")
        found.click()
        page.keyboard.type("1")
        before = page.url
        page.keyboard.press("Tab")
        page.wait_for_load_state("networkidle")
        if number < students - 1:
            found.focus()
            page.keyboard.press("Control+.")
            page.wait_for_url(lambda address, before=before: address != before)
    # A click into the box, its number, leaving it, and the key for the next student.
    return 3, 1, (time.perf_counter() - start) / students, pixels / students


if __name__ == "__main__":
    main()
