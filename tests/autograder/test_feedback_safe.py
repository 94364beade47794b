"""Nothing that a student writes or shows runs in the browser of who opens a feedback page."""

import re
import shutil
import time

import bs4
import nbformat
import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st
from nbformat.v4 import new_code_cell, new_markdown_cell, new_notebook, new_output, output_from_msg
from playwright.sync_api import sync_playwright

from autograder import course
from autograder.lessons.lesson import sources
from autograder.results.clean import MAX_PARTS, clean_html
from autograder.results.pages import PageExporter
from autograder.results.report import table
from autograder.results.row import Row
from course_lib import pictures
from tests.programs import run

pytestmark = pytest.mark.system

LESSON = "01_spatial_arithmetic"
RUN = "void(top.document.title='escaped')"
# Whatever makes a browser run something, as HTML that stands in Markdown or in an output.
EVIL = {
    "script": f"<script>{RUN}</script>",
    "script in pieces": f"<scr<script>ipt>{RUN}</scr</script>ipt>",
    "image": f"<img src=x onerror=\"{RUN}\">",
    "slashes": f"<img/src=x/onerror=\"{RUN}\"/>",
    "capitals": f"<IMG SRC=x OnErRoR=\"{RUN}\">",
    "svg": f"<svg onload=\"{RUN}\"><script>{RUN}</script></svg>",
    "svg animation": f"<svg><animate onbegin=\"{RUN}\" attributeName=x dur=1s></svg>",
    "svg link": "<svg><a xlink:href='javascript:1'><text y=20>x</text></a></svg>",
    "math": "<math><mtext><table><mglyph><style><!--</style><img title=\"--&gt;&lt;img src=1 "
            f"onerror={RUN.replace(' ', '')}&gt;\">",
    "frame": f"<iframe srcdoc=\"<script>{RUN}</script>\"></iframe>",
    "frame of script": f"<iframe src=\"javascript:{RUN}\"></iframe>",
    "object": f"<object data=\"data:text/html,<script>{RUN}</script>\"></object><embed src=x>",
    "link": f"<a href=\"javascript:{RUN}\">click</a>",
    "link in disguise": f"<a href=\" java\nscript&colon;{RUN}\">click</a>",
    "link with data": f"<a href=\"data:text/html,<script>{RUN}</script>\">click</a>",
    "form": f"<form action=\"javascript:{RUN}\"><button autofocus onfocus=\"{RUN}\">go",
    "details": f"<details open ontoggle=\"{RUN}\"><summary>x</summary></details>",
    "style": f"<style>@import 'javascript:{RUN}'; *{{display:none}}</style>",
    "style attribute": "<p style=\"position:fixed;background:url(javascript:1)\">x</p>",
    "body": f"</div></div></body><body onload=\"{RUN}\" onpageshow=\"{RUN}\">",
    "base": "<base href=\"https://evil.invalid/\"><meta http-equiv=refresh content=\"0;url=x\">",
    "comment": f"<!--><script>{RUN}</script>--><![CDATA[<script>{RUN}</script>]]>",
    "entities": f"&lt;script&gt;{RUN}&lt;/script&gt;<a href=\"&#106;avascript:{RUN}\">x</a>",
    "noscript": f"<noscript><p title=\"</noscript><img src=x onerror={RUN.replace(' ', '')}>\">",
    "template": f"<template><script>{RUN}</script></template><textarea><script>{RUN}</script>",
    "overlay": "<div class=\"navbar-fixed-top\" id=\"toc\">Score: 99</div>",
}
MARKDOWN = {
    "link": f"[click](javascript:{RUN.replace(' ', '')})",
    "link in angles": "[click](<java\tscript:1>) [y](JaVaScRiPt:1) [z](vbscript:1)",
    "automatic": "<javascript:escaped()> <a:b>",
    "image": "![x](x\"onerror=\"escaped())",
    "reference": "[x]\n\n[x]: javascript:escaped() \"onclick=escaped()\"",
    "math": f"$<script>{RUN}</script>$ $$\\href{{javascript:{RUN}}}{{x}}$$",
    "code": f"```html\"><script>{RUN}</script>\n<script>{RUN}</script>\n```",
    "heading": f"# x <img src=x onerror=\"{RUN}\">",
    "attachment": "![x](attachment:x)",
    "attachment without end": "![x](attachment:x)\n\n[y]: attachment:y\n\n![z][y]",
}


