"""Build the site: python -m browser.build [--solutions] [FOLDER]. Any static server can serve it.

What is in it: JupyterLite, Pyodide, the learner's package, the released notebooks and a start
page. With --solutions also the solutions, for those who study alone.
"""

import hashlib
import json
import re
import shutil
import subprocess
import sys
import tempfile
import time
from pathlib import Path

import click
from jinja2 import Environment, FileSystemLoader

from autograder import course
from autograder.classroom.handout import build_package
from autograder.classroom.solutions import for_students
from autograder.errors import GradingError
from autograder.lessons.build import METADATA
from autograder.lessons.lesson import read_all
from autograder.lessons.welcome import minutes, welcome
from browser import bundle, jupyterlite, parts, wheels
from course_lib.whole_files import put_folder

PAGES = Path(__file__).parent / "pages"
TARGET = course.ROOT / "build" / "site"
# With its version: of one alone, no cache may mix a part of this release with one of the next.
PYODIDE = f"static/pyodide-{parts.LIST['info']['version']}"
# How a folder is told to be a site of ours, which a new build may replace.
MARK = "convnets-site.json"
# What the kernel's own wheels need.
_KERNELS = {"pyodide_kernel": ["ipython", "comm", "ipykernel"]}
# IPython runs what lies in its startup folder as the kernel starts.
PROFILE = "/lib/python3.12/site-packages/course_lib/lab/ipython"
# Loaded as soon as a notebook opens, while its reader reads.
AT_ONCE = ["piplite", "pyodide-kernel", "convnets-lessons"]
# Of loadPyodide. Packages come another way (bundle.py).
_OPTIONS = {"packages": [], "env": {"HOME": "/home/pyodide", "IPYTHONDIR": PROFILE}}
# The kernel would fetch these, too, if it were not told that they are there. Nothing here uses ssl
# or a database; micropip is there once something is installed (wheels.py); jedi takes seconds to
# complete a name of NumPy, which IPython does at once by looking at what is there.
_TOLD = {"packages": ["comm", "ipykernel", "ipython", "jedi", "micropip", "piplite",
                      "pyodide_kernel", "sqlite3", "ssl"]}
# The start page fetches these while its reader reads.
AHEAD = ("pyodide.asm.wasm", "pyodide.asm.js", wheels.STANDARD)
# Pages load them only from very old browsers.
_OLD_FONTS = ("*.eot", "fa-*.svg", "fa-*.ttf", "fa-*.woff")
# How often which word stands at least in the parts of JupyterLab (of so many bytes or more) that
# draw diagrams from Markdown, show Vega charts, open a terminal, colour C++, Java, PHP or Rust.
_LARGE, _UNSHOWN = 30_000, {
    **dict.fromkeys(("org.eclipse.elk", "langium", "KaTeX parse error", "getAcceptingStateNumbers",
                     "mermaidDoc", "mermaidTooltip", "mermaid-tmp-group", "mermaid-main-font",
                     "sequenceDiagram", "stateDiagram", "vega-lite", "DecorationService",
                     "SystemLibString", "StringLiteral TextBlock", "PhpOpen", "MatchArm"), 1),
    "cytoscape": 2, "vega-": 4, "xterm": 50}


def build(target=TARGET, solutions=False):
    """Build the site into the folder `target`; returns its path.

    Raises GradingError if a part cannot be had, or `target` holds something else than a site.
    """
    target = Path(target).resolve()
    if target.exists() and any(target.iterdir()) and not (target / MARK).is_file():
        raise GradingError(f"{target} holds something else than this site; name another folder")
    target.parent.mkdir(parents=True, exist_ok=True)
    files, lessons = parts.fetch(), read_all(course.SOLUTIONS)
    _sweep(target.parent)
    # A scratch folder of its own: JupyterLite skips steps that an earlier build left a mark of.
    with tempfile.TemporaryDirectory(dir=target.parent, prefix=".site-") as scratch:
        scratch = Path(scratch)
        contents, fresh = scratch / "contents", scratch / "site"
        _contents(contents, lessons, solutions)
        _jupyterlite(scratch, contents, fresh)
        jupyterlite.change(fresh)
        _python(fresh, files, build_package(
            scratch / "own", course.ASSIGNMENTS, lessons, solutions))
        _own_pages(fresh, lessons)
        (fresh / MARK).write_text(json.dumps({"solutions": solutions}))
        put_folder(fresh, target, scratch / "old")
    return target


