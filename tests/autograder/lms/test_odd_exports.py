"""Exports as they come: odd tables, languages, zips in zips, numbers that mean something else."""

import csv
import datetime
import io
import zipfile

import pytest

from autograder.classroom.grades import Grades
from autograder.classroom.roster import Student
from autograder.classroom.start import add_to_roster
from autograder.errors import GradingError
from autograder.lms.collect import collect, table
from autograder.lms.entries import entries
from autograder.lms.exports import exported_name, moodle_numbers
from autograder.lms.index import read_index
from autograder.lms.tables import canvas_table, moodle_worksheet
from autograder.lms.times import read_times
from autograder.locks import only_collecting

from .exports import a_class, a_zip, notebook

FIRST, SECOND = "01_spatial_arithmetic", "02_convolution_forward"
UTC = datetime.UTC


def a_zip_of(files):
    file = io.BytesIO()
    a_zip(file, files)
    return file.getvalue()


def who(rows):
    return [(row.student, row.lesson, row.attempt) for row in rows]


@pytest.mark.parametrize("name", [
    "lovelaceada_LATE_501_9_homework.zip", "Ada Lovelace_71_assignsubmission_file_/homework.zip",
    "ada/homework.zip", "canvas.zip/lovelaceada_501_9_homework.zip"])
def test_a_zip_that_a_student_handed_in_is_looked_into(tmp_path, name):
    class_dir = a_class(tmp_path)
    work = a_zip_of({"homework/Untitled.ipynb": notebook(SECOND),
                     "__MACOSX/homework/._Untitled.ipynb": b"x", "homework/helper.py": b"x = 1"})
    outer, _, inner = name.rpartition("canvas.zip/")
    files = {"canvas.zip": a_zip_of({inner: work})} if outer or "canvas" in name else {name: work}
    rows, unplaced = collect(class_dir, a_zip(tmp_path / "s.zip", files))
    assert who(rows) == [("ada", SECOND, 1)] and not unplaced
    assert (class_dir / "submitted/ada" / SECOND / "helper.py").read_bytes() == b"x = 1"
    (attempt,) = read_index(class_dir)
    if attempt.system == "canvas":
        late = "LATE_" if "LATE" in name else ""
        assert exported_name("canvas", attempt, None, SECOND) == (
            f"lovelaceada_{late}501_9_homework.html")


def test_zips_have_an_end(tmp_path):
    class_dir = a_class(tmp_path)
    work = notebook(SECOND)
    for _ in range(5):
        work = a_zip_of({"a.zip": work})
    _, unplaced = collect(class_dir, a_zip(tmp_path / "s.zip", {
        "ada/deep.zip": work, "ada/none.zip": b"PK no zip", "ada/empty.zip": a_zip_of({})}))
    assert len(unplaced) == 3
    assert "within zips" in unplaced[0] and "damaged" in unplaced[1] and "empty" in unplaced[2]


def test_a_zip_that_unpacks_to_too_much_in_many_files_is_not_read(tmp_path, monkeypatch):
    monkeypatch.setattr("autograder.lms.entries.MAX_BYTES", 4000)
    inner = io.BytesIO()
    with zipfile.ZipFile(inner, "w", zipfile.ZIP_DEFLATED) as archive:
        for number in range(6):
            archive.writestr(f"{number}.ipynb", notebook(SECOND, "x" * 900))
    _, unplaced = collect(a_class(tmp_path), a_zip(tmp_path / "s.zip", {
        "lovelaceada_501_1_work.zip": inner.getvalue()}))
    assert len(unplaced) == 1 and "unpacks to more than" in unplaced[0]


def test_nothing_at_all_and_other_archives_are_named(tmp_path):
    class_dir = a_class(tmp_path)
    with pytest.raises(GradingError, match="holds no files"):
        collect(class_dir, a_zip(tmp_path / "s.zip", {"__MACOSX/._a.ipynb": b"x"}))
    _, unplaced = collect(class_dir, a_zip(tmp_path / "s.zip", {
        "lovelaceada_501_1_work.rar": b"Rar!", "mullerjorg_502_2_work.tar.gz": b"\x1f\x8b"}))
    assert len(unplaced) == 2 and all("unpack it" in sentence for sentence in unplaced)


