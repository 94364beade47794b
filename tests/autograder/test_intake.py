"""What students do to notebooks, and what becomes of it."""

import copy
import json
import random

import nbformat
import pytest

from autograder.errors import GradingError
from autograder.judge.intake import restore
from autograder.judge.reading import read_submission

from .conftest import cell_named


def ids(notebook):
    return [cell.id for cell in notebook.cells]


def sources(notebook):
    return {cell.id: cell.source for cell in notebook.cells}


def nbgrader_ids(notebook):
    return [cell.metadata.nbgrader.grade_id for cell in notebook.cells
            if "nbgrader" in cell.metadata]


def test_an_untouched_notebook_is_restored_without_remarks(solved, tiny):
    graded, remarks, _ = restore(solved, tiny)
    assert remarks == []
    assert nbgrader_ids(graded) == [i for i in ids(solved) if i in tiny.cells]
    assert "on_hidden_cases" in sources(graded)["test-neuron-values"]
    assert "np.pad" in sources(graded)["answer-zero_pad"]
    nbformat.validate(graded)


def test_the_courses_cells_are_put_back_word_for_word(solved, tiny):
    at = cell_named(solved, "test-neuron-values")
    solved.cells[at].source = "2.0"
    solved.cells[at].metadata.nbgrader.points = 99
    solved.cells[at].metadata.tags = ["skip-execution"]
    graded, remarks, _ = restore(solved, tiny)
    cell = graded.cells[cell_named(graded, "test-neuron-values")]
    assert cell.source == tiny.cells["test-neuron-values"].source
    assert cell.metadata.nbgrader.points == 2 and "tags" not in cell.metadata
    assert len(remarks) == 1
    assert remarks[0].startswith("the course's cell “test-neuron-values” was changed; it was put "
                                 "back")
    assert graded.cells[cell_named(graded, "test-neuron-values") + 1].source == "2.0"


def test_a_copied_test_cell_counts_once(solved, tiny):
    at = cell_named(solved, "test-neuron-values")
    solved.cells.insert(at + 1, copy.deepcopy(solved.cells[at]))
    graded, remarks, _ = restore(solved, tiny)
    assert nbgrader_ids(graded).count("test-neuron-values") == 1
    assert len(graded.cells) == len(solved.cells)
    assert "more than once" in remarks[0]


def test_of_two_copies_of_an_answer_the_one_worked_on_counts(solved, tiny):
    at = cell_named(solved, "essay-why")
    written = copy.deepcopy(solved.cells[at])
    written.source = "my own words"
    solved.cells[at].source = tiny.cells["essay-why"].source
    solved.cells.append(written)
    graded, *_ = restore(solved, tiny)
    counted = [c for c in graded.cells if c.metadata.get("nbgrader", {}).get("grade_id")
               == "essay-why"]
    assert [c.source for c in counted] == ["my own words"]


@pytest.mark.parametrize("identity", ["setup", "check-neuron", "test-neuron-values",
                                      "test-zero_pad-values", "essay-why", "answer-neuron"])
def test_a_deleted_cell_comes_back_in_its_place(solved, tiny, identity):
    at = cell_named(solved, identity)
    order = ids(solved)
    del solved.cells[at]
    graded, remarks, _ = restore(solved, tiny)
    assert [i for i in ids(graded) if i in tiny.cells] == [i for i in order if i in tiny.cells]
    assert identity in remarks[0] and "missing" in remarks[0]


def test_metadata_that_was_lost_is_found_again_by_the_cell_id(solved, tiny):
    for cell in solved.cells:
        cell.metadata = nbformat.from_dict({})
    graded, remarks, _ = restore(solved, tiny)
    assert nbgrader_ids(graded) == [i for i in ids(solved) if i in tiny.cells]
    assert remarks == []


def test_foreign_and_broken_metadata_does_not_matter(solved, tiny):
    solved.cells[0].metadata["nbgrader"] = "no dict"
    solved.cells[1].metadata["nbgrader"] = {"grade_id": ["a list"]}
    solved.cells.append(nbformat.v4.new_code_cell(
        "1", metadata={"nbgrader": {"grade": True, "points": 50, "grade_id": "own-points"}}))
    graded, *_ = restore(solved, tiny)
    assert sorted(nbgrader_ids(graded)) == sorted(tiny.cells)


