"""The sample class, graded from the command line as an instructor does it."""

import csv
import json
import re
import shutil
import sqlite3
import subprocess
import sys
import threading
from functools import partial
from types import SimpleNamespace

import nbformat
import pytest
from nbgrader.api import Gradebook

from autograder import course
from autograder.commands import main
from autograder.grading.gradebook import check_gradebook
from autograder.grading.record import only_run
from autograder.lessons.build import write_sources
from autograder.lessons.lesson import read_lesson
from autograder.lessons.sample import submission, write_sample_class
from tests.programs import run
from tests.thorough import some

pytestmark = pytest.mark.system

FIRST, SECOND = "01_spatial_arithmetic", "02_convolution_forward"
MAXIMUM = {name: read_lesson(course.SOLUTIONS / f"{name}.py").max_points
           for name in (FIRST, SECOND)}
HONEST = ("loops", "einsum", "typical_mistakes", "strided", "half_finished", "blank", "warns")


def grade(class_dir, *options):
    """Of one or two submissions: to start a second worker takes longer than to grade them."""
    return run("autograder", "grade", class_dir, "--workers", "1", *options)


def scores(class_dir, url=None):
    """{(student, lesson): {test cell: points}} as the gradebook holds them."""
    found = {}
    with Gradebook(url or f"sqlite:///{class_dir}/gradebook.db") as gradebook:
        for student in gradebook.students:
            for submission in student.submissions:
                for notebook in submission.notebooks:
                    found[student.id, notebook.name] = {
                        g.name: g.auto_score for g in notebook.grades
                        if g.auto_score is not None and g.cell.cell_type == "code"}
    return found


@pytest.fixture(scope="module")
def graded(tmp_path_factory):
    """(class folder, finished process) of the sample class, graded once for this module."""
    class_dir = tmp_path_factory.mktemp("class")
    write_sample_class(target=class_dir / "submitted")
    shutil.copy(course.SAMPLE_CLASS / "class.toml", class_dir)
    # As an instructor does it, from the first import on.
    done = subprocess.run([sys.executable, "-m", "autograder", "grade", class_dir, "--workers",
                           "2"], capture_output=True, text=True)
    assert done.returncode == 0, done.stderr
    return class_dir, done


@pytest.fixture(scope="module")
def points(graded):
    return scores(graded[0])


def lost(points, student, lesson):
    """The groups of test cells that earned less than all points."""
    source = read_lesson(course.SOLUTIONS / f"{lesson}.py")
    full = {cell.id: cell.points for cell in source.cells if cell.role == "test"}
    got = points[student, lesson]
    assert got.keys() == full.keys()
    assert all(got[name] in (0, full[name]) for name in full)
    return {name.removeprefix("test-") for name in full if got[name] < full[name]}


@pytest.mark.parametrize("student", ["loops", "einsum", "strided"])
@pytest.mark.parametrize("lesson", [FIRST, SECOND])
def test_right_answers_in_three_styles_earn_everything(points, student, lesson):
    assert lost(points, student, lesson) == set()


def all_of(lesson, *functions):
    source = read_lesson(course.SOLUTIONS / f"{lesson}.py")
    return {cell.id.removeprefix("test-") for cell in source.cells
            if cell.role == "test" and cell.name in functions}


def test_accidents_cost_what_they_break_and_nobody_else_anything(points):
    broken = all_of(SECOND, "conv_forward_naive")
    for student in ("endless_loop", "memory_hog", "os_exit"):
        assert lost(points, student, SECOND) == broken, student
    assert lost(points, "copied_test", SECOND) == set()
    assert lost(points, "warns", SECOND) == set()


def test_cheats_earn_what_their_honest_work_is_worth(points):
    honest = points["typical_mistakes", SECOND]
    assert points["overrides_asserts", SECOND] == honest
    assert points["deleted_test", SECOND] == honest
    assert lost(points, "calls_reference", SECOND) == all_of(SECOND, "conv_forward_naive")


def test_blank_earns_nothing_and_half_finished_what_is_there(points):
    for lesson in (FIRST, SECOND):
        assert set(points["blank", lesson].values()) == {0}
        assert 0 < sum(points["half_finished", lesson].values()) < MAXIMUM[lesson]


