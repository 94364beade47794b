"""The notebook reader: what is not graded is cut out, what is graded fits, all else is refused."""

import json

import nbformat
import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st

from autograder.bounded import Bounds, each
from autograder.errors import GradingError
from autograder.judge import reading
from autograder.judge.reading import check_size, read_submission

PLAIN = {"nbformat": 4, "nbformat_minor": 5, "metadata": {}}
VALUES = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats(allow_nan=False) | st.text(max_size=8)
    | st.sampled_from(["outputs", "cells", "metadata", '"', "\\", '{"outputs": [', "]}"]),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(
        st.text(max_size=4) | st.sampled_from(["outputs", "cells", "metadata", "attachments"]),
        inner, max_size=3), max_leaves=12)


def code(source="x", **more):
    return {"cell_type": "code", "metadata": {}, "source": source, "outputs": [],
            "execution_count": None, "id": "a", **more}


def text_of(cells, **more):
    return json.dumps({"cells": cells, **PLAIN, **more})


def emptied(value, inside=""):
    """What the reader has to keep of a value."""
    if isinstance(value, list):
        return [emptied(one, "cell" if inside == "cells" else "") for one in value]
    if not isinstance(value, dict):
        return value
    cut = ("outputs", "attachments") if inside == "cell" else ("metadata",) * (inside == "root")
    return {key: type(one)() if key in cut and isinstance(one, (list, dict)) else
            emptied(one, "cells" if key == "cells" and isinstance(one, list) else "")
            for key, one in value.items()}


@settings(max_examples=300)
@given(st.dictionaries(st.sampled_from(["cells", "metadata", "x", "worksheets"]), VALUES),
       st.sampled_from([None, 1]), st.booleans())
@example({"cells": [{"outputs": [{"cells": [{"outputs": "]"}]}], "source": '"outputs": ['}]},
         1, True)
@example({"cells": [{"x": "outputs", "y": [1]}, {"attachments": {"a": {}}}]}, None, True)
@example({"metadata": {"metadata": {"a": "}"}}, "x": {"metadata": {"a": 1}}}, None, False)
def test_only_what_is_not_graded_is_cut_out(notebook, indent, ascii_only):
    data = json.dumps(notebook, indent=indent, ensure_ascii=ascii_only).encode("utf-8", "replace")
    kept, _ = reading._graded_part(data)
    assert json.loads(kept) == emptied(json.loads(data), "root")
    assert len(kept) <= len(data)


@settings(max_examples=200)
@given(st.binary(max_size=60) | st.text('{}[]",:\\ \n"aoutpsceil0', max_size=60).map(str.encode))
@example(b'"')
@example(b'"\\')
@example(b'{"cells":[{"outputs":[')
@example(b'{"cells":[{"outputs":[]]}]}')
@example(b'\xef\xbb\xbf{}')
@example(b'\xff\xfe{\x00}\x00')
@example(b"]]]]")
def test_any_bytes_are_read_or_refused_in_a_sentence(tmp_path_factory, data):
    path = tmp_path_factory.mktemp("fuzz") / "n.ipynb"
    path.write_bytes(data)
    try:
        read_submission(path)
    except GradingError as error:
        assert len(str(error)) < 300 and str(error).isprintable()


BOMBS = {
    "empty dicts as cells": lambda: b'{"cells":[' + b"{}," * 10**7 + b"{}]}",
    "empty dicts as outputs": lambda: b'{"cells":[{"outputs":[' + b"{}," * 10**7 + b"{}]}]}",
    "empty dicts in a cell's metadata": lambda: text_of([code(metadata={"x": 0})]).encode().replace(
        b'"x": 0', b'"x": [' + b"[]," * 10**7 + b"0]"),
    "numbers": lambda: b'{"cells":[' + b"1," * 15_000_000 + b"1]}",
    "decimals": lambda: b'{"cells":[' + b"0.5," * 8_000_000 + b"1]}",
    "brackets in brackets": lambda: b'{"cells":' + b"[" * 3 * 10**7,
    "brackets in an output": lambda: b'{"cells":[{"outputs":' + b"[" * 3 * 10**7,
    "keys": lambda: b'{"cells":[{' + b",".join(b'"%d":0' % n for n in range(10**6)) + b"}]}",
    "a text without end": lambda: b'{"cells":["' + b'\\"' * 10**7,
    "one word": lambda: text_of([code("x" * 17 * 2**20)]).encode(),
    "wide signs": lambda: b'{"cells":["' + "\U0001f600".encode() * 5 * 10**6 + b'"]}',
    "cells": lambda: text_of([code()] * 30_000).encode(),
    "blanks": lambda: b" " * 101 * 2**20,
}


