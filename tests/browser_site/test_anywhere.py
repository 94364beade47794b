"""The site on a phone and a tablet, by keyboard alone, and in a frame of somebody else (an LMS)."""

import functools
import http.server
import shutil
import threading
from urllib.parse import quote

import pytest

from autograder import course

from .conftest import FIRST, LESSONS, whole
from .visit import LONG, download, opened, ready, said, told, visitor

pytestmark = [pytest.mark.system, whole]
SHOTS = course.ROOT / "build" / "screenshots"
AXE = course.ROOT / "build" / "axe" / "node_modules" / "axe-core" / "axe.min.js"
BARRIERS = """() => axe.run(document.querySelector('#course-bar') || document,
    {resultTypes: ['violations']}).then(found => found.violations.map(one => one.id))"""


def shot(page, name):
    SHOTS.mkdir(parents=True, exist_ok=True)
    page.screenshot(path=SHOTS / f"site-{name}.png")


@pytest.fixture
def lms(url, tmp_path, request):
    """The url of a page at another host's name that shows the site in a frame.

    The fixture's parameter is the frame's attribute `sandbox`; without one it has none.
    """
    sandbox = f'sandbox="{request.param}" ' if hasattr(request, "param") else ""
    (tmp_path / "course.html").write_text(
        f'<!doctype html><title>Courses</title><h1>A course</h1><iframe {sandbox}title="lessons" '
        f'src="{url}/index.html" style="width: 1100px; height: 800px"></iframe>')
    handler = functools.partial(http.server.SimpleHTTPRequestHandler, directory=str(tmp_path))
    handler.func.log_message = lambda *arguments: None
    server = http.server.ThreadingHTTPServer(("127.0.0.1", 0), handler)
    threading.Thread(target=server.serve_forever, daemon=True).start()
    yield f"http://localhost:{server.server_address[1]}/course.html"
    server.shutdown()
    server.server_close()


class Plain(http.server.SimpleHTTPRequestHandler):
    """A file server of the simplest kind: no types, no ranges, nothing compressed."""

    extensions_map = {**http.server.SimpleHTTPRequestHandler.extensions_map,
                      ".wasm": "application/octet-stream"}

    def log_message(self, *arguments):
        pass


@pytest.mark.parametrize("below", ["~user/a course, 2026", "kurs-äö/(1)"])
def test_below_an_odd_path_from_a_plain_server(site, playwright, tmp_path, below):
    (tmp_path / "www" / below).parent.mkdir(parents=True)
    (tmp_path / "www" / below).symlink_to(site)
    server = http.server.ThreadingHTTPServer(
        ("127.0.0.1", 0), functools.partial(Plain, directory=str(tmp_path / "www")))
    server.handle_error = lambda *arguments: None  # a visitor who leaves
    threading.Thread(target=server.serve_forever, daemon=True).start()
    try:
        with visitor(playwright, tmp_path / "profile") as (context, refused):
            page = context.new_page()
            page.goto(f"http://127.0.0.1:{server.server_address[1]}/{quote(below)}/index.html")
            page.get_by_role("link", name="How big is the output?").click()
            page.wait_for_selector(".jp-Notebook .jp-Cell", timeout=LONG)
            ready(page)
            assert "✗" in said(page, "from course_lib import check, progress\n"
                                     "check('same_padding', lambda F: F // 2 + F % 2)")
            # Python sees the learner's files.
            assert "How big is the output?" in said(page, "progress()")
            assert said(page, "print(__import__('os').getcwd())") == f"/drive/{LESSONS[0].name}\n"
            assert refused == []
    finally:
        server.shutdown()
        server.server_close()


def framed(page, lms):
    """The frame of the first lesson, found as a student of that LMS finds it."""
    page.goto(lms)
    page.frame_locator("iframe").get_by_role("link", name="How big is the output?").click()
    frame = page.frames[1]
    frame.wait_for_selector(".jp-Notebook .jp-Cell", timeout=LONG)
    ready(frame)
    return frame


def typed(page, frame, text):
    """Write `text` over the first exercise's cell with the keyboard, and run it."""
    frame.locator(".jp-CodeCell .cm-content").nth(1).click()
    page.keyboard.press("Control+A")
    page.keyboard.type(text)
    page.keyboard.press("Shift+Enter")


