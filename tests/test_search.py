"""The search for examples: what it finds it shows, and says how to keep it."""

import sys

from tests.search import search

PROPERTY = """
from hypothesis import given, strategies as st

@given(n=st.integers(0, 1000))
def test_small(n):
    assert n < {bound}
"""


def test_what_is_found_is_shown_with_how_to_keep_it(tmp_path, monkeypatch, capsys):
    monkeypatch.chdir(tmp_path)
    monkeypatch.setenv("PYTHONPATH", ":".join(sys.path))
    (tmp_path / "conftest.py").write_text("from tests.conftest import settings\n")
    (tmp_path / "test_it.py").write_text(PROPERTY.format(bound=500))
    assert search(120, ["test_it.py"]) == 1
    said = capsys.readouterr().out
    assert "n=500" in said and "@example(" in said


def test_the_search_ends_when_its_time_is_up(tmp_path, monkeypatch, capsys):
    monkeypatch.chdir(tmp_path)
    assert search(0.2, ["nowhere"]) == 0
    assert "nothing found in 0.2 seconds" in capsys.readouterr().out
