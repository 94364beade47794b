"""Pictures pasted into text: kept in the graded notebook and on the page, nothing else of it."""

import base64
import io
import json

import nbformat
import pytest
from PIL import Image

from autograder.judge import attachments
from autograder.judge.intake import restore
from autograder.judge.reading import read_submission
from autograder.results.pages import safe_markdown

from .conftest import cell_named


def picture(kind="PNG"):
    out = io.BytesIO()
    Image.new("RGB", (4, 3), "red").save(out, kind)
    return base64.b64encode(out.getvalue()).decode()


def pasted(notebook, position, name="image.png", kind="image/png", data=None):
    """Paste into the text cell at `position`, as JupyterLab does."""
    cell = notebook.cells[position]
    cell.source += f"\n\n![{name}](attachment:{name})"
    cell.setdefault("attachments", nbformat.from_dict({}))[name] = {kind: data or picture()}


def read(notebook, path):
    nbformat.write(notebook, path)
    return read_submission(path)


def test_pictures_in_essays_and_own_cells_are_kept(solved, tiny, tmp_path):
    solved.cells.insert(2, nbformat.v4.new_markdown_cell("My drawing:", id="mine"))
    pasted(solved, 2, "sketch of mine.jpg", "image/jpeg", picture("JPEG"))
    pasted(solved, cell_named(solved, "essay-why"))
    submitted = read(solved, tmp_path / "01_tiny.ipynb")
    graded, remarks, *_ = restore(submitted, tiny)
    kept = [cell for cell in graded.cells if cell.get("attachments")]
    assert [list(cell.attachments) for cell in kept] == [["sketch of mine.jpg"], ["image.png"]]
    assert kept[1].id == "essay-why" and kept[1].attachments["image.png"]["image/png"] == picture()
    assert remarks == [] and submitted.metadata.left_out == []
    nbformat.validate(graded)


def test_a_kept_picture_is_on_the_page(solved, tiny, tmp_path):
    pasted(solved, cell_named(solved, "essay-why"))
    graded, *_ = restore(read(solved, tmp_path / "01_tiny.ipynb"), tiny)
    cell = graded.cells[cell_named(graded, "essay-why")]
    page = safe_markdown({"cell": cell, "resources": {}}, cell.source)
    assert f"data:image/png;base64,{picture()}" in page


SVG = base64.b64encode(b"<svg onload='escaped()'/>").decode()


@pytest.mark.parametrize("kind, data, why", [
    ("image/svg+xml", SVG, "only PNG, JPEG and GIF"),
    ("text/html", "abcd", "only PNG, JPEG and GIF"),
    ("image/png", SVG, "it is none"),
    ("image/png", "a", "it is none"),
    ("image/jpeg", picture("PNG"), "it is none"),
])
def test_what_is_no_picture_is_left_out_and_said(solved, tiny, tmp_path, kind, data, why):
    pasted(solved, cell_named(solved, "essay-why"), "x", kind, data)
    submitted = read(solved, tmp_path / "01_tiny.ipynb")
    assert len(submitted.metadata.left_out) == 1 and why in submitted.metadata.left_out[0]
    assert not any("attachments" in cell for cell in submitted.cells)


def test_pictures_are_bounded(solved, tmp_path, monkeypatch):
    size = len(base64.b64decode(picture()))
    monkeypatch.setattr(attachments, "MAX_PICTURES", 2 * size)
    for number in range(4):
        pasted(solved, cell_named(solved, "essay-why"), f"{number}.png")
    submitted = read(solved, tmp_path / "01_tiny.ipynb")
    assert len(submitted.cells[-1].attachments) == 2
    assert submitted.metadata.left_out[0].startswith("2 pictures pasted into the text were left")
    monkeypatch.setattr(attachments, "MAX_PICTURE", size - 1)
    assert "larger" in read(solved, tmp_path / "01_tiny.ipynb").metadata.left_out[0]


@pytest.mark.parametrize("value", [{}, {"x": []}, {"x": {"image/png": 3}}, {"x": "y"},
                                   {"x": [[{"image/png": picture()}]]}])
def test_other_values_are_no_attachments(solved, tmp_path, value):
    text = json.loads(nbformat.writes(solved))
    for cell in text["cells"]:
        cell["attachments"] = value
    path = tmp_path / "01_tiny.ipynb"
    path.write_text(json.dumps(text))
    submitted = read_submission(path)
    assert not any("attachments" in cell for cell in submitted.cells)


def test_a_code_cell_and_a_forged_remark_bring_nothing(solved, tmp_path):
    solved.metadata.left_out = ["you passed"]
    solved.cells[1].attachments = {"x.png": {"image/png": picture()}}
    submitted = read(solved, tmp_path / "01_tiny.ipynb")
    assert submitted.metadata.left_out == [] and "attachments" not in submitted.cells[1]