def _sweep(folder):
    """Remove what a build has left there that was killed more than an hour ago."""
    for path in folder.glob(".site-*"):
        if time.time() - path.stat().st_mtime > 3600:
            shutil.rmtree(path, ignore_errors=True)


def _contents(folder, lessons, solutions):
    """What the file browser shows: lessons, welcome, student guide, solutions if wanted."""
    shutil.copytree(course.ASSIGNMENTS, folder,
                    ignore=shutil.ignore_patterns(".ipynb_checkpoints", "*.mine*"))
    (folder / "welcome.ipynb").write_bytes(welcome(lessons, METADATA))
    shutil.copy(course.ROOT / "docs" / "student-guide.md", folder)
    if solutions:
        for lesson in lessons:
            (folder / f"{lesson.name}.solutions.py").write_text(for_students(lesson),
                                                                 encoding="utf-8")


def _jupyterlite(scratch, contents, fresh):
    settings = {"jupyter-lite-schema-version": 0, "jupyter-config-data": {
        "appName": "ConvNets by hand", "disableRTC": True, "exposeAppInBrowser": True,
        "contentsStorageName": "convnets-by-hand", "settingsStorageName": "convnets-by-hand-set",
        # In memory where a browser refuses to store: the bar at the page's foot says so.
        "enableMemoryStorage": True, **dict.fromkeys(
            ("contentsStorageDrivers", "settingsStorageDrivers", "workspacesStorageDrivers"),
            ["asyncStorage", "memoryStorageDriver"]),
        "litePluginSettings": {"@jupyterlite/pyodide-kernel-extension:kernel": {
            "pyodideUrl": f"./{PYODIDE}/pyodide.js", "disablePyPIFallback": True,
            "loadPyodideOptions": _TOLD}}}}
    (scratch / "jupyter-lite.json").write_text(json.dumps(settings))
    overrides = json.loads(
        (course.ROOT / "course_lib/lab/settings/overrides.json").read_text(encoding="utf-8"))
    # Nobody else saves for a visitor who closes the page: often, then (in seconds).
    overrides["@jupyterlab/docmanager-extension:plugin"]["autosaveInterval"] = 5
    (scratch / "overrides.json").write_text(json.dumps(overrides))
    done = subprocess.run(
        [sys.executable, "-m", "jupyter", "lite", "build", "--lite-dir", scratch, "--contents",
         contents, "--output-dir", fresh, "--no-sourcemaps", "--apps", "lab", "--apps",
         "notebooks", "--apps", "edit"],
        cwd=scratch, capture_output=True, text=True)
    if done.returncode or not (fresh / "jupyter-lite.json").is_file():
        lines = (done.stderr + done.stdout).strip().splitlines() or ["no reason given"]
        raise GradingError(f"JupyterLite could not build the site: {lines[-1]}")
    for path in [*fresh.rglob("*.map"), *fresh.rglob("*.doit.db"),
                 *(path for pattern in _OLD_FONTS for path in fresh.glob(f"build/{pattern}"))]:
        path.unlink()
    for path in fresh.glob("build/[0-9]*.js"):
        if path.stat().st_size > _LARGE:
            text = path.read_text(encoding="utf-8")
            if any(text.count(mark) >= least for mark, least in _UNSHOWN.items()):
                path.unlink()
    shutil.copy(fresh / "notebooks" / "favicon.ico", fresh / "lab" / "favicon.ico")
    # JupyterLab's extensions of this environment that have no use here came along.
    for path in fresh.glob("extensions/*"):
        if path.name not in ("@jupyterlite", "@jupyter-widgets"):
            shutil.rmtree(path)
    for path in fresh.rglob("jupyter-lite.json"):
        _leave_out(path)


def _leave_out(path):
    """Take the removed extensions out of a jupyter-lite.json."""
    settings = json.loads(path.read_text(encoding="utf-8"))
    data = settings.get("jupyter-config-data", {})
    if "federated_extensions" in data:
        data["federated_extensions"] = [
            entry for entry in data["federated_extensions"]
            if entry["name"].startswith(("@jupyterlite/", "@jupyter-widgets/"))]
        path.write_text(json.dumps(settings))


