"""Attacks in code cells: none earns a point its honest work did not, none disturbs the next."""

import json
from pathlib import Path

import pytest

from tests.thorough import some

from . import catalogue
from .lesson import EARNED, attacked, sections
from .open import OPEN

pytestmark = pytest.mark.system

ATTACKS = {path.stem: path.read_text() for path in
           sorted((Path(__file__).parent / "attacks").glob("*.py"))}


def marked(name):
    """The attack's name as a parameter; one that is still open has to fail."""
    if name not in OPEN:
        return name
    return pytest.param(name, marks=pytest.mark.xfail(strict=True, reason=OPEN[name]))


def printed(notebook):
    return json.dumps([cell.get("outputs", []) for cell in notebook.cells])


def test_the_honest_notebook_is_partly_right(grader):
    assert {name for name, points in grader.earned.items() if points} == EARNED
    assert set(grader.full.values()) == {1.0} and len(grader.full) == 7


def leave(sandbox, text):
    """Run an attack's cells by themselves, in a process like a submission's."""
    session = sandbox.open()
    session.run("import numpy as np")
    for _, _, source in sections(text):
        assert "armed" in str(session.run(source)["outputs"])
    session.close()


@pytest.mark.parametrize("name", [marked(name) for name in some(ATTACKS)])
def test_an_attack_earns_nothing_and_disturbs_nobody(grader, withstand, name):
    text = ATTACKS[name]
    head = text.partition("# %%")[0]
    if "runs twice" in head:
        # What is left here, the submission after it would find.
        leave(grader.sandbox, text)
    graded = withstand(attacked(grader.honest, text))
    if "dies" not in head:
        assert "armed" in printed(graded.notebook), "the attack was not even set up"


def test_the_page_of_attacks_is_up_to_date():
    """If this fails: python -m tests.attacks.catalogue."""
    found = list(catalogue.entries())
    names = [name for _, name, _, _ in found]
    assert len(set(names)) == len(names) >= 40
    assert all(tries.endswith(".") for _, _, tries, _ in found)
    assert {wall for _, _, _, wall in found} == catalogue.WALLS.keys()
    assert OPEN.keys() <= set(names)
    assert catalogue.PAGE.read_text(encoding="utf-8") == catalogue.text()
