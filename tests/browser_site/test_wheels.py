"""What the site carries of a wheel: all that a lesson needs, the same bytes each time."""

import json
import zipfile

import pytest

from autograder import course
from autograder.errors import GradingError
from autograder.lessons.build import METADATA
from autograder.lessons.lesson import read_all
from autograder.lessons.welcome import welcome
from browser import wheels


@pytest.fixture
def wheel(tmp_path):
    path = tmp_path / "matplotlib-1-py3-none-any.whl"
    fonts = {"_version": 1, "afmlist": ["a.afm"], "ttflist": [
        {"fname": "fonts/ttf/here.ttf"}, {"fname": "fonts/ttf/cut.ttf"}]}
    with zipfile.ZipFile(path, "w") as archive:
        for name, text in {
                "matplotlib/__init__.py": "x = 1\n", "matplotlib/tests/test_x.py": "x = 2\n",
                "matplotlib/font_manager.py": "class FontManager:\n    __version__ = 330\n",
                "matplotlib/fontlist.json": json.dumps(fonts), "matplotlib/x.pyi": "x: int\n",
                "matplotlib/mpl-data/fonts/ttf/here.ttf": ""}.items():
            archive.writestr(name, text)
    return path


def carried(wheel, kept, monkeypatch, compiler):
    monkeypatch.setattr(wheels, "_compiler", lambda: compiler)
    return zipfile.ZipFile(wheels.carried([wheel], kept, {})[wheel.name])


def test_tests_and_stubs_are_left_out_and_fonts_are_those_that_are_there(
        wheel, tmp_path, monkeypatch):
    archive = carried(wheel, tmp_path / "kept", monkeypatch, None)
    assert set(archive.namelist()) == {
        "matplotlib/__init__.py", "matplotlib/font_manager.py", "matplotlib/fontlist.json",
        "matplotlib/mpl-data/fonts/ttf/here.ttf"}
    fonts = json.loads(archive.read("matplotlib/fontlist.json"))
    assert fonts == {"_version": 330, "afmlist": [], "ttflist": [{"fname": "fonts/ttf/here.ttf"}]}


def test_a_change_that_finds_no_place_is_an_error(tmp_path):
    path = tmp_path / "artist-1-py3-none-any.whl"
    with zipfile.ZipFile(path, "w") as archive:
        archive.writestr("matplotlib/artist.py", "# of another release")
    with pytest.raises(GradingError, match=r"artist\.py of matplotlib has changed its form"):
        wheels.carried([path], tmp_path / "kept", {})


def test_the_same_wheel_gives_the_same_bytes(wheel, tmp_path, monkeypatch):
    one, two = (carried(wheel, tmp_path / name, monkeypatch, None).filename
                for name in ("one", "two"))
    with open(one, "rb") as first, open(two, "rb") as second:
        assert first.read() == second.read()


def test_no_notebook_makes_jupyterlite_ask_for_a_kernel():
    notebooks = [*course.ASSIGNMENTS.glob("*/*.ipynb")]
    texts = [path.read_text(encoding="utf-8") for path in notebooks]
    texts.append(welcome(read_all(course.SOLUTIONS), METADATA).decode())
    for text in texts:
        metadata = json.loads(text)["metadata"]
        assert metadata["language_info"]["name"] == metadata["kernelspec"]["language"] == "python"
    assert len(texts) > 8