def test_the_table_says_for_each_student_points_and_status(graded, points):
    _, done = graded
    rows = {line.split()[0]: line for line in done.stdout.splitlines() if "/" in line}
    students = {student for student, _ in points}
    assert len(students) == 14 and students <= rows.keys()
    for (student, lesson), got in points.items():
        assert f"{sum(got.values()):g}/{MAXIMUM[lesson]}" in rows[student]
    assert "did not return within 2 seconds" in rows["endless_loop"]
    assert "os._exit" in rows["os_exit"]
    assert "more than once" in rows["copied_test"]
    assert "missing" in rows["deleted_test"]


def test_report_and_feedback_pages_are_there_and_name_the_mistake(graded):
    class_dir, done = graded
    report = class_dir / "report" / "index.html"
    assert str(report) in done.stdout
    text = report.read_text()
    links = re.findall(r'href="([^#"][^"]*)"', text)
    assert len(links) == len(list((class_dir / "submitted").glob("*/*")))
    for link in links:
        assert (report.parent / link).resolve().is_file()
        assert str((report.parent / link).resolve()) in done.stdout
    page = (class_dir / "feedback" / "typical_mistakes" / SECOND / f"{SECOND}.html").read_text()
    assert "Hint." in page


def test_the_report_counts_the_mistakes_of_the_class(graded):
    text = (graded[0] / "report" / "index.html").read_text()
    again = text[text.index("<h3>Named mistakes"):text.index("<h2 id=\"same-head\">")]
    rows = re.findall(r"<tr><td>(\d+)</td>.*?<div class=\"soft\">(.*?)</div>", again, re.S)
    assert rows and all(names.count("class=\"name\"") == int(count) for count, names in rows)
    assert "rounded down" in again and "typical_mistakes" in again
    named = again[:again.index("Where nothing")] if "Where nothing" in again else again
    counts = [int(count) for count in re.findall(r"<tr><td>(\d+)</td>", named)]
    assert counts == sorted(counts, reverse=True)
    # What every test came to is drawn.
    assert re.search(r"heat-[1-5]", text) and "not attempted" in text


def test_no_feedback_page_shows_a_hidden_test(graded):
    class_dir, _ = graded
    seeds = {seed for lesson in (FIRST, SECOND)
             for seed in re.findall(r"on_hidden_cases\(seed=(\d+)\)",
                                    (course.SOLUTIONS / f"{lesson}.py").read_text())}
    for page in class_dir.glob("feedback/*/*/*.html"):
        text = page.read_text()
        assert "on_hidden_cases" not in text and "HIDDEN" not in text, page
        assert not [seed for seed in seeds if f"seed={seed}" in text]


def test_nothing_a_student_prints_or_shows_runs_in_the_graders_browser(graded):
    for page in (graded[0]).glob("autograded/*/*/*.ipynb"):
        for cell in nbformat.read(page, as_version=4).cells:
            for output in cell.get("outputs", []):
                data = output.get("data", {})
                assert "application/javascript" not in data
                assert "<script" not in data.get("text/html", "")


def test_nbgraders_own_commands_go_on_from_there(graded, tmp_path):
    class_dir, _ = graded
    for words in (["export", "--to", str(tmp_path / "grades.csv")],
                  ["generate_feedback", SECOND, "--student", "loops", "--force"]):
        done = run("nbgrader", *words, cwd=class_dir)
        assert done.returncode == 0, done.stderr
    rows = list(csv.DictReader((tmp_path / "grades.csv").open()))
    full = next(r for r in rows if (r["student_id"], r["assignment"]) == ("loops", SECOND))
    assert float(full["max_score"]) == MAXIMUM[SECOND]


def test_essays_wait_for_a_person(graded, tmp_path):
    class_dir = tmp_path / "class"
    essay = next(cell for cell in read_lesson(course.SOLUTIONS / f"{SECOND}.py").cells
                 if cell.role == "essay")
    source = graded[0] / "submitted" / "loops" / SECOND
    shutil.copytree(source, class_dir / "submitted" / "writer" / SECOND)
    path = class_dir / "submitted" / "writer" / SECOND / f"{SECOND}.ipynb"
    notebook = nbformat.read(path, as_version=4)
    next(cell for cell in notebook.cells if cell.id == essay.id).source = "Because I say so."
    nbformat.write(notebook, path)
    assert "1 essay waits" in grade(class_dir).stdout
    url = f"sqlite:///{class_dir}/gradebook.db"
    with Gradebook(url) as gradebook:
        row = gradebook.find_grade(essay.id, SECOND, SECOND, "writer")
        assert row.needs_manual_grade and row.auto_score is None
        row.manual_score, row.needs_manual_grade = 1, False
        gradebook.find_comment(essay.id, SECOND, SECOND, "writer").manual_comment = "Well said."
        gradebook.db.commit()
    # The student hands in again, with one function less.
    next(c for c in notebook.cells if c.id == "answer-conv1x1").source = "conv1x1 = None"
    nbformat.write(notebook, path)
    again = grade(class_dir)
    assert re.search(rf"changed: writer/{SECOND}: [\d.]+ -> [\d.]+", again.stdout)
    with Gradebook(url) as gradebook:
        assert gradebook.find_grade(essay.id, SECOND, SECOND, "writer").manual_score == 1
        comment = gradebook.find_comment(essay.id, SECOND, SECOND, "writer")
        assert comment.manual_comment == "Well said."


