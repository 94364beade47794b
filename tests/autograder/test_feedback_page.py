"""The feedback page: what stands on it, in which order; it needs nothing from elsewhere."""

import re

import bs4
import nbformat
import pytest
from nbformat.v4 import new_code_cell, new_markdown_cell, new_notebook, new_output

from autograder import course
from autograder.classroom.sentences import say
from autograder.results.feedback_page import FeedbackExporter
from autograder.results.formulas import mathml
from course_lib import exercises
from course_lib.check import checked
from course_lib.judging.judge import judge

from .test_feedback_safe import evil_notebook, programs

LESSON = "02_convolution_forward"
WAY = "zero_pad-1a2b3c4d"


def cell(grade_id, source, *outputs, points=None, score=None, **more):
    known = {"grade_id": grade_id, "locked": True, "solution": False, "grade": points is not None,
             "schema_version": 3, "points": points, "score": score, **more}
    return new_code_cell(source, metadata={"nbgrader": known}, outputs=[
        new_output("display_data", {"text/html": html}) for html in outputs], id=grade_id[:40])


def a_notebook():
    zero_pad = exercises.find("zero_pad")

    def wrong(x, pad):
        return zero_pad.reference(x, pad) + 1

    check, lost = checked(zero_pad, [wrong]), judge(zero_pad, [wrong], "non-square images")
    right = judge(zero_pad, [zero_pad.reference], "pad 0")
    essay = new_markdown_cell("Because $\\frac{a}{b} < 1$ <img src='http://evil.invalid/x.png'>",
                              id="essay-why", metadata={"nbgrader": {
                                  "grade_id": "essay-why", "grade": True, "solution": True,
                                  "locked": False, "points": 3, "score": 0, "waits": True,
                                  "comment": "Say **more** & why", "schema_version": 3}})
    said = new_markdown_cell("Remarks", id="remarks", metadata={"said": ["a cell <was> moved"]})
    return new_notebook(metadata={"ways": {"zero_pad": WAY}}, cells=[
        said, new_markdown_cell("# What I did"),
        cell("figure-big", "1", f"<img src='data:image/png;base64,{'A' * 600_000}'>"),
        cell("check-zero_pad", 'check("zero_pad", zero_pad)', check.html()),
        cell("test-zero_pad-non-square", 'score = test("zero_pad", zero_pad, '
             'group="non-square images", points=2)\nscore', lost.html(), points=2, score=0),
        cell("test-zero_pad-pad-0", 'score = test("zero_pad", zero_pad, group="pad 0", points=1)',
             right.html(), points=1, score=1), essay])


@pytest.fixture(scope="module")
def page(tmp_path_factory):
    class_dir = tmp_path_factory.mktemp("class")
    (class_dir / "roster.csv").write_text("id,first_name,last_name\nada,Ada <b>,Lovelace\n")
    say(class_dir, WAY, "Look at the <border> once more.")
    text, _ = FeedbackExporter(config=course.configure(class_dir)).from_notebook_node(
        a_notebook(), {"nbgrader": {"student": "ada", "assignment": LESSON, "score": 1.0,
                                    "max_score": 6.0, "late_penalty": 0.5}})
    return text


def test_first_whose_page_it_is_then_points_then_verdicts_then_comments_then_the_notebook(page):
    parts = ["Ada &lt;b&gt; Lovelace", "Convolution", "<b>1</b> of 6 points", "0.5 taken off",
             "a cell &lt;was&gt; moved", "Points by exercise", "non-square images",
             "Where points were lost", "Look at the &lt;border&gt; once more.", 'role="status"',
             ">Comments<", "<strong>more</strong> &amp; why", "<details class=\"notebook\">",
             "What I did"]
    places = [page.index(part) for part in parts]
    assert places == sorted(places)
    assert "Test cell" not in page and "1 essay waits" in page
    soup = bs4.BeautifulSoup(page, "html.parser")
    assert "waits" in soup.find("th", string=re.compile("why")).parent.get_text()


def test_a_lost_points_verdict_stands_there_once_with_its_picture(page):
    soup = bs4.BeautifulSoup(page, "html.parser")
    lost = soup.find(id="lost-zero_pad")
    assert lost.find(role="status") and lost.find("img", src=re.compile("^data:image"))
    notebook = soup.find("details", class_="notebook")
    assert not notebook.find(role="status")
    # What is right is in the table, and nowhere else.
    assert "right on" not in page


