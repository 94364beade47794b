"""A due date goes into the gradebook and out of it; one that was set elsewhere is not lost."""

import contextlib
import datetime

import nbformat
import pytest

from autograder import course
from autograder.classroom.settings import Settings, read_settings
from autograder.grading import due
from autograder.grading.collect import Submission
from autograder.grading.gradebook import OpenGradebook
from autograder.grading.record import Recorder
from autograder.judge.run import Graded

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


def test_an_extension_that_gives_nothing_is_told(run):
    extended = NONE + f'[extensions]\nada = {{ {FIRST} = "2026-12-05 12:00" }}\n'
    date, [told] = run(extended)
    assert date is None and "no due date" in told and "ada changes nothing" in told
    assert run(extended, ELSEWHERE) == (ELSEWHERE, []), "it is longer than the date set elsewhere"
    _, [told] = run(extended, datetime.datetime(2026, 12, 20))
    assert "ada ends before the due date, 2026-12-20 00:00 (UTC)" in told
    assert run(DUE + extended[len(NONE):])[1][1:] == []


@pytest.fixture
def recorded(tmp_path, tiny, solved):
    """recorded(settings, due date or None, **more) -> the entry in the gradebook of Ada's work,
    recorded again; recorded.recorder is who does it."""
    path = tmp_path / "submitted" / "ada" / "01_tiny" / "01_tiny.ipynb"
    path.parent.mkdir(parents=True)
    path.write_text(nbformat.writes(solved))
    (tmp_path / "roster.csv").write_text("id\nada\n")
    recorder, ada = Recorder(tmp_path, {"01_tiny": tiny.lesson}), Submission("ada", "01_tiny", path)
    recorder.prepare(["01_tiny"])

    def record(settings, date, **more):
        recorder.settings = settings
        with recorder._gradebook().transaction() as book:
            book.find_assignment("01_tiny").duedate = date
        before = recorder.given
        recorder.record(ada, Graded(solved), given_before=before, **more)
        recorder.given = recorder.extension(ada)
        return recorder._gradebook().find_submission("01_tiny", "ada")

    recorder.given, record.recorder, record.path = 0.0, recorder, path
    with contextlib.closing(recorder):
        yield record


def test_an_extension_never_takes_time_away_and_leaves_with_the_settings(recorded):
    """Also where the due date was set in formgrader, and the settings name none."""
    until = datetime.datetime(2026, 12, 5, 12, tzinfo=datetime.UTC)
    extended = Settings(extensions={"ada": {"01_tiny": until}})
    assert recorded(extended, None).extension is None
    assert recorded(extended, ELSEWHERE).extension == datetime.timedelta(days=3, hours=4)
    assert recorded.recorder.due("01_tiny", "ada") == until
    later = datetime.datetime(2026, 12, 20)
    assert not recorded(extended, later).extension
    assert recorded.recorder.due("01_tiny", "ada") == later.replace(tzinfo=datetime.UTC)
    assert recorded(extended, ELSEWHERE).extension
    assert recorded(Settings(), ELSEWHERE).extension is None


def test_other_work_has_not_the_time_of_the_work_before(recorded):
    time = recorded.path.with_name("timestamp.txt")
    time.write_text("2026-12-03 08:00 UTC")
    assert recorded(Settings(), ELSEWHERE).total_seconds_late == 86400
    time.unlink()
    assert recorded(Settings(), ELSEWHERE).timestamp, "the same work: a time that is known stays"
    assert recorded(Settings(), ELSEWHERE, other=True).timestamp is None

