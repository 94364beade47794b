"""Names of folders: allowed, joined with a remark, or refused with a sentence; never a crash."""

import shutil
import unicodedata
from pathlib import Path

import pytest
import sqlalchemy
from nbgrader.api import Gradebook
from nbgrader.apps.api import NbGraderAPI
from nbgrader.coursedir import CourseDirectory

from autograder import course
from autograder.classroom.config import class_config
from autograder.errors import GradingError
from autograder.grading.collect import check_class_folder, collect
from autograder.grading.run import grade_class
from autograder.paths import literal_glob, sqlite_url
from autograder.results.feedback import generate_feedback

LESSON = "01_spatial_arithmetic"
COMPOSED, DECOMPOSED = (unicodedata.normalize(form, "Jos\u00e9") for form in ("NFC", "NFD"))


def hand_in(class_dir, *students, lesson=LESSON):
    for student in students:
        folder = class_dir / "submitted" / student / lesson
        folder.mkdir(parents=True)
        shutil.copy(course.ASSIGNMENTS / LESSON / f"{LESSON}.ipynb", folder / f"{lesson}.ipynb")


@pytest.mark.parametrize("name", ["Kurs [WS26] é", "a%20b?c#d (1)+$ {x}"])
def test_a_class_folder_may_have_any_name_that_can_be_seen(tmp_path, name):
    class_dir = tmp_path / name
    hand_in(class_dir, "Ben 2%#", DECOMPOSED)
    rows, *_ = grade_class(class_dir, workers=1)
    assert [(row.student, row.problem) for row in rows] == [("Ben 2%#", ""), (COMPOSED, "")]
    assert all(Path(row.page).is_file() and class_dir in Path(row.page).parents for row in rows)
    assert (class_dir / "gradebook.db").is_file()
    # nbgrader's own steps find the same students there.
    api = NbGraderAPI(CourseDirectory(config=class_config(class_dir)),
                      config=class_config(class_dir))
    assert api.get_autograded_students(LESSON) == {"Ben 2%#", COMPOSED}
    assert api.generate_feedback(LESSON, "Ben 2%#")["success"]
    with Gradebook(course.gradebook_url(class_dir), "convnets") as gradebook:
        assert {student.id for student in gradebook.students} == {"Ben 2%#", COMPOSED}


@pytest.mark.parametrize("name", ["plain", "Kurs [WS26]", "é (1)", "a?b=c", "50%", "%41", "a#b",
                                  "a+b", "x;y&z", "C:\\d"])
def test_the_address_of_a_gradebook_leads_to_its_file(tmp_path, name):
    path = tmp_path / name / "gradebook.db"
    path.parent.mkdir()
    engine = sqlalchemy.create_engine(sqlite_url(path))
    with engine.connect() as connection:
        connection.execute(sqlalchemy.text("create table t (x int)"))
    engine.dispose()
    assert path.is_file() and [p.name for p in tmp_path.iterdir()] == [name]


def test_what_exists_by_the_very_name_is_no_pattern(tmp_path):
    for name in ("a[1]", "a1", "b"):
        (tmp_path / name / "x").mkdir(parents=True)
    def found(*parts):
        return sorted(Path(p).relative_to(tmp_path).parts[0]
                      for p in literal_glob(str(tmp_path.joinpath(*parts))))
    assert found("a[1]", "x") == ["a[1]"]
    assert found("*", "x") == ["a1", "a[1]", "b"]
    assert found("[b]", "x") == ["b"] and found("a[1]", "*") == ["a[1]"]


def test_what_systems_leave_behind_is_no_student(tmp_path):
    hand_in(tmp_path, "ada")
    for name in ("desktop.ini", "Thumbs.db", ".DS_Store", "~$class.xlsx"):
        (tmp_path / "submitted" / name).write_text("x")
        (tmp_path / "submitted" / "ada" / name).write_text("x")
    for name in ("__MACOSX", ".ipynb_checkpoints"):
        (tmp_path / "submitted" / name / LESSON).mkdir(parents=True)
        (tmp_path / "submitted" / "ada" / name).mkdir()
    submissions, problems = collect(tmp_path, {LESSON})
    assert [one.label for one in submissions] == [f"ada/{LESSON}"] and problems == []
    assert submissions[0].remarks == ()


def test_a_name_in_two_spellings_is_one_student(tmp_path):
    hand_in(tmp_path, COMPOSED)
    hand_in(tmp_path, DECOMPOSED, lesson="02_other")
    submissions, problems = collect(tmp_path, {LESSON, "02_other"}, only_student=DECOMPOSED)
    assert {one.student for one in submissions} == {COMPOSED} and problems == []
    assert len(submissions) == 2
    assert all("counts as" in one.remarks[0] for one in submissions)
    hand_in(tmp_path, DECOMPOSED)
    submissions, problems = collect(tmp_path, {LESSON, "02_other"})
    assert [one.lesson for one in submissions] == ["02_other"]
    assert problems[0][0] == f"{COMPOSED}/{LESSON}" and "two folders" in problems[0][1]


def test_names_that_differ_in_capitals_alone_get_a_remark(tmp_path):
    hand_in(tmp_path, "ada", "Ada", "ben")
    submissions, _ = collect(tmp_path, {LESSON})
    said = {one.student: one.remarks for one in submissions}
    assert "folder Ada" in said["ada"][0] and "folder ada" in said["Ada"][0] and not said["ben"]


@pytest.mark.parametrize("name, why", [
    ("bob ", "begins or ends with a blank"), ("-rf", "formula"), ("x" * 120, "longer than"),
    (".ada", "begins with a dot"), ("a\nb", "line ends"), ("a*", "not allowed")])
def test_a_refused_name_costs_nobody_else(tmp_path, name, why):
    hand_in(tmp_path, "ada", name)
    submissions, problems = collect(tmp_path, {LESSON})
    assert [one.student for one in submissions] == ["ada"]
    assert len(problems) == 1 and why in problems[0][1] and problems[0][1].endswith("rename it")


def test_a_class_folder_that_cannot_be_named_is_refused(tmp_path):
    with pytest.raises(GradingError, match="rename that folder"):
        check_class_folder(tmp_path / "a\nb")


def test_why_a_page_could_not_be_made_is_said(tmp_path):
    """nbgrader's last words are that one should see the traceback above."""
    hand_in(tmp_path, "ada")
    grade_class(tmp_path, workers=1, feedback=False)
    (tmp_path / "autograded" / "ada" / LESSON / f"{LESSON}.ipynb").write_text("{")
    with pytest.raises(GradingError, match="property name|not appear to be JSON|delimiter"):
        generate_feedback(tmp_path, LESSON, "ada")