def test_an_answer_made_a_markdown_cell_is_code_again(solved, tiny):
    at = cell_named(solved, "answer-neuron")
    old = solved.cells[at]
    solved.cells[at] = nbformat.v4.new_markdown_cell(old.source, metadata=old.metadata, id=old.id)
    graded, remarks, _ = restore(solved, tiny)
    cell = graded.cells[cell_named(graded, "answer-neuron")]
    assert cell.cell_type == "code" and "x_patch * w" in cell.source
    assert "counts as code again" in remarks[0]


def test_moved_cells_run_where_they_belong(solved, tiny):
    test = solved.cells.pop(cell_named(solved, "test-zero_pad-values"))
    solved.cells.insert(1, test)
    setup = solved.cells.pop(cell_named(solved, "setup"))
    solved.cells.append(setup)
    graded, remarks, _ = restore(solved, tiny)
    order = ids(graded)
    assert order.index("setup") < order.index("answer-neuron")
    assert order.index("test-zero_pad-values") > order.index("answer-zero_pad")
    assert remarks == ["cells “setup”, “test-zero_pad-values” were moved; they ran where they "
                       "belong"]


def test_every_own_cell_survives_any_shuffle(solved, tiny):
    for seed in range(50):
        rng = random.Random(seed)
        notebook = copy.deepcopy(solved)
        for n in range(4):
            notebook.cells.append(nbformat.v4.new_code_cell(f"own = {n}"))
        rng.shuffle(notebook.cells)
        del notebook.cells[: rng.randrange(3)]
        own = [c.source for c in notebook.cells if c.source.startswith("own")]
        graded, *_ = restore(notebook, tiny)
        assert [c.source for c in graded.cells if c.source.startswith("own")] == own
        assert sorted(nbgrader_ids(graded)) == sorted(tiny.cells)
        order = ids(graded)
        assert len(set(order)) == len(order)
        assert order.index("setup") < order.index("answer-neuron")
        for name in ("neuron", "zero_pad"):
            assert order.index(f"answer-{name}") < order.index(f"test-{name}-values")
        nbformat.validate(graded)


@pytest.mark.parametrize("minor", range(6))
@pytest.mark.parametrize("identity", [None, True, 7, [], ["a"], {}, {"a": 1}], ids=repr)
def test_a_cell_whose_id_is_no_text_is_still_the_students(tmp_path, solved, tiny, minor, identity):
    for cell in solved.cells:
        cell["id"] = identity
    path = tmp_path / "x.ipynb"
    path.write_text(json.dumps(solved | {"nbformat_minor": minor}))
    graded, *_ = restore(read_submission(path), tiny)
    assert sorted(nbgrader_ids(graded)) == sorted(tiny.cells)
    assert "x_patch * w" in sources(graded)["answer-neuron"]
    nbformat.validate(graded)


BROKEN = {
    "empty": b"",
    "text": b"this is no notebook",
    "not utf-8": b'{"cells": ["\xff\xfe"]}',
    "a list": b"[]",
    "no cells": json.dumps({"nbformat": 4, "nbformat_minor": 5, "metadata": {}}).encode(),
    "future": json.dumps({"nbformat": 99, "nbformat_minor": 0, "sheets": []}).encode(),
}


@pytest.mark.parametrize("what", BROKEN)
def test_an_unreadable_notebook_is_one_clear_line(tmp_path, what):
    path = tmp_path / "x.ipynb"
    path.write_bytes(BROKEN[what])
    with pytest.raises(GradingError) as caught:
        read_submission(path)
    assert "\n" not in str(caught.value) and len(str(caught.value)) < 200


def test_older_formats_are_read(tmp_path, solved):
    for cell in solved.cells:
        del cell["id"]
    solved.nbformat_minor = 2
    path = tmp_path / "old.ipynb"
    path.write_text(json.dumps(solved))
    assert [c.source for c in read_submission(path).cells] == [c.source for c in solved.cells]
    v3 = nbformat.convert(nbformat.from_dict(json.loads(path.read_text())), 3)
    path.write_text(json.dumps(v3))
    assert "x_patch * w" in " ".join(c.source for c in read_submission(path).cells)