def test_stock_nbgrader_gives_honest_work_the_same_points(graded, points, tmp_path):
    class_dir, _ = graded
    stock = tmp_path / "stock"
    write_sources()
    honest, lessons = some(HONEST, 2), some((SECOND, FIRST), 2)
    for student in honest:
        shutil.copytree(class_dir / "submitted" / student, stock / "submitted" / student)
    (stock / "nbgrader_config.py").write_text(
        "from autograder.course import configure\n"
        f"get_config().merge(configure({str(stock)!r}))\n")
    for lesson in lessons:
        for words in (["generate_assignment", lesson, "--force",
                       f"--CourseDirectory.release_directory={tmp_path}/released"],
                      ["autograde", lesson]):
            done = run("nbgrader", *words, cwd=stock)
            assert done.returncode == 0, done.stderr[-3000:]
    theirs = scores(stock)
    assert theirs == {(student, lesson): value for (student, lesson), value in points.items()
                      if student in honest and lesson in lessons}


def test_nbgraders_own_autograde_goes_through_the_walls(graded, points, tmp_path):
    """In a class's folder nbgrader's command, and so formgrader's button, cannot be fooled."""
    class_dir = tmp_path / "class"
    cheat = "overrides_asserts"
    shutil.copytree(graded[0] / "submitted" / cheat, class_dir / "submitted" / cheat)
    for name in ("gradebook.db", "nbgrader_config.py"):
        shutil.copy(graded[0] / name, class_dir)
    with Gradebook(f"sqlite:///{class_dir}/gradebook.db") as gradebook:
        for student in [student.id for student in gradebook.students]:
            gradebook.remove_student(student)
    done = run("nbgrader", "autograde", SECOND, cwd=class_dir)
    assert done.returncode == 0, done.stderr[-3000:]
    assert scores(class_dir) == {(cheat, SECOND): points[cheat, SECOND]}


@pytest.fixture
def small(tmp_path):
    """A class of one right submission, not graded yet."""
    class_dir = tmp_path / "small"
    folder = class_dir / "submitted" / "einsum" / FIRST
    folder.mkdir(parents=True)
    Gradebook(f"sqlite:///{class_dir}/gradebook.db").close()
    nbformat.write(submission(course.SAMPLE_CLASS / "answers" / "einsum" / f"{FIRST}.py"),
                   folder / f"{FIRST}.ipynb")
    return class_dir


def one_line(done, *parts):
    """The run failed with one clear line that holds all parts."""
    assert done.returncode != 0
    said = [line for line in done.stderr.splitlines()
            if line.startswith(("error:", "not graded:"))]
    assert len(said) == 1 and "Traceback" not in done.stderr, done.stderr
    for part in parts:
        assert part in said[0], said[0]


def test_no_submission(tmp_path):
    one_line(grade(tmp_path), "no submissions", "submitted/STUDENT/LESSON")
    one_line(grade(tmp_path / "nowhere"), "there is no folder")
    (tmp_path / "submitted").mkdir()
    one_line(grade(tmp_path), "no submissions")


def test_an_unreadable_notebook_costs_nobody_else(small):
    bad = small / "submitted" / "bad" / FIRST
    bad.mkdir(parents=True)
    (bad / f"{FIRST}.ipynb").write_text("{ this is no notebook")
    done = grade(small)
    one_line(done, f"bad/{FIRST}", "no notebook")
    assert not (small / "autograded" / "bad").exists()
    assert list(scores(small)) == [("einsum", FIRST)]


def test_half_a_surrogate_pair_is_graded_like_any_text(small):
    path = small / "submitted" / "einsum" / FIRST / f"{FIRST}.ipynb"
    notebook = json.loads(path.read_text())
    notebook["cells"].append({"cell_type": "code", "metadata": {}, "outputs": [], "id": "odd",
                              "execution_count": None, "source": "print('\ud800')"})
    path.write_text(json.dumps(notebook))
    done = grade(small)
    assert done.returncode == 0, done.stderr
    assert sum(scores(small)["einsum", FIRST].values()) > 0


