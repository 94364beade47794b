"""Handing back: the same numbers as in the gradebook, in the shapes that each system imports."""

import csv
import io
import shutil
import zipfile

import pytest
from nbgrader.api import Gradebook

from autograder import course
from autograder.classroom.grades import read_grades
from autograder.classroom.roster import write_roster
from autograder.errors import GradingError
from autograder.lms.collect import collect
from autograder.lms.hand_back import hand_back

from .exports import ROSTER, a_class, a_zip, notebook

SECOND = "02_convolution_forward"
CANVAS = """Student,ID,SIS User ID,SIS Login ID,Section,Homework (7),02 Convolution forward (8)
    Points Possible,,,,,10,
"Müller, Jörg",502,S2,jm,B,9,
"Lovelace, Ada",501,S1,ada,A,10,3
"Nobody, Else",999,,,B,1,
"""


@pytest.fixture(scope="module")
def graded(tmp_path_factory):
    """A class with two graded notebooks from Canvas: Ada's late, Jörg's with an essay waiting."""
    tmp_path = tmp_path_factory.mktemp("graded")
    class_dir = a_class(tmp_path, ROSTER + '=cmd|x,"=HYPERLINK(""http://x"")",Eve,,A,,,,\n')
    collect(class_dir, a_zip(tmp_path / "c.zip", {
        "lovelaceada_LATE_501_9001_mine.ipynb": notebook(SECOND),
        "mullerjorg_502_9002_02-1.ipynb": notebook(SECOND)}))
    course.configure(class_dir)  # puts nbgrader's programs on the PATH
    with Gradebook(f"sqlite:///{class_dir}/gradebook.db", "convnets") as book:
        book.add_assignment(SECOND)
        book.add_notebook(SECOND, SECOND)
        for cell, kind in (("test-a", "code"), ("essay-b", "markdown")):
            book.add_grade_cell(cell, SECOND, SECOND, max_score=10, cell_type=kind)
        for student, auto in (("ada", 9), ("jm", 7)):
            book.add_student(student)
            book.add_submission(SECOND, student)
            test = book.find_grade("test-a", SECOND, SECOND, student)
            test.auto_score, test.needs_manual_grade = auto, False
            essay = book.find_grade("essay-b", SECOND, SECOND, student)
            essay.manual_score, essay.needs_manual_grade = (2, False) if student == "ada" else (
                None, True)
        book.find_submission_notebook(SECOND, SECOND, "ada").late_submission_penalty = 1.5
        book.db.commit()
    for student in ("ada", "jm"):
        page = class_dir / "feedback" / student / SECOND / f"{SECOND}.html"
        page.parent.mkdir(parents=True)
        page.write_text(f"<p>{student}")
    return class_dir


def rows(path):
    return list(csv.reader(io.StringIO(path.read_text())))


def test_grades_are_those_after_the_late_penalty_for_everybody_in_the_roster(graded):
    grades, possible = read_grades(graded)
    assert possible == {SECOND: 20}
    assert {one.student.id: one.scores.get(SECOND) for one in grades} == {
        "ada": 9.5, "jm": 7, "anna1": None, "anna2": None, "-cmd-x".strip("-"): None}


def test_canvas_gets_its_own_export_back_with_the_column_filled(graded, tmp_path):
    export = tmp_path / "export.csv"
    export.write_text(CANVAS, encoding="utf-8-sig")
    (table, pages), said = hand_back(graded, "canvas", template=export)
    filled = rows(table)
    assert [row[6] for row in filled] == ["02 Convolution forward (8)", "20", "7", "9.5", ""]
    assert [row[:6] for row in filled] == [row[:6] for row in csv.reader(io.StringIO(CANVAS))]
    assert "1 essay waits to be graded, of 1 student;" in said[0]
    with zipfile.ZipFile(pages) as archive:
        assert sorted(archive.namelist()) == ["lovelaceada_LATE_501_9001_mine.html",
                                              "mullerjorg_502_9002_02-1.html"]
        assert archive.read("mullerjorg_502_9002_02-1.html") == b"<p>jm"


