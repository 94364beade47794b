"""Collecting: every shape of export, odd names, attempts, times; nothing guessed, nothing lost."""

import datetime
import json

import nbformat
import pytest

from autograder.classroom.roster import read_roster
from autograder.errors import GradingError
from autograder.lms.collect import collect, table
from autograder.lms.index import read_index

from .exports import a_class, a_zip, notebook

FIRST, SECOND = "01_spatial_arithmetic", "02_convolution_forward"


def text_of(class_dir, student, lesson=SECOND):
    path = class_dir / "submitted" / student / lesson / f"{lesson}.ipynb"
    return json.loads(path.read_text())["cells"][0]["source"]


def placed(rows):
    return {(row.student, row.lesson): row for row in rows}


def test_canvas_gives_each_student_the_last_of_several_attempts(tmp_path):
    class_dir = a_class(tmp_path)
    export = a_zip(tmp_path / "submissions.zip", {
        "lovelaceada_501_9001_02_convolution_forward.ipynb": notebook(SECOND, "first"),
        "lovelaceada_LATE_501_9044_02_convolution_forward-1.ipynb": notebook(SECOND, "second"),
        "lovelaceada_501_9002_helper.py": b"x = 1\n",
        "mullerjorg_502_9003_Untitled (1).ipynb": notebook(FIRST),
        "__MACOSX/._mullerjorg_502_9003_Untitled.ipynb": b"junk",
        "strangerdoe_599_9004_02.ipynb": notebook(SECOND)})
    rows, unplaced = collect(class_dir, export)
    assert [(row.student, row.lesson, row.attempt) for row in rows] == [
        ("ada", SECOND, 1), ("ada", SECOND, 2), ("jm", FIRST, 1)]
    assert text_of(class_dir, "ada") == "second"
    assert (class_dir / "submitted/ada" / SECOND / "helper.py").read_text() == "x = 1\n"
    assert "--times" in rows[1].said and "late" in rows[1].said
    (sentence,) = unplaced
    assert sentence.startswith("strangerdoe_599_9004_02.ipynb: ") and "roster.csv" in sentence
    assert [one.late for one in read_index(class_dir)] == ["", "yes", ""]
    assert "ada" in table(rows) and "not known" in table(rows)


def test_collecting_twice_changes_nothing_and_an_attempt_can_be_named(tmp_path):
    class_dir = a_class(tmp_path)
    export = a_zip(tmp_path / "s.zip", {
        "lovelaceada_501_1_a.ipynb": notebook(SECOND, "first"),
        "lovelaceada_501_2_a-1.ipynb": notebook(SECOND, "second")})
    collect(class_dir, export)
    before = {p: p.read_bytes() for p in class_dir.rglob("*") if p.is_file()}
    rows, unplaced = collect(class_dir, export)
    assert {row.said for row in rows} == {"there already"} and not unplaced
    assert {p: p.read_bytes() for p in class_dir.rglob("*") if p.is_file()} == before
    collect(class_dir, export, attempt=1)
    assert text_of(class_dir, "ada") == "first" and len(read_index(class_dir)) == 2
    rows, _ = collect(class_dir, export)
    assert text_of(class_dir, "ada") == "first", "what was named stays, whatever is collected"
    assert "it counts, as --attempt said" in rows[0].said
    rows, _ = collect(class_dir, a_zip(tmp_path / "t.zip", {
        "lovelaceada_501_3_a-2.ipynb": notebook(SECOND, "third")}))
    assert text_of(class_dir, "ada") == "first" and "attempt 1 counts" in rows[0].said
    _, unplaced = collect(class_dir, export, attempt=7)
    assert "no attempt 7" in unplaced[0] and text_of(class_dir, "ada") == "first"
    collect(class_dir, export, attempt="last")
    assert text_of(class_dir, "ada") == "third"


