"""What an operator relies on: exit status, log, JSON, dry runs, and what a student's code did."""

import json
import re
import shutil

import pytest

from autograder.__main__ import main
from autograder.lessons.sample import write_sample_class
from tests.autograder.test_grade import grade, one_line, scores
from tests.programs import run

pytestmark = pytest.mark.system

LESSON = "02_convolution_forward"


@pytest.fixture(scope="module")
def mixed(tmp_path_factory):
    """(class folder, finished process): one who ends the process, one mistaken, one unreadable."""
    class_dir = tmp_path_factory.mktemp("mixed")
    write_sample_class(target=class_dir / "all")
    for student in ("os_exit", "typical_mistakes"):
        shutil.copytree(class_dir / "all" / student / LESSON,
                        class_dir / "submitted" / student / LESSON)
    broken = class_dir / "submitted" / "unreadable" / LESSON
    broken.mkdir(parents=True)
    (broken / f"{LESSON}.ipynb").write_text("{")
    return class_dir, grade(class_dir, "--json", "--no-feedback")


def test_json_is_a_line_for_each_submission_and_nothing_else(mixed):
    class_dir, done = mixed
    rows = {row["student"]: row for row in map(json.loads, done.stdout.splitlines())}
    assert set(rows) == {"os_exit", "typical_mistakes", "unreadable"}
    found = scores(class_dir)
    for student in ("os_exit", "typical_mistakes"):
        assert rows[student]["score"] == sum(found[student, LESSON].values())
        assert rows[student]["lesson"] == LESSON and rows[student]["problem"] == ""
        spent = rows[student]["spent"]
        assert rows[student]["seconds"] == pytest.approx(sum(spent.values()))
        assert {"the student's cells", "test cells", "reading and repair"} <= set(spent)
        assert min(spent.values()) > 0
    assert rows["unreadable"]["score"] is None
    assert "breaks off" in rows["unreadable"]["problem"]
    assert "the student's process ended" in rows["os_exit"]["events"][0]
    assert {m["name"] for m in rows["typical_mistakes"]["misconceptions"]} >= {"pad 1 always"}


def test_a_submission_that_cannot_be_graded_is_status_1_and_named(mixed):
    class_dir, done = mixed
    assert done.returncode == 1
    assert re.search(f"^not graded: unreadable/{LESSON}: ", done.stderr, re.MULTILINE)
    assert grade(class_dir, "--lesson", "11_magic").returncode == 2
    assert grade(class_dir, "--no-such-option").returncode == 2


def test_the_log_keeps_a_line_for_each_submission_of_each_run(mixed):
    class_dir, _ = mixed
    lines = (class_dir / "grading.log").read_text().splitlines()
    assert len(lines) == 3
    assert all(re.match(r"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\dZ \w+/02_convolution_forward: ", line)
               for line in lines)
    assert sum("not graded, 0.00 s; the notebook breaks off" in line for line in lines) == 1
    assert grade(class_dir, "--student", "os_exit", "--no-feedback").returncode == 0
    again = (class_dir / "grading.log").read_text().splitlines()
    assert again[:3] == lines and len(again) == 4


def test_a_dry_run_tells_and_writes_nothing(mixed, tmp_path, capsys):
    shutil.copytree(mixed[0] / "submitted", tmp_path / "submitted")
    path = tmp_path / "submitted" / "os_exit" / LESSON / f"{LESSON}.ipynb"
    notebook = json.loads(path.read_text())
    notebook["cells"] = [c for c in notebook["cells"] if c["id"] != "test-neuron-bias"]
    path.write_text(json.dumps(notebook))
    before = sorted(tmp_path.rglob("*"))
    assert main(["grade", str(tmp_path), "--dry-run"]) == 1
    said = capsys.readouterr()
    assert f"os_exit/{LESSON}: would be graded; cell “test-neuron-bias” was missing" in said.out
    assert f"not graded: unreadable/{LESSON}: " in said.err
    assert sorted(tmp_path.rglob("*")) == before


def test_show_tells_what_a_students_code_did(mixed, capsys):
    class_dir, _ = mixed
    assert main(["show", str(class_dir), "os_exit", LESSON]) == 0
    said = capsys.readouterr().out
    assert "Remarks of the grader" in said and "os._exit" in said
    assert re.search(r"--- test-neuron-bias\n    ✓ neuron: right on all", said)
    assert "--- answer-conv_forward_naive\nimport os\n\nos._exit(0)\n    Stopped: " in said
    assert "BEGIN HIDDEN" not in said, "the course's own cells are shown by their outputs"
    done = run("autograder", "show", class_dir, "unreadable", LESSON)
    assert done.returncode == 2
    one_line(done, "has no graded notebook", "--student unreadable")
