"""The site, built and used in Chromium with every request to another host refused and counted."""

import json
import re
import zipfile

import pytest

from autograder.grading.run import grade_class
from browser import wheels
from browser.build import build
from course_lib import exercises

from .conftest import LESSONS, WHOLE
from .visit import answered, opened, ready, run_all, said, shown

pytestmark = pytest.mark.system
whole = pytest.mark.skipif(not WHOLE, reason="make site-test runs this")
FIRST = f"{LESSONS[0].name}/{LESSONS[0].name}.ipynb"
ROUNDED_DOWN = """
def conv_output_size(W, F, S, P):
    return (W - F + 2 * P) // S + 1
"""


@pytest.fixture(scope="session")
def downloads(tmp_path_factory):
    """A class's folder with what was downloaded from the site."""
    return tmp_path_factory.mktemp("class")


def held(site, folder):
    """{path within the site or its wheel: text} of all that is the course's own."""
    (wheel,) = site.rglob("convnets_lessons*.whl")
    with zipfile.ZipFile(wheel) as archive:
        archive.extractall(folder)
    ours = [*(site / "files").rglob("*"), *(site / "api").rglob("*"), *folder.rglob("*"),
            *site.glob("*.*")]
    return {path: path.read_bytes() for path in ours if path.is_file()}


def test_nothing_in_it_solves_or_grades(site, tmp_path):
    seeds = {seed.encode() for lesson in LESSONS for cell in lesson.cells
             for seed in re.findall(r"on_hidden_cases\(seed=(\d+)", cell.source)}
    assert len(seeds) > 100
    for path, data in held(site, tmp_path).items():
        assert not {"autograder", "solutions", "answers"} & set(path.parts[-4:]), path
        for mark in (b"BEGIN SOLUTION", b"BEGIN HIDDEN", b"MARK SCHEME", b"import autograder",
                     b"from autograder"):
            assert mark not in data, (path, mark)
        assert not set(re.findall(rb"seed=(\d{5,})", data)) & seeds, path


@whole
def test_with_solutions_those_who_study_alone_find_them(tmp_path):
    own = build(tmp_path / "site", solutions=True)
    found = held(own, tmp_path / "wheel")
    for lesson in LESSONS:
        assert own / "files" / f"{lesson.name}.solutions.py" in found
        answer = next(path for path in found if path.parts[-2:] == ("answers", f"{lesson.name}.py"))
        assert b"on_hidden_cases" not in found[answer]
    assert not any(b"import autograder" in data for data in found.values())


def test_it_is_small_and_has_no_source_maps(site):
    assert not list(site.rglob("*.map"))
    if wheels.compiles():
        assert list(zipfile.ZipFile(next(site.rglob("numpy*.whl"))).namelist()).count(
            "numpy/__init__.pyc") == 1
    assert sum(path.stat().st_size for path in site.rglob("*") if path.is_file()) < 40e6


@pytest.mark.parametrize("lesson", LESSONS if WHOLE else LESSONS[:1], ids=lambda one: one.name)
def test_the_solutions_answers_get_all_points(visit, lesson, downloads):
    url, context, refused = visit
    page = context.new_page()
    opened(page, url, f"{lesson.name}/{lesson.name}.ipynb", answered(lesson))
    ran = run_all(page)
    points = {}
    for cell in ran["cells"]:
        outputs = cell.get("outputs", [])
        assert not [one for one in outputs if one["output_type"] == "error"
                    or one.get("name") == "stderr"], (cell["id"], outputs)
        for one in outputs:
            found = re.search(r"<div>([\d.]+) of ([\d.]+) points</div>",
                              "".join((one.get("data") or {}).get("text/html", "")))
            if found:
                points[cell["id"]] = (float(found[1]), float(found[2]))
    tests = {cell["id"]: cell["metadata"]["nbgrader"]["points"] for cell in ran["cells"]
             if cell["cell_type"] == "code" and cell["metadata"].get("nbgrader", {}).get("grade")}
    assert points == {name: (worth, worth) for name, worth in tests.items()} and len(tests) > 10
    assert "✗" not in shown(ran)
    with page.expect_download(timeout=60_000) as download:
        page.get_by_role("button", name="Download").click()
    assert download.value.suggested_filename == f"{lesson.name}.ipynb"
    handed_in = downloads / "submitted" / "ada" / lesson.name / f"{lesson.name}.ipynb"
    handed_in.parent.mkdir(parents=True)
    download.value.save_as(handed_in)
    assert [cell["source"] for cell in json.loads(handed_in.read_text(encoding="utf-8"))["cells"]
            ] == [cell["source"] for cell in ran["cells"]]
    assert refused == []
    if lesson is not LESSONS[0]:
        page.close()