@pytest.mark.parametrize("name", BOMBS)
def test_what_would_fill_the_memory_is_refused(tmp_path, name):
    path = tmp_path / "n.ipynb"
    path.write_bytes(BOMBS[name]())
    [(_, result, sentence)] = each(read_submission, [(path,)], 1, Bounds(20, 120, 400 * 2**20))
    assert result is None and "ask for it" in sentence, sentence


def test_a_notebook_with_50_megabytes_of_plots_is_read(tmp_path):
    picture = {"output_type": "display_data", "data": {"image/png": "A" * 5 * 10**6},
               "metadata": {}}
    numbers = {"output_type": "display_data", "data": {"x": list(range(2 * 10**6))}, "metadata": {}}
    path = tmp_path / "n.ipynb"
    path.write_text(text_of([code(f"x = {n}", outputs=[picture]) for n in range(8)]
                            + [code("last", outputs=[numbers])]))
    assert path.stat().st_size > 50 * 10**6
    [(_, cells, sentence)] = each(_sources, [(path,)], 1, Bounds(20, 120, 400 * 2**20))
    assert sentence is None and cells == [*(f"x = {n}" for n in range(8)), "last"]
    check_size(path)


def _sources(path):
    return [cell.source for cell in read_submission(path).cells]


def test_nbgraders_own_commands_get_no_bomb(tmp_path):
    path = tmp_path / "n.ipynb"
    for name in ("empty dicts as cells", "empty dicts as outputs", "numbers", "blanks"):
        path.write_bytes(BOMBS[name]())
        with pytest.raises(GradingError, match="ask for it"):
            check_size(path)


def test_older_formats_and_strange_ids_are_read(tmp_path):
    path = tmp_path / "n.ipynb"
    third = nbformat.v3.new_notebook(worksheets=[nbformat.v3.new_worksheet(cells=[
        nbformat.v3.new_code_cell("old", outputs=[nbformat.v3.new_output("stream", "x")])])])
    path.write_text(json.dumps(third))
    assert _sources(path) == ["old"]
    for minor in (0, 5):
        for strange in ({}, [], 7, None, {"a": []}):
            path.write_text(text_of([code(id=strange)], nbformat_minor=minor))
            assert _sources(path) == ["x"]


DAMAGED = {
    "no type there is": {"cell_type": "heading", "source": "kept", "metadata": {}},
    "no type": {"source": ["kept"], "outputs": []},
    "numbers in the source": {"cell_type": "markdown", "source": ["ke", None, "pt"]},
    "source of an older format": {"cell_type": "code", "input": "kept"},
    "a text in place of a cell": "kept",
    "a list in place of a cell": ["kept"],
}


@pytest.mark.parametrize("name", DAMAGED)
def test_a_damaged_cell_costs_nothing_of_the_others(tmp_path, name):
    path, picture = tmp_path / "n.ipynb", {"p.png": {"image/png": "iVBORw0KGgo="}}
    text = {"cell_type": "markdown", "metadata": {}, "source": "![p](attachment:p.png)",
            "attachments": picture}
    for more in ({}, {"nbformat": None}, {"nbformat": 5}, {"metadata": None}):
        path.write_text(text_of([code(), DAMAGED[name], text], **more))
        found = read_submission(path)
        assert [cell.source for cell in found.cells] == ["x", "kept", text["source"]]
        assert found.cells[2].attachments == picture
        said = found.metadata.left_out
        assert said == [] if "older" in name else "number 2: " in said[0]
