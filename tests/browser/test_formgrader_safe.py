"""However formgrader is started, nothing of a student's runs in the browser of who grades."""

import json
import shutil
import sqlite3

import nbformat
import pytest
from nbformat.v4 import new_code_cell, new_markdown_cell, new_output

from autograder.course import ASSIGNMENTS
from autograder.results.pages import quoted
from autograder.stock.ship import ship
from tests.autograder.test_feedback_safe import EVIL, MARKDOWN
from tests.programs import run

from .conftest import jupyter_lab

LESSON = "01_spatial_arithmetic"
NAME = "eve"
pytestmark = pytest.mark.system
# Gives its author full points, by formgrader's own interface.
STEAL = """<script>document.title = "escaped";
fetch("/formgrader/api/grades?submission_id=" + window.submission_id).then(r => r.json()).then(
  all => all.forEach(one => fetch("/formgrader/api/grade/" + one.id, {method: "PUT",
    headers: {"X-CSRFToken": (document.cookie.match("_xsrf=([^;]*)") || [])[1]},
    body: JSON.stringify({manual_score: 99})})));</script>"""


@pytest.fixture(scope="module")
def graded(tmp_path_factory):
    """The folder above a class in which eve tries everything; formgrader can be started there."""
    above = tmp_path_factory.mktemp("above")
    class_dir = above / "myclass"
    folder = class_dir / "submitted" / NAME / LESSON
    folder.mkdir(parents=True)
    notebook = nbformat.read(ASSIGNMENTS / LESSON / f"{LESSON}.ipynb", as_version=4)
    essay = next(cell for cell in notebook.cells if cell.id.startswith("essay"))
    essay.source = "My essay. " + STEAL + "\n\n".join([*EVIL.values(), *MARKDOWN.values()])
    notebook.cells += [new_markdown_cell(STEAL), new_code_cell(
        "from IPython.display import HTML, display\n"
        + "".join(f"display(HTML({text!r}))\n" for text in (STEAL, *EVIL.values())))]
    nbformat.write(notebook, folder / f"{LESSON}.ipynb")
    assert run("autograder", "grade", class_dir).returncode == 0
    # A second one, whose graded notebook nothing has cleaned: the policy alone stands.
    path = class_dir / "autograded" / NAME / LESSON / f"{LESSON}.ipynb"
    dirty = nbformat.read(path, as_version=4)
    dirty.cells.append(new_code_cell("1", outputs=[new_output(
        "display_data", {"text/html": STEAL, "application/javascript": "alert(1)"})]))
    nbformat.write(dirty, path)
    assert ship() == []
    return above


def scores(class_dir):
    with sqlite3.connect(class_dir / "gradebook.db") as book:
        return book.execute("select cell_id, auto_score, manual_score from grade order by id"
                            ).fetchall()


def open_submission(page, url, path):
    """Open the page of eve's submission; returns what ran."""
    said, errors = [], []
    # The page before this one, with changes in it, may ask before it is left: the fixture answers.
    page.on("dialog", lambda dialog: dialog.type != "beforeunload" and said.append(dialog.message))
    page.on("pageerror", lambda error: errors.append(str(error)))
    page.goto(f"{url}/formgrader/{path}")
    page.goto(f"{url}/formgrader/gradebook/{LESSON}/{LESSON}")
    page.click("text=Submission #1", timeout=180_000)
    # Attached, for where nothing is cleaned a style of the student's hides the whole page.
    page.wait_for_selector("text=My essay.", timeout=180_000, state="attached")
    page.wait_for_function("document.querySelectorAll('input.score').length > 5", timeout=180_000)
    page.wait_for_timeout(1500)
    assert errors == [], "the page's own scripts have to work"
    return [*said, *[text for text in [page.title()] if "escaped" in text]]


@pytest.mark.parametrize("start, path", [("above", "?path=myclass"), ("inside", "")])
def test_viewing_a_submission_changes_nothing(page, tmp_path, graded, start, path):
    folder = graded if start == "above" else graded / "myclass"
    before = scores(graded / "myclass")
    with jupyter_lab(tmp_path, folder) as url:
        assert open_submission(page, url, path) == []
        assert scores(graded / "myclass") == before
        # The instructor's own work goes on: a comment is kept, a name is shown on a click.
        page.locator("textarea.comment").first.fill("well argued")
        page.locator("textarea.comment").first.blur()
        page.wait_for_timeout(1500)
        page.locator(".glyphicon-eye-open.name-hidden").first.click()
        page.wait_for_selector(f"a.name-shown:has-text('{NAME}')", timeout=10_000)
    with sqlite3.connect(graded / "myclass" / "gradebook.db") as book:
        assert ("well argued",) in book.execute("select manual_comment from comment").fetchall()
    assert [row[2] for row in scores(graded / "myclass")] == [row[2] for row in before]


def test_the_policy_alone_stops_a_script(page, tmp_path, graded, monkeypatch):
    """With the cleaning switched off by somebody's mistake, nothing runs either."""
    home = tmp_path / "home"
    home.mkdir()
    (home / "config").mkdir()
    (home / "config" / "jupyter_server_config.py").write_text(
        "import autograder.results.pages as pages\n"
        "import re\n"
        # A refresh runs nothing; it would only lead away from the page that is looked at.
        "pages.clean_html = lambda text, page=None: re.sub('<meta[^>]*>', '', text)\n")
    before = scores(graded / "myclass")
    with jupyter_lab(home, graded / "myclass") as url:
        assert open_submission(page, url, "") == []
        assert "escaped" in page.content(), "the script is there and was not cleaned away"
    assert scores(graded / "myclass") == before


def test_a_name_that_is_a_program_runs_on_no_page_of_formgrader(page, tmp_path, graded):
    class_dir = tmp_path / "myclass"
    shutil.copytree(graded / "myclass", class_dir)
    name = "<img src=x onerror=document.title='escaped'>"
    shutil.copytree(class_dir / "submitted" / NAME, class_dir / "submitted" / name)
    shutil.copytree(class_dir / "autograded" / NAME, class_dir / "autograded" / name)
    with sqlite3.connect(class_dir / "gradebook.db") as book:
        book.execute("update student set id = ?, first_name = ?, last_name = ?", (name,) * 3)
        book.execute("update submitted_assignment set student_id = ?", (name,))
    with jupyter_lab(tmp_path, class_dir) as url:
        for path in ("manage_students", f"manage_submissions/{LESSON}",
                     f"gradebook/{LESSON}/{LESSON}", "manage_students/%3Cimg%20src=x%20onerror="
                     "document.title='escaped'%3E", "manage_students/%22;"
                     "document.title='escaped';%22"):
            page.goto(f"{url}/formgrader/{path}")
            page.wait_for_timeout(1500)
            assert "escaped" not in page.title(), path


def test_a_name_in_a_template_stays_text():
    said = quoted("a\"b\\</script><i>\n'")
    assert not set(said) & set("\"\\<>\n'")
    assert json.loads(f'"{said}"')
