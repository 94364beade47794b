"""The same work is not done twice, and what was stored never outlives what it was made of."""

import datetime
import json
import os
import shutil
from dataclasses import replace

import nbformat
import pytest
from nbgrader.api import Gradebook

from autograder import course, version
from autograder.classroom.lessons import lesson_paths
from autograder.classroom.settings import read_settings
from autograder.errors import GradingError
from autograder.grading import known
from autograder.grading.collect import collect
from autograder.grading.limits import class_limits
from autograder.grading.run import grade_class
from autograder.lessons.sample import submission
from autograder.results.stored import stored_work
from tests.autograder.test_grade import grade, scores

pytestmark = pytest.mark.system

FIRST = "01_spatial_arithmetic"


def hand_in(class_dir, student, answers):
    folder = class_dir / "submitted" / student / FIRST
    folder.mkdir(parents=True)
    nbformat.write(submission(course.SAMPLE_CLASS / "answers" / answers / f"{FIRST}.py"),
                   folder / f"{FIRST}.ipynb")


def edit(class_dir, student, text="x = 1"):
    path = class_dir / "submitted" / student / FIRST / f"{FIRST}.ipynb"
    notebook = nbformat.read(path, as_version=4)
    notebook.cells.append(nbformat.v4.new_code_cell(text, id="added"))
    nbformat.write(notebook, path)


def rows(done):
    assert done.returncode == 0, done.stderr
    return {row["student"]: row for row in map(json.loads, done.stdout.splitlines())}


def files(class_dir):
    """{file: (when it was written, content)} of what grading made."""
    return {path: (path.stat().st_mtime_ns, path.read_bytes())
            for name in ("autograded", "feedback", ".results")
            for path in (class_dir / name).rglob("*") if path.is_file()}


@pytest.fixture(scope="module")
def graded(tmp_path_factory):
    """A class of two students, graded once."""
    class_dir = tmp_path_factory.mktemp("class")
    for student, answers in (("ada", "loops"), ("bob", "half_finished")):
        hand_in(class_dir, student, answers)
    assert not any(row["unchanged"] for row in rows(grade(class_dir, "--json")).values())
    return class_dir


def looked_up(class_dir, limits=None, unsafe=False, **options):
    """(Known, students who need no new run, those who do)."""
    settings = read_settings(class_dir)
    sources = lesson_paths(class_dir, settings)
    found = [replace(one, source=sources[one.lesson])
             for one in collect(class_dir, set(sources))[0]]
    now = known.Known(class_dir, settings, limits or class_limits(class_dir), unsafe)
    there, to_run = now.look_up(found, **options)
    return now, [one.student for one, *_ in there], [one.student for one in to_run]


def test_a_second_run_runs_nothing_writes_nothing_and_says_so(graded):
    before = files(graded)
    done = grade(graded)
    assert done.returncode == 0
    assert "2 of 2 submissions were graded before and are unchanged" in done.stdout
    assert files(graded) == before
    assert all(row["unchanged"] and row["score"] == row["before"] and not row["spent"]
               for row in rows(grade(graded, "--json")).values())
    assert "not run again" in (graded / "grading.log").read_text().splitlines()[-1]


def test_only_what_changed_is_run_again_and_again_means_all(graded, tmp_path):
    class_dir = tmp_path / "class"
    shutil.copytree(graded, class_dir)
    edit(class_dir, "bob")
    found = rows(grade(class_dir, "--json", "--no-feedback"))
    assert (found["ada"]["unchanged"], found["bob"]["unchanged"]) == (True, False)
    assert "x = 1" in (class_dir / "autograded" / "bob" / FIRST / f"{FIRST}.ipynb").read_text()
    assert not rows(grade(class_dir, "--json", "--no-feedback", "--again", "--student", "ada"))[
        "ada"]["unchanged"]


def _file_beside(class_dir):
    (class_dir / "submitted" / "bob" / FIRST / "helper.py").write_text("y = 1")


def _left_out(class_dir):
    (class_dir / "submitted" / "bob" / FIRST / "numpy.py").write_text("y = 1")


def _other_spelling(class_dir):
    (class_dir / "submitted" / "Bob" / FIRST).mkdir(parents=True)


