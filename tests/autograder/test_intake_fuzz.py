"""Notebooks that nobody made on purpose: damaged at random, huge, or of the strangest form."""

import copy
import json
import random
import time

import nbformat
import pytest
from hypothesis import HealthCheck, example, given, settings
from hypothesis import strategies as st

from autograder.errors import GradingError
from autograder.judge.intake import restore
from autograder.judge.reading import read_submission

pytestmark = pytest.mark.slow

STRANGE = [None, True, 0, -1, 1e308, "", "x", "\ud800", "\0", [], {}, [[]], {"": None}, [None] * 3,
           {"grade_id": []}, {"nbgrader": 7}, "test-neuron-values"]


def places(node, path=()):
    """All places in nested lists and dicts, as paths."""
    yield path
    children = node.items() if isinstance(node, dict) else (
        enumerate(node) if isinstance(node, list) else ())
    for key, child in children:
        yield from places(child, (*path, key))


def damage(notebook, rng):
    """Change one random place: something strange there, or it is gone, twice or elsewhere."""
    path = rng.choice([p for p in places(notebook) if p])
    parent = notebook
    for key in path[:-1]:
        parent = parent[key]
    action = rng.choice(["strange", "strange", "gone", "twice", "elsewhere"])
    if action == "gone":
        del parent[path[-1]]
    elif action == "twice" and isinstance(parent, list):
        parent.insert(rng.randrange(len(parent) + 1), copy.deepcopy(parent[path[-1]]))
    elif action == "elsewhere" and isinstance(parent, list):
        parent.insert(rng.randrange(len(parent)), parent.pop(path[-1]))
    else:
        # A copy: what is changed later must not change the list above, or end up inside itself.
        parent[path[-1]] = copy.deepcopy(rng.choice(STRANGE))


def taken_in(path, content, template):
    """The notebook to grade and its remarks, or None with one clear line about the file."""
    path.write_bytes(content)
    try:
        return restore(read_submission(path), template)[:2]
    except GradingError as error:
        assert "\n" not in str(error) and len(str(error)) < 300
        return None


def assert_whole(graded, template):
    """A valid notebook that holds each of the course's cells once, word for word."""
    nbformat.validate(graded)
    ids = [cell.id for cell in graded.cells]
    assert len(ids) == len(set(ids))
    for name in template.cells:
        assert ids.count(name) == 1
        cell = graded.cells[ids.index(name)]
        assert cell.metadata == template.cells[name].metadata
        if template.is_locked(name):
            assert cell.source == template.cells[name].source


@settings(max_examples=300, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(seed=st.integers(0, 2**32), count=st.integers(1, 12), minor=st.sampled_from([5, 4, 2, 0]))
# A cell id that is a dict, in a format that knows no ids.
@example(seed=520, count=1, minor=0)
def test_a_notebook_damaged_anywhere_is_graded_whole_or_refused_in_a_line(
        solved, tiny, tmp_path, seed, count, minor):
    rng = random.Random(seed)
    notebook = json.loads(nbformat.writes(solved)) | {"nbformat_minor": minor}
    for _ in range(count):
        damage(notebook, rng)
    done = taken_in(tmp_path / "n.ipynb", json.dumps(notebook).encode(), tiny)
    if done:
        assert_whole(done[0], tiny)


@settings(max_examples=150, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(seed=st.integers(0, 2**32))
def test_a_file_with_damaged_bytes_is_graded_whole_or_refused_in_a_line(
        solved, tiny, tmp_path, seed):
    rng = random.Random(seed)
    content = bytearray(nbformat.writes(solved).encode())
    for _ in range(rng.randint(1, 5)):
        start = rng.randrange(len(content))
        content[start : start + rng.randint(0, 40)] = rng.randbytes(rng.randint(0, 20))
    done = taken_in(tmp_path / "n.ipynb", bytes(content), tiny)
    if done:
        assert_whole(done[0], tiny)


@given(content=st.binary(max_size=200))
@settings(max_examples=100, suppress_health_check=[HealthCheck.function_scoped_fixture])
def test_a_file_of_any_bytes_is_refused_in_a_line(tiny, tmp_path, content):
    assert taken_in(tmp_path / "n.ipynb", content, tiny) is None


def deep(depth):
    return (b'{"nbformat": 4, "nbformat_minor": 5, "metadata": {}, "cells": ' + b"[" * depth
            + b"]" * depth + b"}")


@pytest.mark.parametrize("content", [
    b"", b"\xff\xfe\0", b"null", b"[]", b"7", b'"text"', b"{}", b'{"nbformat": 99}',
    b'{"nbformat": 4}', b'{"nbformat": "4", "cells": []}', b'{"nbformat": 1e400, "cells": []}',
    deep(50), deep(100_000), b'{"nbformat": 4, "cells": {}, "metadata": []}',
    b"\xef\xbb\xbf" + deep(1),
], ids=lambda content: repr(content[:24]))
def test_no_notebook_at_all_is_refused_in_a_line(tiny, tmp_path, content):
    done = taken_in(tmp_path / "n.ipynb", content, tiny)
    if done:
        assert_whole(done[0], tiny)


def test_outputs_of_50_megabytes_and_10000_cells_are_no_burden(solved, tiny, tmp_path):
    solved.cells[2].outputs = [nbformat.v4.new_output("stream", text="x" * 50 * 2**20)]
    solved.cells += [nbformat.v4.new_code_cell(f"{n}", id=f"c{n}") for n in range(10_000)]
    path = tmp_path / "n.ipynb"
    nbformat.write(solved, path)
    start = time.process_time()
    graded, *_ = restore(read_submission(path), tiny)
    assert time.process_time() - start < 30
    assert_whole(graded, tiny)
    assert [c.source for c in graded.cells if c.id.startswith("own-")][-1] == "9999"
    assert len(nbformat.writes(graded)) < 10 * 2**20, "old outputs are not kept"
