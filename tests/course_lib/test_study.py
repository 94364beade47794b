"""A learner's own words: hints for every exercise, solutions, progress, a stub back."""

import contextlib
import json
import re
from types import SimpleNamespace

import numpy as np
import pytest
from jupyter_client.manager import start_new_kernel

from autograder import course
from autograder.errors import GradingError
from autograder.judge.run import CourseSide
from autograder.lessons import build as building
from autograder.lessons.lesson import read_all
from course_lib import check, exercises, hint, lessons_folder, progress, reset, solution
from course_lib import test as graded
from course_lib.study import asking, desk, hints, solutions


@pytest.fixture
def shown(monkeypatch):
    """What is shown, as texts, the newest last."""
    texts = []
    monkeypatch.setattr("IPython.display.display", lambda one: texts.append(repr(one)))
    monkeypatch.setattr(asking, "_given", {})
    monkeypatch.setattr(desk, "last", {})
    return texts


@pytest.fixture
def shell(monkeypatch, tmp_path, shown):
    """A learner's kernel in lesson 02 of a folder of their own."""
    folder = tmp_path / "my_lessons"
    lessons_folder.update(course.ASSIGNMENTS, folder)
    monkeypatch.chdir(folder / "02_convolution_forward")
    shell = SimpleNamespace(user_ns={}, folder=folder)
    monkeypatch.setattr(desk, "kernel", lambda: shell)
    return shell


def neuron(x_patch, w, b):
    return np.sum(x_patch * w) + b


def no_bias(x_patch, w, b):
    return np.sum(x_patch * w)


def blank(x_patch, w, b):
    raise NotImplementedError()


def returns_nothing(x_patch, w, b):
    pass


def names_nothing(x_patch, w, b):
    return nowhere  # noqa: F821


def at_large_pads(x, pad):
    padded = np.pad(x, ((0, 0), (0, 0), (pad, pad), (pad, pad)))
    return 2 * padded if pad > 1 else padded


def test_the_first_hint_says_when_an_unknown_mistake_shows(shown):
    check("zero_pad", at_large_pads)
    hint("zero_pad")
    assert "hint 1 of 4" in shown[-1] and "wrong exactly when pad is more than 1" in shown[-1]
    # A step towards the value would not help where something of another kind comes out.
    check("neuron", returns_nothing)
    hint("neuron")
    assert "hint 1 of 3" in shown[-1] and "There is no return in returns_nothing" in shown[-1]
    check("conv_output_size", lambda W, F, S, P: (W - F + 2 * P) / S + 1)
    hint("conv_output_size")
    assert "From the last check: the output size has the right value, but as a float" in shown[-1]


def test_every_exercise_has_two_or_three_hints_and_a_word_on_the_fast_version():
    assert hints.missing(exercises.names()) == {}
    assert {name for name in exercises.names() if not hints.fast(name)} == set()
    steps, fast = hints._all()
    assert set(steps) == set(fast) == set(exercises.names())
    for name in steps:
        for step in steps[name]:
            assert step[-1] in ".?!" and len(step) < 330, (name, step)


def test_no_hint_contains_a_line_of_an_answer():
    for lesson in read_all(course.SOLUTIONS):
        for cell in lesson.cells:
            if cell.role != "answer":
                continue
            body = re.search(r"### BEGIN SOLUTION(.*?)### END", cell.source, re.DOTALL)[1]
            told = " ".join(hints.steps(cell.name))
            for line in body.splitlines():
                right = line.strip().removeprefix("return ").rpartition("= ")[2]
                assert len(right) < 12 or right not in told, (cell.name, right)


def test_an_exercise_without_hints_stops_the_build_with_a_sentence(monkeypatch, tmp_path):
    steps, fast = hints._all()
    monkeypatch.setattr(hints, "_all", lambda: ({**steps, "neuron": ("A step.", " ")}, fast))
    with pytest.raises(GradingError, match="“neuron” has an empty hint; write two or three"):
        building.build(target=tmp_path)
    monkeypatch.setattr(hints, "_all", lambda: ({**steps, "neuron": ()}, fast))
    with pytest.raises(GradingError, match="“neuron” has no hints"):
        building.build(target=tmp_path)


