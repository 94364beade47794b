"""The lessons' sources and the notebooks that are built from them."""

import ast
import json
import re
import shutil

import nbformat
import pytest
from jupyter_server.services.contents.filemanager import FileContentsManager
from nbclient import NotebookClient

from autograder import course
from autograder.errors import GradingError
from autograder.judge.run import CourseSide, grade_notebook
from autograder.lessons.build import build
from autograder.lessons.lesson import read_all
from autograder.lessons.source import source_notebook
from autograder.sandbox.walls import BubblewrapSandbox
from course_lib import exercises, student_error
from tests.thorough import some

LESSONS = read_all(course.SOLUTIONS)
NAMES = [lesson.name for lesson in LESSONS]
by_lesson = pytest.mark.parametrize("lesson", LESSONS, ids=NAMES)


def released(lesson):
    return course.ASSIGNMENTS / lesson.name / f"{lesson.name}.ipynb"


@pytest.fixture(scope="module")
def rebuilt(tmp_path_factory):
    """assignments/ built again, elsewhere."""
    target = tmp_path_factory.mktemp("assignments")
    build(course.SOLUTIONS, target)
    return target


@pytest.mark.system
def test_stored_assignments_are_fresh_and_building_again_gives_the_same_bytes(rebuilt):
    stored = {p.relative_to(course.ASSIGNMENTS): p.read_bytes()
              for p in course.ASSIGNMENTS.rglob("*") if p.is_file()
              and ".ipynb_checkpoints" not in p.parts}
    again = {p.relative_to(rebuilt): p.read_bytes() for p in rebuilt.rglob("*") if p.is_file()}
    assert stored.keys() == again.keys()
    stale = [str(name) for name in stored if stored[name] != again[name]]
    assert not stale, f"run `make build` and commit: {stale}"


@pytest.mark.system
def test_a_one_word_edit_changes_only_the_lines_it_must(tmp_path, rebuilt):
    edited, other = NAMES[:2]
    solutions = tmp_path / "solutions"
    solutions.mkdir()
    for name in (edited, other):
        shutil.copy(course.SOLUTIONS / f"{name}.py", solutions)
    source = solutions / f"{edited}.py"
    text = source.read_text()
    word = re.search(r"^# [A-Z]\w+ (\w{5,}) ", text, re.MULTILINE)
    source.write_text(text[:word.start(1)] + "Xylophone" + text[word.end(1):])
    (tmp_path / "out").mkdir()
    build(solutions, tmp_path / "out")
    for name in (edited, other):
        old = (rebuilt / name / f"{name}.ipynb").read_text().splitlines()
        new = (tmp_path / "out" / name / f"{name}.ipynb").read_text().splitlines()
        changed = [b for a, b in zip(old, new, strict=True) if a != b]
        # The line with the word, and the digest by which a notebook that was worked on is known.
        assert len(changed) == (2 if name == edited else 0)


def test_a_malformed_lesson_leaves_the_assignments_alone(tmp_path):
    solutions = tmp_path / "solutions"
    shutil.copytree(course.SOLUTIONS, solutions)
    (solutions / "99_bad.py").write_text("# %% [markdown]\n# # Bad\n\n# %% magic: x\n1\n")
    out = tmp_path / "out"
    out.mkdir()
    with pytest.raises(GradingError, match=r"^99_bad\.py:4: unknown role"):
        build(solutions, out)
    assert not list(out.iterdir())


def test_building_sets_aside_what_somebody_worked_on_and_says_so(tmp_path, tiny_path, capfd):
    solutions, out, name = tiny_path.parent, tmp_path / "out", tiny_path.stem
    out.mkdir()
    build(solutions, out)
    path = out / name / f"{name}.ipynb"
    released = path.read_bytes()
    for number in (1, 2):
        notebook = nbformat.read(path, as_version=4)
        # A prediction in a cell of text is work as much as an answer is.
        kind = "answer-" if number == 1 else "start-text-"
        next(c for c in notebook.cells if c.id.startswith(kind)).source = f"my_work = {number}"
        nbformat.write(notebook, path)
        capfd.readouterr()
        build(solutions, out)
        assert "kept: " in "".join(capfd.readouterr())
    assert path.read_bytes() == released
    assert "my_work = 1" in (path.parent / f"{name}.mine.ipynb").read_text()
    assert "my_work = 2" in (path.parent / f"{name}.mine-2.ipynb").read_text()
    build(solutions, out)
    assert len(list(path.parent.iterdir())) == 3