def _python(fresh, files, own):
    """Pyodide, its packages, the kernel's and the course's own wheel into the folder PYODIDE.

    Pyodide's lock file tells which there are: a cell that imports a name loads what has it.
    """
    pyodide = fresh / PYODIDE
    pyodide.mkdir(parents=True)
    core = {name: files[name] for name in parts.LIST["core"]}
    kernels = {path.name.split("-")[0]: path for path in sorted(
        fresh.glob("extensions/@jupyterlite/pyodide-kernel-extension/static/pypi/*.whl"))}
    published = [path for name, path in files.items()
                 if name not in core or name == wheels.STANDARD]
    carried = {**core, **wheels.carried([*published, *kernels.values(), own], parts.KEPT, core)}
    entries = {name: {**entry, "sha256": wheels.entry(carried[entry["file_name"]])["sha256"]}
               for name, entry in parts.ENTRIES.items()}
    for name, path in kernels.items():
        made = wheels.entry(carried[path.name], _KERNELS.get(name, ()), [name])
        entries[made["name"]] = made
    entries["convnets-lessons"] = wheels.entry(
        carried[own.name], ["numpy", "matplotlib", "pillow", "ipywidgets", "tqdm"], ["course_lib"])
    at_once = bundle.in_order(AT_ONCE, entries)
    bundle.write([carried.pop(entries[name]["file_name"]) for name in at_once], pyodide)
    entries = {name: {**entry, "depends": [one for one in entry["depends"] if one not in at_once]}
               for name, entry in entries.items() if name not in at_once}
    for entry in entries.values():
        path = carried.pop(entry["file_name"])
        entry["file_name"] = wheels.named_by_content(path)
        shutil.copy(path, pyodide / entry["file_name"])
    for name, path in carried.items():
        shutil.copy(path, pyodide / name)
    (pyodide / "pyodide-lock.json").write_text(
        json.dumps({"info": parts.LIST["info"], "packages": entries}))


def _own_pages(fresh, lessons):
    """The start page, and our bar on every page that shows a notebook."""
    shown = [(f"{lesson.name}/{lesson.name}.ipynb",
              re.sub(r"^\d+\s*·\s*", "", lesson.title), minutes(lesson)) for lesson in lessons]
    (packages,) = (fresh / PYODIDE).glob(bundle.NAME.format("*"))
    page = Environment(loader=FileSystemLoader(PAGES), autoescape=True).get_template(
        "index.html").render(
        lessons=shown, ahead=[f"{PYODIDE}/{name}" for name in (*AHEAD, packages.name)])
    (fresh / "index.html").write_text(page, encoding="utf-8")
    for name in ("ahead.js", "files.js", "bar.js", "bar.css"):
        shutil.copy(PAGES / name, fresh / name)
    worker = (PAGES / "python.js").read_text(encoding="utf-8")
    for name, text in {"options": json.dumps(_OPTIONS), "pyodide": PYODIDE,
                       "packages": packages.name, "kernel": jupyterlite.kernel_code(fresh)}.items():
        worker = worker.replace(f"{{{{ {name} }}}}", text)
    (fresh / "python.js").write_text(worker, encoding="utf-8")
    # What is asked for changes with the content: no cache hands out an older release's.
    mark = hashlib.sha256(b"".join((fresh / name).read_bytes() for name in (
        "ahead.js", "files.js", "bar.js", "bar.css", "python.js"))).hexdigest()[:10]
    added = (f'<link rel="stylesheet" href="../bar.css?_={mark}">'
             f'<script src="../ahead.js?_={mark}"></script>'
             f'<script src="../files.js?_={mark}"></script>'
             f'<script src="../bar.js?_={mark}" defer></script>')
    for app in ("lab", "notebooks"):
        path = fresh / app / "index.html"
        text = path.read_text(encoding="utf-8")
        if "</head>" not in text:
            raise GradingError(f"{app}/index.html of JupyterLite has changed its form")
        path.write_text(text.replace("</head>", f"{added}</head>", 1), encoding="utf-8")


@click.command()
@click.argument("folder", type=click.Path(path_type=Path), default=TARGET)
@click.option("--solutions", is_flag=True, help="with all solutions: for those who study alone")
def main(folder, solutions):
    """Build the site into FOLDER."""
    try:
        built = build(folder, solutions)
    except GradingError as error:
        raise SystemExit(f"error: {error}") from None
    size = sum(path.stat().st_size for path in built.rglob("*") if path.is_file())
    print(f"{built}: {size / 1e6:.0f} MB; make serve shows it")


if __name__ == "__main__":
    main()