def test_gradescope_without_submitters_and_with_two_people_s_ids(tmp_path):
    about = b"""submission_1:
  :submitters: []
submission_2:
  :submitters:
  - :name: Ada Lovelace
    :sid: S1
    :email: jm@uni.edu
"""
    rows, unplaced = collect(a_class(tmp_path), a_zip(tmp_path / "g.zip", {
        "x/submission_metadata.yml": about, "x/submission_1/a.ipynb": notebook(SECOND),
        "x/submission_2/a.ipynb": notebook(SECOND)}))
    assert not rows and len(unplaced) == 2, "nothing is passed over in silence"
    assert "submission_1/a.ipynb" in unplaced[0]
    assert "Ada Lovelace (ada) or Jörg Müller (jm)" in unplaced[1]


def test_who_is_not_in_the_roster_is_named_with_the_number_that_would_tell(tmp_path):
    _, unplaced = collect(a_class(tmp_path), a_zip(tmp_path / "m.zip", {
        "Anna Meier_99_assignsubmission_file_/a.ipynb": notebook(SECOND)}))
    assert "Anna Meier (moodle_id 99) is not in the roster" in unplaced[0]


def test_a_number_of_the_students_own_is_no_number_of_canvas(tmp_path):
    class_dir = a_class(tmp_path)
    rows, _ = collect(class_dir, a_zip(tmp_path / "s.zip", {
        "lovelaceada_501_10_homework-2.ipynb": notebook(SECOND, "first"),
        "lovelaceada_501_20_homework-2-1.ipynb": notebook(SECOND, "second")}))
    assert [row.source[16:18] for row in rows] == ["10", "20"]
    assert b"second" in (class_dir / "submitted/ada" / SECOND / f"{SECOND}.ipynb").read_bytes()


def test_times_that_come_later_are_kept_and_then_stay(tmp_path):
    class_dir = a_class(tmp_path)
    export = a_zip(tmp_path / "s.zip", {"lovelaceada_LATE_501_1_a.ipynb": notebook(SECOND)})
    times = tmp_path / "times.csv"
    for text, said, moment in (
            ("", "--times FILE", ""), ("2026-12-03 10:00", "now its hand-in time is known",
                                       "2026-12-03T10:00:00+01:00"),
            ("2026-12-01 10:00", "the first that was known is kept", "2026-12-03T10:00:00+01:00")):
        times.write_text(f"id,time\nada,{text}\n")
        (row,), _ = collect(class_dir, export, times=times)
        assert said in row.said
        assert read_index(class_dir)[0].moment == moment
    stamp = class_dir / "submitted/ada" / SECOND / "timestamp.txt"
    assert stamp.read_text().strip() == "2026-12-03T10:00:00+01:00"


def test_the_time_in_a_table_is_that_of_the_last_of_several_attempts(tmp_path):
    class_dir, times = a_class(tmp_path), tmp_path / "times.csv"
    times.write_text("canvas_id,time\n501,2026-12-03 10:00\n")
    export = a_zip(tmp_path / "canvas.zip", {
        "lovelaceada_501_11_a.ipynb": notebook(SECOND),
        "lovelaceada_LATE_501_12_a-1.ipynb": notebook(SECOND, "b")})
    first, last = collect(class_dir, export, times=times)[0]
    assert (first.moment, last.moment[:16]) == ("", "2026-12-03T10:00")
    assert "is that of the last one" in first.said
    again = collect(class_dir, export, times=times)[0]
    assert [row.moment for row in again] == [first.moment, last.moment]


def test_two_who_collect_at_once_lose_nothing_of_each_other(tmp_path):
    class_dir = a_class(tmp_path)
    export = a_zip(tmp_path / "pile.zip", {"ada/a.ipynb": notebook(SECOND)})
    (tmp_path / "more.csv").write_text("id,name\nnew,Nora Neu\n")
    with only_collecting(class_dir):
        for word in (collect, add_to_roster):
            with pytest.raises(GradingError, match="somebody else is collecting"):
                word(class_dir, tmp_path / ("pile.zip" if word is collect else "more.csv"))
    assert len(collect(class_dir, export)[0]) == 1
    assert "new: new" in add_to_roster(class_dir, tmp_path / "more.csv")


