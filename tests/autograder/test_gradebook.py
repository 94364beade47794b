"""The gradebook of a large class: what a submission takes does not grow with the others."""

import contextlib
import re
import sqlite3

import nbformat
import sqlalchemy
from nbgrader.api import Gradebook

from autograder.grading.collect import Submission
from autograder.grading.gradebook import OpenGradebook
from autograder.grading.record import Recorder
from autograder.judge.run import Graded

# One row or more for each submission.
GROWS = "student|submitted_assignment|submitted_notebook|grade|comment"


def test_recording_reads_no_whole_table(tmp_path, tiny, solved):
    """Also in a gradebook that was made before there were indexes."""
    path = tmp_path / "submitted" / "ada" / "01_tiny" / "01_tiny.ipynb"
    path.parent.mkdir(parents=True)
    path.write_text(nbformat.writes(solved))
    Gradebook(f"sqlite:///{tmp_path}/gradebook.db").close()
    recorder, submission, asked = Recorder(tmp_path, {"01_tiny": tiny.lesson}), Submission(
        "ada", "01_tiny", path), []
    recorder.prepare(["01_tiny"])
    with contextlib.closing(recorder):
        sqlalchemy.event.listen(recorder._gradebook().engine, "before_cursor_execute",
                                lambda *call: asked.append(call[2:4]))
        recorder.record(submission, Graded(solved))
        recorder.points(submission)
        recorder.state(submission)
    with contextlib.closing(sqlite3.connect(tmp_path / "gradebook.db")) as book:
        plans = {statement: [step[-1] for step in book.execute(f"EXPLAIN QUERY PLAN {statement}",
                                                               values)]
                 for statement, values in asked if statement.startswith("SELECT")}
    assert len(plans) > 10
    scans = {(step, statement) for statement, steps in plans.items() for step in steps
             if re.match(rf"SCAN ({GROWS})\b(?!.* USING)", step)}
    assert not scans


def test_opening_it_as_nbgraders_steps_do_writes_nothing(tmp_path):
    """Two processes that make pages at once would both enter a course, and one would fail."""
    url = f"sqlite:///{tmp_path}/gradebook.db"
    OpenGradebook(url, "convnets").close()
    before = (tmp_path / "gradebook.db").read_bytes()
    for named in ((), ("convnets",)):
        Gradebook(url, *named).close()
    assert (tmp_path / "gradebook.db").read_bytes() == before
