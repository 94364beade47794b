"""A learner at work on the site: widgets, verdicts, an end for loops; and nothing is ever lost."""

import json
import re
import shutil

import pytest

from browser.build import PYODIDE
from course_lib import exercises

from .conftest import FIRST, LESSONS, whole
from .visit import LONG, answered, begun, download, opened, ready, said, told, written

pytestmark = [pytest.mark.system, whole]
ROUNDED_DOWN = """
def conv_output_size(W, F, S, P):
    return (W - F + 2 * P) // S + 1
"""
MINE = "for P in range(max_padding + 1)"  # of the answer to fitting_paddings


@pytest.fixture(autouse=True)
def no_tab_of_another_test(request):
    """A test that fails leaves its tab open. The next ones would be told of it, and fail, too."""
    for name in ("visit", "elsewhere"):
        if name in request.fixturenames and "first" not in request.fixturenames:
            for page in request.getfixturevalue(name)[1].pages[1:]:  # its first keeps it open
                page.close()


def put(page, text):
    """Write `text` over the first cell of code."""
    page.evaluate("text => window.jupyterapp.shell.currentWidget.content.model.cells.get(1)"
                  ".sharedModel.setSource(text)", text)


def saved(page):
    """Wait until all that was written is kept."""
    page.wait_for_function("() => !window.jupyterapp.shell.currentWidget.context.model.dirty",
                           timeout=LONG)


def stored(context, url):
    """The text that whoever opens the first lesson now finds there."""
    page = context.new_page()
    opened(page, url, FIRST)
    text = written(page)
    page.close()
    return text


def at_the_first(context, url):
    """A new page on the first lesson, its kernel ready."""
    page = context.new_page()
    opened(page, url, FIRST)
    ready(page)
    return page


def test_a_widget_answers(first):
    page, _ = first
    stepper = page.locator(".jp-OutputArea .jupyter-widgets.widget-vbox",
                           has=page.get_by_text("Convolution stepper")).first
    stepper.scroll_into_view_if_needed(timeout=LONG)
    stride = stepper.get_by_label("stride S")
    stride.fill("2")
    stride.press("Tab")
    words = stepper.get_by_role("alert")
    words.filter(has_text="Step 1 of 9").wait_for(timeout=LONG)
    stepper.get_by_role("button", name="next step").click()
    words.filter(has_text="Step 2 of 9").wait_for(timeout=LONG)
    assert stepper.get_by_label("step", exact=True).input_value() == "2"


def test_a_known_mistake_gets_its_name_and_study_words_work(first):
    page, _ = first
    answer = said(page, f"{ROUNDED_DOWN}\ncheck('conv_output_size', conv_output_size)")
    known = {one.name: one.sentence for one in exercises.find("conv_output_size").misconceptions}
    assert known["rounded down"] in answer and answer.startswith("✗")
    assert "hint 1 of" in said(page, "from course_lib import hint, progress, reset\n"
                                     "hint('zero_pad')")
    progress = said(page, "progress()")
    assert re.search(r"How big is the output\? +\d+ min +8 of 8", progress), progress
    assert "numpy.pad" in said(page, "import numpy; print(get_ipython().complete('numpy.pa')[1])")


def test_a_function_that_its_cell_defines_no_longer_is_not_judged(first):
    page, _ = first
    page.evaluate("""async () => {
        const app = window.jupyterapp, notebook = app.shell.currentWidget.content;
        notebook.activeCellIndex = notebook.widgets.length - 1;
        await app.commands.execute('notebook:insert-cell-below');
        for (const name of ['same_padding', 'my_padding']) {
            notebook.activeCell.model.sharedModel.setSource(`def ${name}(F):\\n    return F`);
            await app.commands.execute('notebook:run-cell');
        }
    }""")
    answer = said(page, "check('same_padding', same_padding)")
    assert "no longer defines same_padding; it now defines my_padding" in answer


