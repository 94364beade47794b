"""In grading, `check` explains by small tries across the boundary, and that costs nothing."""

import nbformat
import pytest

from autograder.judge.run import CourseSide, grade_notebook
from autograder.sandbox.walls import Limits, UnsafeSandbox
from course_lib.judging import judge

from .conftest import cell_named

WRONG = '''\
def zero_pad(x, pad):
    out = np.zeros((*x.shape[:2], x.shape[2] + 2 * pad, x.shape[3] + 2 * pad))
    out[:, :, pad:-pad, pad:-pad] = x
    return out
'''
SELDOM_ENDLESS = '''\
def zero_pad(x, pad):
    while (x == np.round(x)).all():
        pass
    return np.pad(x, ((0, 0), (0, 0), (pad, pad), (pad, pad))) + (pad == 1)
'''


@pytest.fixture
def graded(tmp_path, solved, tiny_path):
    def grade(source, call_seconds=2):
        solved.cells[cell_named(solved, "answer-zero_pad")].source = source
        path = tmp_path / "tiny.ipynb"
        nbformat.write(solved, path)
        sandbox = UnsafeSandbox(Limits(call_seconds=call_seconds))
        try:
            return grade_notebook(path, tiny_path, sandbox, CourseSide())
        finally:
            sandbox.close()

    return grade


def said(graded, cell):
    notebook = graded.notebook
    outputs = notebook.cells[cell_named(notebook, cell)].outputs
    return "\n".join(o.data["text/plain"] for o in outputs if "data" in o)


def test_the_rule_and_the_smallest_case_stand_in_the_graded_notebook(graded, monkeypatch):
    told = []
    monkeypatch.setattr(judge, "listeners", [told.append])
    text = said(graded(WRONG), "check-zero_pad")
    assert "your function stopped with ValueError" in text
    assert "Line 3 of zero_pad: out[:, :, pad:-pad, pad:-pad] = x" in text
    assert "At that line: out (" in text and "pad = 0" in text
    assert "small tries it was wrong exactly when pad is 0." in text
    assert "Smallest case: zero_pad(np.array([[[[1., 2.]]]]), 0)" in text
    assert "made of" not in text
    assert [v.rule for v in told if v.rule] == ["pad is 0"]


def test_a_try_that_never_ends_costs_no_call_of_the_tests(graded):
    # It is given up before its time for a call is over: what it says then answers nothing else.
    done = graded(SELDOM_ENDLESS, call_seconds=20)
    assert "padded x" in said(done, "check-zero_pad")
    assert not any("zero_pad" in event for event in done.events), done.events
    # The tiny lesson's test asks for a group that there is not; the function it does find.
    (told,) = [cell.outputs for cell in done.notebook.cells if cell.id == "test-zero_pad-values"]
    assert told[0].evalue.startswith("zero_pad has no group")