def _graded_notebook(class_dir):
    path = class_dir / "autograded" / "bob" / FIRST / f"{FIRST}.ipynb"
    path.write_text(path.read_text().replace("return", "return ", 1))


def _no_graded_notebook(class_dir):
    shutil.rmtree(class_dir / "autograded" / "bob")


def _result(change):
    def of(class_dir):
        path = class_dir / ".results" / "bob" / f"{FIRST}.json"
        text = path.read_text()
        changed = change(text)
        assert changed != text
        path.write_text(changed)

    return of


@pytest.mark.parametrize("change", [
    lambda class_dir: edit(class_dir, "bob"), _file_beside, _left_out, _other_spelling,
    _graded_notebook, _no_graded_notebook,
    lambda class_dir: (class_dir / ".results" / "bob" / f"{FIRST}.json").unlink(),
    _result(lambda text: text[:-40]), _result(lambda text: text.replace('"score": ', '"score": 1')),
    _result(lambda text: "[]"), _result(lambda text: text.replace('"student": "bob"',
                                                                  '"student": "eve"'))],
    ids=["notebook", "file beside", "file left out", "folder's remark", "graded notebook",
         "no graded notebook", "no result", "half a result", "points", "no row", "another's"])
def test_one_submission_is_run_again_if_something_of_it_changed(graded, tmp_path, change):
    class_dir = tmp_path / "class"
    shutil.copytree(graded, class_dir)
    assert looked_up(class_dir)[1:] == (["ada", "bob"], [])
    change(class_dir)
    assert looked_up(class_dir)[1:] == (["ada"], ["bob"])


def test_all_are_run_again_if_limits_walls_lesson_or_course_changed(graded, tmp_path, monkeypatch):
    everybody = [], ["ada", "bob"]
    limits = class_limits(graded)
    for field in vars(limits):
        other = replace(limits, **{field: getattr(limits, field) + 1})
        assert looked_up(graded, other)[1:] == everybody, field
    assert looked_up(graded, unsafe=True)[1:] == everybody
    assert looked_up(graded, again=True)[1:] == everybody
    class_dir = tmp_path / "class"
    shutil.copytree(graded, class_dir)
    (class_dir / "class.toml").write_text(
        f'[lessons]\n{FIRST} = {{ points = {{ "conv_output_size stride 1" = 9 }} }}\n')
    assert looked_up(class_dir)[1:] == everybody
    monkeypatch.setattr(known, "course_version", lambda: "another")
    assert looked_up(graded)[1:] == everybody


def test_the_version_is_taken_before_anything_of_it_is_read(graded, monkeypatch):
    """A lesson that changes meanwhile is graded as it was, and again by the next run."""
    taken = []

    def lessons(sources):
        assert taken
        raise GradingError("it reads lessons")

    monkeypatch.setattr(known, "course_version", lambda: taken.append("now") or "a version")
    monkeypatch.setattr("autograder.grading.run.Lessons", lessons)
    with pytest.raises(GradingError, match="it reads lessons"):
        grade_class(graded)


def test_the_version_is_of_lessons_releases_library_judge_python_and_packages(
        tmp_path, monkeypatch):
    monkeypatch.setattr(course, "ROOT", tmp_path)
    for name in ("solutions", "assignments"):
        monkeypatch.setattr(course, name.upper(), tmp_path / name)
    monkeypatch.setattr(course, "SAMPLE_CLASS", tmp_path / "autograder" / "sample_class")
    seen = {version.course_version()}

    def is_new():
        now = version.course_version()
        fresh = now not in seen
        seen.add(now)
        return fresh

    for name in ("solutions/01.py", "assignments/01/01.ipynb", "course_lib/check.py",
                 "course_lib/data/digits.npz", "autograder/judge/run.py",
                 "autograder/lessons/released/01.json"):
        path = tmp_path / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text("one")
        assert is_new(), name
        path.write_text("two")
        assert is_new(), name
        path.rename(path.with_name("other"))
        assert is_new(), name
    for name in ("autograder/sample_class/submitted/x", "autograder/__pycache__/run.pyc", "notes"):
        (tmp_path / name).parent.mkdir(parents=True, exist_ok=True)
        (tmp_path / name).write_text("one")
        assert not is_new(), name
    there = dict(one.split() for one in version._versions())
    assert {"numpy", "matplotlib", "nbgrader", "nbconvert", "bleach", "ipython"} <= there.keys()
    for target, name, value in (
            (version.platform, "python_version", lambda: "4.0"),
            (version, "_versions", lambda: ["numpy 9.0"])):
        monkeypatch.setattr(target, name, value)
        version.surroundings.cache_clear()
        assert is_new(), name
    version.surroundings.cache_clear()


