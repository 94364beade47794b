"""Files handed in beside a notebook: there where the code runs, bounded, and nobody else's."""

import os
from pathlib import Path

import nbformat
import pytest

from autograder.grading import cluster
from autograder.grading.collect import Submission
from autograder.judge import handed_in
from autograder.judge.handed_in import read_beside
from autograder.judge.run import CourseSide, grade_notebook
from autograder.sandbox.walls import BubblewrapSandbox, Limits, UnsafeSandbox
from autograder.version import course_version

from .conftest import cell_named

pytestmark = pytest.mark.system

HELPER = "def add(x, w, b):\n    return float((x * w).sum() + b)\n"


@pytest.fixture(scope="module", params=[BubblewrapSandbox, UnsafeSandbox])
def sandbox(request):
    made = request.param(Limits(cell_seconds=10, call_seconds=10))
    yield made
    made.close()


@pytest.fixture(scope="module")
def side():
    return CourseSide()


def write(folder, notebook, answer, **files):
    """A notebook whose answer is `answer`, with files beside it; returns its path."""
    notebook.cells[cell_named(notebook, "answer-neuron")].source = answer
    folder.mkdir(parents=True, exist_ok=True)
    nbformat.write(notebook, folder / "01_tiny.ipynb")
    for name, content in files.items():
        (folder / name.replace("_py", ".py")).write_text(content)
    return folder / "01_tiny.ipynb"


def passed(graded):
    """True if the student's function was called by the check and gave the right values."""
    check = graded.notebook.cells[cell_named(graded.notebook, "check-neuron")]
    return "✓ neuron: passed" in str(check.outputs)


def test_a_module_of_ones_own_is_imported_and_nobody_else_finds_it(
        solved, tiny_path, tmp_path, sandbox, side):
    answer = ("import os, helper\nassert os.path.exists('data.txt')\n"
              "open('left.txt', 'w').write('mine')\n"
              "def neuron(x, w, b):\n    return helper.add(x, w, b)\n")
    path = write(tmp_path / "ada", solved, answer, helper_py=HELPER, **{"data.txt": "1"})
    assert passed(grade_notebook(path, tiny_path, sandbox, side))
    other = ("import glob, importlib.util\n"
             "assert not glob.glob('**/*.txt', recursive=True)\n"
             "assert not glob.glob('../*/*.txt')\n"
             "assert importlib.util.find_spec('helper') is None\n"
             "def neuron(x, w, b):\n    return float((x * w).sum() + b)\n")
    path = write(tmp_path / "ben", solved, other)
    assert passed(grade_notebook(path, tiny_path, sandbox, side))


def test_the_files_are_there_again_after_the_process_died(solved, tiny_path, tmp_path, side):
    answer = ("import helper\ndef neuron(x, w, b):\n    return helper.add(x, w, b)\n")
    at = cell_named(solved, "check-neuron")
    solved.cells.insert(at, nbformat.v4.new_code_cell("import os; os._exit(1)"))
    path = write(tmp_path / "ada", solved, answer, helper_py=HELPER)
    sandbox = BubblewrapSandbox()
    assert passed(grade_notebook(path, tiny_path, sandbox, side))
    sandbox.close()


def test_what_is_left_out_is_named(tmp_path, monkeypatch):
    monkeypatch.setattr(handed_in, "MAX_FILE", 100)
    folder = tmp_path / "ada"
    (folder / "course_lib").mkdir(parents=True)
    (folder / "data").mkdir()
    (folder / "code").mkdir()
    for name in ("helper.py", "numpy.py", "course_lib/check.py", "data/digits.csv", "code/a.txt",
                 "timestamp.txt", "old.ipynb", ".DS_Store", "Thumbs.db", "~$notes.docx"):
        (folder / name).write_text("x")
    (folder / "large.bin").write_bytes(bytes(101))
    (folder / "to_passwd").symlink_to("/etc/passwd")
    (folder / "to_folder").symlink_to("/etc")
    os.mkfifo(folder / "pipe")
    (folder / "line\nend.txt").write_text("x")
    files, remarks = read_beside(folder / "01_tiny.ipynb")
    assert set(files) == {"helper.py", "data/digits.csv", "code/a.txt"}
    said = "\n".join(remarks)
    for words in ("a module that Python or the course has already: course_lib/check.py, numpy.py",
                  "larger than 0 MiB: large.bin", "symbolic link: to_folder, to_passwd",
                  "no plain file: pipe", r"line\nend.txt"):
        assert words in said or ", ".join(reversed(words.split(": ")[-1].split(", "))) in said
    assert "DS_Store" not in said and "old.ipynb" not in said and len(said.splitlines()) == 5


def test_too_many_files_are_cut_off_with_one_remark(tmp_path, monkeypatch):
    monkeypatch.setattr(handed_in, "MAX_COUNT", 3)
    monkeypatch.setattr(handed_in, "_MAX_SEEN", 6)
    for number in range(10):
        (tmp_path / f"{number}.txt").write_text("x")
    files, remarks = read_beside(tmp_path / "01_tiny.ipynb")
    assert list(files) == ["0.txt", "1.txt", "2.txt"]
    assert remarks[0].endswith("more than 3 files: 3.txt, 4.txt, 5.txt")
    assert "too many files" in remarks[1]


def test_another_file_meets_other_cases(solved, tiny_path, tmp_path, side, monkeypatch):
    from course_lib.judging import exercise

    salts = []
    monkeypatch.setattr(exercise, "set_salt", lambda salt: salts.append(salt))
    sandbox = BubblewrapSandbox()
    for content in ("a = 1", "a = 2"):
        path = write(tmp_path / "ada", solved, "neuron = None", helper_py=content)
        grade_notebook(path, tiny_path, sandbox, side)
    sandbox.close()
    assert len({salt for salt in salts if salt}) == 2


def test_files_travel_to_a_worker_on_another_machine(solved, tiny_path, tmp_path):
    answer = ("import helper\ndef neuron(x, w, b):\n    return helper.add(x, w, b)\n")
    path = write(tmp_path / "ada", solved, answer, helper_py=HELPER, numpy_py="")
    submission = Submission("ada", "01_tiny", path, tiny_path)
    sent = cluster._read(submission)
    path.unlink()
    (path.parent / "helper.py").unlink()
    graded, problem = cluster._grade_bytes(submission, Path(tiny_path).read_text(), sent,
                                           Limits(), False, course_version())
    assert problem is None and passed(graded)
    assert any("numpy.py" in remark for remark in graded.remarks)