@by_lesson
def test_opening_and_saving_a_lesson_changes_no_byte(lesson, tmp_path):
    path = tmp_path / f"{lesson.name}.ipynb"
    path.write_bytes(released(lesson).read_bytes())
    contents = FileContentsManager(root_dir=str(tmp_path))
    # What JupyterLab gets, as JSON, and hands back.
    model = json.loads(json.dumps(contents.get(path.name), default=str))
    contents.save({"type": "notebook", "format": "json", "content": model["content"]}, path.name)
    assert path.read_bytes() == released(lesson).read_bytes()


def between(source, begin, end):
    """The lines between two marks, stripped."""
    inside, found = False, []
    for line in source.splitlines():
        if line.strip() == end:
            inside = False
        if inside and line.strip():
            found.append(line.strip())
        if line.strip() == begin:
            inside = True
    return found


@by_lesson
def test_nothing_that_students_must_not_see_is_released(lesson):
    notebook = nbformat.read(released(lesson), as_version=4)
    text = "\n".join(cell.source for cell in notebook.cells)
    assert "SOLUTION" not in text and "HIDDEN" not in text and "MARK SCHEME" not in text
    assert "on_hidden_cases" not in text and "hidden_seed" not in text
    assert all(not cell.get("outputs") for cell in notebook.cells)
    by_id = {cell.id: cell for cell in notebook.cells}
    for cell in lesson.cells:
        if cell.role == "answer":
            assert "raise NotImplementedError()" in by_id[cell.id].source
            answer = between(cell.source, "### BEGIN SOLUTION", "### END SOLUTION")
            kept = [line.strip() for line in by_id[cell.id].source.splitlines()]
            given = [line for line in cell.source.splitlines()]
            for line in answer:
                # A line may stand in the answer and, on purpose, outside of it.
                outside = sum(1 for other in given if other.strip() == line) - answer.count(line)
                assert kept.count(line) <= outside, f"{cell.id} releases “{line}”"
        if cell.role == "test":
            for seed in re.findall(r"seed=(\d+)", cell.source):
                assert seed not in text, f"{cell.id} releases its hidden seed"
        if cell.role == "essay":
            assert by_id[cell.id].source == "*Write your answer here.*"


def test_what_the_stubs_hold_beside_the_gap_is_known():
    """Else a stub that nobody has touched would be told that it is written, or the other way."""
    held = {}
    for lesson in LESSONS:
        for cell in nbformat.read(released(lesson), as_version=4).cells:
            if cell.id.startswith("answer-"):
                held |= {node.name: student_error.written_in(node)
                         for node in ast.walk(ast.parse(cell.source))
                         if isinstance(node, ast.FunctionDef)
                         and any(isinstance(one, ast.Raise) for one in ast.walk(node))}
    found = {name: count for name, count in held.items() if count}
    assert found == student_error.GIVEN, "write these numbers into course_lib/student_error.py"


def test_hidden_seeds_differ():
    seeds = [seed for lesson in LESSONS for cell in lesson.cells if cell.role == "test"
             for seed in re.findall(r"seed=(\d+)", cell.source)]
    assert len(seeds) == len(set(seeds)) == sum(
        cell.role == "test" for lesson in LESSONS for cell in lesson.cells)


@by_lesson
def test_a_lesson_is_complete(lesson):
    roles = {cell.role for cell in lesson.cells}
    assert {"story", "setup", "figure", "answer", "check", "test", "essay"} <= roles
    for cell in lesson.cells:
        if cell.role == "answer":
            tree = ast.parse(cell.source)
            stubs = [node for node in tree.body if isinstance(node, (ast.FunctionDef,
                                                                     ast.ClassDef))]
            assert stubs and all(ast.get_docstring(node) for node in stubs), cell.id
            assert any(c.role == "check" and c.name == cell.name for c in lesson.cells), cell.id
            graded = {c.group for c in lesson.cells if c.role == "test" and c.name == cell.name}
            assert graded == set(exercises.find(cell.name).groups), cell.id


PARTS = ("you can**", "**time:** about", "## before you start: a prediction", "find the bug",
         "in your own words", "## common mistakes", "## in two lines", "## further reading")
STEP = re.compile(r"fill in|out of order|in the wrong order|puzzle", re.IGNORECASE)


