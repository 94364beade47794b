"""The site, built and used in Chromium with every request to another host refused and counted."""

import hashlib
import io
import json
import os
import re
import tempfile
import zipfile
from pathlib import PurePosixPath

import pytest

from autograder import course
from autograder.grading.run import grade_class
from browser import bundle, wheels
from browser.build import PYODIDE, build

from .conftest import LESSONS, WHOLE, whole
from .visit import download, said, shown, worked

pytestmark = pytest.mark.system


@pytest.fixture(scope="session")
def downloads(tmp_path_factory):
    """A class's folder with what was downloaded from the site."""
    return tmp_path_factory.mktemp("class")


def packages(site):
    """{path below site-packages: bytes} of what each visit gets."""
    (path,) = site.rglob("packages-*.bin")
    return bundle.read(path)


def held(site):
    """{path within the site or its packages: text} of all that is the course's own."""
    ours = [*(site / "files").rglob("*"), *(site / "api").rglob("*"), *site.glob("*.*")]
    course_s = {PurePosixPath(name): data for name, data in packages(site).items()
                if name.startswith(("course_lib/", "convnets_lessons"))}
    assert len(course_s) > 200
    return {path: path.read_bytes() for path in ours if path.is_file()} | course_s


def test_nothing_in_it_solves_or_grades(site):
    seeds = {seed.encode() for lesson in LESSONS for cell in lesson.cells
             for seed in re.findall(r"on_hidden_cases\(seed=(\d+)", cell.source)}
    assert len(seeds) > 100
    for path, data in held(site).items():
        assert not {"autograder", "solutions", "answers"} & set(path.parts[-4:]), path
        for mark in (b"BEGIN SOLUTION", b"BEGIN HIDDEN", b"MARK SCHEME", b"import autograder",
                     b"from autograder"):
            assert mark not in data, (path, mark)
        assert not set(re.findall(rb"seed=(\d{5,})", data)) & seeds, path


def texts(data, name, path=None):
    """(name, bytes) of a file, and of each file in it if it is an archive."""
    yield name, data
    if path and path.suffix == ".bin":
        for member, held in bundle.read(path).items():
            yield from texts(held, f"{name}/{member}")
    if data.startswith(b"PK"):
        with zipfile.ZipFile(io.BytesIO(data)) as archive:
            for member in archive.namelist():
                yield from texts(archive.read(member), f"{name}/{member}")


def test_no_file_of_the_site_and_none_in_its_wheels_holds_a_hidden_cell(site):
    cells = [cell for lesson in LESSONS for cell in lesson.cells]
    hidden = {line.strip().encode() for cell in cells for line in cell.source.splitlines()
              if "on_hidden_cases(seed" in line}
    between = re.compile(r"BEGIN MARK SCHEME ===\n(.*?)=== END", re.DOTALL)
    schemes = {line.lstrip("# ").strip().encode() for lesson in LESSONS
               for found in between.findall((course.SOLUTIONS / f"{lesson.name}.py").read_text())
               for line in found.splitlines() if len(line) > 40}
    assert len(schemes) > 50
    assert len(hidden) > 100
    names = []
    for path in site.rglob("*"):
        if not path.is_file():
            continue
        for name, data in texts(path.read_bytes(), path.relative_to(site).as_posix(), path):
            names.append(name)
            for text in (b"BEGIN SOLUTION", b"BEGIN HIDDEN", b"MARK SCHEME", b"autograder/"):
                assert text not in data, (name, text)
            if b"on_hidden_cases(seed" in data:
                assert not [line for line in hidden if line in data], name
            assert not [line for line in schemes if line in data], name
    assert not [name for name in names if "autograder" in name or "solutions/0" in name
                or name.endswith(".map")]


def test_the_name_of_what_python_loads_tells_its_content(site):
    """A returning browser has the last release's files: under the same name it would take them."""
    folder = site / PYODIDE
    entries = json.loads((folder / "pyodide-lock.json").read_text(encoding="utf-8"))["packages"]
    assert "micropip" in entries
    for entry in entries.values():
        digest = hashlib.sha256((folder / entry["file_name"]).read_bytes()).hexdigest()
        assert entry["sha256"] == digest and f"-0{digest[:10]}-" in entry["file_name"]
    (path,) = folder.glob("packages-*.bin")
    assert path.stem == f"packages-{hashlib.sha256(path.read_bytes()).hexdigest()[:10]}"
    page = (site / "index.html").read_text(encoding="utf-8")
    ahead = re.findall(r'rel="prefetch" href="([^"]+)"', page)
    assert len(ahead) > 3 and all((site / name).is_file() for name in ahead)


@whole
def test_the_same_course_gives_the_same_bytes_also_over_half_a_build(site, tmp_path):
    half = tmp_path / ".site-half"
    (half / "site").mkdir(parents=True)
    os.utime(half, (0, 0))
    again = build(tmp_path / "site")
    assert not half.exists()
    files = [{path.relative_to(one).as_posix(): hashlib.sha256(path.read_bytes()).hexdigest()
              for path in one.rglob("*") if path.is_file()} for one in (site, again)]
    assert files[0] == files[1] and len(files[0]) > 400