@pytest.mark.parametrize("name, width, height", [("phone", 390, 844), ("tablet", 820, 1180)])
def test_a_cell_is_written_and_run_by_touch(url, playwright, tmp_path, name, width, height):
    with visitor(playwright, tmp_path, viewport={"width": width, "height": height},
                 has_touch=True, is_mobile=True) as (context, refused):
        page = context.new_page()
        page.goto(f"{url}/index.html")
        shot(page, f"{name}-start")
        page.get_by_role("link", name="How big is the output?").tap()
        page.wait_for_selector(".jp-Notebook .jp-Cell", timeout=LONG)
        ready(page)
        told(page, "Kept")
        page.locator(".jp-CodeCell .cm-content").nth(1).tap()
        page.keyboard.press("Control+A")
        # As keyboards on glass do: whole words at once, without a key that is pressed.
        for word in ("print(", "'by touch:', ", "6 * 7", ")"):
            page.keyboard.insert_text(word)
        shot(page, f"{name}-typed")
        page.locator("jp-button[data-command='notebook:run-cell-and-select-next'], "
                     "[data-jp-item-name='run'] button").first.tap()
        page.locator(".jp-OutputArea-output", has_text="by touch: 42").wait_for(timeout=LONG)
        shot(page, f"{name}-ran")
        assert page.evaluate("() => document.documentElement.scrollWidth <= innerWidth")
        for button in ("Download", "Stop"):
            box = page.get_by_role("button", name=button, exact=True).bounding_box()
            assert box["x"] >= 0 and box["x"] + box["width"] <= width and box["height"] >= 36
        page.locator("#course-bar").get_by_role("link", name="Lessons").tap()
        page.get_by_role("heading", name="ConvNets by hand").wait_for(timeout=LONG)
        assert refused == []


def test_a_lesson_is_printed_without_the_bar(visit):
    url, context, _ = visit
    page = context.new_page()
    opened(page, url, FIRST)
    page.emulate_media(media="print")
    assert page.locator("#course-bar").is_hidden()
    page.close()


def test_the_start_page_is_used_by_keyboard_alone(visit):
    url, context, _ = visit
    page = context.new_page()
    page.goto(f"{url}/index.html")
    reached = []
    for _ in range(len(LESSONS) + 2):
        page.keyboard.press("Tab")
        reached.append(page.evaluate("() => document.activeElement.textContent"))
        assert page.evaluate("() => getComputedStyle(document.activeElement).outlineStyle"
                             ) == "solid", reached
    titles = page.locator("ol a").all_inner_texts()
    assert reached == ["Welcome: look around first", *titles, "All files, in JupyterLab"]
    assert len(titles) == len(LESSONS)
    shot(page, "keyboard")
    for _ in range(len(LESSONS)):
        page.keyboard.press("Shift+Tab")
    page.keyboard.press("Enter")
    page.wait_for_selector(".jp-Notebook .jp-Cell", timeout=LONG)
    assert page.url.endswith(FIRST)
    page.close()


@pytest.mark.skipif(not AXE.exists(), reason="axe-core is not installed; make site-test does it")
@pytest.mark.parametrize("dark", [False, True], ids=["light", "dark"])
def test_axe_finds_no_barrier(visit, dark):
    url, context, _ = visit
    page = context.new_page()
    page.emulate_media(color_scheme="dark" if dark else "light")
    page.goto(f"{url}/index.html")
    page.add_script_tag(path=AXE)
    assert page.evaluate(BARRIERS) == []
    shot(page, f"start-{'dark' if dark else 'light'}")
    opened(page, url, FIRST)
    page.add_script_tag(path=AXE)
    assert page.evaluate(BARRIERS) == []
    page.close()


def test_in_a_frame_that_may_store_work_is_kept(lms, playwright, tmp_path):
    settings = {"profile": {"cookie_controls_mode": 0, "block_third_party_cookies": False}}
    with visitor(playwright, tmp_path / "profile", settings) as (context, refused):
        page = context.new_page()
        frame = framed(page, lms)
        told(frame, "Kept in this browser")
        typed(page, frame, "print('in', 'a frame')")
        frame.locator(".jp-OutputArea-output", has_text="in a frame").wait_for(timeout=LONG)
        assert said(frame, "print(__import__('os').getcwd())") == f"/drive/{LESSONS[0].name}\n"
        frame.wait_for_function(
            "() => !window.jupyterapp.shell.currentWidget.context.model.dirty", timeout=LONG)
        frame = framed(page, lms)
        assert frame.get_by_text("print('in', 'a frame')").count() == 1
        with context.expect_page(timeout=LONG) as other:
            frame.get_by_role("link", name="Own tab").click()
        other.value.wait_for_selector(".jp-Notebook .jp-Cell", timeout=LONG)
        assert refused == []