@by_lesson
def test_a_lesson_has_the_parts_that_students_can_count_on(lesson):
    story = "\n".join(cell.source for cell in lesson.cells if cell.role in ("story", "essay"))
    at = {part: story.lower().find(part) for part in PARTS}
    assert -1 not in at.values() and list(at.values()) == sorted(at.values()), at
    assert story.count("**Predict first.**") >= 3
    assert STEP.search(story), "a puzzle of lines, or a line to fill in"
    assert "=== BEGIN MARK SCHEME ===" in story
    roles = [cell.role for cell in lesson.cells]
    assert roles.count("figure") >= roles.count("answer")
    assert lesson.cells[-1].id == "figure-my-progress"
    assert any("widgets." in cell.source for cell in lesson.cells if cell.role == "figure")
    # Every section with an exercise says how hard it is and how long it takes.
    section = ""
    for cell in lesson.cells:
        if cell.role == "story" and (headings := re.findall(r"^## .*(?:\n\*.*)?", cell.source,
                                                            re.MULTILINE)):
            section = headings[-1]
        if cell.role == "answer":
            assert re.search(r"\n\*.*\d+ minutes.*\*", section), (cell.id, section)


@pytest.fixture(scope="module")
def grader():
    """Grades one notebook as a class's would be."""
    sandbox, side = BubblewrapSandbox(), CourseSide()

    def grade(path, lesson):
        return grade_notebook(path, course.SOLUTIONS / f"{lesson.name}.py", sandbox, side)

    return grade


def points(graded):
    """{test cell: points} as the judge decided them."""
    from nbgrader.utils import determine_grade

    return {cell.id: determine_grade(cell)[0] for cell in graded.notebook.cells
            if cell.metadata.get("nbgrader", {}).get("grade") and cell.cell_type == "code"}


@by_lesson
@pytest.mark.system
def test_every_answer_earns_all_points(lesson, grader, tmp_path):
    notebook = nbformat.read(released(lesson), as_version=4)
    for cell, ours in zip(notebook.cells, lesson.cells, strict=True):
        if ours.role == "answer":
            cell.source = ours.source
    nbformat.write(notebook, tmp_path / "solved.ipynb")
    graded = grader(tmp_path / "solved.ipynb", lesson)
    assert points(graded) == {c.id: c.points for c in lesson.cells if c.role == "test"}
    assert graded.events == [] and graded.remarks == []
    for cell in graded.notebook.cells:
        errors = [o.evalue for o in cell.get("outputs", []) if o.output_type == "error"]
        assert errors == [], cell.id


@by_lesson
@pytest.mark.system
def test_the_blank_notebook_earns_nothing_and_shows_no_traceback(lesson, grader):
    graded = grader(released(lesson), lesson)
    assert set(points(graded).values()) == {0}
    # A cell that waits for an answer says that it does.
    assert "This cell stopped with" not in str(graded.notebook)
    for cell in graded.notebook.cells:
        errors = [o.evalue for o in cell.get("outputs", []) if o.output_type == "error"]
        assert errors == [], cell.id


@pytest.mark.parametrize("lesson", some(LESSONS, 4), ids=lambda lesson: lesson.name)
@pytest.mark.system
def test_the_blank_notebook_runs_to_its_end_in_a_real_kernel(lesson):
    notebook = nbformat.read(released(lesson), as_version=4)
    NotebookClient(notebook, timeout=400, kernel_name="python3").execute()
    assert "not attempted yet" in str(notebook)
    assert "This cell stopped with" not in str(notebook)


def test_the_code_of_a_drawing_is_folded_and_its_picture_is_not():
    folded = shown = 0
    for lesson in LESSONS:
        for cell in source_notebook(lesson).cells:
            hidden = cell.metadata.get("jupyter", {})
            if hidden:
                assert hidden == {"source_hidden": True} and cell.id.startswith("figure-")
                # This line is all that is seen of it, in a narrow page as well.
                first = cell.source.splitlines()[0]
                # JupyterLab does not wrap it: at 200 % beside an open file list a longer one
                # makes the whole notebook move sideways.
                assert first.startswith("# Below: ") and len(first) < 30, cell.id
            folded += bool(hidden)
            shown += cell.id.startswith("figure-") and not hidden
    assert folded > 8 and shown > 8


@by_lesson
def test_code_in_texts_stays_on_its_lines_on_a_narrow_page(lesson):
    """In a window of 800 pixels a longer line breaks, and looks like two: puzzles are lists."""
    notebook = json.loads(released(lesson).read_text(encoding="utf-8"))
    for cell in notebook["cells"]:
        text = "".join(cell["source"]) if cell["cell_type"] == "markdown" else ""
        for block in re.findall(r"^```.*?^```|<pre>.*?</pre>", text, re.DOTALL | re.MULTILINE):
            assert max(map(len, block.splitlines())) <= 52, f"{block}\nmake it a list of lines"