def everything(kind):
    """All kinds of outputs that could hold a program."""
    html = "\n".join(EVIL.values())
    data = {"text/html": html, "text/markdown": html, "text/latex": html, "text/plain": html,
            "image/svg+xml": f"<svg xmlns='http://www.w3.org/2000/svg' onload=\"{RUN}\"/>",
            "image/png": f"\"><script>{RUN}</script>",
            "application/javascript": RUN, "text/vnd.mermaid": html,
            "application/vnd.jupyter.widget-view+json": {"model_id": html},
            "application/vnd.x+json": {html: html}}
    for mime, value in data.items():
        yield new_output(kind, {mime: value}, metadata={mime: {"isolated": True}, "width": html})
    yield new_output("stream", name="stdout", text=html)
    yield new_output("error", ename=html, evalue=html, traceback=[html, f"\x1b[31m{html}"])


def evil_notebook():
    cells = [new_markdown_cell(text) for text in (*EVIL.values(), *MARKDOWN.values())]
    cells[-1].attachments = {"x": {"text/html": EVIL["script"],
                                   "image/png\" onerror=\"escaped()": "x"}}
    shown = [*everything("display_data"), *everything("execute_result")]
    cells.append(new_code_cell("\n".join(EVIL.values()), outputs=shown, execution_count=1))
    return new_notebook(cells=cells)


def page_of(notebook):
    """The feedback page of a notebook, without a gradebook behind it."""
    config = course.configure(course.ROOT)
    config.HTMLExporter.template_name = "feedback"
    from nbgrader.server_extensions.formgrader.handlers import template_path

    config.HTMLExporter.extra_template_basedirs = [template_path]
    config.HTMLExporter.extra_template_paths = [template_path.replace(
        "templates", "static/node_modules/bootstrap/dist/css")]
    text, _ = PageExporter(config=config).from_notebook_node(notebook, resources={
        "nbgrader": {"notebook": "x", "score": 1, "max_score": 2, "late_penalty": 0}})
    return text


def programs(text):
    """What in a page could run: scripts beside the page's own, handlers, addresses."""
    soup = bs4.BeautifulSoup(text, "html.parser")
    found = [tag.name for tag in soup.find_all(
        ["script", "iframe", "object", "embed", "form", "svg", "math", "base", "template", "button",
         "input", "textarea", "noscript", "frame", "link"])]
    for tag in soup.find_all(True):
        for name, value in tag.attrs.items():
            if name.startswith("on") or name in ("srcdoc", "action", "formaction"):
                found.append((tag.name, name))
            squeezed = re.sub(r"[\s\x00-\x20]", "", str(value)).lower()
            if name in ("href", "src", "xlink:href") and re.match(
                    r"(java|vb)script:|data:(?!image/(png|jpeg|gif|svg))", squeezed):
                found.append((tag.name, name, value))
    return found


@pytest.fixture(scope="module")
def own_programs():
    return programs(page_of(new_notebook(cells=[new_markdown_cell("nothing")])))


@pytest.fixture(scope="module")
def browser(tmp_path_factory):
    chromium = shutil.which("chromium")
    assert chromium, "chromium is missing; make test installs it (Debian package chromium)"
    with sync_playwright() as playwright:
        context = playwright.chromium.launch_persistent_context(
            str(tmp_path_factory.mktemp("chromium")), executable_path=chromium,
            args=["--headless", "--no-sandbox", "--disable-gpu"])
        page = context.new_page()
        page.route("http*://**", lambda route: route.abort())
        yield page
        context.close()


def what_runs(browser, path):
    """Open a page, click every link of the student's, and say what ran."""
    said = []
    browser.on("dialog", lambda dialog: (said.append("escaped"), dialog.dismiss()))
    browser.goto(path.as_uri(), wait_until="load")
    said.append(browser.title())
    browser.evaluate("""() => {
        for (const link of document.querySelectorAll('a'))
            link.dispatchEvent(new MouseEvent('click', {bubbles: true, cancelable: true}));
        for (const one of document.querySelectorAll('details')) one.open = !one.open;
    }""")
    browser.wait_for_timeout(300)
    return [text for text in (*said, browser.title()) if "escaped" in text]


def test_the_browser_would_tell(browser, tmp_path):
    for name in ("script", "image", "svg", "frame", "details", "link", "body"):
        path = tmp_path / "bad.html"
        path.write_text(f"<title>x</title><body>{EVIL[name]}")
        assert what_runs(browser, path), name