def test_an_attempt_is_named_for_one_student_and_not_for_all(tmp_path):
    class_dir = a_class(tmp_path)
    export = a_zip(tmp_path / "s.zip", {
        f"{who}_{name}-{again}.ipynb".replace("-0", ""): notebook(SECOND, f"{again}")
        for who in ("lovelaceada_501_1", "mullerjorg_502_2")
        for again, name in ((0, "a"), (1, "a"))})
    collect(class_dir, export)
    rows, unplaced = collect(class_dir, export, student="ada", attempt=1)
    assert {row.student for row in rows} == {"ada"} and not unplaced
    assert text_of(class_dir, "ada") == "0" and text_of(class_dir, "jm") == "1"
    with pytest.raises(GradingError, match="nobody in roster.csv has the id adda"):
        collect(class_dir, export, student="adda")


@pytest.mark.parametrize("flat", [False, True])
def test_moodle_in_folders_and_flat(tmp_path, flat):
    class_dir = a_class(tmp_path)
    end = "_" if flat else "_/"
    export = a_zip(tmp_path / "m.zip", {
        f"Jörg Müller_72_assignsubmission_file{end}02_convolution_forward.ipynb": notebook(SECOND),
        f"Anna Schmidt_74_assignsubmission_file{end}x.ipynb": notebook(SECOND, "anna 2"),
        "Anna Schmidt_74_assignsubmission_onlinetext_/onlinetext.html": b"<p>hello"})
    rows, unplaced = collect(class_dir, export)
    assert placed(rows).keys() == {("jm", SECOND), ("anna2", SECOND)} and not unplaced
    assert (class_dir / "submitted/anna2" / SECOND / "onlinetext-onlinetext.html").exists()


def test_gradescope_has_times_with_zones_and_groups(tmp_path):
    class_dir = a_class(tmp_path)
    about = b"""submission_1:
  :submitters:
  - :name: Ada Lovelace
    :sid: S1
    :email: ada@uni.edu
  - :name: Anna Schmidt
    :email: anna.schmidt@uni.edu
  :created_at: 2026-12-01 20:59:13.000000000 Z
"""
    export = a_zip(tmp_path / "g.zip", {
        "assignment_5_export/submission_metadata.yml": about,
        "assignment_5_export/submission_1/my work.ipynb": notebook(SECOND, "both")})
    rows, unplaced = collect(class_dir, export)
    assert placed(rows).keys() == {("ada", SECOND), ("anna2", SECOND)} and not unplaced
    stamp = (class_dir / "submitted/ada" / SECOND / "timestamp.txt").read_text().strip()
    assert datetime.datetime.fromisoformat(stamp) == datetime.datetime(
        2026, 12, 1, 20, 59, 13, tzinfo=datetime.UTC)


def test_a_loose_pile_is_placed_by_what_names_say_and_by_nothing_else(tmp_path):
    class_dir, pile = a_class(tmp_path), tmp_path / "pile"
    names = {"ada/Untitled.ipynb": FIRST, "Ada Lovelace - lesson 2.ipynb": SECOND,
             "jm/work.ipynb.txt": SECOND, "MÜLLER_jörg_1.ipynb": FIRST,
             "Anna Schmidt.ipynb": SECOND, "Schmidt.ipynb": SECOND, "who.ipynb": FIRST}
    for name, lesson in names.items():
        path = pile / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(notebook(lesson, name))
    rows, unplaced = collect(class_dir, pile)
    assert placed(rows).keys() == {("ada", FIRST), ("ada", SECOND), ("jm", SECOND), ("jm", FIRST)}
    said = {sentence.partition(":")[0]: sentence for sentence in unplaced}
    assert said.keys() == {"Anna Schmidt.ipynb", "Schmidt.ipynb", "who.ipynb"}
    assert "anna1" in said["Anna Schmidt.ipynb"] and "anna2" in said["Anna Schmidt.ipynb"]


def test_without_a_roster_the_export_makes_one(tmp_path):
    class_dir = a_class(tmp_path, roster=None)
    export = a_zip(tmp_path / "m.zip", {
        "Ada Byron_9_assignsubmission_file_/a.ipynb": notebook(SECOND),
        "Ada Byron_10_assignsubmission_file_/a.ipynb": notebook(SECOND, "another Ada")})
    rows, unplaced = collect(class_dir, export)
    assert placed(rows).keys() == {("ada-byron", SECOND), ("ada-byron-2", SECOND)} and not unplaced
    assert [(s.id, s.moodle_id) for s in read_roster(class_dir)] == [
        ("ada-byron", "9"), ("ada-byron-2", "10")]


