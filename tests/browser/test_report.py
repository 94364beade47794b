"""The class report in a real browser: search, filter, sort, hide names; nothing is asked for."""

import pytest

from autograder import course
from autograder.lessons.lesson import Lessons, sources
from autograder.results.report import write_report
from tests.autograder.results.a_class import a_class, row, way

pytestmark = pytest.mark.system


def test_students_are_found_sorted_and_hidden(page, tmp_path):
    rows = row("ada", 3, ways=[way(1)]), row("bob", 20), row("eve", late=9.0)
    class_dir = a_class(tmp_path, *rows,
                        roster="ada,Ada,Ångström,A\nbob,Bob,Roe,B\neve,Eve,Moe,B\n")
    asked, errors = [], []
    page.on("request", lambda request: asked.append(request.url))
    page.on("pageerror", lambda error: errors.append(error))
    page.goto(write_report(class_dir, [], Lessons(sources(course.SOLUTIONS)), []).as_uri())
    shown = page.locator("#people tbody tr:visible th .name")
    page.fill("#search", "angstrom")
    assert shown.all_inner_texts() == ["Ada Ångström"]
    page.fill("#search", "")
    page.select_option("#section", "B")
    page.select_option("#status", "attention")
    assert shown.all_inner_texts() == ["Bob Roe"]
    page.select_option("#section", "")
    page.select_option("#status", "")
    page.locator("#people th button").last.press("Enter")
    assert shown.all_inner_texts() == ["Eve Moe", "Ada Ångström", "Bob Roe"]
    page.check("#hide-names")
    assert not {"Ada", "Roe", "Moe"} & set(page.inner_text("body").split())
    assert errors == [] and [url for url in asked if not url.startswith("file:")] == []
