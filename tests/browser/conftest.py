"""A real JupyterLab and a real Chromium for the tests of this folder."""

import contextlib
import re
import shutil
import socket
import time
import urllib.request
from pathlib import Path

import pytest
from playwright.sync_api import TimeoutError

from course_lib.lab.open import arguments
from tests.chromium import FLAGS
from tests.programs import Program

ROOT = Path(__file__).resolve().parent.parent.parent
SCREENSHOTS = ROOT / "build" / "screenshots"


@pytest.fixture(scope="session")
def page(playwright, tmp_path_factory):
    """A browser page; screenshots of it are kept in build/screenshots."""
    chromium = shutil.which("chromium")
    assert chromium, "chromium is missing; make test installs it (Debian package chromium)"
    SCREENSHOTS.mkdir(parents=True, exist_ok=True)
    context = playwright.chromium.launch_persistent_context(
        str(tmp_path_factory.mktemp("chromium")), executable_path=chromium, args=FLAGS,
        viewport={"width": 1200, "height": 1000})
    context.set_default_timeout(120_000)  # another test may have the machine's other core
    page = context.new_page()
    # A notebook with changes asks before it is left; tests leave.
    page.on("dialog", lambda dialog: dialog.accept())
    yield page
    context.close()


def wait_until_it_answers(url, alive, said):
    """Return when a server answers at `url`; fails with what it has `said` if it is not `alive`.

    alive, said  functions without arguments
    """
    for _ in range(1200):
        try:
            urllib.request.urlopen(url)
            return
        except OSError:
            assert alive(), said()
            time.sleep(0.1)


@contextlib.contextmanager
def jupyter_lab(home, folder, learners=False):
    """The url of a JupyterLab with a home of its own, started in and serving `folder`.

    learners  True: with the settings of the word that opens the lessons, and no others
    """
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port = probe.getsockname()[1]
    settings = home / "settings" / "@jupyterlab" / "apputils-extension"
    settings.mkdir(parents=True)
    if not learners:
        # JupyterLab asks every new user about news; it would cover what is looked at.
        (settings / "notification.jupyterlab-settings").write_text('{"fetchNews": "false"}')
    serving = arguments(folder) if learners else ["--allow-root", f"--notebook-dir={folder}"]
    server = Program("jupyterlab", "--no-browser", f"--port={port}", "--ip=127.0.0.1",
                     "--IdentityProvider.token=", *serving, cwd=folder,
                     environment={"JUPYTERLAB_SETTINGS_DIR": str(home / "settings"),
                                  "HOME": str(home), "JUPYTER_CONFIG_DIR": str(home / "config"),
                                  "JUPYTER_DATA_DIR": str(home / "data"),
                                  "JUPYTER_RUNTIME_DIR": str(home / "run")})
    url = f"http://127.0.0.1:{port}"
    try:
        wait_until_it_answers(f"{url}/api/status", server.alive, server.stderr)
        yield url
    finally:
        server.terminate()
        server.wait(30)


@pytest.fixture(scope="session")
def lab(tmp_path_factory):
    """(url, folder) of a JupyterLab on a copy of assignments/."""
    home = tmp_path_factory.mktemp("home")
    folder = home / "assignments"
    shutil.copytree(ROOT / "assignments", folder)
    with jupyter_lab(home, folder) as url:
        yield url, folder


def open_and_run_all(page, url, path):
    """Open a notebook in JupyterLab and run all its cells; returns when the kernel is idle."""
    page.goto(f"{url}/lab/tree/{path}?reset")
    page.wait_for_selector(".jp-Notebook .jp-Cell", timeout=180_000)
    # Whoever runs cells before there is a kernel is asked for one.
    page.wait_for_selector(".jp-Toolbar-kernelName:has-text('Python 3'), "
                           ".jp-KernelName:has-text('Python 3')", timeout=180_000)
    page.wait_for_selector(".jp-Notebook-ExecutionIndicator[data-status=idle]",
                           timeout=180_000, state="attached")
    for _ in range(4):
        # On a busy machine a dialog may stand before the menu, or the notebook not listen yet.
        dismiss_dialogs(page)
        with contextlib.suppress(TimeoutError):
            page.get_by_role("menuitem", name=re.compile("^Run$")).click(timeout=20_000)
            page.get_by_role("menuitem", name=re.compile("^Run All Cells")).first.click()
            page.wait_for_function(
                "() => [...document.querySelectorAll('.jp-InputPrompt')].some("
                "e => /\\[(\\*|\\d+)\\]/.test(e.textContent))", timeout=20_000)
            break
    cells = page.evaluate("document.querySelectorAll('.jp-CodeCell').length")
    assert cells > 0
    page.wait_for_function(
        "() => { const all = [...document.querySelectorAll("
        "'.jp-Notebook-ExecutionIndicator')];"
        " return all.length && all.every(e => e.dataset.status === 'idle'); }", timeout=180_000)


def dismiss_dialogs(page):
    """Close what JupyterLab asks; its words are printed and a picture of it is kept."""
    for dialog in page.locator(".jp-Dialog").all():
        print("JupyterLab asks:", dialog.inner_text())
        page.screenshot(path=SCREENSHOTS / "dialog.png")
        if dialog.locator("select").count():
            dialog.locator("select").first.select_option(label="Python 3 (ipykernel)")
        dialog.locator(".jp-mod-accept").first.click(timeout=20_000)


def words_in_menus(page):
    """Everything that JupyterLab's page, its menus and its list of commands say, as text."""
    found = [page.locator("body").inner_text()]
    for menu in page.locator(".lm-MenuBar-item").all():
        menu.click()
        found.append(page.locator("body").inner_text())
        page.keyboard.press("Escape")
    page.keyboard.press("Control+Shift+c")
    page.wait_for_timeout(1500)
    found.append(page.locator("body").inner_text())
    page.keyboard.press("Escape")
    return "\n".join(found)