def test_a_loop_without_end_ends(first):
    page, _ = first
    begun(page, "turns = 0\nwhile True:\n    turns += 1")
    page.get_by_role("button", name="Stop", exact=True).click()
    assert "still there" in told(page, "Stopped.")
    ready(page)
    page.locator(".jp-OutputArea-output", has_text="stopped, as you asked").wait_for(timeout=LONG)
    assert said(page, "print(turns > 100)") == "True\n" and MINE in written(page)
    begun(page, "def same_padding(F):\n    while True: pass\ncheck('same_padding', same_padding)")
    page.get_by_role("button", name="Stop", exact=True).click()
    sentence = page.locator(".jp-OutputArea-output", has_text="same_padding was stopped")
    sentence.wait_for(timeout=LONG)
    assert "in your line 2: while True: pass" in sentence.inner_text()
    assert "Traceback" not in sentence.inner_text() and "course_lib" not in sentence.inner_text()
    ready(page)
    files = page.evaluate("async () => (await window.jupyterapp.serviceManager.contents.get('', "
                          "{content: true})).content.map(one => one.name)")
    assert not [name for name in files if name.startswith("untitled")], files
    limited = said(page, """
from course_lib.judging.limits import TimeIsUp, time_limit
def slow():
    while True: pass
try:
    with time_limit(0.5): slow()
except TimeIsUp as error: print(error)""")
    assert limited == "it did not return within 0.5 seconds\n"


def test_what_cannot_be_stopped_is_restarted_and_nothing_written_is_lost(first):
    page, _ = first
    begun(page, "sum(iter(int, 1))  # one long call, which looks at nothing")
    page.get_by_role("button", name="Stop", exact=True).click()
    assert "Press Restart" in told(page, "It does not listen.")
    page.get_by_role("button", name="Restart", exact=True).click()
    assert "from the top" in told(page, "Python is fresh.")
    ready(page)
    assert said(page, "print('turns' in globals())") == "False\n" and MINE in written(page)
    assert page.get_by_role("button", name="Restart", exact=True).is_hidden()
    assert "✓" in said(page, "from course_lib import check\ncheck('same_padding', "
                             "lambda F: (F - 1) // 2 if F % 2 else int('odd'))")


def test_work_outlives_a_reload_and_a_new_release(first, visit, site, tmp_path):
    url, context, refused = visit
    page, _ = first
    saved(page)
    page.reload()
    page.wait_for_selector(".jp-Notebook .jp-Cell", timeout=LONG)
    assert MINE in written(page)
    # A new release: every lesson has changed, and so has the package under its own name.
    shutil.copytree(site, tmp_path / "old")
    try:
        for path in (site / "files").glob("*/*.ipynb"):
            text = path.read_text(encoding="utf-8").replace('"# ', '"# New: ', 1)
            path.write_text(text, encoding="utf-8")
        (packages,) = (site / PYODIDE).glob("packages-*.bin")
        renamed = packages.rename(packages.with_stem("packages-0123456789"))
        worker = site / "python.js"
        worker.write_text(worker.read_text(encoding="utf-8").replace(packages.name, renamed.name))
        page.close()
        page = context.new_page()
        opened(page, url, FIRST)
        assert "# New: " not in written(page)
        text = page.evaluate("() => JSON.stringify(window.jupyterapp.shell.currentWidget"
                             ".content.model.toJSON())")
        assert MINE in text and "25 of 25" in text
        ready(page)
        assert re.search(r"How big is the output\? +\d+ min +8 of 8",
                         said(page, "from course_lib import progress\nprogress()"))
        # A lesson that nobody touched is the new one.
        opened(page, url, FIRST.replace("01_spatial_arithmetic", "05_pooling"))
        assert "# New: " in written(page)
        page.close()
    finally:
        # Copied anew: files as old as they were would be taken from the browser's cache.
        shutil.rmtree(site)
        shutil.copytree(tmp_path / "old", site, copy_function=shutil.copyfile)
    assert refused == []


