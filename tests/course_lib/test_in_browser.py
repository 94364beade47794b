"""What stands in for a browser's missing clocks, threads and hidden folder, tried without one."""

import os
import shutil
import sys
import time

import pytest

from course_lib import check
from course_lib.check import test as words_of_test
from course_lib.judging import limits
from course_lib.lab import in_browser, loops
from course_lib.lab.open import CHECKED_OUT
from course_lib.study import desk, lessons, overview, stubs

monitored = pytest.mark.skipif(not hasattr(sys, "monitoring"), reason="Python 3.12 has it")


@pytest.fixture
def request_to_stop(tmp_path, monkeypatch):
    path = tmp_path / ".stop"
    monkeypatch.setattr(in_browser, "REQUEST", path)
    monkeypatch.setattr(in_browser, "_next", 0.0)
    monkeypatch.setattr(in_browser, "_obeyed", "")
    monkeypatch.setattr(in_browser, "_folders", {""})
    return path


def test_a_request_to_stop_is_obeyed_once(request_to_stop):
    in_browser._obey(1.0)
    request_to_stop.write_text(f"{time.time() * 1000} {os.getcwd()}")
    in_browser._obey(1.1)  # not looked for again so soon
    with pytest.raises(KeyboardInterrupt, match="as you asked"):
        in_browser._obey(2.0)
    in_browser._obey(3.0)


def test_a_short_cell_looks_for_no_request_and_its_folder_is_known(request_to_stop, monkeypatch):
    request_to_stop.write_text(f"{time.time() * 1000} {os.getcwd()}")
    in_browser._begin()
    monkeypatch.chdir("/")
    in_browser._obey(time.monotonic())
    with pytest.raises(KeyboardInterrupt, match="as you asked"):
        in_browser._obey(time.monotonic() + 1)


def test_who_stops_a_cell_reads_one_sentence_and_no_code_of_the_course(request_to_stop):
    from IPython.core.interactiveshell import InteractiveShell

    shell, shown = InteractiveShell(), []
    shell._showtraceback = lambda kind, error, lines: shown.extend(lines)
    shell.user_ns["obey"] = in_browser._obey
    request_to_stop.write_text(f"{time.time() * 1000} {os.getcwd()}")
    ended = shell.run_cell("for turn in range(9):\n    obey(turn)")
    assert isinstance(ended.error_in_exec, KeyboardInterrupt)
    assert shown == ["stopped, as you asked in your line 2: obey(turn). "
                     "Nothing of the notebook is lost."]


@pytest.mark.parametrize("browser, said", [(False, "convnets-lessons or make lab"),
                                           (True, "with https, in an ordinary window")])
def test_outside_a_folder_of_lessons_the_way_in_is_that_of_the_place(
        browser, said, tmp_path, monkeypatch):
    shown = []
    monkeypatch.setattr(in_browser, "IS_BROWSER", browser)
    monkeypatch.setattr(desk, "kernel", lambda: True)
    monkeypatch.chdir(tmp_path)
    for module, word in (overview, overview.progress), (stubs, stubs.reset):
        monkeypatch.setattr(module, "show", lambda told: shown.append(str(told)))
        word()
    assert len(shown) == 2 and all(said in text for text in shown), shown


@pytest.mark.parametrize("text", [
    "", "soon", "0", str((time.time() - 3600) * 1000), f"{time.time() * 1000} /drive/05_pooling"],
    ids=["empty", "a word", "zero", "an hour ago", "another lesson's"])
def test_an_old_or_odd_request_stops_nothing(request_to_stop, text):
    request_to_stop.write_text(text)
    in_browser._obey(1.0)


def test_a_site_s_folder_is_told_by_its_lessons(tmp_path, monkeypatch):
    assert lessons.released(tmp_path) is None
    monkeypatch.setattr(lessons, "IS_BROWSER", True)
    monkeypatch.setattr(lessons, "PACKAGED", CHECKED_OUT)
    assert lessons.released(tmp_path) is None
    (tmp_path / "05_pooling").mkdir()
    assert lessons.released(tmp_path) == CHECKED_OUT
    assert [one.name[:2] for one in lessons.lessons(tmp_path)] == sorted(
        folder.name[:2] for folder in CHECKED_OUT.iterdir())
    shutil.copytree(CHECKED_OUT / "05_pooling", tmp_path / lessons.RELEASED)
    assert lessons.released(tmp_path) == tmp_path / lessons.RELEASED


def test_from_a_lesson_s_folder_the_site_s_is_found_by_two_looks(tmp_path, monkeypatch):
    (tmp_path / "05_pooling").mkdir()
    monkeypatch.setattr(desk, "IS_BROWSER", True)
    monkeypatch.setattr(desk, "PACKAGED", CHECKED_OUT)
    monkeypatch.setattr(desk, "kernel", lambda: True)
    looked = []
    monkeypatch.setattr(desk, "released", lambda path: looked.append(path) or CHECKED_OUT)
    for place in (tmp_path / "05_pooling", tmp_path):
        monkeypatch.chdir(place)
        assert desk.folder() == tmp_path
    assert looked == [tmp_path, tmp_path]


@monitored
def test_a_loop_and_a_recursion_end_in_time(monkeypatch):
    monkeypatch.setattr(limits, "IS_BROWSER", True)
    code = """
def loop():
    while True:
        pass
def doubling(n=60):
    return 0 if n == 0 else doubling(n - 1) + doubling(n - 1)
"""
    student = {}
    exec(compile(code, "<ipython-input-1>", "exec"), student)
    for name in ("loop", "doubling"):
        with pytest.raises(limits.TimeIsUp, match="within 0.2 seconds"):
            with limits.time_limit(0.2):
                student[name]()
    assert loops._looks == []


@pytest.mark.parametrize("words", [check, lambda name, f: words_of_test(name, f, group="pad 0",
                                                                        points=1)],
                         ids=["check", "test"])
def test_who_stops_a_check_reads_one_sentence(words):
    from IPython.core.interactiveshell import InteractiveShell

    def zero_pad(x, pad):
        raise KeyboardInterrupt  # as Jupyter and the site do

    shell = InteractiveShell()
    shown = []
    shell._showtraceback = lambda kind, error, lines: shown.extend(lines)
    shell.user_ns.update(words=words, zero_pad=zero_pad)
    ended = shell.run_cell("words('zero_pad', zero_pad)")
    # Run All ends there, as for every cell that is stopped.
    assert isinstance(ended.error_in_exec, KeyboardInterrupt)
    (sentence,) = shown
    assert "zero_pad was stopped, as you asked in your line" in sentence and "\n" not in sentence
