"""Which room may import which, and that each says what lives there."""

import ast
import tomllib
from pathlib import Path

import grimp
import pytest
from importlinter.cli import lint_imports

from autograder.sandbox.walls import VISIBLE

ROOT = Path(__file__).parent.parent
ROOMS = sorted(path for house in ("course_lib", "autograder")
               for path in (ROOT / house).rglob("__init__.py"))


def test_imports_run_downwards(monkeypatch, capsys):
    monkeypatch.chdir(ROOT)
    broken = lint_imports(no_cache=True)
    assert not broken, capsys.readouterr().out


def test_no_file_imports_what_imports_it(monkeypatch):
    monkeypatch.chdir(ROOT)
    files = grimp.build_graph("course_lib", "autograder", cache_dir=None)
    assert [(one, other) for one in files.modules
            for other in files.find_modules_directly_imported_by(one)
            if files.chain_exists(other, one)] == []


def test_what_exists_beside_a_students_code_is_under_contract():
    settings = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))
    walled = {source for contract in settings["tool"]["importlinter"]["contracts"]
              if "course_lib.exercises" in contract.get("forbidden_modules", ())
              for source in contract["source_modules"]}
    inside = {path.removesuffix(".py").replace("/", ".") for path in VISIBLE
              if not path.endswith("__init__.py")}
    assert {name for name in inside
            if not any(name == room or name.startswith(f"{room}.") for room in walled)} == set()


@pytest.mark.parametrize("path", ROOMS, ids=lambda path: str(path.parent.relative_to(ROOT)))
def test_each_room_says_in_a_sentence_what_lives_there(path):
    words = ast.get_docstring(ast.parse(path.read_text(encoding="utf-8"))) or ""
    assert words.split("\n\n")[0].endswith(".")