def test_the_second_of_two_tabs_is_told_so_and_asked_before_it_overwrites(visit):
    url, context, _ = visit
    one, two = context.new_page(), context.new_page()
    opened(one, url, FIRST)
    ready(one)
    opened(two, url, FIRST)
    assert "close the other" in told(two, "Open in another tab, too.")
    assert told(one, "Kept in this browser")
    put(one, "from course_lib import check  # written in tab one")
    saved(one)
    put(two, "from course_lib import check  # written in tab two")
    dialog = two.locator(".jp-Dialog", has_text="has changed on disk")
    dialog.wait_for(timeout=LONG)
    assert "written in tab one" in stored(context, url)
    one.close()
    # The tab that is left may overwrite, because it is told to.
    dialog.get_by_role("button", name="Overwrite").click()
    saved(two)
    told(two, "Kept in this browser")
    assert "written in tab two" in stored(context, url)
    two.close()


def test_a_lesson_that_was_deleted_is_there_as_released(visit):
    url, context, _ = visit
    page = context.new_page()
    opened(page, url, FIRST, answered(LESSONS[0]))
    saved(page)
    remove = "path => window.jupyterapp.serviceManager.contents.delete(path)"
    page.evaluate(remove, FIRST)
    # Deleted elsewhere while it is open: what is written next keeps it all.
    put(page, "from course_lib import check  # after it was deleted")
    saved(page)
    text = stored(context, url)
    assert "after it was deleted" in text and MINE in text
    page.evaluate(remove, FIRST)
    page.close()
    text = stored(context, url)
    assert MINE not in text and "YOUR CODE HERE" in text


def test_python_starts_without_a_look_through_the_learner_s_files(visit):
    """Each look asks the page and waits: a hundred of them once cost three seconds."""
    url, context, _ = visit
    page = context.new_page()
    page.add_init_script("""window.looks = [];
        new BroadcastChannel('/sw-api.v1').addEventListener('message', ({data}) => {
            if (data.data?.method) window.looks.push(data.data.path); });""")
    opened(page, url, FIRST)
    ready(page)
    looks = page.evaluate("() => window.looks")
    page.close()
    assert len(looks) < 20 and not any("matplotlib" in path for path in looks), looks


def test_after_a_reload_past_the_cache_python_starts_and_sees_files(visit):
    """Shift and reload: browsers leave the service worker out, for this page and not for others."""
    url, context, _ = visit
    page = at_the_first(context, url)
    session = context.new_cdp_session(page)
    session.send("Page.reload", {"ignoreCache": True})
    page.wait_for_event("load", timeout=LONG)
    page.wait_for_selector(".jp-Notebook .jp-Cell", timeout=LONG)
    ready(page)
    assert said(page, "print(__import__('os').getcwd())").startswith("/drive/")
    page.close()


def test_where_python_cannot_start_the_bar_says_why(visit, site):
    url, context, _ = visit
    (packages,) = (site / PYODIDE).glob("packages-*.bin")
    worker = site / "python.js"
    text = worker.read_text(encoding="utf-8")
    broken = {"packages-0.bin": None, "packages-1.bin": b"<h1>Not found</h1>",
              "packages-2.bin": packages.read_bytes()[:999999]}
    try:
        for name, data in broken.items():
            # As after half an upload; where a server answers everything; where a copy broke off.
            if data:
                packages.with_name(name).write_bytes(data)
            worker.write_text(text.replace(packages.name, name))
            page = context.new_page()
            page.goto(f"{url}/notebooks/index.html?path={FIRST}")
            words = told(page, "Python did not start.")
            assert "Reload the page; what you wrote stays" in words and name in words
            assert ("is damaged, or another file" if data else "was not found (404)") in words
            page.close()
    finally:
        worker.write_text(text)
        for name in broken:
            packages.with_name(name).unlink(missing_ok=True)