def test_what_is_written_into_the_gradebook_depends_on_dates_rules_and_names(graded, tmp_path):
    class_dir = tmp_path / "class"
    shutil.copytree(graded, class_dir)
    seen = set()

    def recorded():
        now, there, _ = looked_up(class_dir)
        assert there == ["ada", "bob"], "no new run for that"
        [bob] = [one for one in collect(class_dir, {FIRST})[0] if one.student == "bob"]
        seen.add(now.recorded(bob))
        return len(seen)

    recorded()
    rules = f'[lessons]\n{FIRST} = {{ due = "2026-12-01 23:59" }}\n'
    for number, (name, text) in enumerate((
            ("roster.csv", "id,first_name\nbob,Bob\n"), ("class.toml", rules),
            ("class.toml", rules + "[late]\npenalty_per_day = 0.1\n"),
            ("class.toml", rules + f'[extensions]\nbob = {{ {FIRST} = "2026-12-04 23:59" }}\n'),
            ("nbgrader_config.py", "c = get_config()\n"), ("plugin.py", "x = 1\n"),
            (f"submitted/bob/{FIRST}/timestamp.txt", "2026-12-03 12:00 UTC"),
            (f"submitted/bob/{FIRST}/submission_secret.txt", "a-secret")), 2):
        (class_dir / name).write_text(text)
        assert recorded() == number, name
    secret = class_dir / "submitted" / "bob" / FIRST / "submission_secret.txt"
    secret.unlink()
    os.mkfifo(secret)
    assert looked_up(class_dir)[1] == ["ada"], "a pipe is refused: to open it would never end"
    secret.unlink()
    secret.write_text("a-secret")
    (class_dir / "roster.csv").write_text("id,first_name\nbob,Bob\neve,Eve\n")
    assert recorded() == number, "somebody else joined the class"
    (class_dir / "folder.py").mkdir()
    (class_dir / "link.py").symlink_to("nowhere")
    assert recorded() == number, "no plugins"


def test_an_extension_that_leaves_the_settings_is_taken_back_and_one_given_elsewhere_stays(
        graded, tmp_path):
    class_dir = tmp_path / "class"
    shutil.copytree(graded, class_dir)

    notes = []

    def extension(settings):
        (class_dir / "class.toml").write_text(settings)
        done = grade(class_dir, "--no-feedback")
        assert done.returncode == 0, done.stderr
        notes[:] = done.stderr.splitlines()
        with Gradebook(f"sqlite:///{class_dir}/gradebook.db") as book:
            return book.find_submission(FIRST, "bob").extension

    rules = f'[lessons]\n{FIRST} = {{ due = "2026-12-01 23:59" }}\n'
    days = datetime.timedelta(days=3)
    left_out = class_dir / "submitted" / "bob" / "02_convolution_forward"
    left_out.mkdir()
    assert extension(rules + f'[extensions]\nbob = {{ {FIRST} = "2026-12-04 23:59" }}\n') == days
    assert any(line.startswith(f"note: {left_out.name}: class.toml leaves it out, so the submission"
                               " of it is not graded") for line in notes)
    left_out.rmdir()
    assert extension(rules) is None
    with Gradebook(f"sqlite:///{class_dir}/gradebook.db") as book:
        book.grant_extension(FIRST, "bob", days=2)
    assert not any(line.startswith("note: ") for line in notes)
    assert extension("[late]\ncap = 0.5\n") == datetime.timedelta(days=2)
    assert any(line.startswith(f"note: {FIRST}: class.toml names no due date") for line in notes)


