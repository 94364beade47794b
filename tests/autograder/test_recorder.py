"""Outputs as Jupyter would show them in the end."""

from concurrent.futures import ThreadPoolExecutor

import pytest

from autograder.sandbox.inside.cells import CellRunner
from autograder.sandbox.inside.recorder import overwritten


@pytest.fixture(scope="module")
def runner():
    return CellRunner()


def shown(runner, source):
    outputs, _ = runner.run(source)
    return [output.get("text") or output.get("data", {}).get("text/plain") or output["ename"]
            for output in outputs]


@pytest.mark.parametrize("text, seen", [
    ("a\rb", "b"), ("abc\rx", "xbc"), ("a\r\nb", "a\nb"), ("10%\r20%\r100%\ndone", "100%\ndone"),
    ("ab\bc", "ac"), ("\b", ""), ("plain\n", "plain\n"), ("\r\r", "")])
def test_what_was_overwritten_is_gone(text, seen):
    assert overwritten(text) == seen


def test_outputs_keep_the_order_in_which_they_came(runner):
    source = ("import sys\nprint(1)\nprint(2, file=sys.stderr)\ndisplay(3)\nprint(4)\n5")
    assert shown(runner, source) == ["1\n", "2\n", "3", "4\n", "5"]


def test_a_display_that_is_updated_shows_its_last_state(runner):
    source = "h = display(1, display_id=True)\nprint('x')\nh.update(2)\nh.update(3)"
    assert shown(runner, source) == ["3", "x\n"]


def test_clear_output_that_waits_keeps_what_nothing_follows(runner):
    clear = "from IPython.display import clear_output\n"
    assert shown(runner, clear + "print(1)\nclear_output(wait=True)") == ["1\n"]
    assert shown(runner, clear + "print(1)\nclear_output(wait=True)\nprint(2)") == ["2\n"]
    assert shown(runner, clear + "print(1)\nclear_output()\nNone") == []


def test_a_progress_bar_is_one_line(runner):
    seen = shown(runner, "from tqdm import tqdm\nfor _ in tqdm(range(50), mininterval=0): pass")
    assert len(seen) == 1 and seen[0].count("it/s") == 1 and "100%" in seen[0]


def test_top_level_await_runs(runner):
    # In a thread of its own: where a test before has opened a browser, a loop runs in this one.
    with ThreadPoolExecutor(1) as thread:
        source = "import asyncio\nawait asyncio.sleep(0, 7)"
        assert thread.submit(shown, runner, source).result() == ["7"]


def test_what_an_earlier_cell_displays_can_be_updated(runner):
    runner.run("h = display(1, display_id='here')")
    assert shown(runner, "h.update(2)\nh.update(3)\nprint('x')") == ["x\n"]
    updates = runner.recorder.taken_updates()
    assert updates["here"]["data"]["text/plain"] == "3"
    assert shown(runner, "print('y')") == ["y\n"] and runner.recorder.taken_updates() == {}