def test_hints_come_one_by_one_and_begin_with_what_check_has_found(shown):
    hint("neuron")
    assert "hint 1 of 2" in shown[-1] and hints.steps("neuron")[0] in shown[-1]
    check("neuron", no_bias)
    hint("neuron")
    assert "hint 1 of 3" in shown[-1] and desk.last["neuron"].hint in shown[-1]
    hint("neuron")
    assert "hint 2 of 3" in shown[-1] and hints.steps("neuron")[0] in shown[-1]
    hint("neuron")
    hint("neuron")
    assert "hint 3 of 3" in shown[-1] and "last one" in shown[-1]
    check("neuron", neuron)
    hint("neuron")
    assert "nothing left" in shown[-1]


def test_a_name_that_is_none_or_missing_is_told_in_a_sentence(shown, shell):
    for word in (hint, solution, reset):
        word("neurn")
        assert f'Did you mean {word.__name__}("neuron")?' in shown[-1]
        word(3)
        assert "no such exercise" in shown[-1] and "in quotation marks" in shown[-1]
        word()
        assert "no name was given" in shown[-1]
    check("neuron", no_bias)
    check("zero_pad", neuron)
    check("neuron", no_bias)
    for word in (hint, solution):
        word()  # the exercise that was checked last
        assert shown[-1].startswith("neuron: ")
    reset()  # a second one would forget another exercise
    assert "no name was given" in shown[-1]
    hint(neuron)
    assert shown[-1].startswith("neuron: hint")
    (name,) = (cell.name for cell in read_all(course.SOLUTIONS)[1].cells if cell.role == "essay")
    for asked in (name, name.title(), name.replace(" ", "-")):
        solution(asked)
        assert "write yours first" in shown[-1]
    hint(name)
    assert "has no hints" in shown[-1]


def test_a_solution_is_shown_after_a_try_beside_ones_own(shown, shell):
    solution("neuron")
    assert "try it first" in shown[-1]
    for nothing in (blank, returns_nothing, names_nothing):
        check("neuron", nothing)
        solution("neuron")
        assert "try it first" in shown[-1] and "np.sum" not in shown[-1]
    solution("neuron")
    assert "try it first" in shown[-1] and "np.sum" not in shown[-1]
    shell.user_ns["neuron"] = no_bias
    check("neuron", no_bias)
    solution("neuron")
    assert "--- yours ---\ndef no_bias" in shown[-1] and "SOLUTION" not in shown[-1]
    assert "return np.sum(x_patch * w) + b" in shown[-1] and hints.fast("neuron") in shown[-1]
    desk.last.clear()  # another day: the try is remembered
    solution("neuron")
    assert "--- the course's ---" in shown[-1]


def test_every_answer_and_essay_of_the_course_is_found(monkeypatch):
    found = solutions.answers()
    for lesson in read_all(course.SOLUTIONS):
        for cell in lesson.cells:
            if cell.role == "answer":
                assert "SOLUTION" not in found[cell.name].text
                shown = solutions.without_descriptions(found[cell.name].text)
                compile(shown, cell.name, "exec")
                assert '"""' not in shown and "return" in shown or cell.optional
            if cell.role == "essay":
                one = found[cell.name]
                assert cell.id == f"essay-{cell.name.replace(' ', '-')}"
                assert one.essay and one.points == cell.points and one.scheme and one.text
                assert "MARK SCHEME" not in one.text + one.scheme


def test_without_solutions_a_sentence_says_so_and_a_handed_out_file_is_found(
        monkeypatch, shown, shell, tmp_path):
    monkeypatch.setattr(solutions, "CHECKED_OUT", tmp_path / "none")
    check("neuron", no_bias)
    solution("neuron")
    assert "contains no solutions" in shown[-1]
    assert "02_convolution_forward.solutions.py" in shown[-1]
    handed_out = shell.folder / "02_convolution_forward.solutions.py"
    handed_out.write_bytes((course.SOLUTIONS / "02_convolution_forward.py").read_bytes())
    solution("neuron")
    assert "return np.sum(x_patch * w) + b" in shown[-1]