@pytest.mark.parametrize("name", EVIL)
def test_html_is_cleaned(name):
    assert programs(clean_html(EVIL[name])) == []
    assert "fixed" not in clean_html(EVIL[name]) and "<style" not in clean_html(EVIL[name])


def test_a_block_may_be_reached_by_keys_and_no_order_is_changed():
    assert clean_html('<div tabindex="0">a</div>') == '<div tabindex="0">a</div>'
    assert clean_html('<div tabindex="7">a</div>') == "<div>a</div>"


def test_of_a_style_sheet_nothing_is_left_not_its_text_either():
    assert clean_html("a<style>p{color:red}</style><STYLE media=print>b>i{c:d}</STYLE >b") == "ab"
    assert "<style" not in clean_html("<sty<style></style>le>p{}</style>")
    ours = pictures.output_size(5, 3).html
    assert "word-break:normal;overflow-wrap" in ours
    assert clean_html(ours).startswith('<div tabindex="0"')


@pytest.mark.parametrize("name", [*EVIL, *MARKDOWN])
def test_markdown_is_cleaned_after_it_became_html(own_programs, name):
    cell = new_markdown_cell({**MARKDOWN, **EVIL}[name])
    assert programs(page_of(new_notebook(cells=[cell]))) == own_programs


def test_a_notebook_full_of_programs_makes_a_page_without(own_programs, browser, tmp_path):
    text = page_of(evil_notebook())
    assert programs(text) == own_programs
    (tmp_path / "page.html").write_text(text)
    assert what_runs(browser, tmp_path / "page.html") == []


def test_what_students_honestly_write_and_show_stays():
    cells = [new_markdown_cell(
        "# Why\n\n*a* **b** `x < y` [link](https://cs231n.github.io) $a < b$ a < b & c\n\n"
        "- one\n\n| a | b |\n|---|---|\n| 1 | 2 |\n\n```python\nif a < b: pass\n```\n\n"
        "<details><summary>Answer</summary>yes <sup>2</sup></details>\n\n"
        "![plot](data:image/png;base64,AAAA)"),
        new_code_cell("x", outputs=[
            new_output("display_data", {"text/html": "<table class=\"dataframe\"><tr><td "
                                        "style=\"color: red\">7</td></tr></table>"}),
            new_output("display_data", {"image/png": "AAAA"}),
            output_from_msg({"header": {"msg_type": "stream"},
                             "content": {"name": "stdout", "text": "a < b"}})])]
    text = page_of(new_notebook(cells=cells))
    for part in ("<em>a</em>", "<strong>b</strong>", "<code>x &lt; y</code>", "$a &lt; b$",
                 "a &lt; b &amp; c", "<li>one</li>", "<td>1</td>", "<summary>Answer</summary>",
                 'href="https://cs231n.github.io"', 'class="k"', 'src="data:image/png;base64,AAAA"',
                 'class="dataframe"', 'style="color: red;"', "<sup>2</sup>"):
        assert part in text, part
    assert "&amp;lt;" not in text


def test_the_courses_own_cells_are_kept_to_the_letter():
    shown = "<div role=\"status\" style=\"position:x\"><svg id=\"a\"><path d=\"M0 0\"/></svg></div>"

    def cell(grade_id, **more):
        known = {"grade_id": grade_id, "locked": True, "solution": False, "grade": False, **more}
        return new_code_cell("1", metadata={"nbgrader": known}, outputs=[
            new_output("display_data", {"text/html": shown})])

    for grade_id in ("test-neuron-values", "figure-a-photograph", "check-neuron"):
        text = page_of(new_notebook(cells=[cell(grade_id)]))
        assert 'style="position:x"' in text and '<svg id="a">' in text and 'd="M0 0"' in text
    # The setup cell runs in the student's process; an answer is the student's.
    for one in (cell("setup"), cell("answer-neuron", locked=False, solution=True),
                cell("test-neuron-values", locked=False), cell("check-x", solution=True)):
        assert "<svg" not in page_of(new_notebook(cells=[one]))


SLOW = {
    "nested": "<div>" * 40_000,
    "attributes": "<p " + " ".join(f"a{n}=1" for n in range(60_000)) + ">",
    "attributes between slashes": "<p " + "/".join(f"a{n}" for n in range(60_000)) + ">",
    "quotes": "<p a=\"<" + "\" b=\"<".join("x" * 20_000) + ">",
    "style": "<p style='color:" + "(" * 5000 + "'>x</p>",
    "brackets": "[" * 50_000, "stars": "*a _b " * 20_000, "quoted": "> " * 20_000,
    "backticks": "`" * 30_001 + "a", "lists": "- " * 20_000, "table": "|" * 50_000,
    "dollars": "$a" * 30_001, "many": "<b>" * (MAX_PARTS - 100),
    "blanks": "a" + " " * 300_000 + "b", "tabs": "a" + "\t" * 300_000 + "b",
    "environments": "\\begin{a}" * 30_000, "words": "word" * 200_000,
}