def test_whom_the_table_of_times_leaves_out_is_told(tmp_path):
    class_dir, times = a_class(tmp_path), tmp_path / "times.csv"
    times.write_text("id,time\nada,2026-12-01 10:00\njm,-\n")
    rows, _ = collect(class_dir, a_zip(tmp_path / "s.zip", {
        "ada/a.ipynb": notebook(SECOND), "jm/a.ipynb": notebook(SECOND, "b")}), times=times)
    assert [row.said for row in rows] == ["new", "new; the table of times has none for it"]


def test_several_notebooks_at_once_say_which_of_them_counts(tmp_path):
    class_dir = a_class(tmp_path)
    rows, _ = collect(class_dir, a_zip(tmp_path / "s.zip", {
        "ada/a.ipynb": notebook(SECOND, "a"), "ada/b.ipynb": notebook(SECOND, "b")}))
    assert all("came at once" in row.said and "--attempt" in row.said for row in rows)


def test_a_lesson_s_number_is_nobody_s_id_and_a_longer_name_is_somebody_else(tmp_path):
    class_dir = a_class(tmp_path, "id,last_name,first_name\n02,Two,Nina\n1,One,Bo\n"
                        "a.smith,Smith,Anna\nams,Smith,Anna Maria\n")
    rows, unplaced = collect(class_dir, a_zip(tmp_path / "s.zip", {
        "02_convolution_forward.ipynb": notebook(SECOND), "Untitled (1).ipynb": notebook(FIRST),
        "a.smith_lab.ipynb": notebook(SECOND), "Anna Maria Smith.ipynb": notebook(SECOND)}))
    assert who(rows) == [("a.smith", SECOND, 1), ("ams", SECOND, 1)]
    assert len(unplaced) == 2 and all("names nobody" in one for one in unplaced)


def test_gradescopes_times_as_ruby_writes_them_and_times_without_a_zone(tmp_path):
    class_dir = a_class(tmp_path)
    about = b"""submission_1:
  :submitters:
  - :sid: S1
  :created_at: !ruby/object:ActiveSupport::TimeWithZone
    utc: 2026-12-01 20:59:13.000000000 Z
    zone: !ruby/object:ActiveSupport::TimeZone
      name: America/Chicago
    time: 2026-12-01 14:59:13.000000000 Z
submission_2:
  :submitters:
  - :sid: S2
  :created_at: 2026-12-01 20:59:13
"""
    rows, unplaced = collect(class_dir, a_zip(tmp_path / "g.zip", {
        "one/submission_metadata.yml": about, "one/submission_1/x.ipynb": notebook(SECOND),
        "one/submission_2/x.ipynb": notebook(SECOND),
        "two/submission_metadata.yml": b"submission_1:\n  :submitters:\n  - :sid: S3\n",
        "two/submission_1/x.ipynb": notebook(SECOND)}))
    assert who(rows) == [("ada", SECOND, 1), ("anna1", SECOND, 1), ("jm", SECOND, 1)]
    assert datetime.datetime.fromisoformat(rows[0].moment) == datetime.datetime(
        2026, 12, 1, 20, 59, 13, tzinfo=UTC)
    assert rows[2].moment == "" and "names no zone" in rows[2].said and not unplaced


@pytest.mark.parametrize("text, said", [
    ("10:00 01/02/2026", "two days"), ("Tue 3.4.26 10:00", "two days"), ("10:00", "no whole date"),
    ("December 2026", "no whole date"), ("2026-12-01", "no time of day"),
    ("2026-12-01 10:00 CST", "no single zone"), ("2026-03-29 02:30", "no single moment"),
    ("Dienstag, 1. Dezember 2026", "no time of day"), ("1 a 2 de marzo 2027", "no time of day"),
    ("úterý 1. prosince 2026, 23:58", "is no time")])