def test_an_odd_file_name_and_an_unknown_assignment(small):
    folder = small / "submitted" / "einsum" / FIRST
    (folder / f"{FIRST}.ipynb").rename(folder / "homework.ipynb")
    done = grade(small)
    assert done.returncode == 0, done.stderr
    graded = small / "autograded" / "einsum" / FIRST / f"{FIRST}.ipynb"
    assert "the notebook was called homework.ipynb" in graded.read_text()
    folder.rename(folder.parent / "11_magic")
    one_line(grade(small), "einsum/11_magic", "unknown assignment")
    one_line(grade(small, "--lesson", "11_magic"), "no lesson is called 11_magic")


def test_a_locked_gradebook_is_waited_for_and_then_told(small, monkeypatch, capsys):
    holder = sqlite3.connect(small / "gradebook.db", check_same_thread=False)
    holder.execute("BEGIN EXCLUSIVE")
    monkeypatch.setattr("autograder.grading.run.check_gradebook",
                        partial(check_gradebook, lock_seconds=0.5))
    try:
        status = main(["grade", str(small)])
        one_line(SimpleNamespace(returncode=status, stderr=capsys.readouterr().err),
                 "gradebook.db is locked")
        threading.Timer(0.5, holder.rollback).start()
        check_gradebook(small)
    finally:
        holder.close()


def test_a_read_only_or_broken_gradebook(small):
    book = small / "gradebook.db"
    book.write_text("no database at all, but long enough to be taken for one" * 20)
    one_line(grade(small), "gradebook.db is no gradebook")
    book.unlink()
    assert grade(small).returncode == 0
    book.chmod(0o444)
    before = book.read_bytes()
    one_line(grade(small), "gradebook.db is read-only")
    assert book.read_bytes() == before


def test_two_runs_on_one_class_do_not_mix(small):
    with only_run(small):
        one_line(grade(small), "another run is grading")
    assert grade(small).returncode == 0


def test_a_notebook_that_a_killed_run_had_in_hand_goes_back(small):
    old = small / ".grading-x" / "einsum" / FIRST / "old"
    old.mkdir(parents=True)
    (old / "note").write_text("graded before")
    with only_run(small):
        assert (small / "autograded" / "einsum" / FIRST / "note").read_text() == "graded before"
    assert not old.exists()


def test_a_full_disk_while_writing_leaves_what_was_saved(small, tmp_path):
    assert grade(small).returncode == 0
    before = scores(small)
    other = small / "submitted" / "other" / FIRST
    shutil.copytree(small / "submitted" / "einsum" / FIRST, other)
    # File systems of their own, as large as the class is now and a little more: the notebook has no
    # room in the first, the gradebook none in the second.
    size = sum(p.stat().st_size for p in small.rglob("*") if p.is_file())
    rooms = {"notebook": size + 150_000, "gradebook": size + 420_000}
    for name in rooms:
        (tmp_path / name).mkdir()
    disks = [word for name, room in rooms.items()
             for word in ("--size", str(room), "--tmpfs", str(tmp_path / name))]
    script = (f"import os, shutil, sys; sys.path.insert(0, {str(course.ROOT)!r})\n"
              "from autograder.commands import main\n"
              "for folder in sys.argv[1:]:\n"
              f"    shutil.copytree({str(small)!r}, folder, dirs_exist_ok=True)\n"
              "    print(main(['grade', folder, '--unsafe']), flush=True)\n"
              f"    shutil.copy(folder + '/gradebook.db', {str(tmp_path)!r} + '/after-'"
              " + os.path.basename(folder))\n")
    done = subprocess.run(
        ["bwrap", "--dev-bind", "/", "/", *disks, sys.executable, "-c", script,
         *(str(tmp_path / name) for name in rooms)], capture_output=True, text=True)
    said = [line for line in done.stderr.splitlines() if line.startswith(("error:", "not graded:"))]
    assert len(said) == 2 and "Traceback" not in done.stderr, done.stderr
    assert all("the disk is full" in line for line in said), said
    assert [line for line in done.stdout.splitlines() if line.isdigit()] == ["2", "2"]
    for name in rooms:
        (tmp_path / f"after-{name}").replace(small / "gradebook.db")
        assert scores(small)["einsum", FIRST] == before["einsum", FIRST], name