def test_a_gradebook_that_lost_its_grades_gets_them_again_without_a_run(graded, tmp_path):
    class_dir = tmp_path / "class"
    shutil.copytree(graded, class_dir)
    expected, before = scores(graded), files(class_dir)
    with Gradebook(f"sqlite:///{class_dir}/gradebook.db") as book:
        for one in book.find_submission_notebook(FIRST, FIRST, "bob").grades:
            one.auto_score = None
        book.db.commit()
    found = rows(grade(class_dir, "--json", "--no-feedback"))
    assert scores(class_dir) == expected
    assert all(row["unchanged"] for row in found.values())
    assert not found["ada"]["spent"] and found["bob"]["spent"]
    (class_dir / "gradebook.db").unlink()
    found = rows(grade(class_dir, "--json", "--no-feedback"))
    assert all(row["unchanged"] and row["before"] is None for row in found.values())
    assert scores(class_dir) == expected
    for path, (_, content) in before.items():
        if "autograded" in path.parts:
            assert path.read_bytes() == content


def test_points_and_comments_given_by_hand_stay_and_reach_the_page(graded, tmp_path):
    class_dir = tmp_path / "class"
    shutil.copytree(graded, class_dir)
    url = f"sqlite:///{class_dir}/gradebook.db"
    assert grade(class_dir).returncode == 0, "its pages lie here now"
    with Gradebook(url) as book:
        notebook = book.find_submission_notebook(FIRST, FIRST, "bob")
        [essay] = [one for one in notebook.grades if one.cell.cell_type == "markdown"]
        test = next(one for one in notebook.grades if one.cell.cell_type == "code")
        essay.manual_score, essay.needs_manual_grade = 1, False
        test.manual_score, test.extra_credit, test.needs_manual_grade = 0.5, 0.25, False
        names = essay.name, test.name
        next(one for one in notebook.comments
             if one.name == essay.name).manual_comment = "Nearly all of it."
        book.db.commit()
    before = files(class_dir)
    for number in range(2):
        assert all(row["unchanged"] for row in rows(grade(class_dir, "--json")).values())
        with Gradebook(url) as book:
            essay, test = (book.find_grade(name, FIRST, FIRST, "bob") for name in names)
            assert essay.manual_score == 1 and not essay.needs_manual_grade
            assert (test.manual_score, test.extra_credit) == (0.5, 0.25)
            assert not test.needs_manual_grade
        changed = {path.relative_to(class_dir).parts[:2] for path, there in
                   files(class_dir).items() if before[path] != there}
        assert changed == ({(".results", "bob"), ("autograded", "bob"), ("feedback", "bob")}
                           if number == 0 else set())
        before = files(class_dir)
    page = class_dir / "feedback" / "bob" / FIRST / f"{FIRST}.html"
    assert "Nearly all of it." in page.read_text()


def test_sentences_that_cannot_be_read_are_told_before_pages_are_made_without_them(
        graded, tmp_path):
    class_dir = tmp_path / "class"
    shutil.copytree(graded, class_dir)
    (class_dir / "sentences.toml").write_text("[zero_pad")
    before = files(class_dir)
    with pytest.raises(GradingError, match="sentences.toml cannot be read"):
        grade_class(class_dir)
    assert files(class_dir) == before


def test_a_page_is_made_again_if_it_is_gone_or_says_something_else(graded, tmp_path):
    class_dir = tmp_path / "class"
    shutil.copytree(graded, class_dir)
    assert grade(class_dir).returncode == 0
    now, _, _ = looked_up(class_dir)
    row, work = stored_work(class_dir, "bob", FIRST)
    row.ways = [{"id": "zero_pad-00000000"}]
    seen = {now.page(row, work, work.book, {})}
    assert now.page(row, work, work.book, {"other-00000000": "Not for bob."}) in seen
    seen |= {now.page(row, work, "other", {}),
             now.page(row, replace(work, notebook="other"), work.book, {}),
             now.page(row, work, work.book, {"zero_pad-00000000": "Look at the border."})}
    assert len(seen) == 4
    page = class_dir / "feedback" / "bob" / FIRST / f"{FIRST}.html"
    other = class_dir / "feedback" / "ada" / FIRST / f"{FIRST}.html"
    whole, kept = page.stat().st_size, other.stat().st_mtime_ns
    page.write_text("half a pa")
    assert grade(class_dir).returncode == 0
    assert page.stat().st_size == pytest.approx(whole, rel=0.01)
    assert other.stat().st_mtime_ns == kept