def test_a_time_is_whole_or_refused(tmp_path, text, said):
    path = tmp_path / "t.csv"
    path.write_text(f'id,time\nada,"{text}"\n')
    with pytest.raises(GradingError, match=rf"^t.csv:2: .*{said}"):
        read_times(path, [], a_zone())


@pytest.mark.parametrize("text", [
    "Tuesday, 1 December 2026, 11:58 PM", "Dienstag, 1. Dezember 2026, 23:58",
    "mardi 1 décembre 2026, 23:58", "mardi 1er décembre 2026 à 23:58",
    "martes, 1 de diciembre de 2026, 23:58", "martedì, 1 dicembre 2026, 23:58",
    "dinsdag, 1 december 2026, 23:58", "terça-feira, 1 de dezembro de 2026 às 23:58"])
def test_moodles_times_in_the_languages_of_its_worksheets(tmp_path, text):
    path = tmp_path / "t.csv"
    path.write_text(f'id,time\nada,"{text}"\n', encoding="utf-8")
    assert read_times(path, [], a_zone())[0]["ada", ""].isoformat() == "2026-12-01T23:58:00+01:00"


def test_times_with_zones_and_two_for_one_work(tmp_path):
    path = tmp_path / "t.csv"
    path.write_text("time;id;lesson\n2026-12-01T10:00Z;ada;\n13/02/2026 10:00;bob;\n"
                    "2026-12-01 10:00 +02:00;eve;x\n2026-12-01 11:00 GMT;eve;y\n")
    found, _ = read_times(path, [], a_zone())
    assert found["ada", ""] == datetime.datetime(2026, 12, 1, 10, tzinfo=UTC)
    assert found["bob", ""].isoformat() == "2026-02-13T10:00:00+01:00"
    assert found["eve", "x"] == datetime.datetime(2026, 12, 1, 8, tzinfo=UTC)
    assert found["eve", "y"] == datetime.datetime(2026, 12, 1, 11, tzinfo=UTC)
    path.write_text("id,time\nada,2026-12-01 10:00\nada,2026-12-02 10:00\n")
    with pytest.raises(GradingError, match="t.csv:3: line 2 has another time for ada"):
        read_times(path, [], a_zone())


def a_zone():
    import zoneinfo

    return zoneinfo.ZoneInfo("Europe/Berlin")


GRADES = [Grades(Student("ada", "Lovelace", "Ada", "ada@uni.edu", canvas_id="501",
                         moodle_id="71"), {SECOND: 9.5}),
          Grades(Student("bob", "Ross", "Bob", "bob@uni.edu"), {SECOND: 7.0})]
CANVAS = """Section;Student;ID;SIS Login ID;"Quiz, a, b, c, d (6)";02_convolution_forward (8)
;;;;Manual Posting;
;    Points Possible;;;10;100
A;"Lovelace, Ada";501;ada;3;
A;"Student, Test";777;0a0a;;
"""


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "utf-16", "utf-16-le", "cp1252"])
def test_canvas_s_export_is_filled_however_it_was_saved(encoding):
    text, said = canvas_table(GRADES, {SECOND: 20.0}, CANVAS.encode(encoding))
    rows = list(csv.reader(io.StringIO(text), delimiter=";"))
    assert [row[5] for row in rows] == ["02_convolution_forward (8)", "", "100", "9.5", ""]
    assert [row[:5] for row in rows] == [row[:5] for row in
                                         csv.reader(io.StringIO(CANVAS), delimiter=";")]
    assert any("out of 100 points, this class out of 20" in one for one in said)
    assert any("without a row in this table" in one and one.endswith(": bob") for one in said)


