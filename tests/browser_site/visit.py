"""A visitor of the site: opens a notebook in Chromium, puts answers in, runs it, downloads it."""

import contextlib
import json
import re
import threading
from urllib.parse import urlsplit

from playwright.sync_api import sync_playwright

from autograder import course
from autograder.lessons.lesson import cell_id
from browser.serve import server

FLAGS = ("--headless --no-sandbox --disable-gpu --disable-quic --no-first-run "
         "--disable-background-networking --disable-component-update --disable-sync").split()
LONG = 120_000


@contextlib.contextmanager
def serving(folder):
    """The url of a server of `folder`."""
    one = server(folder)
    thread = threading.Thread(target=one.serve_forever, daemon=True)
    thread.start()
    try:
        yield f"http://127.0.0.1:{one.server_address[1]}"
    finally:
        one.shutdown()
        one.server_close()


@contextlib.contextmanager
def visitor(chromium, profile):
    """(context, [urls refused]): requests to any host but this machine are refused and noted."""
    refused = []

    def look(route):
        if urlsplit(route.request.url).hostname in ("127.0.0.1", "localhost"):
            route.continue_()
        else:
            refused.append(route.request.url)
            route.abort()

    with sync_playwright() as playwright:
        context = playwright.chromium.launch_persistent_context(
            str(profile), executable_path=chromium, args=FLAGS, accept_downloads=True,
            viewport={"width": 1200, "height": 1000})
        context.route(re.compile(r"^https?://"), look)
        yield context, refused
        context.close()


def answered(lesson, changes=()):
    """A lesson's released notebook with the solutions' answers; `changes`: {name: other answer}."""
    path = course.ASSIGNMENTS / lesson.name / f"{lesson.name}.ipynb"
    notebook = json.loads(path.read_text(encoding="utf-8"))
    answers = {cell.name: cell.source for cell in lesson.cells if cell.role == "answer"}
    answers.update(changes)
    ids = {cell_id(f"answer: {name}"): text for name, text in answers.items()}
    found = 0
    for cell in notebook["cells"]:
        if cell["id"] in ids:
            cell["source"], found = ids[cell["id"]], found + 1
    assert found == len(answers)
    return notebook


def opened(page, url, path, notebook=None):
    """Open the notebook at `path`, with `notebook` in the browser's storage if one is given."""
    page.goto(f"{url}/notebooks/index.html?path={path}")
    page.wait_for_selector(".jp-Notebook .jp-Cell", timeout=LONG)
    if notebook is not None:
        page.evaluate("""async ([path, content]) => {
            await window.jupyterapp.serviceManager.contents.save(
                path, {type: 'notebook', format: 'json', content});
        }""", [path, notebook])
        page.reload()
        page.wait_for_selector(".jp-Notebook .jp-Cell", timeout=LONG)


def run_all(page):
    """Run all cells; returns the notebook when the kernel has answered all of them."""
    page.wait_for_function("() => window.jupyterapp?.shell.currentWidget?.sessionContext?."
                           "session?.kernel?.status === 'idle'", timeout=LONG)
    return page.evaluate("""async () => {
        const app = window.jupyterapp;
        await app.commands.execute('notebook:run-all-cells');
        return app.shell.currentWidget.content.model.toJSON();
    }""")


def shown(notebook):
    """The text of all outputs of a notebook."""
    parts = []
    for cell in notebook["cells"]:
        for output in cell.get("outputs", []):
            parts.append(output.get("text") or "")
            parts.append((output.get("data") or {}).get("text/plain") or "")
            parts += output.get("traceback") or []
    return "\n".join("".join(part) for part in parts)