def test_nothing_loads_from_elsewhere_and_no_program_is_there(page):
    assert "default-src 'none'" in page and "<script" not in page
    assert not re.search(r"(?:src|href)=[\"'](?!data:|#)", page) and "lies elsewhere" in page
    # The policy lets a picture load that is in the page, and no other.
    assert "img-src data:;" in page


def test_formulas_need_no_other_computer(page):
    soup = bs4.BeautifulSoup(page, "html.parser")
    assert soup.find("math").find("mfrac") and "MathJax" not in page
    assert "\\frac" in soup.find("math")["alttext"]


@pytest.mark.parametrize("latex", [
    r"\href{javascript:1}{x}", r"\style{background:url(x)}{y}", "<script>x</script>", r"\frac",
    r"\text{</math><script>1</script>}", "{" * 900, "x" * 5000, r"\class{a}{b}", "a&b", "\x00"])
def test_a_formula_is_a_formula_whatever_a_student_writes(latex):
    soup = bs4.BeautifulSoup(mathml(latex), "html.parser")
    assert not soup.find(["script", "a", "img", "style"])
    for tag in soup.find_all(True):
        assert not {"href", "style", "class", "onclick", "src"} & set(tag.attrs)


def test_aligned_formulas_are_tables():
    assert "<mtable" in mathml(r"\begin{aligned} a &= b \\ c &= d \end{aligned}", True)


def test_a_formula_within_a_pictures_words_stays_words():
    text, _ = FeedbackExporter(config=course.configure(course.ROOT)).from_notebook_node(
        new_notebook(cells=[new_markdown_cell("![$a<b$](data:image/png;base64,AAAA) $c$")]))
    soup = bs4.BeautifulSoup(text, "html.parser")
    assert soup.find("img")["alt"] == "formula" and len(soup.find_all("math")) == 1


def test_the_page_is_small_even_if_the_courses_pictures_are_large(page):
    assert len(page) < 500_000 and "left out here" in page


def test_it_can_be_read_on_a_phone_and_by_a_screen_reader(page):
    soup = bs4.BeautifulSoup(page, "html.parser")
    assert soup.html["lang"] == "en" and soup.find("meta", attrs={"name": "viewport"})
    levels = [int(tag.name[1]) for tag in soup.find_all(re.compile("^h[1-6]$"))][:4]
    assert levels[:2] == [1, 2]
    assert soup.title.string == "Ada <b> Lovelace, 2 · Convolution, forward"


def test_a_blank_notebook_has_a_page():
    nbformat.validate(new_notebook())
    text, _ = FeedbackExporter(config=course.configure(course.ROOT)).from_notebook_node(
        new_notebook())
    assert "Nothing of this notebook gives points" in text


def test_a_notebook_full_of_programs_makes_a_page_with_none_at_all():
    text, _ = FeedbackExporter(config=course.configure(course.ROOT)).from_notebook_node(
        evil_notebook())
    assert [one for one in programs(text) if one != "math"] == []
    assert not re.search(r"src=.https?:", text)


def test_a_picture_that_nobody_described_says_so():
    picture = "<p>x</p><img src='data:image/png;base64,AAAA'>"
    own = new_code_cell("1", outputs=[new_output("display_data", {"text/html": picture})])
    text, _ = FeedbackExporter().from_notebook_node(new_notebook(cells=[own]), {"nbgrader": {}})
    found = bs4.BeautifulSoup(text, "html.parser").find_all("img")
    assert [one["alt"] for one in found] == ["a picture that was not described"]


def test_a_text_that_is_known_counts_for_every_page_it_stands_on():
    pages = []
    for count in (1, 30, 1):
        cells = [new_markdown_cell("<b>x</b> " * 500, id=f"many-{n}") for n in range(count)]
        text, _ = FeedbackExporter().from_notebook_node(new_notebook(cells=cells), {"nbgrader": {}})
        pages.append(text)
    assert ["too long to be shown" in page for page in pages] == [False, True, False]
    assert pages[0] == pages[2]