def test_moodles_worksheet_in_german():
    sheet = ("ID;Vollständiger Name;E-Mail-Adresse;Status;Bewertung;Bestwertung;"
             "Bewertung kann geändert werden\n"
             "Teilnehmer/in71;Ada Lovelace;ada@uni.edu;;;20,00;Ja\n"
             "Teilnehmer/in 72;Bob Ross;bob@uni.edu;;;20,00;Nein\n").encode("utf-8-sig")
    text, said = moodle_worksheet(GRADES, {SECOND: 20.0}, SECOND, sheet)
    rows = list(csv.reader(io.StringIO(text)))  # Moodle reads commas, whatever it was saved with
    assert [row[4] for row in rows] == ["Bewertung", "9.5", ""]
    assert said == ["bob: Moodle lets this grade not be changed; left as it was"]


def test_a_students_own_zip_may_be_broken_in_any_way(tmp_path):
    """Each byte of a small zip in a zip is changed: what cannot be read is a sentence."""
    inner = io.BytesIO()
    with zipfile.ZipFile(inner, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr("work.txt", "some words, some words, and some more")
    whole = inner.getvalue()
    for place in range(len(whole)):
        broken = whole[:place] + bytes([whole[place] ^ 0xff]) + whole[place + 1:]
        with zipfile.ZipFile(tmp_path / "all.zip", "w") as archive:
            archive.writestr("ada/work.zip", broken)
            archive.writestr("bob/work.txt", "fine")
        found, _ = entries(tmp_path / "all.zip")
        for one in found:
            try:
                assert one.read() or one.path.startswith("ada/")
            except GradingError as error:
                assert one.path.startswith("ada/") and str(error).isprintable()
        assert "bob/work.txt" in [one.path for one in found]


def files_of(class_dir, student, number=None):
    """{path: bytes} of what lies in submitted/, or in an attempt, but for the notebook."""
    folder = (class_dir / "collected" / student / FIRST / str(number) if number
              else class_dir / "submitted" / student / FIRST)
    return {path.relative_to(folder).as_posix(): path.read_bytes()
            for path in folder.rglob("*") if path.is_file() and path.suffix != ".ipynb"}


def test_files_lie_beside_the_notebook_as_they_did_when_it_was_handed_in(tmp_path):
    """Folders stay, since answers import and read what lies in them."""
    class_dir, lab = a_class(tmp_path), notebook(FIRST)
    placed, unplaced = collect(class_dir, a_zip(tmp_path / "m.zip", {
        "Ada Lovelace_71_assignsubmission_file_/lab/lab.ipynb": lab,
        "Ada Lovelace_71_assignsubmission_file_/lab/tools/helper.py": b"1",
        "Ada Lovelace_71_assignsubmission_file_/lab/lab.ipynb/a.txt": b"2",
        "Ada Lovelace_71_assignsubmission_file_/notes.txt": b"3",
        "Ada Lovelace_71_assignsubmission_file_/other/notes.txt": b"4",
        f"Ada Lovelace_71_assignsubmission_file_/lab/tools/{'x' * 300}.py": b"5",
        "Ada Lovelace_71_assignsubmission_file_/lab/tools": b"6"}))
    assert [row.student for row in placed] == ["ada"]
    assert files_of(class_dir, "ada") == {"tools/helper.py": b"1", "lab.ipynb/a.txt": b"2",
                                          "notes.txt": b"3"}
    assert sorted(said.rpartition(": ")[2][:25] for said in unplaced) == [
        "a file or folder of its n", "another file of its name ", "its name is longer than a"]


def test_canvas_numbers_what_is_beside_a_notebook_and_each_attempt_keeps_its_own(tmp_path):
    class_dir = a_class(tmp_path)
    collect(class_dir, a_zip(tmp_path / "both.zip", {
        "lovelaceada_501_1_helper.py": b"old", "lovelaceada_501_2_helper-1.py": b"new",
        "lovelaceada_501_3_lab.ipynb": notebook(FIRST),
        "lovelaceada_501_4_lab-1.ipynb": notebook(FIRST, "2")}))
    assert files_of(class_dir, "ada") == {"helper.py": b"new"}
    assert files_of(class_dir, "ada", 1) == {"helper.py": b"old"}
    collect(class_dir, a_zip(tmp_path / "second.zip", {
        "mullerjorg_502_2_helper-1.py": b"new", "mullerjorg_502_5_data-1.csv": b"his own",
        "mullerjorg_502_4_lab-1.ipynb": notebook(
            FIRST, "import helper; open('data-1.csv')")}))
    assert files_of(class_dir, "jm") == {"helper.py": b"new", "data-1.csv": b"his own"}


def test_a_file_among_several_students_notebooks_is_nobodys_for_sure(tmp_path):
    pile = tmp_path / "pile"
    (pile / "week" / "ada" / "data").mkdir(parents=True)
    for name in ("week/jm.ipynb", "week/anna1.ipynb", "week/ada/x.ipynb"):
        (pile / name).write_bytes(notebook(FIRST, name))
    (pile / "week" / "helper.py").write_bytes(b"1")
    (pile / "week" / "ada" / "data" / "x.csv").write_bytes(b"2")
    class_dir = a_class(tmp_path)
    _, [said] = collect(class_dir, pile)
    assert said.startswith("week/helper.py: lies among several students")
    assert files_of(class_dir, "ada") == {"data/x.csv": b"2"} and not files_of(class_dir, "jm")


def test_a_long_name_leaves_the_table_readable(tmp_path):
    rows, _ = collect(a_class(tmp_path), a_zip(tmp_path / "c.zip", {
        f"lovelaceada_501_1_{'x' * 180}.ipynb": notebook(FIRST)}))
    line = table(rows).splitlines()[1]
    assert len(line) < 130 and line.endswith("x.ipynb  new") and " lovelaceada_501_1_x" in line


def moodle(name, number, file="a.ipynb"):
    return f"{name}_{number}_assignsubmission_file/{file}"


def worksheet(path, rows, mail=True):
    lines = [f"Participant {number},{name}{',' + address if mail else ''},{time},\n"
             for number, name, address, time in rows]
    path.write_text("Identifier,Full name," + "Email address," * mail
                    + "Last modified (submission),Grade\n" + "".join(lines), encoding="utf-8")
    return path


def test_each_of_moodles_assignments_has_numbers_of_its_own(tmp_path):
    """Two of one name are told apart by that assignment's worksheet, and by nothing else."""
    class_dir = a_class(tmp_path)
    export = a_zip(tmp_path / "m.zip", {
        moodle("Ada Lovelace", 91): notebook(SECOND), moodle("Jörg Müller", 74): notebook(SECOND),
        moodle("Anna Schmidt", 93): notebook(SECOND, "1"),
        moodle("Anna Schmidt", 92): notebook(SECOND, "2")})
    rows, unplaced = collect(class_dir, export)
    assert who(rows) == [("ada", SECOND, 1)]
    assert "Jörg Müller (moodle_id 74) is not the name of Anna Schmidt (anna2)" in unplaced[0]
    assert len(unplaced) == 3 and "--times and the assignment's grading worksheet" in unplaced[1]
    when = "2026-12-01 10:0"
    people = [(91, "Ada Lovelace", "ada@uni.edu", when + "1"),
              (74, "Jörg Müller", "jm@uni.edu", "-"),
              (93, "Anna Schmidt", "anna.schmidt@uni.edu", when + "3"),
              (92, "Anna Schmidt", "a.schmidt@uni.edu", when + "2")]
    rows, unplaced = collect(class_dir, export, times=worksheet(tmp_path / "w.csv", people))
    assert {(row.student, row.moment[14:16]) for row in rows} == {
        ("ada", "01"), ("anna1", "02"), ("anna2", "03"), ("jm", "")} and not unplaced
    assert b"1" in (class_dir / "submitted/anna2" / SECOND / f"{SECOND}.ipynb").read_bytes()


def test_a_worksheet_without_addresses_knows_whose_work_came_with_its_numbers(tmp_path):
    class_dir = a_class(tmp_path)
    collect(class_dir, a_zip(tmp_path / "m.zip", {
        moodle("Anna Schmidt", 73): notebook(SECOND), moodle("Anna Schmidt", 74): notebook(
            SECOND, "2")}))
    numbers = moodle_numbers(read_index(class_dir), SECOND)
    assert numbers == {"73": "anna1", "74": "anna2"} and not moodle_numbers(
        read_index(class_dir), FIRST)
    grades = [Grades(Student(id, "Schmidt", "Anna", moodle_id=now), {SECOND: points})
              for id, now, points in (("anna1", "81", 1.0), ("anna2", "82", 2.0))]
    sheet = worksheet(tmp_path / "w.csv", [(74, "Anna Schmidt", "", "-"),
                                           (73, "Anna Schmidt", "", "-")], mail=False)
    text, said = moodle_worksheet(grades, {SECOND: 20.0}, SECOND, sheet.read_bytes(), numbers)
    assert [line.rpartition(",")[2] for line in text.splitlines()] == ["Grade", "2", "1"]
    assert not said


@pytest.mark.parametrize("name, number, whose", [
    ("Group 7", 71, None), ("Participant", 71, "ada"), ("Teilnehmerin", 72, "jm"),
    ("Group A-Ada Lovelace", 71, "ada"), ("Ada Byron", 71, "ada"), ("Participant", 99, None)])
def test_a_groups_number_is_no_participants(tmp_path, name, number, whose):
    rows, unplaced = collect(a_class(tmp_path), a_zip(tmp_path / "m.zip", {
        moodle(name, number): notebook(SECOND)}))
    assert [row.student for row in rows] == [whose] * bool(whose) and bool(unplaced) != bool(whose)


def test_canvas_with_hidden_names_a_group_and_a_person_who_decides(tmp_path):
    class_dir, put = a_class(tmp_path), "lovelaceada_501_9_a.ipynb"
    rows, unplaced = collect(class_dir, a_zip(tmp_path / "c.zip", {
        "LATE_anon_12345_88_a.ipynb": notebook(SECOND),
        "anon_x7KqA_89_a.ipynb": notebook(SECOND),
        "team7_502_90_a.ipynb": notebook(SECOND)}))
    assert who(rows) == [("jm", SECOND, 1)] and "Canvas calls it “team7”" in rows[0].said
    assert len(unplaced) == 2 and all("Canvas hides the names" in one for one in unplaced)
    pile = {f"anna1/{put}": notebook(SECOND, "1"), f"jm/{moodle('X', 71)}": notebook(SECOND, "2"),
            "anna2/anon_x7KqA_89_a.ipynb": notebook(SECOND, "3")}
    rows, unplaced = collect(class_dir, a_zip(tmp_path / "p.zip", pile))
    assert {row.student for row in rows} == {"anna1", "anna2", "jm"} and not unplaced
    assert not any("Canvas calls" in row.said for row in rows)


def test_who_handed_in_no_notebook_and_who_another_lesson_s(tmp_path):
    class_dir = a_class(tmp_path, "id,canvas_id,first_name,last_name\n" + "".join(
        f"s{n},{n},S{n},Student\n" for n in range(10, 20)))
    files = {f"student_{n}_{n}_a.ipynb": notebook(FIRST, str(n)) for n in range(10, 18)}
    rows, unplaced = collect(class_dir, a_zip(tmp_path / "c.zip", files | {
        "student_18_1_a.ipynb": notebook(SECOND), "student_19_1_lab.py": b"x = 1"}))
    assert [row.student for row in rows if "nearly all others" in row.said] == ["s18"]
    assert unplaced == ["student_19_1_lab.py: is no notebook, and none was found beside it; ask "
                        "S19 Student (s19) for the .ipynb file"]


def test_what_somebody_decided_in_canvas_stays():
    export = ("LastName,FirstName,ID,SIS Login ID,Section,02_convolution_forward (8)\n"
              "    Points Possible,,,,,20\nLovelace,Ada,501,ada,A,{}\n")
    for cell, expected in (("", "9.5"), ("3", "9.5"), ("EX", "EX"), ("N/A", "N/A")):
        text, said = canvas_table(GRADES[:1], {SECOND: 20.0}, export.format(cell).encode())
        assert text.splitlines()[-1].rpartition(",")[2] == expected
        assert bool(said) == (expected != "9.5") and all("ada: is" in one for one in said)