@whole
def test_what_was_downloaded_is_graded(downloads):
    rows, *_ = grade_class(downloads, feedback=False)
    assert len(rows) == (len(LESSONS) if WHOLE else 1)
    for row in rows:
        # All but the words, which a person reads.
        worth = next(one for one in LESSONS if one.name == row.lesson)
        words = sum(cell.points for cell in worth.cells if cell.role == "essay")
        assert row.score == row.max_score - words and not row.problem, row


@whole
def test_a_widget_answers(visit):
    page = visit[1].pages[-1]
    box = page.locator(".jp-OutputArea .jupyter-widgets", has=page.locator("button")).first
    box.scroll_into_view_if_needed(timeout=60_000)
    button = box.locator("button:not([disabled])").last
    before = box.inner_html()
    button.click()
    page.wait_for_function("([box, before]) => box.innerHTML !== before",
                           arg=[box.element_handle(), before], timeout=60_000)


@whole
def test_a_known_mistake_gets_its_name_and_study_words_work(visit):
    page = visit[1].pages[-1]
    told = said(page, f"{ROUNDED_DOWN}\ncheck('conv_output_size', conv_output_size)")
    known = {one.name: one.sentence for one in exercises.find("conv_output_size").misconceptions}
    assert known["rounded down"] in told and told.startswith("✗")
    assert "hint 1 of" in said(page, "from course_lib import hint, progress, reset\n"
                                     "hint('same_padding')")
    progress = said(page, "progress()")
    assert re.search(r"How big is the output\? +\d+ min +7 of 8", progress), progress
    assert "numpy.pad" in said(page, "import numpy; print(get_ipython().complete('numpy.pa')[1])")


@whole
def test_a_loop_without_end_ends(visit):
    page = visit[1].pages[-1]
    said(page, "import time\nturns = 0\nwhile True:\n    turns += 1", done=False)
    page.wait_for_timeout(1500)
    page.get_by_role("button", name="Stop").click()
    page.wait_for_function("() => window.said.includes('KeyboardInterrupt')", timeout=60_000)
    page.wait_for_function("() => document.querySelector('#course-bar output').textContent"
                           ".startsWith('Stopped.')", timeout=60_000)
    assert said(page, "print(turns > 100)") == "True\n"
    told = said(page, """
from course_lib.judging.limits import TimeIsUp, time_limit
def slow():
    while True: pass
try:
    with time_limit(0.5): slow()
except TimeIsUp as error: print(error)""")
    assert told == "it did not return within 0.5 seconds\n"


@whole
def test_what_cannot_be_stopped_is_restarted_and_nothing_written_is_lost(visit):
    page = visit[1].pages[-1]
    said(page, "sum(iter(int, 1))", done=False)
    page.wait_for_timeout(1500)
    page.get_by_role("button", name="Stop").click()
    page.get_by_role("button", name="Restart").click(timeout=60_000)
    ready(page)
    assert said(page, "print('turns' in globals())") == "False\n"
    assert page.evaluate("() => window.jupyterapp.shell.currentWidget.content.model.toJSON()"
                         ".cells.some(cell => cell.source.includes('def fitting_paddings'))")


@whole
def test_work_outlives_a_reload_and_a_new_release(visit, site):
    url, context, refused = visit
    page = context.pages[-1]
    page.evaluate("() => window.jupyterapp.shell.currentWidget.context.save()")
    page.close()
    # A new release: every lesson has changed, and so has the package under its own name.
    for path in (site / "files").glob("*/*.ipynb"):
        text = path.read_text(encoding="utf-8").replace('"# ', '"# New: ', 1)
        path.write_text(text, encoding="utf-8")
    lock = site / "static" / "pyodide" / "pyodide-lock.json"
    (wheel,) = lock.parent.glob("convnets_lessons*.whl")
    renamed = wheel.rename(wheel.with_name(wheel.name.replace("-0", "-01", 1)))
    lock.write_text(lock.read_text(encoding="utf-8").replace(wheel.name, renamed.name))
    page = context.new_page()
    opened(page, url, FIRST)
    text = page.evaluate("() => JSON.stringify(window.jupyterapp.shell.currentWidget"
                         ".content.model.toJSON())")
    assert "def fitting_paddings" in text and "25 of 25" in text and "NotImplemented" not in (
        json.loads(text)["cells"][5]["source"])
    ready(page)
    assert re.search(r"How big is the output\? +\d+ min +7 of 8",
                     said(page, "from course_lib import progress\nprogress()"))
    page.close()
    assert refused == []
