"""What the pages name is there: links, files, make's words, commands and their options, modules,
minutes and points."""

import functools
import importlib.util
import re
from collections import Counter
from pathlib import Path

import pytest

from autograder import course
from autograder.commands import convnets
from autograder.lessons.lesson import read_all
from autograder.lessons.welcome import minutes

ROOT = Path(__file__).parent.parent
PAGES = sorted(path for folder in ("*.md", "docs/**/*.md", "student/*.md")
               for path in ROOT.glob(folder))
every_page = pytest.mark.parametrize("page", PAGES, ids=lambda p: str(p.relative_to(ROOT)))
# What begins like this lies in the course; names such as NN_my_lesson stand for one's own.
OURS = re.compile(r"(?:course_lib|autograder|quality|bench|browser|tests|setup|solutions|student|"
                  r"docs|assignments)/[\w./-]+")
PLACEHOLDER = re.compile(r"my_lesson|[A-Z]{4,}|STUDENT")


@functools.cache
def text(page):
    return page.read_text(encoding="utf-8")


def code(page):
    """What stands in ticks and in blocks of code, a line each."""
    blocks = re.findall(r"^ *```\w*\n(.*?)^ *```", text(page), re.MULTILINE | re.DOTALL)
    outside = re.sub(r"^ *```\w*\n.*?^ *```", "", text(page), flags=re.MULTILINE | re.DOTALL)
    return [line.partition(" #")[0] for block in blocks for line in block.splitlines()] + [
        found.replace("\n", " ") for found in re.findall(r"`([^`]+)`", outside)]


def anchors(page):
    """The names by which a page's headings are linked."""
    heads = [re.sub(r"\[([^\]]*)\]\([^)]*\)", r"\1", head).lower()
             for head in re.findall(r"^#+ (.*)$", text(page), re.MULTILINE)]
    return {re.sub(r"[^\w -]", "", head).replace(" ", "-") for head in heads}


@every_page
def test_links_lead_somewhere(page):
    for link in re.findall(r"\]\(([^)\s]+)\)", text(page)):
        if re.match(r"[a-z]+:", link):
            continue
        path, _, anchor = link.partition("#")
        target = page.parent / path if path else page
        assert target.exists(), link
        assert not anchor or anchor in anchors(target), link


@every_page
def test_files_of_the_course_that_are_named_are_there(page):
    for line in code(page):
        for name in OURS.findall(line):
            assert PLACEHOLDER.search(name) or (ROOT / name).exists(), name


@every_page
def test_what_is_to_be_typed_is_known(page):
    targets = set(re.findall(r"^([\w-]+):", (ROOT / "Makefile").read_text(), re.MULTILINE))
    for line in code(page):
        for word in re.findall(r"(?:^|&& )make ([a-z-]+)", line):
            assert word in targets, line
        for module in re.findall(r"python -m ([a-z_]+[a-z_.]*)(?=\s|$)", line):
            if (ROOT / module.partition(".")[0]).exists():
                assert importlib.util.find_spec(module), line
        for word, words in re.findall(r"(?:^|bin/)(?:convnets|python -m autograder) ([a-z-]+)(.*)",
                                      line):
            assert word in convnets.commands, line
            known = {option for one in convnets.commands[word].params for option in one.opts}
            assert set(re.findall(r"--[a-z-]+", words)) <= known | {"--help"}, line


@pytest.mark.parametrize("lesson", read_all(course.SOLUTIONS), ids=lambda lesson: lesson.name)
def test_an_instructors_notes_have_the_lessons_minutes_and_points(lesson):
    page = ROOT / "docs" / "instructor" / f"{lesson.name}.md"
    assert page.exists(), f"the notes for instructors are missing: {page.relative_to(ROOT)}"
    notes = text(page)
    said = re.search(r"^## Timing: (\d+) minutes, (\d+) points$", notes, re.MULTILINE)
    assert (int(said[1]), int(said[2])) == (minutes(lesson), lesson.max_points)
    table = notes[said.end():].strip().partition("\n\n")[0].splitlines()[2:]
    rows = [[cell.strip() for cell in line.strip("|").split("|")] for line in table]
    assert sum(int(points or 0) for *_, points in rows) == lesson.max_points
    assert sum(int(spent) for _, spent, _ in rows) == minutes(lesson)
    worth = Counter()
    for cell in lesson.cells:
        worth[cell.name] += cell.points * (cell.role == "test")
    for what, _, points in rows:
        named = [name for name in worth if f"`{name}`" in what and worth[name]]
        assert not named or sum(map(worth.pop, named)) == int(points), what
    assert not +worth, "these are in no row"