@pytest.mark.parametrize("lms", ["allow-scripts allow-same-origin"], indirect=True)
def test_a_frame_that_lets_no_tab_and_no_file_out_is_said_to(lms, playwright, tmp_path):
    with visitor(playwright, tmp_path / "profile") as (context, refused):
        page = context.new_page()
        frame = framed(page, lms)
        frame.get_by_role("button", name="Download").click()
        assert "No file? The frame around this page forbids it" in told(frame, "01_")
        frame.get_by_role("link", name="Own tab").click()
        assert told(frame, "The frame around this page opens no tabs.").endswith(frame.url)
        assert len(context.pages) == 2 and refused == []  # with the one it began with


@pytest.mark.parametrize("lms", ["allow-scripts"], indirect=True)
def test_a_frame_that_lets_nothing_run_is_said_to(lms, playwright, tmp_path):
    with visitor(playwright, tmp_path / "profile") as (context, refused):
        page = context.new_page()
        page.goto(lms)
        start = page.frame_locator("iframe")
        start.get_by_text("The frame around this page lets no lesson run.").wait_for(timeout=LONG)
        assert page.frames[1].url in start.locator("#walled").inner_text()
        assert start.locator("#framed").is_hidden() and start.locator("#refused").is_hidden()
        start.get_by_role("link", name="How big is the output?").click()
        page.wait_for_url(lms)
        words = start.locator("#course-bar output", has_text="lets no lesson run")
        words.wait_for(timeout=LONG)
        assert FIRST in words.inner_text() and refused == []


def test_opened_as_a_file_it_says_that_it_needs_a_server(site, playwright, tmp_path):
    with visitor(playwright, tmp_path / "profile") as (context, _):
        page = context.new_page()
        page.goto((site / "index.html").as_uri())
        page.get_by_text("This page was opened as a file.").wait_for(timeout=LONG)
        page.get_by_role("link", name="How big is the output?").click()
        told(page, "Opened as a file this page cannot run lessons")


@pytest.mark.parametrize("gone, instead, said_then", [
    ("build/jlab_core*.js", "", "This page did not load whole."),
    ("ahead.js", "", "This page did not load whole."),
    ("files.js", "", "This page did not load whole."),
    ("static/pyodide-*/pyodide.asm.wasm", "", "Python did not start."),
    # Some servers answer everything.
    ("static/pyodide-*/pyodide.asm.wasm", "<h1>Not found</h1>", "Python did not start."),
    ("static/pyodide-*/python_stdlib.zip", "", "Python did not start.")])
def test_what_half_an_upload_lacks_is_named(
        url, site, playwright, tmp_path, gone, instead, said_then):
    (path,) = site.glob(gone)
    kept = path.rename(tmp_path / path.name)
    if instead:
        path.write_text(instead)
    try:
        with visitor(playwright, tmp_path / "profile") as (context, _):
            page = context.new_page()
            page.goto(f"{url}/notebooks/index.html?path={FIRST}")
            assert path.name in told(page, said_then)
    finally:
        shutil.move(kept, path)


def test_where_storage_is_refused_one_sentence_says_so_and_leaving_asks(lms, playwright, tmp_path):
    settings = {"profile": {"cookie_controls_mode": 1, "block_third_party_cookies": True}}
    with visitor(playwright, tmp_path / "profile", settings) as (context, refused):
        page = context.new_page()
        page.goto(lms)
        page.frame_locator("iframe").get_by_text(
            "Your browser stores nothing for this page here.").wait_for(timeout=LONG)
        shot(page, "refused-start")
        frame = framed(page, lms)
        assert "Download before you leave" in told(frame, "Not kept")
        typed(page, frame, "print('not', 'kept')")
        frame.locator(".jp-OutputArea-output", has_text="not kept").wait_for(timeout=LONG)
        shot(page, "refused-lesson")
        asked = []
        page.on("dialog", lambda dialog: (asked.append(dialog.type), dialog.dismiss()))
        page.close(run_before_unload=True)
        page.wait_for_event("dialog", timeout=LONG) if not asked else None
        assert asked == ["beforeunload"] and not page.is_closed()
        path = tmp_path / f"{LESSONS[0].name}.ipynb"
        download(frame, path)
        assert "print('not', 'kept')" in path.read_text(encoding="utf-8")
        assert refused == []