def test_a_notebook_that_is_not_there_is_said_not_to_be(visit):
    url, context, _ = visit
    page = context.new_page()
    page.goto(f"{url}/notebooks/index.html?path=nowhere.ipynb")
    assert "Choose one under Lessons" in told(page, "There is no notebook of this name")
    page.close()


def test_what_cannot_be_saved_is_said_and_can_be_downloaded(visit, tmp_path):
    url, context, _ = visit
    page = at_the_first(context, url)
    page.evaluate("""() => { IDBObjectStore.prototype.put = () => {
        throw new DOMException('The disk is full.', 'QuotaExceededError'); } }""")
    put(page, "from course_lib import check  # on a full disk")
    page.locator(".jp-Dialog", has_text="The disk is full.").get_by_role(
        "button", name="Close").click(timeout=LONG)
    assert "Download now" in told(page, "Not saved")
    path = tmp_path / FIRST.rpartition("/")[2]
    download(page, path)
    assert "on a full disk" in path.read_text(encoding="utf-8")
    page.close()


def test_a_stored_notebook_of_an_old_release_still_runs(visit):
    """Somebody comes back after a year: the stored notebook is that of the release of then."""
    url, context, _ = visit
    page = at_the_first(context, url)
    old = {"cells": [
        {"cell_type": "markdown", "id": "a", "metadata": {}, "source": "# Of last year"},
        {"cell_type": "code", "id": "b", "metadata": {}, "outputs": [], "execution_count": None,
         "source": "from course_lib import check\ncheck('same_padding', lambda F: F // 2)"}],
        "metadata": {"kernelspec": {"name": "python3", "display_name": "Python 3"},
                     "language_info": {"name": "python"}},
        "nbformat": 4, "nbformat_minor": 5}
    page.evaluate("async ([path, text]) => { await window.jupyterapp.serviceManager.contents.save("
                  "path, {type: 'notebook', format: 'json', content: JSON.parse(text)}) }",
                  [FIRST, json.dumps(old)])
    page.close()
    page = at_the_first(context, url)
    assert "Of last year" in written(page) and not page.locator(".jp-Dialog").count()
    page.evaluate("() => window.jupyterapp.commands.execute('notebook:run-all-cells')")
    page.locator(".jp-OutputArea-output", has_text="same_padding").first.wait_for(timeout=LONG)
    page.close()


PUT = """async ([path, content]) => {
    const opening = indexedDB.open('convnets-by-hand');
    const db = await new Promise(done => { opening.onsuccess = () => done(opening.result); });
    const now = new Date().toISOString();
    const written = db.transaction('files', 'readwrite').objectStore('files').put({
        name: path.split('/').pop(), path, content, created: now, last_modified: now,
        format: 'json', mimetype: 'application/json', size: 9, writable: true, type: 'notebook'
    }, path);
    await new Promise(done => { written.onsuccess = done; });
    db.close();
}"""
CONTENT = """async path => (await window.jupyterapp.serviceManager.contents.get(
    path, {content: true})).content"""
OLD = {"nbformat": 3, "nbformat_minor": 0, "metadata": {}, "worksheets": [{"cells": [
    {"cell_type": "code", "language": "python", "outputs": [], "input": "mine = 3"}]}]}


