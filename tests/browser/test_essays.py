"""The essay page in a real browser: keys alone, formgrader's gradebook, hostile text."""

import getpass
import json
import urllib.error
import urllib.request

import pytest

from autograder.classroom.history import read_history
from tests.autograder.essays.a_class import CELL, HOSTILE, LESSON, graded_class, points

from .conftest import SCREENSHOTS

pytestmark = pytest.mark.system


@pytest.fixture(scope="module")
def served(lab):
    url, folder = lab
    (folder / "Kurs [WS26]").mkdir()
    class_dir = graded_class(folder / "Kurs [WS26]", {
        "ada": HOSTILE, "bob": "The sum cancels.", "eve": "",
        **{f"student{i}": f"Answer {i}. " * 20 for i in range(9)}})
    return url, class_dir


def test_essays_are_graded_by_keys_alone(served, page):
    url, class_dir = served
    page.goto(f"{url}/essays/?path=Kurs%20%5BWS26%5D")
    page.wait_for_selector("article.current")
    assert page.title() == "Essays"
    assert page.inner_text("#progress") == "11 of 12 answers wait"
    assert page.evaluate("document.querySelector('img[alt=drawing]').naturalWidth") == 1
    page.screenshot(path=str(SCREENSHOTS / "essays.png"))
    page.keyboard.press("1")
    page.keyboard.press("Shift+2")
    page.keyboard.press("c")
    page.keyboard.type("And horizontally?")
    page.keyboard.press("Escape")
    page.keyboard.press("Enter")
    page.locator("#progress", has_text="10 of 12 answers wait").wait_for()
    assert points(class_dir)["ada"] == (1.5, False, "And horizontally?")
    assert {one.by for one in read_history(class_dir)} == {getpass.getuser()}
    # The next answer is the current one: a key and Enter for each.
    page.keyboard.press("0")
    # What is not saved yet survives that the cards are drawn anew.
    page.check("#hidden")
    assert page.locator("article", has_text="not saved yet").locator("input").input_value() == "0"
    page.uncheck("#hidden")
    page.locator("article", has_text="not saved yet").locator("input").press("Enter")
    page.locator("#progress", has_text="9 of 12 answers wait").wait_for()
    assert points(class_dir)["bob"][:2] == (0.0, False)
    assert page.title() == "Essays"


def test_points_given_elsewhere_are_not_overwritten(served, page):
    url, class_dir = served
    page.goto(f"{url}/essays/?path=Kurs%20%5BWS26%5D")
    page.wait_for_selector("article.current")
    from autograder.essays.answers import save
    student = json.loads(urllib.request.urlopen(
        f"{url}/essays/api/answers?path=Kurs%20%5BWS26%5D&lesson={LESSON}&cell={CELL}"
    ).read())[0]["student"]
    save(class_dir, LESSON, CELL, student, 2, "")
    page.keyboard.press("1")
    page.keyboard.press("Enter")
    page.wait_for_selector(".said.wrong")
    assert "somebody else has given 2 points" in page.inner_text(".said.wrong")
    assert points(class_dir)[student][0] == 2


@pytest.mark.parametrize("path", ["", "..", "../..", "nowhere"])
def test_only_class_folders_below_the_servers_root_are_shown(served, path):
    url, _ = served
    with pytest.raises(urllib.error.HTTPError) as caught:
        urllib.request.urlopen(f"{url}/essays/api/questions?path={path}")
    assert caught.value.code == 404


def test_a_request_without_the_pages_token_writes_nothing(served):
    url, class_dir = served
    before = points(class_dir)
    request = urllib.request.Request(
        f"{url}/essays/api/grade", method="POST", headers={"Origin": "http://elsewhere"},
        data=json.dumps({"path": "Kurs [WS26]", "lesson": LESSON, "cell": CELL,
                         "student": "student3", "score": 3}).encode())
    with pytest.raises(urllib.error.HTTPError) as caught:
        urllib.request.urlopen(request)
    assert caught.value.code in (403, 404)
    assert points(class_dir) == before
