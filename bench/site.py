"""The site in Chromium: bytes and seconds of a first and a second visit, written into its document.

python -m bench.site [--runs N] [--quick]. make site-test runs it at its end.
"""

import os
import tempfile
import time
from pathlib import Path

import click
from playwright.sync_api import sync_playwright

from autograder import course
from autograder.lessons.lesson import read_all
from bench.document import write
from browser.build import build
from tests.browser_site.visit import LONG, Bytes, answered, opened, serving, visitor

DOCUMENT = course.ROOT / "docs" / "browser.md"
# Of the first lesson: what is run until there is a picture, and then until there is a verdict.
LOOKS = ("setup", "figure-stride-1")
ANSWER = "answer-conv_output_size"
JUDGES = (ANSWER, "check-conv_output_size")
RUN = """async ids => {
    const app = window.jupyterapp, notebook = app.shell.currentWidget.content;
    for (const id of ids) {
        notebook.activeCellIndex = notebook.widgets.findIndex(cell => cell.model.id === id);
        await app.commands.execute('notebook:run-cell');
    }
}"""
WRITE = """([id, source]) => {
    for (const cell of window.jupyterapp.shell.currentWidget.content.model.cells)
        if (cell.id === id) cell.sharedModel.setSource(source);
}"""


def worked(context):
    """CPU seconds of all of Chromium's processes until now."""
    session = context.browser.new_browser_cdp_session()
    processes = session.send("SystemInfo.getProcessInfo")["processInfo"]
    session.detach()
    return {one["id"]: one["cpuTime"] for one in processes}


def seen(context, url, lesson):
    """{what: bytes or seconds} of one visit, by somebody who opens the lesson at once."""
    page, sent, before, start = context.new_page(), Bytes.sent, worked(context), time.monotonic()
    opened(page, url, f"{lesson.name}/{lesson.name}.ipynb")
    times = {"text": time.monotonic() - start}
    page.wait_for_function("() => window.jupyterapp?.shell.currentWidget?.sessionContext?.session",
                           timeout=LONG)
    source = next(cell["source"] for cell in answered(lesson)["cells"] if cell["id"] == ANSWER)
    page.evaluate(WRITE, [ANSWER, "".join(source)])
    page.evaluate(RUN, LOOKS)
    page.locator(".jp-OutputArea img, .jp-OutputArea svg").first.wait_for(timeout=LONG)
    times["first picture"] = time.monotonic() - start
    page.evaluate(RUN, JUDGES)
    page.locator(".jp-OutputArea", has_text="✓").first.wait_for(timeout=LONG)
    times["first verdict"] = time.monotonic() - start
    spent = sum(cpu - before.get(process, 0) for process, cpu in worked(context).items())
    page.close()
    return {"bytes": Bytes.sent - sent, **times, "spent": spent, "load": os.getloadavg()[0]}


def measured(site, runs):
    """(first visit, second visit) of the run with the earliest first verdict, and Chromium."""
    lesson, found = read_all(course.SOLUTIONS)[0], []
    with sync_playwright() as playwright, serving(site) as url:
        for _ in range(runs):
            with tempfile.TemporaryDirectory() as profile, visitor(
                    playwright, profile) as (context, _):
                found.append((seen(context, url, lesson), seen(context, url, lesson)))
                version = context.browser.version
    return min(found, key=lambda visits: visits[0]["first verdict"]), version


def table(visits, version, runs, files):
    size = sum(path.stat().st_size for path in files)
    rows = [f"The site is {size / 1e6:.1f} MB in {len(files)} files. {os.cpu_count()} cores, "
            f"Chromium {version}, `make serve` on the same machine; the run of {runs} with the "
            "earliest first verdict.", "", "| | first visit | second visit |", "|---|---|---|"]
    rows.append("| moved over the network | " + " | ".join(
        f"{visit['bytes'] / 1e6:.1f} MB" for visit in visits) + " |")
    for name in ("text", "first picture", "first verdict"):
        rows.append(f"| {name} | " + " | ".join(
            f"{visit[name]:.1f} s" for visit in visits) + " |")
    rows.append("| the browser's work until then, on all cores | " + " | ".join(
        f"{visit['spent']:.1f} CPU s" for visit in visits) + " |")
    rows.append("| work that waits for the cores (load of the last minute) | " + " | ".join(
        f"{visit['load']:.1f}" for visit in visits) + " |")
    return "\n".join(rows)


@click.command()
@click.option("--runs", default=3)
@click.option("--quick", is_flag=True, help="one run, which writes nothing")
def main(runs, quick):
    """Measure the site and write the table into its document."""
    runs = 1 if quick else runs
    with tempfile.TemporaryDirectory() as scratch:
        site = build(Path(scratch) / "site")
        visits, version = measured(site, runs)
        text = table(visits, version, runs, [p for p in site.rglob("*") if p.is_file()])
    print(text)
    if not quick:
        write("site", text, DOCUMENT)


if __name__ == "__main__":
    main()