def test_canvas_without_an_export_gets_a_column_it_will_make(graded):
    table = rows(hand_back(graded, "canvas")[0][0])
    assert table[0] == ["Student", "ID", "SIS User ID", "SIS Login ID", "Section", SECOND]
    assert table[1][0].strip() == "Points Possible" and table[1][5] == "20"
    assert table[2] == ["Lovelace, Ada", "501", "S1", "ada", "A", "9.5"]


def test_a_name_that_is_a_formula_is_defused_in_every_table(graded):
    for system in ("canvas", "moodle", "gradescope", "folder"):
        for row in rows(hand_back(graded, system)[0][0]):
            assert not any(cell.startswith(("=", "@", "+", "-")) for cell in row), row


def test_moodle_by_address_and_as_its_worksheet(graded, tmp_path):
    (table, *_), said = hand_back(graded, "moodle")
    assert rows(table)[1] == ["ada@uni.edu", "S1", "Ada", "Lovelace", "9.5"]
    # The notebooks came from Canvas: Moodle's zip has no place for their pages.
    assert [s for s in said if "what ada, jm handed in did not come from Moodle" in s], said
    worksheet = tmp_path / "w.csv"
    worksheet.write_text("Identifier,Full name,Email address,Grade,Maximum Grade\n"
                         "Participant 72,Jörg Müller,jm@uni.edu,,20\n"
                         "Participant 99,Not Here,no@uni.edu,,20\n", encoding="utf-8")
    (table, *_), said = hand_back(graded, "moodle", lesson=SECOND, template=worksheet)
    assert [row[3] for row in rows(table)] == ["Grade", "7", ""]
    assert any("Participant 99 is not in the class" in sentence for sentence in said)
    with pytest.raises(GradingError, match="--lesson"):
        hand_back(graded, "moodle", template=worksheet)


def test_one_lesson_needs_no_column_for_the_others_and_dashes_stay(graded, tmp_path):
    class_dir = shutil.copytree(graded, tmp_path / "again")
    with Gradebook(f"sqlite:///{class_dir}/gradebook.db", "convnets") as book:
        book.add_assignment("01_spatial_arithmetic")
        book.add_notebook("01_spatial_arithmetic", "01_spatial_arithmetic")
        book.add_submission("01_spatial_arithmetic", "jm")
    export = tmp_path / "export.csv"
    export.write_text(CANVAS.replace(",9,", ",-,"), encoding="utf-8")
    with pytest.raises(GradingError, match="or name one lesson that is there with --lesson"):
        hand_back(class_dir, "canvas", template=export)
    (table, *_), _ = hand_back(class_dir, "canvas", lesson=SECOND, template=export)
    assert [row[5:] for row in rows(table)[2:4]] == [["-", "7"], ["10", "9.5"]]
    (table, *_), _ = hand_back(class_dir, "folder", lesson=SECOND)
    assert rows(table)[0][5:] == [SECOND, "sum"]


def test_a_lesson_that_the_class_gave_up_is_not_handed_back(graded, tmp_path):
    class_dir = shutil.copytree(graded, tmp_path / "again")
    with Gradebook(f"sqlite:///{class_dir}/gradebook.db", "convnets") as book:
        for name in ("01_spatial_arithmetic", SECOND):
            book.update_or_create_assignment(name)
        book.add_notebook("01_spatial_arithmetic", "01_spatial_arithmetic")
        book.add_submission("01_spatial_arithmetic", "jm")
    page = class_dir / "feedback" / "jm" / "01_spatial_arithmetic" / "01_spatial_arithmetic.html"
    page.parent.mkdir(parents=True)
    page.write_text("<p>jm")
    assert len(hand_back(class_dir, "folder")[0]) == 3
    (class_dir / "class.toml").write_text(f"[lessons]\n{SECOND} = {{}}\n")
    hand_back(class_dir, "gradescope")
    (table, *_), said = hand_back(class_dir, "folder")
    assert rows(table)[0][5:] == [SECOND, "sum"]
    old = "folder-feedback-01_spatial_arithmetic.zip"
    assert (f"{old} was from an earlier time and lies in hand-back/old/ now, as "
                   f"{old}; do not upload it") in (
        said)
    assert (class_dir / "hand-back" / "old" / old).exists()
    assert not (class_dir / "hand-back" / old).exists()
    assert not any("earlier time" in sentence for sentence in hand_back(class_dir, "folder")[1])
    (class_dir / "hand-back" / old).write_bytes(b"a second one")
    hand_back(class_dir, "folder")
    assert (class_dir / "hand-back/old" / old).read_bytes() != b"a second one", "the first stays"
    second = class_dir / "hand-back/old/folder-feedback-01_spatial_arithmetic-2.zip"
    assert second.read_bytes() == b"a second one"
    assert "01_spatial_arithmetic: the class leaves it out now (class.toml), and so does this" in (
        said)


