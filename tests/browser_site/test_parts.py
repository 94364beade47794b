"""A part of the site is used if its hash is right, wherever it comes from."""

import hashlib
import json
import zipfile

import pytest

from autograder.errors import GradingError
from browser import parts

NAME = "pyodide.js"
RIGHT = b"right"
NEEDED = {NAME: hashlib.sha256(RIGHT).hexdigest()}


def giving(data):
    def source(missing, scratch):
        with zipfile.ZipFile(scratch / "archive.whl", "w") as archive:
            archive.writestr(f"deep/inside/{NAME}", data)
        yield scratch / "archive.whl"
    return source


def silent(missing, scratch):
    return iter(())


def test_a_wrong_file_is_refused_and_the_next_source_tried(tmp_path):
    found = parts.fetch(tmp_path, NEEDED, [silent, giving(b"wrong"), giving(RIGHT)])
    assert found[NAME].read_bytes() == RIGHT


def test_a_kept_file_that_was_changed_is_fetched_again(tmp_path):
    (tmp_path / NAME).write_bytes(b"changed")
    assert parts.fetch(tmp_path, NEEDED, [giving(RIGHT)])[NAME].read_bytes() == RIGHT


@pytest.mark.parametrize("sources, words", [
    ([], "found nowhere"), ([silent], "found nowhere"), ([giving(b"wrong")], "its hash is wrong")])
def test_where_no_source_has_it_one_sentence_says_so(tmp_path, sources, words):
    with pytest.raises(GradingError, match=words) as error:
        parts.fetch(tmp_path, NEEDED, sources)
    assert NAME in str(error.value) and parts.VARIABLE in str(error.value)
    assert not (tmp_path / NAME).exists()


def test_a_folder_may_be_named(tmp_path, monkeypatch):
    (tmp_path / "mirror").mkdir()
    (tmp_path / "mirror" / NAME).write_bytes(RIGHT)
    monkeypatch.setenv(parts.VARIABLE, str(tmp_path / "mirror"))
    assert parts.fetch(tmp_path / "kept", NEEDED)[NAME].read_bytes() == RIGHT


def test_every_part_has_a_hash_and_every_package_finds_what_it_needs():
    assert all(len(one) == 64 for one in parts.NEEDED.values())
    for entry in parts.ENTRIES.values():
        needed = {name.lower().replace("_", "-") for name in entry["depends"]}
        assert needed <= set(parts.ENTRIES), entry["name"]
    assert "://" not in json.dumps(parts.LIST)
