"""What a class decides for itself counts in every step: due dates, late rule, points, plugins."""

import json
import shutil

import nbformat
import pytest
from nbgrader.api import Gradebook

from autograder import course
from autograder.classroom.history import read_history
from autograder.commands import main
from autograder.essays.answers import save
from autograder.lessons.lesson import read_lesson
from autograder.lessons.sample import submission
from autograder.lms.collect import collect
from autograder.lms.index import read_index
from tests import programs

pytestmark = pytest.mark.system

FIRST = "01_spatial_arithmetic"
ANSWERS = course.SAMPLE_CLASS / "answers"
PLUGIN = """
import sys
from nbgrader.plugins import BasePlugin

class FivePoints(BasePlugin):
    def late_submission_penalty(self, student_id, score, total_seconds_late):
        return 5

sys.modules["five_points"] = sys.modules.get("five_points") or type(sys)("five_points")
sys.modules["five_points"].FivePoints = FivePoints
c = get_config()
c.AssignLatePenalties.plugin_class = "five_points.FivePoints"
"""
SETTINGS = """timezone = "Europe/Berlin"
[lessons]
01_spatial_arithmetic = {{ due = "2026-12-01 23:59"{more} }}
[late]
penalty_per_day = 0.1
cap = 0.5
[extensions]
bob = {{ 01_spatial_arithmetic = "2026-12-04 23:59" }}
"""


def hand_in(class_dir, student, answers, when):
    folder = class_dir / "submitted" / student / FIRST
    folder.mkdir(parents=True, exist_ok=True)
    nbformat.write(submission(ANSWERS / answers / f"{FIRST}.py"), folder / f"{FIRST}.ipynb")
    (folder / "timestamp.txt").write_text(when)
    (folder / "submission_secret.txt").write_text("a-secret")


def run(class_dir, *words):
    done = programs.run(*words, cwd=class_dir)
    assert done.returncode == 0, done.stdout + done.stderr
    return done.stdout + done.stderr


def points(class_dir):
    with Gradebook(f"sqlite:///{class_dir}/gradebook.db") as gradebook:
        return {one.student.id: one.score - one.late_submission_penalty
                for one in gradebook.assignment_submissions(FIRST)}


@pytest.fixture(scope="module")
def ruled(tmp_path_factory):
    """A class with rules: Ada is two days late, Bob has an extension, the essay is dropped."""
    class_dir = tmp_path_factory.mktemp("class")
    (class_dir / "class.toml").write_text(SETTINGS.format(
        more=', drop = ["same_padding"], points = { "conv_output_size stride 1" = 9 }'))
    for student in ("ada", "bob"):
        hand_in(class_dir, student, "loops", "2026-12-03 12:00 CET")
    said = run(class_dir, "autograder", "grade", str(class_dir), "--workers", "2")
    return class_dir, said


def test_points_and_dropped_exercises_are_those_of_the_class(ruled):
    class_dir, said = ruled
    with Gradebook(f"sqlite:///{class_dir}/gradebook.db") as gradebook:
        cells = {cell.name: cell.max_score for cell in
                 gradebook.find_notebook(FIRST, FIRST).grade_cells}
    assert cells["test-conv_output_size-stride-1"] == 9
    assert not any("same_padding" in name for name in cells)


def test_lateness_costs_what_the_settings_say_and_an_extension_counts(ruled):
    class_dir, said = ruled
    got = points(class_dir)
    assert got["bob"] > 20 and got["ada"] == pytest.approx(.8 * got["bob"], abs=.01)
    assert f"{got['ada']:g}/" in said and f"{got['bob']:g}/" in said


def test_an_essay_with_the_same_text_keeps_its_points_and_does_not_wait_again(ruled):
    class_dir, _ = ruled
    path = class_dir / "submitted" / "bob" / FIRST / f"{FIRST}.ipynb"
    essay = next(cell.id for cell in read_lesson(course.SOLUTIONS / f"{FIRST}.py").cells
                 if cell.role == "essay")

    def write(text):
        notebook = nbformat.read(path, as_version=4)
        next(cell for cell in notebook.cells if cell.id == essay).source = text
        nbformat.write(notebook, path)
        run(class_dir, "autograder", "grade", str(class_dir), "--student", "bob", "--no-feedback",
            "--workers", "1")

    def grade(book):
        return book.find_grade(essay, FIRST, FIRST, "bob")

    url = f"sqlite:///{class_dir}/gradebook.db"
    write("It stops at the rim.")
    with Gradebook(url) as book:
        assert grade(book).needs_manual_grade
    save(class_dir, FIRST, essay, "bob", 2, "Good.")
    write("It stops at the rim.")
    with Gradebook(url) as book:
        assert grade(book).manual_score == 2 and not grade(book).needs_manual_grade
    write("It stops at the rim, or after it.")
    with Gradebook(url) as book:
        assert grade(book).manual_score == 2 and grade(book).needs_manual_grade


