"""A due date goes into the gradebook and out of it; one that was set elsewhere is not lost."""

import datetime

import pytest

from autograder import course
from autograder.classroom.settings import read_settings
from autograder.grading import due
from autograder.grading.gradebook import OpenGradebook

FIRST = "01_spatial_arithmetic"
DUE = f'timezone = "Europe/Berlin"\n[lessons]\n{FIRST} = {{ due = "2026-12-01 23:59" }}\n'
LATER = DUE.replace("-01 ", "-08 ")
NONE = f"[lessons]\n{FIRST} = {{}}\n"
OURS, OURS_LATER = (datetime.datetime(2026, 12, day, 22, 59) for day in (1, 8))
ELSEWHERE = datetime.datetime(2026, 12, 2, 8)


@pytest.fixture
def run(tmp_path):
    """run(settings) -> (the gradebook's date, the sentences); run(settings, date): set elsewhere
    before."""
    book = OpenGradebook(course.gradebook_url(tmp_path), "convnets")
    with book.transaction():
        book.add_assignment(FIRST)

    def run(settings, elsewhere=None):
        (tmp_path / "class.toml").write_text(settings)
        if elsewhere:
            with book.transaction():
                book.find_assignment(FIRST).duedate = elsewhere
        said = []
        due.set_due(book, tmp_path, FIRST, read_settings(tmp_path), said.append)
        return book.find_assignment(FIRST).duedate, said

    yield run
    book.close()


def test_a_date_that_leaves_the_settings_leaves_the_gradebook_and_is_told_once(run):
    assert run(DUE) == (OURS, [])
    assert run(LATER) == (OURS_LATER, []), "our own date is nobody's loss"
    date, [told] = run(NONE)
    assert date is None and "2026-12-08 22:59 (UTC) does not count any more" in told
    assert run(NONE) == (None, [])
    assert run(DUE) == (OURS, [])


def test_a_date_that_was_set_elsewhere_counts_where_the_settings_name_none(run):
    assert run(NONE, ELSEWHERE) == (ELSEWHERE, [])
    assert run(NONE) == (ELSEWHERE, [])
    date, [told] = run(DUE)
    assert date == OURS
    assert "due 2026-12-01 23:59 (Europe/Berlin), as class.toml says" in told
    assert "had 2026-12-02 09:00" in told
    date, [told] = run(NONE, ELSEWHERE)
    assert date == ELSEWHERE and "2026-12-02 08:00 (UTC) was set elsewhere" in told
    assert run(NONE) == (ELSEWHERE, [])


@pytest.mark.parametrize("call", [1, 2])
@pytest.mark.parametrize("done", [False, True])
def test_a_run_that_is_killed_at_any_moment_leaves_a_date_that_is_known(run, monkeypatch, call,
                                                                       done):
    run(DUE)
    calls, remember = [], due._remember

    def dies(*what):
        calls.append(what)
        if len(calls) == call:
            if done:
                remember(*what)
            raise KeyboardInterrupt
        remember(*what)

    monkeypatch.setattr(due, "_remember", dies)
    with pytest.raises(KeyboardInterrupt):
        run(LATER)
    monkeypatch.undo()
    date, [told] = run(NONE)
    assert date is None and "does not count any more" in told


def test_a_damaged_note_takes_no_date_for_ours(run, tmp_path):
    run(DUE)
    (tmp_path / ".results" / due.FILE).write_text("{")
    assert run(NONE) == (OURS, [])