def test_whose_time_is_not_known_is_told_where_lateness_costs_points(graded, tmp_path):
    class_dir = shutil.copytree(graded, tmp_path / "again")
    assert not any("late penalty" in sentence for sentence in hand_back(class_dir, "folder")[1])
    late, text = "[late]\npenalty_per_day = 0.1\n", "when ada, jm handed in is not known"
    settings = class_dir / "class.toml"
    settings.write_text(f'[lessons]\n{SECOND} = {{ due = "2026-12-01 23:59" }}\n{late}')
    assert any(text in sentence for sentence in hand_back(class_dir, "folder")[1])
    settings.write_text(late)
    assert not any(text in sentence for sentence in hand_back(class_dir, "folder")[1])
    with Gradebook(f"sqlite:///{class_dir}/gradebook.db", "convnets") as book:
        book.update_or_create_assignment(SECOND, duedate="2026-12-01 22:59")
    assert any(text in sentence for sentence in hand_back(class_dir, "folder")[1]), "formgrader's"


def test_moodles_zip_has_the_folders_of_its_download(tmp_path, graded):
    graded = shutil.copytree(graded, tmp_path / "again")
    collect(graded, a_zip(tmp_path / "m.zip", {
        "Ada Lovelace_71_assignsubmission_file_/x.ipynb": notebook(SECOND, "again")}))
    paths, _ = hand_back(graded, "moodle", lesson=SECOND)
    with zipfile.ZipFile(paths[1]) as archive:
        assert archive.namelist() == [f"Ada Lovelace_71_assignsubmission_file_/{SECOND}.html"]


def test_handing_back_again_gives_the_same_bytes(graded):
    first = {path: path.read_bytes() for path in hand_back(graded, "folder")[0]}
    assert {path: path.read_bytes() for path in hand_back(graded, "folder")[0]} == first


def test_what_cannot_be_handed_back_gets_a_sentence(tmp_path, graded):
    with pytest.raises(GradingError, match="nothing of nowhere was graded"):
        hand_back(graded, "canvas", lesson="nowhere")
    with pytest.raises(GradingError, match="Folder takes no table of its own .* --template out"):
        hand_back(graded, "folder", template="roster.csv")
    wrong = tmp_path / "wrong.csv"
    wrong.write_text("Student,ID,Section\nx,1,A\n")
    with pytest.raises(GradingError, match="no column for 02_convolution_forward"):
        hand_back(graded, "canvas", template=wrong)
    empty = tmp_path / "empty"
    empty.mkdir()
    write_roster(empty, [])
    with pytest.raises(GradingError, match="grade the class first"):
        hand_back(empty, "folder")


def test_who_is_not_in_the_roster_any_more_is_named(graded, tmp_path):
    class_dir = shutil.copytree(graded, tmp_path / "again")
    write_roster(class_dir, [one.student for one in read_grades(class_dir)[0]
                             if one.student.id != "jm"])
    _, said = hand_back(class_dir, "folder")
    assert [one for one in said if "not in roster.csv" in one and ": jm;" in one]
