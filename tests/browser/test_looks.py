"""Report, feedback page and essay page: narrow, dark, printed, and what axe-core says of them."""

import pytest

from autograder import course
from autograder.lessons.lesson import Lessons, sources
from autograder.results.feedback_page import FeedbackExporter
from autograder.results.report import write_report
from tests.autograder.essays.a_class import graded_class
from tests.autograder.results.a_class import a_class, row, way
from tests.autograder.test_feedback_page import a_notebook

from .conftest import ROOT, SCREENSHOTS

pytestmark = pytest.mark.system
AXE = ROOT / "build" / "axe" / "node_modules" / "axe-core" / "axe.min.js"
PAGES = ("report", "feedback", "essays")
FORMULA = "Because $W - F$ is odd:\n\n$$\\frac{W-F+2P}{S}+1 = 5.5$$"
COLOURS = """() => [getComputedStyle(document.body).backgroundColor,
                    getComputedStyle(document.querySelector('h1')).color]"""
# How much of a formula, or of a table's name of an exercise, cannot be seen or is broken in two.
CUT = """() => [...document.querySelectorAll('math')].filter(e => e.offsetParent)
         .map(e => e.scrollHeight - e.clientHeight).filter(d => d > 1)"""


@pytest.fixture(scope="module")
def addresses(tmp_path_factory, lab):
    """{name: address} of the three pages, made without grading."""
    home, (url, served) = tmp_path_factory.mktemp("looks"), lab
    (served / "looks").mkdir()
    graded_class(served / "looks", {"ada": FORMULA, "bob": "The sum cancels. " * 40})
    long = way(1, "conv_forward_naive", "pad 1 always")
    a_class(home, row("ada", 3, ways=[long]), row("bob", 20, ways=[long]),
            roster="ada,Ada,Ångström,A\nbob,Bartholomew,Featherstonehaugh-Cholmondeley,B\n")
    page, _ = FeedbackExporter(config=course.configure(home)).from_notebook_node(
        a_notebook(), {"nbgrader": {"student": "bob", "assignment": "02_convolution_forward",
                                    "score": 1.0, "max_score": 6.0}})
    (home / "feedback.html").write_text(page, encoding="utf-8")
    report = write_report(home, [], Lessons(sources(course.SOLUTIONS)), [])
    return {"report": report.as_uri(), "feedback": (home / "feedback.html").as_uri(),
            "essays": f"{url}/essays/?path=looks"}


@pytest.fixture
def opened(page, addresses):
    """opened(name, width, scheme, media): the page as it looks there, everything unfolded."""
    def opened(name, width=1400, scheme="light", media="screen"):
        page.set_viewport_size({"width": width, "height": 900})
        page.emulate_media(color_scheme=scheme, media=media)
        page.goto(addresses[name])
        page.wait_for_selector("article")
        page.evaluate("document.querySelectorAll('details').forEach(one => one.open = true)")
        return page

    yield opened
    page.set_viewport_size({"width": 1200, "height": 1000})
    page.emulate_media(color_scheme="light", media="screen")


def brightness(colour):
    """0 (black) to 255 of a browser's rgb(...); what is transparent lies on white paper."""
    numbers = [float(word) for word in colour[colour.index("(") + 1:-1].split(",")]
    return 255 if len(numbers) == 4 and numbers[3] == 0 else sum(numbers[:3]) / 3


@pytest.mark.parametrize("name", PAGES)
def test_nothing_runs_over_and_the_dark_is_dark_and_paper_is_white(opened, name):
    for width in (400, 1400):
        for scheme in ("light", "dark"):
            page = opened(name, width, scheme)
            assert page.evaluate("document.documentElement.scrollWidth") <= width
            assert page.evaluate(CUT) == []
            ground, ink = map(brightness, page.evaluate(COLOURS))
            assert (ground < 60 and ink > 180) if scheme == "dark" else (ground > 240 and ink < 80)
            page.screenshot(path=SCREENSHOTS / f"{name}-{width}-{scheme}.png", full_page=True)
    # Whoever reads in the dark prints on white paper all the same.
    page = opened(name, 800, "dark", "print")
    ground, ink = map(brightness, page.evaluate(COLOURS))
    assert ground > 240 and ink < 80
    page.pdf(path=SCREENSHOTS / f"{name}.pdf", format="A4")
    if name == "essays":
        assert page.locator("article h2").first.is_visible()
        assert page.locator("article math").count() == 2


@pytest.mark.skipif(not AXE.exists(), reason="axe-core is not installed; make looks does it")
@pytest.mark.parametrize("name", PAGES)
def test_axe_finds_nothing_serious(opened, name):
    for width in (400, 1400):
        for scheme in ("light", "dark"):
            page = opened(name, width, scheme)
            page.evaluate(AXE.read_text(encoding="utf-8"))
            found = page.evaluate("axe.run(document, {resultTypes: ['violations']})")
            assert found["passes"]
            assert [(one["id"], one["nodes"][0]["html"]) for one in found["violations"]
                    if one["impact"] in ("serious", "critical")] == []