def test_what_was_put_there_by_hand_is_kept_as_an_attempt(tmp_path):
    class_dir = a_class(tmp_path)
    there = class_dir / "submitted/ada" / SECOND
    there.mkdir(parents=True)
    (there / f"{SECOND}.ipynb").write_bytes(notebook(SECOND, "by hand"))
    collect(class_dir, a_zip(tmp_path / "s.zip",
                             {"lovelaceada_501_1_a.ipynb": notebook(SECOND, "canvas")}))
    assert text_of(class_dir, "ada") == "canvas"
    kept = read_index(class_dir)[0]
    assert kept.system == "by hand"
    assert b"by hand" in (kept.folder(class_dir) / f"{SECOND}.ipynb").read_bytes()


def test_what_a_person_changed_in_submitted_is_never_overwritten(tmp_path):
    """A repaired notebook, a file and a folder put beside it, a time written by hand."""
    class_dir = a_class(tmp_path)
    week = a_zip(tmp_path / "s.zip", {"lovelaceada_501_1_a.ipynb": notebook(SECOND, "as sent"),
                                      "mullerjorg_502_2_a.ipynb": notebook(SECOND, "fine")})
    collect(class_dir, week)
    there = class_dir / "submitted/ada" / SECOND
    (there / f"{SECOND}.ipynb").write_bytes(notebook(SECOND, "repaired"))
    (there / "data").mkdir()
    (there / "data" / "x.csv").write_text("1\n")
    stamp = class_dir / "submitted/jm" / SECOND / "timestamp.txt"
    stamp.write_text("2026-12-01T10:00:00+01:00\n")
    rows, unplaced = collect(class_dir, week)
    assert not unplaced and text_of(class_dir, "ada") == "repaired"
    assert (there / "data" / "x.csv").exists() and stamp.exists()
    assert [row.said for row in rows if row.student == "ada"] == [
        "put or changed there by hand: kept as an attempt", "there already"]
    collect(class_dir, week)
    assert [one.system for one in read_index(class_dir)] == ["canvas", "canvas", "by hand"]
    # New work counts, and the repaired one is kept.
    collect(class_dir, a_zip(tmp_path / "t.zip", {
        "lovelaceada_501_3_a-1.ipynb": notebook(SECOND, "new")}))
    assert text_of(class_dir, "ada") == "new"
    kept = read_index(class_dir)[2].folder(class_dir)
    assert b"repaired" in (kept / f"{SECOND}.ipynb").read_bytes()
    assert (kept / "data" / "x.csv").exists()


def test_what_a_killed_run_left_stops_nobody_and_nothing_of_it_is_overwritten(tmp_path):
    class_dir = a_class(tmp_path)
    for folder in (f"submitted/ada/.{SECOND}.old", f"collected/ada/{SECOND}/1"):
        (class_dir / folder).mkdir(parents=True)
        (class_dir / folder / "x.ipynb").write_bytes(notebook(SECOND, "of that run"))
    export = a_zip(tmp_path / "s.zip", {"lovelaceada_501_1_a.ipynb": notebook(SECOND, "a"),
                                        "lovelaceada_501_2_a-1.ipynb": notebook(SECOND, "b")})
    rows, _ = collect(class_dir, export)
    assert [row.attempt for row in rows] == [2, 3] and text_of(class_dir, "ada") == "b"
    assert (class_dir / f"collected/ada/{SECOND}/1/x.ipynb").exists()
    assert not (class_dir / f"submitted/ada/.{SECOND}.old").exists()


def test_a_student_cannot_hand_in_a_time(tmp_path):
    class_dir = a_class(tmp_path)
    export = a_zip(tmp_path / "m.zip", {
        "Ada Lovelace_71_assignsubmission_file_/a.ipynb": notebook(SECOND),
        "Ada Lovelace_71_assignsubmission_file_/timestamp.txt": b"2020-01-01 00:00:00 UTC"})
    _, unplaced = collect(class_dir, export)
    assert "left out" in unplaced[0]
    assert not (class_dir / "submitted/ada" / SECOND / "timestamp.txt").exists()


TIMES = "Identifier,Full name,Last modified (submission)\nParticipant 71,Ada Lovelace,{}\n"


