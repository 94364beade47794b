"""A function that only the kernel still holds is not judged as if the notebook defined it."""

import sys
from types import SimpleNamespace

import pytest
from traitlets.config import Config

from course_lib import still_there
from course_lib.check import check
from course_lib.check import test as words_of_test

OLD = "def neuron(x, w, b):\n    return (x * w).sum() + b"
RENAMED = OLD.replace("neuron", "my_neuron")


@pytest.fixture
def run(monkeypatch):
    """A function that runs a text in the cell of an id, as a notebook's front end asks for it."""
    from IPython.core.interactiveshell import InteractiveShell

    shell = InteractiveShell(config=Config(HistoryManager={"enabled": False}))
    message = {}
    # A kernel's message is all that is taken of it: see the real one in test_study.py.
    shell.kernel = SimpleNamespace(get_parent=lambda: message)
    shell._showtraceback = lambda kind, error, lines: None
    monkeypatch.setattr(still_there, "_shell", None)
    monkeypatch.setattr(still_there, "_runs", {})
    still_there.listen(shell)

    def run(cell, text):
        message["metadata"] = {"cellId": cell} if cell else {}
        shell.run_cell(text, store_history=True)
        return still_there.left_behind([shell.user_ns["neuron"]])

    return run


def test_a_function_whose_cell_has_another_one_now_is_told(run):
    assert run("a", OLD) == ""
    assert run("a", RENAMED) == (
        "your cell [2] no longer defines neuron; it now defines my_neuron. The kernel still holds "
        "the old one, which is gone after a restart, and in grading. If you have renamed it, give "
        "it back the name neuron; if it stands in another cell now, run that one.")
    assert run("b", "x = 1").startswith("your cell [2] no longer defines neuron; it now")
    assert run("a", "# nothing").startswith("your cell [4] no longer defines neuron. The kernel")
    assert run("a", OLD + "\n") == ""


def test_a_check_in_the_very_cell_is_told_too(run):
    shell = still_there._shell
    shell.user_ns["left"] = still_there.left_behind
    ask = "\nsaid = left([neuron])"
    for text, beginning in [(OLD + ask, ""), (OLD + " + 1" + ask, ""),
                            (RENAMED + ask, "this cell no longer defines neuron; it now")]:
        run("a", text)
        assert shell.user_ns["said"].startswith(beginning)
        assert bool(shell.user_ns["said"]) == bool(beginning)


@pytest.mark.parametrize("text, error", [
    ("def neuron(x, w, b)\n    return 0", "SyntaxError"),
    ("start = begin()\ndef neuron(x, w, b):\n    return 0", "NameError"),
    ("%%time\ndef neuron(x, w, b):\nreturn 0", "IndentationError")])
def test_a_cell_that_stopped_before_the_function_is_told(run, text, error):
    run("a", OLD)
    assert run("a", text).startswith(f"your cell [2] stopped with {error} before it came to neuron")
    assert run("a", OLD + "\n# mended") == ""


@pytest.mark.parametrize("then", [
    [("a", OLD + "\nprint(1 / 0)")],  # it stopped, but behind the function
    [("a", RENAMED), ("b", OLD)], [("b", OLD), ("a", RENAMED)],  # in another cell now
    [("a", "from operator import add as neuron")], [("a", "neuron = min")],
    [("a", RENAMED), ("b", "from operator import add as neuron")],
    [("a", RENAMED), ("b", "neuron = my_neuron")], [("a", "neuron = lambda x, w, b: b")],
    [("a", "%%time\n" + OLD)], [("a", "%%capture\n" + OLD)],
    [("a", "import functools\n@functools.cache\n" + OLD)],
    [("a", "if True:\n    " + OLD.replace("\n", "\n    "))],
    [("", RENAMED)],  # a front end that does not name its cells
    [("b", "# another cell"), ("a", OLD)]])
def test_a_function_that_is_there_is_no_matter_of_this(run, then):
    run("a", OLD)
    assert [run(*one) for one in then][-1] == ""


@pytest.mark.parametrize("old, new", [
    ("neuron = lambda x, w, b: b", "my_neuron = lambda x, w, b: b"),
    ("class neuron:\n    def loss(self):\n        return 1",
     "class other:\n    def loss(self):\n        return 1"),
    ("import functools\n@functools.lru_cache\n" + OLD, "import functools\n" + RENAMED)])
def test_classes_lambdas_and_what_is_decorated_are_told_too(run, old, new):
    assert run("a", old) == ""
    assert "no longer defines neuron" in run("a", new)


@pytest.mark.parametrize("words", [check, lambda name, f: words_of_test(name, f, group="bias",
                                                                        points=1)],
                         ids=["check", "test"])
def test_check_and_test_do_not_judge_it(run, words, capsys, monkeypatch):
    run("a", OLD)
    function = still_there._shell.user_ns["neuron"]
    monkeypatch.setattr(sys.modules["course_lib.check"], "display",
                        lambda verdict: print(verdict.text()))
    words("neuron", function)
    assert "✓ neuron" in capsys.readouterr().out
    run("a", RENAMED)
    words("neuron", function)
    assert capsys.readouterr().out.startswith("✗ neuron: your cell [2] no longer defines neuron;")
