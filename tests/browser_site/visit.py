"""A visitor of the site: opens a notebook in Chromium, puts answers in, runs it, downloads it."""

import contextlib
import functools
import json
import re
import threading
from urllib.parse import urlsplit

from autograder import course
from autograder.lessons.lesson import cell_id
from browser.serve import server

FLAGS = ("--headless --no-sandbox --disable-gpu --disable-quic --no-first-run "
         "--disable-background-networking --disable-component-update --disable-sync").split()
LONG = 120_000


class Bytes:
    """How many bytes the servers of this process have sent."""

    sent = 0


@contextlib.contextmanager
def serving(folder):
    """The url of a server of `folder`; Bytes.sent counts what it sends."""
    one = server(folder)
    handler = one.RequestHandlerClass

    class Counted(handler.func):
        def setup(self):
            super().setup()
            write = self.wfile.write

            def counted(data):
                Bytes.sent += len(data)
                return write(data)

            self.wfile.write = counted

    one.RequestHandlerClass = functools.partial(Counted, **handler.keywords)
    thread = threading.Thread(target=one.serve_forever, daemon=True)
    thread.start()
    try:
        yield f"http://127.0.0.1:{one.server_address[1]}"
    finally:
        one.shutdown()
        one.server_close()


@contextlib.contextmanager
def visitor(playwright, chromium, profile):
    """(context, [urls refused]): requests to any host but this machine are refused and noted."""
    refused = []

    def look(route):
        if urlsplit(route.request.url).hostname in ("127.0.0.1", "localhost"):
            route.continue_()
        else:
            refused.append(route.request.url)
            route.abort()

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
    """Open the notebook at `path`; the answers of `notebook`, if given, are put into its cells."""
    page.goto(f"{url}/notebooks/index.html?path={path}")
    page.wait_for_selector(".jp-Notebook .jp-Cell", timeout=LONG)
    if notebook is not None:
        # Not before all is there: what was put into a notebook that still loads is gone again.
        ready(page)
        page.evaluate("""sources => {
            for (const cell of window.jupyterapp.shell.currentWidget.content.model.cells)
                if (cell.id in sources) cell.sharedModel.setSource(sources[cell.id]);
        }""", {cell["id"]: "".join(cell["source"]) for cell in notebook["cells"]})


def ready(page):
    """Wait until the kernel has nothing to do."""
    page.wait_for_function("() => window.jupyterapp?.shell.currentWidget?.sessionContext?."
                           "session?.kernel?.status === 'idle'", timeout=LONG)


def said(page, code, done=True):
    """Run `code` in the notebook's kernel; returns what it said. Not done: begins it only."""
    return page.evaluate("""async ([code, done]) => {
        const session = window.jupyterapp.shell.currentWidget.sessionContext.session;
        const running = session.kernel.requestExecute({code});
        window.said = "";
        running.onIOPub = ({content}) => {
            window.said += content.text || content.data?.["text/plain"]
                || (content.ename ? `${content.ename}: ${content.evalue}` : "");
        };
        if (done) await running.done;
        return window.said;
    }""", [code, done])


def run_all(page):
    """Run all cells; returns the notebook when the kernel has answered all of them."""
    ready(page)
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
