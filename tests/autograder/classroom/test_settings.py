"""class.toml: what it may say, and the sentence with a line for what it may not."""

import datetime
import zoneinfo

import nbformat
import pytest

from autograder import course
from autograder.classroom.lessons import adapt, lesson_paths
from autograder.classroom.settings import FILE, LateRule, LessonSettings, read_settings
from autograder.errors import GradingError
from autograder.judge.intake import restore
from autograder.judge.template import template_for
from autograder.lessons.lesson import read_all, read_lesson

SECOND = "02_convolution_forward"
TEXT = """name = "Kurs"
timezone = "Europe/Berlin"

[lessons]
01_spatial_arithmetic = { due = "2026-12-01 23:59" }
02_convolution_forward = { due = "2026-12-08T23:59", drop = ["conv1x1"], \
points = {"zero_pad pad 0" = 5} }

[late]
grace_minutes = 10
penalty_per_day = 0.1
cap = 0.5

[extensions]
ada = { 02_convolution_forward = "2026-12-10 23:59" }
"""


def settings_of(folder, text):
    (folder / FILE).write_text(text, encoding="utf-8")
    return read_settings(folder)


def test_a_class_without_settings_has_all_lessons_and_no_rules(tmp_path):
    settings = read_settings(tmp_path)
    assert list(settings.lessons) == [lesson.name for lesson in read_all(course.SOLUTIONS)]
    assert settings.due(SECOND) is None
    assert settings.late.share(10**9) == 0


def test_settings_say_when_what_is_due_for_whom(tmp_path):
    settings = settings_of(tmp_path, TEXT)
    berlin = zoneinfo.ZoneInfo("Europe/Berlin")
    assert list(settings.lessons) == ["01_spatial_arithmetic", SECOND]
    assert settings.due(SECOND) == datetime.datetime(2026, 12, 8, 23, 59, tzinfo=berlin)
    assert settings.due(SECOND, "ada") == datetime.datetime(2026, 12, 10, 23, 59, tzinfo=berlin)
    assert settings.due("01_spatial_arithmetic", "ada").day == 1


@pytest.mark.parametrize("seconds, share", [
    (0, 0), (600, 0), (601, .1), (600 + 86400, .1), (601 + 86400, .2), (10 * 86400, .5)])
def test_lateness_costs_a_share_for_each_day_begun_after_the_grace(seconds, share):
    assert LateRule(10, .1, .5).share(seconds) == pytest.approx(share)


@pytest.mark.parametrize("old, new, line, said", [
    ("cap = 0.5", "cap = 5", 11, "from 0 to 1"),
    ("drop", "dorp", 6, "did you mean drop?"),
    ('"conv1x1"', '"conv1"', 6, "did you mean conv1x1?"),
    ("zero_pad pad 0", "zero_pad", 6, "no group of"),
    ("= 5", "= 0.5", 6, "whole numbers"),
    ("Europe/Berlin", "Berlin", 2, "no time zone"),
    ("2026-12-08T23:59", "2026-12-08", 6, "no time of day"),
    ("2026-12-08T23:59", "8.12.2026 23:59", 6, "no date"),
    ("[late]", "[lates]", 8, "did you mean late?"),
    ("02_convolution_forward = {", "2_convolution = {", 6, "did you mean"),
    ("ada = {", "ada = 3 # {", 14, "needs braces"),
    ("2026-12-10 23:59", "2026-10-25 02:30", 14, "the clock is changed in Europe/Berlin"),
    ("2026-12-10 23:59", "2026-12-07 23:59", 14, "less time for 02_convolution_forward than all"),
    ('"conv1x1"', '"zero_pad"', 6, "its exercise is in drop"),
    ('name = "Kurs"', "name = Kurs", 1, "no TOML"),
    ('name = "Kurs"', "name = 3", 1, "quotation marks"),
])
def test_a_mistake_is_one_sentence_with_its_line(tmp_path, old, new, line, said):
    assert old in TEXT
    with pytest.raises(GradingError) as caught:
        settings_of(tmp_path, TEXT.replace(old, new, 1))
    sentence = str(caught.value)
    assert sentence.startswith(f"{FILE}:{line}: ") and said in sentence and "\n" not in sentence


def test_an_extension_for_nobody_in_the_class_is_a_mistake(tmp_path):
    (tmp_path / "roster.csv").write_text("id,name\nadda,Ada Lovelace\n")
    with pytest.raises(GradingError, match=r":14: no student is called 'ada'; did you mean adda\?"):
        settings_of(tmp_path, TEXT)
    (tmp_path / "submitted" / "ada").mkdir(parents=True)
    assert settings_of(tmp_path, TEXT).extensions.keys() == {"ada"}


def test_a_dropped_exercise_keeps_its_cells_and_loses_its_tests(tmp_path):
    paths = lesson_paths(tmp_path, settings_of(tmp_path, TEXT))
    assert paths["01_spatial_arithmetic"] == course.SOLUTIONS / "01_spatial_arithmetic.py"
    before, now = read_lesson(course.SOLUTIONS / f"{SECOND}.py"), read_lesson(paths[SECOND])
    gone = {cell.id for cell in before.cells} - {cell.id for cell in now.cells}
    assert gone == {cell.id for cell in before.cells
                    if cell.role == "test" and cell.name == "conv1x1"}
    points = {cell.id: cell.points for cell in now.cells}
    assert points["test-zero_pad-pad-0"] == 5
    assert {i: p for i, p in points.items() if i != "test-zero_pad-pad-0"} == {
        cell.id: cell.points for cell in before.cells
        if cell.id not in gone and cell.id != "test-zero_pad-pad-0"}


def test_a_dropped_essay_goes_whole():
    path = course.SOLUTIONS / f"{SECOND}.py"
    lesson = read_lesson(path)
    essay = next(cell for cell in lesson.cells if cell.role == "essay")
    text = adapt(path.read_text(), lesson, LessonSettings(drop=(essay.name,)))
    assert f"essay: {essay.name}" not in text
    assert f"essay: {essay.name}" in path.read_text()


def test_nobody_has_lost_an_id_whose_class_dropped_an_exercise_after_handing_out(tmp_path):
    """The story behind the dropped tests has another id in the class's lesson than in the course's.
    """
    (tmp_path / FILE).write_text(
        '[lessons]\n01_spatial_arithmetic = { drop = ["trace_shapes"] }\n')
    (path,) = lesson_paths(tmp_path, read_settings(tmp_path)).values()
    released = course.ASSIGNMENTS / path.stem / f"{path.stem}.ipynb"
    notebook = nbformat.read(released, as_version=4)
    assert restore(notebook, template_for(path)).remarks == []


@pytest.mark.parametrize("name", ["ada.lovelace", "ada@uni", "小明"])
def test_an_id_that_needs_quotation_marks_is_told_so(tmp_path, name):
    (tmp_path / "roster.csv").write_text(f"id\n{name}\n", encoding="utf-8")
    text = '[lessons]\n02_convolution_forward = {}\n[extensions]\n%s = ' \
           '{ 02_convolution_forward = "2026-12-04 23:59" }\n'
    (tmp_path / "class.toml").write_text(text % name, encoding="utf-8")
    with pytest.raises(GradingError, match=f'class.toml:4: .*quotation marks: "{name}" = '):
        read_settings(tmp_path)
    (tmp_path / "class.toml").write_text(text % f'"{name}"', encoding="utf-8")
    assert list(read_settings(tmp_path).extensions) == [name]