def test_an_essay_is_written_before_it_is_compared(shown, shell):
    (name,) = (cell.name for cell in read_all(course.SOLUTIONS)[1].cells if cell.role == "essay")
    solution(name)
    assert "write yours first" in shown[-1]
    path = shell.folder / "02_convolution_forward" / "02_convolution_forward.ipynb"
    notebook = json.loads(path.read_text())
    cell = next(c for c in notebook["cells"] if c["id"].startswith("essay-"))
    cell["source"] = "My own words."
    path.write_text(json.dumps(notebook))
    solution(name)
    assert "My own words." in shown[-1] and "the marks" in shown[-1]
    for points in (99, -1, "2"):
        solution(name, points=points)
        assert "points go from 0" in shown[-1]
    solution(name, points=2)
    progress()
    assert re.search(r"2 of \d+, by yourself", shown[-1])


def test_progress_counts_what_passes_and_survives_a_new_release(shown, shell):
    progress()
    assert re.search(r"2 · Convolution, forward .* 0 of \d +0 of 2\d", shown[-1])
    check("neuron", neuron)
    progress()
    assert re.search(r"2 · Convolution, forward .* 1 of \d +0 of", shown[-1])
    graded("neuron", neuron, group="dot product", points=1)
    graded("neuron", no_bias, group="bias", points=1)
    progress()
    assert re.search(r"2 · Convolution, forward .* 0 of \d +1 of", shown[-1])
    lessons_folder.update(course.ASSIGNMENTS, shell.folder)
    graded("neuron", neuron, group="bias", points=1)
    progress()
    assert re.search(r"2 · Convolution, forward .* 1 of \d +2 of", shown[-1])
    assert re.search(r"the course .* 1 of \d+ +2 of \d+", shown[-1])


def test_a_record_that_is_broken_or_cannot_be_written_stops_no_check(shown, shell, monkeypatch):
    record = shell.folder / desk.PROGRESS
    record.write_text("a file where the folder should be")
    check("neuron", neuron)
    assert "passed" in shown[-1]
    record.unlink()
    check("neuron", neuron)
    (file,) = record.glob("*.json")
    for text in ("{", "[1]", '{"neuron": 3}', '{"neuron": {"tests": [1], "outcome": 7}}'):
        file.write_text(text)
        progress()
        graded("neuron", neuron, group="bias", points=1)
        assert "passed" in shown[-1] or "✓" in shown[-1]
    kept = sorted(file.parent.glob("*.damaged"))  # each by itself
    assert [one.read_text() for one in kept] == ["[1]", "{"]
    monkeypatch.setattr(desk, "unkept", {})
    file.unlink()
    file.mkdir()  # cannot be written, whoever runs the tests
    check("neuron", neuron)
    progress()
    assert any("is not kept" in one for one in shown[-4:])


def test_reset_shows_the_stub_and_keeps_the_answer(shown, shell):
    shell.user_ns["neuron"] = no_bias
    check("neuron", neuron)
    reset("neuron")
    assert "raise NotImplementedError()" in shown[-1] and "kept/neuron." in shown[-1]
    (kept,) = shell.folder.glob("kept/*.py")
    assert "def no_bias" in kept.read_text()
    progress()
    assert re.search(r"2 · Convolution, forward .* 0 of \d ", shown[-1])


def test_a_lesson_that_was_sorted_away_is_still_at_home(shown, shell, monkeypatch):
    deeper = shell.folder / "autumn" / "done"
    deeper.mkdir(parents=True)
    monkeypatch.chdir((shell.folder / "02_convolution_forward").rename(deeper / "02"))
    assert desk.folder() == shell.folder


def test_a_notebook_of_another_name_or_a_copy_is_still_the_lesson(shown, shell, monkeypatch):
    path = shell.folder / "05_pooling" / "05_pooling.ipynb"
    monkeypatch.chdir(path.parent)
    written = json.loads(path.read_text(encoding="utf-8"))
    for cell in written["cells"]:
        if cell["id"] in ("essay-what-pooling-does", "answer-where_is_max"):
            cell["source"] = f"mine: {cell['id']}"
    path.with_name("Pooling Jürgen.ipynb").write_text(json.dumps(written), encoding="utf-8")
    path.unlink()
    monkeypatch.setenv("JPY_SESSION_NAME", str(path))  # it was renamed while its kernel ran
    solution("essay")
    assert "mine: essay-what-pooling-does" in shown[-1] and "the marks" in shown[-1]
    reset("where_is_max")
    assert "is kept in kept/where_is_max." in shown[-1]
    # The next release puts a blank one beside it, and says so.
    (said,) = [one for one in lessons_folder.update(course.ASSIGNMENTS, shell.folder) if one]
    assert said == ("05_pooling: new in my_lessons/; Pooling Jürgen.ipynb beside it stays as you "
                    "have it")
    solution("essay")
    assert "mine: essay-what-pooling-does" in shown[-1]
    # Also where the folder has another name: the lesson is the one of what was checked last.
    monkeypatch.chdir(path.parent.rename(shell.folder / "Woche 5"))
    check("where_is_max", lambda window: (0, 0))
    solution("essay")
    assert "mine: essay-what-pooling-does" in shown[-1]


