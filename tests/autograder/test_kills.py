"""Killed at any moment, again and again: the next run makes good what the killed ones had in hand.

25 kills in `make test`; KILLS=200 (`make kills`) says how many. The moments are drawn from a seed,
KILLS_SEED, over the whole of a run: start, walls, grading, recording, stored results, pages,
report, hand-back.
"""

import json
import os
import random
import shutil
import time

import nbformat
import pytest
from tqdm import tqdm

from autograder import course
from autograder.lessons.sample import submission
from tests.autograder.test_grade import scores
from tests.programs import Program, run

pytestmark = pytest.mark.system

LESSON = "01_spatial_arithmetic"
STUDENTS = {"ada": "loops", "bob": "half_finished", "eve": "blank"}
KILLS = int(os.environ.get("KILLS", 25))
SEED = int(os.environ.get("KILLS_SEED", 0))
# What a result says of the run that made it, and not of the submission.
_OF_THE_RUN = ("spent", "seconds", "before", "page", "unchanged", "work", "digest")


def hand_in(class_dir, student, version):
    """Put one of two versions of a student's notebook into submitted/."""
    notebook = submission(course.SAMPLE_CLASS / "answers" / STUDENTS[student] / f"{LESSON}.py")
    notebook.cells.append(nbformat.v4.new_code_cell(f"print('version {version}')", id="version"))
    folder = class_dir / "submitted" / student / LESSON
    folder.mkdir(parents=True, exist_ok=True)
    nbformat.write(notebook, folder / "fresh")
    os.replace(folder / "fresh", folder / f"{LESSON}.ipynb")


def words(class_dir, act):
    return {"grade": ("autograder", "grade", class_dir, "--workers", "1"),
            "again": ("autograder", "grade", class_dir, "--workers", "1", "--again",
                      "--student", "bob"),
            "hand back": ("autograder", "hand-back", class_dir, "--for", "folder")}[act]


def finished(class_dir, act):
    """Seconds that it took to run to its end."""
    start = time.monotonic()
    done = run(*words(class_dir, act))
    assert done.returncode == 0, done.stderr
    return time.monotonic() - start


def made(class_dir):
    """{file: content} of notebooks, pages and what is handed back, and of what results say."""
    found = {}
    for folder in ("autograded", "feedback", "hand-back"):
        for path in (class_dir / folder).rglob("*"):
            if path.is_file():
                found[str(path.relative_to(class_dir))] = path.read_bytes()
    for path in (class_dir / ".results").rglob("*"):
        if path.suffix == ".json":
            row = json.loads(path.read_text())
            found[str(path.relative_to(class_dir))] = {
                name: value for name, value in row.items() if name not in _OF_THE_RUN}
        elif path.is_file():
            found[str(path.relative_to(class_dir))] = path.read_bytes()
    return found


def test_whatever_is_killed_whenever_the_next_run_makes_it_good(tmp_path):
    rng = random.Random(SEED)
    undisturbed, killed_class = tmp_path / "undisturbed", tmp_path / "killed"
    for student in STUDENTS:
        hand_in(undisturbed, student, 1)
    shutil.copytree(undisturbed, killed_class)
    # The first run draws the course's figures; those that are killed find them.
    shutil.copytree(undisturbed, tmp_path / "first")
    finished(tmp_path / "first", "grade")
    long = {act: finished(undisturbed, act) for act in ("grade", "again", "hand back")}
    killed = dict.fromkeys(long, 0)
    for _ in tqdm(range(KILLS), desc="kill", disable=KILLS < 100):
        act = rng.choice(("grade", "grade", "grade", "again", "hand back"))
        if act == "hand back" and not (killed_class / "gradebook.db").exists():
            act = "grade"
        if act == "grade":
            hand_in(killed_class, rng.choice(list(STUDENTS)), rng.choice((0, 1)))
        program = Program(*words(killed_class, act))
        time.sleep(rng.uniform(0.02, 0.95) * long[act])
        killed[act] += program.alive()
        program.kill()
    for student in STUDENTS:
        hand_in(killed_class, student, 1)
    finished(killed_class, "grade")
    finished(killed_class, "hand back")
    assert sum(killed.values()) >= KILLS / 3, f"too few were killed in time: {killed}"
    assert scores(killed_class) == scores(undisturbed)
    expected, found = made(undisturbed), made(killed_class)
    assert found.keys() == expected.keys()
    assert [name for name in expected if found[name] != expected[name]] == []
    assert not list(killed_class.glob(".grading-*"))
    # What stands there now is what a run would make: there is nothing to do again.
    again = run("autograder", "grade", killed_class, "--json")
    assert all(json.loads(line)["unchanged"] for line in again.stdout.splitlines())