def test_pages_show_what_was_given_by_hand_and_nbgrader_makes_the_same_page(ruled, capsys):
    class_dir, _ = ruled
    essay = next(cell.id for cell in read_lesson(course.SOLUTIONS / f"{FIRST}.py").cells
                 if cell.role == "essay")
    page = class_dir / "feedback" / "ada" / FIRST / f"{FIRST}.html"
    before = page.read_text() if page.exists() else ""
    main(["pages", str(class_dir), "--workers", "1"])
    hand_back = ["hand-back", str(class_dir), "--for", "folder"]
    assert main(hand_back) == 0 and "older than" not in capsys.readouterr().err
    save(class_dir, FIRST, essay, "ada", 1.5, "Read by hand.")
    assert main(hand_back) == 0
    said = capsys.readouterr().err
    assert "1 feedback page is older than the gradebook" in said
    assert f"(ada/{FIRST}); to hand back new ones: convnets pages " in said
    assert main(["pages", str(class_dir), "--student", "ada", "--workers", "1"]) == 0
    assert main(hand_back) == 0 and "older than" not in capsys.readouterr().err
    ours = page.read_text()
    assert "Read by hand." in ours and "Read by hand." not in before
    run(class_dir, "nbgrader", "generate_feedback", FIRST, "--student", "ada")
    assert page.read_text() == ours


def test_a_regrade_request_stands_in_history_and_gradebook(ruled):
    class_dir, _ = ruled
    main(["regrade-request", str(class_dir), "ada", FIRST, "part 2, please"])
    with Gradebook(f"sqlite:///{class_dir}/gradebook.db") as book:
        said = {one.name: one.comment for one in
                book.find_submission_notebook(FIRST, FIRST, "ada").comments if one.comment}
    assert "by ada: part 2, please" in said["answer-conv_output_size"], "the lesson's first"
    assert read_history(class_dir, "ada")[-1].why == "regrade requested: part 2, please"


def test_the_history_says_when_points_changed_from_what_to_what_and_why(tmp_path, capsys):
    """Graded, other work, a point in formgrader, a late rule; twice the same adds no line."""
    hand_in(tmp_path, "ada", "half_finished", "2026-11-30 12:00 CET")
    essay = next(cell.id for cell in read_lesson(course.SOLUTIONS / f"{FIRST}.py").cells
                 if cell.role == "essay")

    def grade():
        run(tmp_path, "autograder", "grade", str(tmp_path), "--no-feedback", "--workers", "1")
        return points(tmp_path)["ada"]

    def told():
        return [(one.cell, one.before, one.after, one.why) for one in read_history(tmp_path, "ada")]

    first, again = grade(), grade()
    assert first == again and told() == [("", "", f"{first:g}", "graded")]
    hand_in(tmp_path, "ada", "loops", "2026-11-30 12:00 CET")
    second = grade()
    assert told()[1:] == [("", f"{first:g}", f"{second:g}", "graded: other work was handed in")]
    with Gradebook(f"sqlite:///{tmp_path}/gradebook.db") as book:
        book.find_grade(essay, FIRST, FIRST, "ada").manual_score = 2
        book.db.commit()
    capsys.readouterr()
    for _ in range(2):
        assert main(["history", str(tmp_path), "ada"]) == 0
    third = points(tmp_path)["ada"]
    assert told()[2:] == [(essay, "", "2", "given by hand"),
                          ("", f"{second:g}", f"{third:g}", "points given by hand")]
    assert f"{second:g} -> {third:g}, points given by hand (noticed in the gradebook)" in (
        capsys.readouterr().out)
    (tmp_path / "class.toml").write_text(
        f'[lessons]\n{FIRST} = {{ due = "2026-11-29 12:00" }}\n[late]\npenalty_per_day = 0.1\n')
    fourth = grade()
    assert fourth < third and told()[4:] == [
        ("", f"{third:g}", f"{fourth:g}", "the same work, after points, a date or a rule had "
                                          "changed")]
    (tmp_path / "history.csv").write_text("a,b\n1,2\n")
    assert main(["history", str(tmp_path)]) == 2


