"""A visitor of the site: opens a notebook in Chromium, puts answers in, runs it, downloads it."""

import contextlib
import functools
import http.server
import json
import shutil
import threading
from pathlib import Path
from urllib.parse import urlsplit

from autograder import course
from autograder.lessons.lesson import cell_id
from browser.serve import server
from tests.chromium import FLAGS

LONG = 300_000
# What Chromium asks for on its own account, whatever page is open (an empty one, too).
ITS_OWN = ("update.googleapis.com", "accounts.google.com", "content-autofill.googleapis.com",
           "android.clients.google.com", "mtalk.google.com", "clients2.google.com",
           "clientservices.googleapis.com", "optimizationguide-pa.googleapis.com",
           "safebrowsing.googleapis.com", "redirector.gvt1.com", "edgedl.me.gvt1.com")


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


class Outside(http.server.BaseHTTPRequestHandler):
    """A proxy for every host but this machine. It refuses each request and notes it."""

    def handle_one_request(self):
        line = self.rfile.readline(65537).decode("latin-1").strip()
        if line:
            host = urlsplit(line.split()[1]).hostname or line.split()[1].rpartition(":")[0]
            if host not in ITS_OWN:
                self.server.refused.append(line)
            self.wfile.write(b"HTTP/1.1 403 Forbidden\r\nContent-Length: 0\r\n\r\n")
        self.close_connection = True


@contextlib.contextmanager
def visitor(playwright, profile, settings=None, **options):
    """(context, [requests refused]): what is not for this machine goes to a proxy that refuses it.

    settings  of Chromium, as its file Preferences has them
    options   of Playwright's context

    Not Playwright's own interception: that sees nothing of service workers and turns the cache off.
    """
    if settings:
        preferences = Path(profile) / "Default" / "Preferences"
        preferences.parent.mkdir(parents=True)
        preferences.write_text(json.dumps(settings), encoding="utf-8")
    proxy = http.server.ThreadingHTTPServer(("127.0.0.1", 0), Outside)
    proxy.daemon_threads, proxy.refused = True, []
    threading.Thread(target=proxy.serve_forever, daemon=True).start()
    context = playwright.chromium.launch_persistent_context(
        str(profile), executable_path=shutil.which("chromium"), accept_downloads=True,
        args=[*FLAGS, f"--proxy-server=http://127.0.0.1:{proxy.server_address[1]}"],
        **{"viewport": {"width": 1200, "height": 1000}, **options})
    try:
        yield context, proxy.refused
    finally:
        context.close()
        proxy.shutdown()
        proxy.server_close()


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


def worked(page, url, lesson):
    """The lesson's notebook in `page` with the solutions' answers, run to its end."""
    opened(page, url, f"{lesson.name}/{lesson.name}.ipynb", answered(lesson))
    return run_all(page)


def ready(page):
    """Wait until the kernel has nothing to do. `page` may be a frame, here and below."""
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


def told(page, beginning):
    """Wait until the bar at the foot says what begins so; returns all that it says."""
    page.wait_for_function("beginning => document.querySelector('#course-bar output')"
                           "?.textContent.startsWith(beginning)", arg=beginning, timeout=LONG)
    return page.locator("#course-bar output").inner_text()


def begun(page, code):
    """Run `code` in a new last cell, as a learner would; returns when it runs."""
    page.evaluate("""async code => {
        const app = window.jupyterapp;
        const notebook = app.shell.currentWidget.content;
        notebook.activeCellIndex = notebook.widgets.length - 1;
        await app.commands.execute('notebook:insert-cell-below');
        notebook.activeCell.model.sharedModel.setSource(code);
        app.commands.execute('notebook:run-cell');
    }""", code)
    told(page, "Running.")


def written(page):
    """The text of all cells of the open notebook, when it has been read: it is empty until then."""
    page.wait_for_function("() => window.jupyterapp?.shell.currentWidget?.context?.isReady",
                           timeout=LONG)
    return page.evaluate("() => [...window.jupyterapp.shell.currentWidget.content.model.cells]"
                         ".map(cell => cell.sharedModel.getSource()).join('\\n')")


def download(page, path):
    """Press Download; what it gives is written to `path`, whose name it must have."""
    with (page.page if hasattr(page, "page") else page).expect_download(timeout=LONG) as given:
        page.get_by_role("button", name="Download").click()
    assert given.value.suggested_filename == path.name
    given.value.save_as(path)
