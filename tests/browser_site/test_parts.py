"""A part of the site is used if its hash is right, wherever it comes from."""

import hashlib
import http.server
import json
import threading
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


@pytest.fixture
def web():
    """(the address of a server, {path: bytes that it answers}, [paths that were asked for])."""
    answers, asked = {}, []

    class Handler(http.server.BaseHTTPRequestHandler):
        def do_GET(self):
            asked.append(self.path)
            data = answers.get(self.path, answers.get("*"))
            self.send_response(404 if data is None else 200)
            self.end_headers()
            self.wfile.write(data or b"")

        def log_message(self, *arguments):
            pass

    server = http.server.ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    threading.Thread(target=server.serve_forever, daemon=True).start()
    yield f"http://127.0.0.1:{server.server_address[1]}/mirror", answers, asked
    server.shutdown()
    server.server_close()


def test_an_address_may_be_named_and_a_page_in_place_of_the_file_is_refused(
        web, tmp_path, monkeypatch):
    address, answers, asked = web
    monkeypatch.setenv(parts.VARIABLE, f"{address}/")
    monkeypatch.setitem(parts.LIST, "sources", [])
    answers["*"] = b"<!doctype html><title>Please log in</title>"
    with pytest.raises(GradingError, match="refused, its hash is wrong"):
        parts.fetch(tmp_path, NEEDED)
    answers[f"/mirror/{NAME}"] = RIGHT
    assert parts.fetch(tmp_path, NEEDED)[NAME].read_bytes() == RIGHT
    assert set(asked) == {f"/mirror/{NAME}"}


@pytest.mark.parametrize("place", [
    "http://127.0.0.1:9/", "http://[", "nothing://here", "no-folder"])
def test_where_nobody_answers_it_is_asked_once(place, tmp_path, monkeypatch):
    monkeypatch.setenv(parts.VARIABLE, place)
    monkeypatch.setitem(parts.LIST, "sources", [])
    calls, real = [], parts.urllib.request.urlopen
    monkeypatch.setattr(parts.urllib.request, "urlopen",
                        lambda *args, **more: (calls.append(args), real(*args, **more))[1])
    with pytest.raises(GradingError, match="2 of the site's 2 parts were found nowhere"):
        parts.fetch(tmp_path, {**NEEDED, "pyodide.mjs": "0" * 64})
    assert len(calls) <= 1


@pytest.mark.parametrize("name", ["cut.whl", "cut.tar.gz"])
def test_half_an_archive_is_none(name, tmp_path, monkeypatch):
    place = tmp_path / "mirror"
    place.mkdir()
    with zipfile.ZipFile(place / "whole.whl", "w") as archive:
        archive.writestr(NAME, RIGHT)
    # The list of what is in it stands at its end: here it is there, and the files are not.
    data = bytearray((place / "whole.whl").read_bytes())
    data[:40] = bytes(40)
    (place / name).write_bytes(data if name.endswith("whl") else b"\x1f\x8b\x08" + bytes(9))
    (place / "whole.whl").unlink()
    monkeypatch.setenv(parts.VARIABLE, str(place))
    monkeypatch.setitem(parts.LIST, "sources", [])
    with pytest.raises(GradingError, match="found nowhere"):
        parts.fetch(tmp_path / "kept", NEEDED)


def test_every_part_has_a_hash_and_every_package_finds_what_it_needs():
    assert all(len(one) == 64 for one in parts.NEEDED.values())
    for entry in parts.ENTRIES.values():
        needed = {name.lower().replace("_", "-") for name in entry["depends"]}
        assert needed <= set(parts.ENTRIES), entry["name"]
    assert "://" not in json.dumps(parts.LIST)