@whole
def test_with_solutions_those_who_study_alone_find_them(tmp_path):
    own = build(tmp_path / "site", solutions=True)
    found = held(own)
    for lesson in LESSONS:
        assert own / "files" / f"{lesson.name}.solutions.py" in found
        answer = next(path for path in found if path.parts[-2:] == ("answers", f"{lesson.name}.py"))
        assert b"on_hidden_cases" not in found[answer]
    assert not any(b"import autograder" in data for data in found.values())


def test_it_is_small_and_has_no_source_maps(site):
    assert not list(site.rglob("*.map"))
    if wheels.compiles():
        assert {"numpy/__init__.pyc", "numpy/__init__.py"} & {*packages(site)} == {
            "numpy/__init__.pyc"}
    assert sum(path.stat().st_size for path in site.rglob("*") if path.is_file()) < 40e6


@pytest.mark.skipif(not wheels.compiles(), reason="no Python 3.12 and no Node.js here")
def test_its_bytecode_names_no_folder_of_this_machine(site):
    held = packages(site)
    sources = [PurePosixPath(name) for name in held if name.endswith(".py")
               and name.startswith("course_lib/")]
    for path in sources:
        code = held[f"{path.parent}/__pycache__/{path.stem}.cpython-312.pyc"]
        assert code.startswith(wheels.MAGIC)
        assert f"/lib/python3.12/site-packages/{path}".encode() in code
        assert tempfile.gettempdir().encode() not in code and str(course.ROOT).encode() not in code
    # Docstrings stay: a learner may ask for them.
    assert b"gives an instant verdict" in held["course_lib/__pycache__/__init__.cpython-312.pyc"]
    assert len(sources) > 100


@pytest.mark.parametrize("lesson", LESSONS if WHOLE else LESSONS[:1], ids=lambda one: one.name)
def test_the_solutions_answers_get_all_points(lesson, downloads, request):
    # Tests of somebody at work ask for a lesson that nobody has touched.
    url, context, refused = request.getfixturevalue(
        "visit" if lesson is LESSONS[0] else "elsewhere")
    if lesson is LESSONS[0]:
        page, ran = request.getfixturevalue("first")
    else:
        page = context.new_page()
        ran = worked(page, url, lesson)
    points = {}
    for cell in ran["cells"]:
        outputs = cell.get("outputs", [])
        assert not [one for one in outputs if one["output_type"] == "error"
                    or one.get("name") == "stderr"], (cell["id"], outputs)
        for one in outputs:
            found = re.search(r"<div>([\d.]+) of ([\d.]+) points?</div>",
                              "".join((one.get("data") or {}).get("text/html", "")))
            if found:
                points[cell["id"]] = (float(found[1]), float(found[2]))
    tests = {cell["id"]: cell["metadata"]["nbgrader"]["points"] for cell in ran["cells"]
             if cell["cell_type"] == "code" and cell["metadata"].get("nbgrader", {}).get("grade")}
    assert points == {name: (worth, worth) for name, worth in tests.items()} and len(tests) > 10
    assert "✗" not in shown(ran)
    handed_in = downloads / "submitted" / "ada" / lesson.name / f"{lesson.name}.ipynb"
    handed_in.parent.mkdir(parents=True)
    download(page, handed_in)
    assert [cell["source"] for cell in json.loads(handed_in.read_text(encoding="utf-8"))["cells"]
            ] == [cell["source"] for cell in ran["cells"]]
    assert refused == []
    if lesson is not LESSONS[0]:
        page.close()


# Modules of a session that Python has compiled from their source.
FROM_SOURCE = """
import os, sys
from importlib.machinery import FrozenImporter
print(sorted(name for name, module in sys.modules.items() if name != "__main__"
             and (getattr(module, "__file__", None) or "").endswith(".py")
             and module.__spec__.loader is not FrozenImporter
             and not os.path.exists(module.__spec__.cached or "")))"""


@pytest.mark.skipif(not wheels.compiles(), reason="no Python 3.12 and no Node.js here")
def test_no_visit_compiles_a_module_and_none_loads_what_a_browser_cannot_use(first):
    page, _ = first
    assert said(page, FROM_SOURCE) == "[]\n"
    assert said(page, "print(*(name in sys.modules for name in ('prompt_toolkit', 'micropip', "
                      "'sqlite3')), len(sys.modules) > 500)") == "False False False True\n"


@whole
def test_who_installs_something_gets_an_answer(first):
    page, _ = first
    assert "fallback is disabled" in said(page, "%pip install no-such-package")


@whole
def test_what_was_downloaded_is_graded(downloads):
    rows, *_ = grade_class(downloads, feedback=False)
    assert len(rows) == (len(LESSONS) if WHOLE else 1)
    for row in rows:
        # All but the words, which a person reads.
        worth = next(one for one in LESSONS if one.name == row.lesson)
        words = sum(cell.points for cell in worth.cells if cell.role == "essay")
        assert row.score == row.max_score - words and not row.problem, row


def test_the_site_s_files_are_not_fetched_through_the_service_worker(site):
    text = (site / "service-worker.js").read_text(encoding="utf-8")
    assert ":!enableCache||shouldDrop(" in text