def test_outside_a_learners_jupyter_nothing_is_kept_or_shown(monkeypatch, shown, tmp_path):
    (tmp_path / lessons_folder.RELEASED).mkdir()
    monkeypatch.chdir(tmp_path)
    assert desk.kernel() is None and desk.folder() is None
    check("neuron", neuron)
    progress()
    reset("neuron")
    assert len(shown) == 1
    assert [p.name for p in tmp_path.iterdir()] == [lessons_folder.RELEASED]


def test_nbgraders_own_execution_is_not_a_learners_jupyter(monkeypatch):
    CourseSide()
    grades = desk.grading
    assert grades
    monkeypatch.setattr(desk, "grading", False)
    monkeypatch.setattr("IPython.get_ipython", lambda: SimpleNamespace(kernel=1))
    assert desk.kernel()
    monkeypatch.setenv("NBGRADER_EXECUTION", "autograde")
    assert desk.kernel() is None
    monkeypatch.delenv("NBGRADER_EXECUTION")
    monkeypatch.setattr(desk, "grading", grades)  # be it started from a teacher's own notebook
    assert desk.kernel() is None


@pytest.mark.system
def test_in_a_real_kernel_all_words_work_from_a_fresh_folder(tmp_path):
    """As a learner types them: the name is told, the source of a cell is found, nothing is lost."""
    folder = tmp_path / "my_lessons"
    lessons_folder.update(course.ASSIGNMENTS, folder)
    with kernel(folder / "02_convolution_forward") as run:
        assert "from course_lib import hint" in run("from course_lib import check\nhint('neuron')")
        run("import numpy as np\nfrom course_lib import hint, solution, progress, reset")
        run("def neuron(x_patch, w, b):\n    return np.sum(x_patch * w)", cell="answer")
        assert "has the wrong value" in run("check('neuron', neuron)")
        assert "hint 1 of 3" in run("hint('neuron')")
        told = run("solution('neuron')")
        assert "return np.sum(x_patch * w)\n" in told and "return np.sum(x_patch * w) + b" in told
        assert "kept/neuron." in run("reset('neuron')")
        assert "your progress" in run("progress()").lower()
        run("def nevron(x_patch, w, b):\n    return np.sum(x_patch * w) + b", cell="answer")
        assert "no longer defines neuron; it now defines nevron" in run("check('neuron', neuron)")
    (kept,) = folder.glob("kept/neuron.*.py")
    assert "in the running kernel\ndef neuron" in kept.read_text()


@pytest.mark.system
def test_the_source_of_a_class_is_found_too(tmp_path):
    folder = tmp_path / "my_lessons"
    lessons_folder.update(course.ASSIGNMENTS, folder)
    with kernel(folder / "07_convnet") as run:
        run("x = 1\nclass ConvNet:\n    def predict(self, X):\n        return X.sum()\ny = 2")
        assert "kept/ConvNet." in run("from course_lib import reset\nreset('ConvNet')")
    (kept,) = folder.glob("kept/ConvNet.*.py")
    assert kept.read_text().endswith("class ConvNet:\n    def predict(self, X):\n"
                                     "        return X.sum()\n")


@contextlib.contextmanager
def kernel(folder):
    """A kernel in `folder`; the function runs a cell and returns all that it shows."""
    manager, client = start_new_kernel(kernel_name="python3", cwd=str(folder))

    def run(source, cell="another"):
        texts = []
        client.session.metadata = {"cellId": cell}  # as JupyterLab says it

        def heard(message):
            content = message["content"]
            data = content.get("data", {})
            texts.extend([content.get("text", ""), *content.get("traceback", []),
                          data.get("text/plain", ""), data.get("text/html", "")])

        client.execute_interactive(source, timeout=120, output_hook=heard)
        return "\n".join(texts)

    try:
        yield run
    finally:
        client.stop_channels()
        manager.shutdown_kernel(now=True)