def test_a_damaged_notebook_is_told_kept_and_set_aside(elsewhere, tmp_path):
    url, context, _ = elsewhere
    page = at_the_first(context, url)
    put(page, "from course_lib import check  # saved by hand")
    page.evaluate("() => window.jupyterapp.commands.execute('docmanager:save')")
    saved(page)
    stem = FIRST.removesuffix(".ipynb")
    for number, (content, then) in enumerate([
            ('{"cells": [{"cell_type": "code", "source": "mine = 1', "as you saved it on"),
            # JupyterLab would show an empty notebook, and put it in its place.
            (OLD, "as you saved it on"), ("", "as released")]):
        page.goto(f"{url}/index.html")
        page.evaluate(PUT, [FIRST, content])
        page.goto(f"{url}/notebooks/index.html?path={FIRST}")
        dialog = page.locator(".jp-Dialog", has_text="it is damaged")
        dialog.get_by_role("button", name="Close").click(timeout=LONG)
        assert "nothing was changed" in told(page, "This notebook is damaged")
        assert page.evaluate(CONTENT, FIRST) == content
        path = tmp_path / FIRST.rpartition("/")[2]
        download(page, path)
        text = content if isinstance(content, str) else json.dumps(content, indent=1)
        assert path.read_text(encoding="utf-8").strip() == text
        if then == "as released":
            page.evaluate("""async path => {
                const { contents } = window.jupyterapp.serviceManager;
                for (const _ of await contents.listCheckpoints(path))
                    await contents.deleteCheckpoint(path, '0');
            }""", FIRST)
        page.get_by_role("button", name="Set aside").click()
        kept = f"{stem}.damaged{f'-{number + 1}' if number else ''}.txt"
        assert then in told(page, f"The damaged text is kept in {kept}.")
        ready(page)
        assert ("saved by hand" in written(page)) == (then != "as released")
        assert page.evaluate(CONTENT, kept) == text
        assert page.get_by_role("button", name="Set aside").is_hidden()
    page.close()


def uploaded(page, path, overwritten=True):
    """Upload the file at `path` as a learner does in the list of files."""
    with page.expect_file_chooser(timeout=LONG) as chooser:
        page.locator("[data-jp-item-name=uploader] jp-button").click()
    chooser.value.set_files(path)
    if overwritten:
        page.locator(".jp-Dialog").get_by_role("button", name="Overwrite").click(timeout=LONG)


def test_what_is_uploaded_over_an_open_lesson_is_seen_and_half_a_file_is_not_stored(
        elsewhere, tmp_path):
    url, context, _ = elsewhere
    alone = context.new_page()
    opened(alone, url, FIRST)
    ready(alone)
    saved(alone)
    page = context.new_page()
    page.goto(f"{url}/lab/index.html?path={FIRST}")
    page.wait_for_selector(".jp-Notebook .jp-Cell", timeout=LONG)
    ready(page)
    saved(page)
    path = tmp_path / FIRST.rpartition("/")[2]
    notebook = answered(LESSONS[0])
    # Of more than a megabyte: JupyterLab sends it in pieces.
    for mark, size in ("small", 1), ("large", 1_500_000):
        notebook["cells"][1]["source"] = f"mark = '{mark}'"
        notebook["metadata"]["padding"] = "ä" * size
        path.write_text(json.dumps(notebook, ensure_ascii=False), encoding="utf-8")
        uploaded(page, path)
        for one in page, alone:
            one.wait_for_function("mark => window.jupyterapp.shell.currentWidget.content.model"
                                  ".cells.get(1).sharedModel.getSource().includes(mark)", arg=mark,
                                  timeout=LONG)
            assert "Run its cells from the top" in told(one, path.name)
            assert MINE in written(one)
    path.write_text(path.read_text(encoding="utf-8")[:5000], encoding="utf-8")
    uploaded(page, path)
    words = page.locator(".jp-Dialog", has_text="it was not stored")
    words.get_by_role("button").first.click(timeout=LONG)
    assert len(page.evaluate(CONTENT, FIRST)["cells"]) == len(notebook["cells"])
    assert MINE in written(page)
    page.close()
    alone.close()


def test_half_a_json_file_that_python_writes_is_kept_as_text(elsewhere):
    """Python once waited for ever."""
    url, context, _ = elsewhere
    page = at_the_first(context, url)
    said_then = said(page, """
texts = {'half.json': '{"a": ', 'whole.json': '{"a": 1}', 'half.ipynb': '{"cells":'}
for name, text in texts.items():
    with open(name, 'w') as file: file.write(text)
    print(open(name).read())""")
    assert said_then.splitlines()[0] == '{"a": ' and said_then.splitlines()[2] == '{"cells":'
    assert json.loads(said_then.splitlines()[1]) == {"a": 1}
    page.close()