@pytest.mark.parametrize("name", SLOW)
def test_no_text_keeps_the_page_maker_busy(own_programs, name):
    start = time.process_time()
    cells = [new_markdown_cell(SLOW[name]) for _ in range(3)]
    cells.append(new_code_cell("x", outputs=[new_output("display_data", {kind: SLOW[name]}) for
                                             kind in ("text/html", "text/markdown")]))
    assert programs(page_of(new_notebook(cells=cells))) == own_programs
    assert time.process_time() - start < 10


PIECES = st.sampled_from([
    *EVIL.values(), *MARKDOWN.values(), "### BEGIN HIDDEN TESTS\n", "### END HIDDEN TESTS\n", "$",
    "$$", "```python\n", "```\n", "[^1]", "\\begin{align}", "attachment:x", "\x1b[31m", "\x1b[",
    "\r", "\u202e", "\ud800", "&#x3c;script>", "{{ 7*7 }}", "{% raw %}", "%%html\n", "\\N{", "f'{",
    "|-|\n"])
TEXTS = st.lists(PIECES | st.text(max_size=30), max_size=8).map("".join)


@settings(max_examples=40, deadline=None)
@given(TEXTS, TEXTS, TEXTS)
@example("### BEGIN HIDDEN TESTS", "### BEGIN HIDDEN TESTS", "")
@example("." * 20_000, "```python\n" + "." * 20_000, "." * 20_000)
@example(" \n" * 10_000, "<p class=\"" + "a" * 60 + "!\">", "\x1b[31m" * 1000)
@example("*" * 20_000, "![x](attachment:x)", "<div>" * 3000)
@example("\ud800", "\ud800", "\ud800")
def test_any_words_make_a_page_without_programs(own_programs, source, essay, shown):
    outputs = [new_output("display_data", {"text/html": shown, "text/markdown": shown}),
               new_output("stream", text=shown),
               new_output("error", ename=shown, evalue=shown, traceback=[shown])]
    page = page_of(new_notebook(cells=[
        new_code_cell(source, outputs=outputs), new_markdown_cell(essay)]))
    assert programs(page) == own_programs
    assert "\u202e" not in page


def test_a_students_words_stay_on_one_line_of_the_table():
    rows = [Row("eve", LESSON, 1.0, 2.0, events=["late \ud800 \x1b[2J\nzoe  9/9  graded"]),
            Row("zoe", LESSON, 2.0, 2.0)]
    text = table(rows, sources(course.SOLUTIONS))
    text.encode()
    assert [line.split()[0] for line in text.splitlines()] == ["student", "eve", "zoe"]
    assert "\x1b" not in text


def test_a_graded_class_has_safe_pages(browser, tmp_path):
    """From the notebook that is handed in to the page, by the command that instructors use."""
    notebook = nbformat.read(course.ASSIGNMENTS / LESSON / f"{LESSON}.ipynb", as_version=4)
    notebook.cells += evil_notebook().cells
    essay = next(cell for cell in notebook.cells if cell.id.startswith("essay"))
    essay.source = "\n\n".join(EVIL.values())
    notebook.cells.append(new_code_cell(
        "from IPython.display import HTML, Javascript, Markdown, display\n"
        + "".join(f"display({kind}({text!r}))\n" for text in EVIL.values()
                  for kind in ("HTML", "Markdown", "Javascript"))))
    notebook.cells.append(new_code_cell(
        "class TimeLimit(Exception): pass\nraise TimeLimit('\\ud800 \\x1b[2J <script>')"))
    name = "eve #1 100%2e"
    folder = tmp_path / "submitted" / name / LESSON
    folder.mkdir(parents=True)
    nbformat.write(notebook, folder / f"{LESSON}.ipynb")
    done = run("autograder", "grade", tmp_path)
    assert done.returncode == 0, done.stderr
    page = tmp_path / "feedback" / name / LESSON / f"{LESSON}.html"
    assert "<details" in page.read_text() and "TimeLimit" in page.read_text()
    assert what_runs(browser, page) == []
    assert what_runs(browser, tmp_path / "report" / "index.html") == []