def times(folder, text):
    path = folder / "worksheet.csv"
    path.write_text(TIMES.format(f'"{text}"'), encoding="utf-8")
    return path


def test_moodles_worksheet_gives_times_in_the_class_s_zone(tmp_path):
    class_dir = a_class(tmp_path)
    export = a_zip(tmp_path / "m.zip", {
        "Ada Lovelace_71_assignsubmission_file_/a.ipynb": notebook(SECOND)})
    rows, _ = collect(class_dir, export,
                      times=times(tmp_path, "Tuesday, 1 December 2026, 11:59 PM"))
    assert rows[0].moment == "2026-12-01T23:59:00+01:00"


@pytest.mark.parametrize("text, said", [
    ("01/02/2026 10:00", "two days"), ("2026-10-25 02:30", "the clock is changed"),
    ("soon", "is no time")])
def test_a_time_that_could_be_two_is_refused_with_its_line(tmp_path, text, said):
    class_dir = a_class(tmp_path)
    export = a_zip(tmp_path / "m.zip", {
        "Ada Lovelace_71_assignsubmission_file_/a.ipynb": notebook(SECOND)})
    with pytest.raises(GradingError, match=rf"worksheet.csv:2: .*{said}"):
        collect(class_dir, export, times=times(tmp_path, text))
    assert not (class_dir / "submitted").exists()


@pytest.mark.parametrize("name, content, said", [
    ("../../evil.ipynb", notebook(SECOND), "is not read"),
    ("ada/a.ipynb", b"{}", "is damaged"), ("ada/a.ipynb", b"\xff\x00", "not UTF-8 text"),
    ("ada/a.ipynb", notebook(SECOND).decode().encode("utf-16"), "(from Ada Lovelace, ada)"),
    ("ada/a.ipynb", notebook(SECOND).decode().encode("utf-16"), "not UTF-8 text"),
    ("ada/a.ipynb", b"\xef\xbb\xbf \n", "is empty"), ("ada/a.ipynb", bytes(3000), "is empty"),
    ("ada/a.ipynb", notebook(SECOND)[:60], "breaks off"),
    ("ada/a.ipynb", notebook(SECOND)[:-3], "breaks off"),
    ("ada/a.ipynb", b"<!doctype html><title>Log in", "a web page"),
    ("ada/a.ipynb", b"PK\x03\x04...", "collect it again"),
    ("ada/a.ipynb", b'{"cells": []}', "no cells of any lesson"),
    ("ada/report.pdf", b"%PDF", "no notebook")])
def test_what_cannot_be_placed_is_named(tmp_path, name, content, said):
    class_dir = a_class(tmp_path)
    rows, unplaced = collect(class_dir, a_zip(tmp_path / "s.zip", {name: content}))
    assert not rows and said in unplaced[0]


def test_what_grading_can_read_is_collected(tmp_path):
    """Of an old format, and with a cell that is none."""
    old = nbformat.convert(nbformat.from_dict(json.loads(notebook(SECOND))), 3)
    mended = json.loads(notebook(SECOND))
    mended["cells"].insert(0, None)
    rows, unplaced = collect(a_class(tmp_path), a_zip(tmp_path / "s.zip", {
        "ada/a.ipynb": json.dumps(old).encode(), "jm/a.ipynb": json.dumps(mended).encode()}))
    assert [(row.student, row.lesson) for row in rows] == [("ada", SECOND), ("jm", SECOND)]
    assert not unplaced


def test_exports_that_are_none(tmp_path):
    (tmp_path / "class").mkdir()
    class_dir = a_class(tmp_path / "class")
    for own in tmp_path, class_dir, class_dir / "submitted/ada":
        with pytest.raises(GradingError, match="holds the class's own folders"):
            collect(class_dir, own)
    with pytest.raises(GradingError, match="there is no"):
        collect(class_dir, tmp_path / "missing.zip")
    damaged = a_zip(tmp_path / "d.zip", {"ada/a.ipynb": notebook(SECOND)})
    damaged.write_bytes(damaged.read_bytes()[:-10])
    rows, unplaced = collect(class_dir, damaged)
    assert not rows and unplaced