def test_a_word_before_anything_was_graded_makes_no_gradebook(tmp_path, capsys):
    (tmp_path / "class.toml").write_text("")
    for words in (["history", str(tmp_path)], ["regrade-request", str(tmp_path), "ada", FIRST, "x"],
                  ["hand-back", str(tmp_path), "--for", "folder"], ["pages", str(tmp_path)]):
        main(words)
        assert not (tmp_path / "gradebook.db").exists(), words
    assert "no points have changed yet" in capsys.readouterr().out


def test_what_nbgrader_gives_back_finds_the_secret(ruled):
    class_dir, _ = ruled
    secret = class_dir / "autograded" / "ada" / FIRST / "submission_secret.txt"
    assert secret.read_text() == "a-secret"


def test_a_plugin_in_the_class_s_own_configuration_counts(tmp_path):
    (tmp_path / "class.toml").write_text(SETTINGS.format(more=""))
    (tmp_path / "nbgrader_config.py").write_text(PLUGIN)
    hand_in(tmp_path, "ada", "loops", "2026-12-03 12:00 CET")
    hand_in(tmp_path, "eve", "loops", "2026-11-30 12:00 CET")
    run(tmp_path, "autograder", "grade", str(tmp_path), "--no-feedback", "--workers", "1")
    got = points(tmp_path)
    assert got["ada"] == got["eve"] - 5


def test_a_configuration_that_does_not_run_is_one_line(tmp_path):
    (tmp_path / "nbgrader_config.py").write_text("c = get_config()\nc.X = 1 / 0\n")
    hand_in(tmp_path, "ada", "loops", "2026-11-30 12:00 CET")
    done = programs.run("autograder", "grade", tmp_path)
    assert done.returncode == 2
    assert "error: nbgrader_config.py of this class does not run (ZeroDivisionError" in done.stderr


def test_the_best_of_several_attempts_counts(tmp_path):
    """The second attempt is worse and late: with "best" the first one is graded and shown, and it
    was in time, whatever stands in submitted/ until then."""
    pile = tmp_path / "pile"
    for number, answers in enumerate(("loops", "half_finished")):
        (pile / str(number) / "ada").mkdir(parents=True)
        nbformat.write(submission(ANSWERS / answers / f"{FIRST}.py"),
                       pile / str(number) / "ada" / "x.ipynb")
        (pile / str(number) / "ada" / "timestamp.txt").write_text(
            f"2026-12-0{1 + 2 * number} 12:00 UTC")
    class_dir = tmp_path / "class"
    class_dir.mkdir()
    (class_dir / "roster.csv").write_text("id\nada\n")
    (class_dir / "class.toml").write_text(
        f'attempts = "best"\n[lessons]\n{FIRST} = {{ due = "2026-12-02 12:00" }}\n'
        "[late]\npenalty_per_day = 0.5\n")
    placed, unplaced = collect(class_dir, pile)
    assert not unplaced and [row.attempt for row in placed] == [1, 2]
    assert [row.moment[:10] for row in placed] == ["2026-12-01", "2026-12-03"]
    run(class_dir, "autograder", "grade", str(class_dir), "--no-feedback", "--workers", "1")
    first, second = read_index(class_dir)
    assert points(class_dir)["ada"] > 20
    there = class_dir / "submitted" / "ada" / FIRST / f"{FIRST}.ipynb"
    assert there.read_bytes() == (first.folder(class_dir) / there.name).read_bytes()
    again = programs.run("autograder", "grade", class_dir, "--no-feedback", "--json")
    assert json.loads(again.stdout)["unchanged"], "which attempt counts is known"
    assert there.read_bytes() == (first.folder(class_dir) / there.name).read_bytes()
    shutil.copytree(class_dir / "collected", tmp_path / "kept")
    assert json.loads((second.folder(class_dir) / there.name).read_text())["cells"]


def test_the_report_is_about_the_whole_class_whatever_was_graded_last(ruled):
    class_dir, _ = ruled
    (class_dir / "roster.csv").write_text("id,first_name,last_name\nada,Ada,L\nzoe,Zoe,Never\n")
    run(class_dir, "autograder", "grade", str(class_dir), "--student", "bob", "--no-feedback",
        "--workers", "1")
    text = (class_dir / "report" / "index.html").read_text()
    assert ">Ada L<" in text and ">bob<" in text and "3 students" in text
    nothing = text[text.index("handed in nothing"):text.index("class=\"tools\"")]
    assert "Zoe Never" in nothing and "bob" not in nothing
