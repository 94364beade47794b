"""The class report: numbers, what to teach again, groups, students, and that it stands alone."""

import datetime
import json
import re

import bs4
import pytest
from nbgrader.api import Gradebook

from autograder import course
from autograder.classroom.grades import read_grades
from autograder.classroom.lessons import lesson_paths
from autograder.classroom.roster import Student
from autograder.classroom.sentences import read_sentences, say
from autograder.classroom.settings import Settings, read_settings
from autograder.commands import main
from autograder.errors import GradingError
from autograder.lessons.lesson import Lessons, sources
from autograder.results.report import write_report
from autograder.results.report.groups import groups
from autograder.results.report.lessons import lesson_view
from autograder.results.report.students import sections_of, student_views

from .a_class import LESSON, LONG, SOURCE, TESTS, a_class, row, way, wrote

LESSONS = Lessons(sources(course.SOLUTIONS))


def soup_of(class_dir, lessons=LESSONS):
    text = write_report(class_dir, [], lessons, ["a wall"]).read_text()
    return text, bs4.BeautifulSoup(text, "html.parser")


def test_an_essay_that_waits_counts_as_nothing_and_not_as_zero():
    full = row("ada", score=26.0, essays_waiting=1, points_waiting=3.0)
    assert full.share == 1.0
    view = lesson_view(SOURCE, [full, row("bob", score=14.5), row("eve", problem="no notebook",
                                                                  score=None)], 5)
    assert (view.handed_in, view.missing, view.failed, view.waiting) == (3, 2, 1, 1)
    assert view.mean == view.median == 0.75
    assert view.bands[9] == [0, 1] and view.bands[5] == [1, 0]


def test_each_group_says_how_many_are_right_wrong_stopped_and_blank():
    view = lesson_view(SOURCE, [row("ada", 3), row("bob", 1), row("eve")], 3)
    tiles = [tile for one in view.exercises for tile in one.tiles.values()]
    assert [(tile.group) for tile in tiles] == [group for _, group in TESTS]
    assert [tiles[n].words for n in range(3)] == [
        "1 right, 2 wrong", "2 right, 1 stopped with an error", "2 right, 1 not attempted"]
    assert tiles[0].heat > tiles[1].heat > 0 == tiles[3].heat
    assert view.again[0].name == TESTS[0][0] and len(view.again[0].losers) == 2


def test_groups_are_the_ways_of_being_wrong_the_largest_first():
    rows = [row("ada", ways=[way(1), way(2)]), row("bob", ways=[way(2, mistake="upside down")]),
            row("eve", ways=[way(3)])]
    found = groups(rows, {way(2)["id"]: "Look again."})
    assert [(one.students, one.mistake, one.told) for one in found][0] == (
        ["ada", "bob"], "upside down", "Look again.")
    assert len(found) == 3


def test_the_page_stands_alone_and_holds_it_all(tmp_path):
    class_dir = a_class(tmp_path, row("ada", 3, ways=[way(1)]), row("bob", 20, ways=[way(1)]),
                        row("eve<b>", 1, ways=[way(2)], late=60.0, before=3.0),
                        roster="ada,Ada,Lovelace,A\nbob,Bob,Roe,B\nzoe,Zoe,Never,B\n")
    say(class_dir, way(1)["id"], "Mind the <border>.")
    text, soup = soup_of(class_dir)
    assert not re.search(r'(?:src|href)="(?!#|\.\./)', text) and "default-src 'none'" in text
    assert soup.html["lang"] == "en" and "eve&lt;b&gt;" in text and "eve<b>" not in text
    same = soup.find(id="same")
    assert "2 students: zero_pad" in same.find("h3").get_text()
    assert "Mind the <border>." in same.get_text() and "zero_pad(np.array" in same.get_text()
    attention = soup.find(id="attention").get_text()
    assert "Zoe Never" in attention and "Bob Roe" in attention and "Ada" not in attention
    people = soup.find(id="people")
    assert len(people.tbody.find_all("tr")) == 4
    assert people.find("tr", attrs={"data-status": "late"}).find(class_="name").string == "eve<b>"
    (eve,) = [small for small in people.find_all("small") if "late" in small.get_text()]
    assert eve.get_text() == "late, was 3"
    for drawing in soup.find_all("svg"):
        assert drawing.get("aria-hidden") == "true" or "percent" in drawing["aria-label"]


def test_what_the_class_does_not_ask_for_is_in_no_part_of_the_page(tmp_path):
    """A dropped exercise keeps its check, and so its verdicts, but no points."""
    other = "conv1x1"
    class_dir = a_class(tmp_path, row("ada", 3, ways=[way(1), way(2, other)], misconceptions={
        (other, "named thing"): "Do not."}))
    text, _ = soup_of(class_dir)
    assert text.count(way(2, other)["id"]) and "named thing" in text
    (class_dir / "class.toml").write_text(f'[lessons]\n{LESSON} = {{ drop = ["{other}"] }}\n')
    mine = lesson_paths(class_dir, read_settings(class_dir))
    text, _ = soup_of(class_dir, Lessons(mine))
    assert way(1)["id"] in text and way(2, other)["id"] not in text and "named thing" not in text


def test_every_name_has_another_to_stand_in_when_names_are_hidden(tmp_path):
    class_dir = a_class(tmp_path, row("ada", ways=[way(1)]), row("bob", ways=[way(1)]),
                        roster="ada,Ada,Lovelace,A\nbob,Bob,Roe,B\n")
    _, soup = soup_of(class_dir)
    for name in soup.find_all(class_="name"):
        assert name.find_next_sibling(class_="alias").string.startswith("Student ")
        name.decompose()
    for left in soup.find_all(class_=["happened", "sides"]):
        left.decompose()
    assert not re.search("Ada|Lovelace|Roe", soup.body.get_text())


def test_the_script_is_the_one_that_the_policy_names(tmp_path):
    import base64
    import hashlib

    text, soup = soup_of(a_class(tmp_path, row("ada")))
    digest = base64.b64encode(hashlib.sha256(soup.script.string.encode()).digest()).decode()
    assert f"script-src 'sha256-{digest}'" in text and len(soup.find_all("script")) == 1


def test_who_is_in_two_sections_is_found_in_both():
    known = {"A", "B 1", "A and B 1", "A, B 1, and C", "C", "Arts and Crafts", ""}
    assert sections_of("A and B 1", known) == ["A", "B 1"]
    assert sections_of("A, B 1, and C", known) == ["A", "B 1", "C"]
    assert sections_of("Arts and Crafts", known) == ["Arts and Crafts"]
    people = student_views([Student("ada", section="A and B"), Student("bob", section="A"),
                            Student("eve", section="B")], {}, [], Settings())
    assert [one.sections for one in people] == [["A", "B"], ["A"], ["B"]]


def test_two_people_of_one_name_are_told_apart(tmp_path):
    class_dir = a_class(tmp_path, row("as1", ways=[way(1)]), row("as2", ways=[way(1)]), row("eve"),
                        roster="as1,Anna,Schmidt,A\nas2,Anna,Schmidt,A\neve,Eve,Roe,A\n")
    _, soup = soup_of(class_dir)
    names = {name.string for name in soup.find_all(class_="name")}
    assert names == {"Anna Schmidt (as1)", "Anna Schmidt (as2)", "Eve Roe"}


def test_what_the_grace_forgives_is_not_late(tmp_path):
    due = datetime.datetime(2026, 12, 1, 22, 59)
    with Gradebook(f"sqlite:///{tmp_path}/gradebook.db", "convnets") as book:
        book.add_assignment(LESSON, duedate=due)
        for student, minutes in (("in_time", -1), ("forgiven", 10), ("late", 11)):
            book.add_student(student)
            book.add_submission(LESSON, student,
                                timestamp=due + datetime.timedelta(minutes=minutes))
    assert [one.student.id for one in read_grades(tmp_path)[0] if one.late] == ["forgiven", "late"]
    (tmp_path / "class.toml").write_text("[late]\ngrace_minutes = 10\n")
    assert {one.student.id: one.late for one in read_grades(tmp_path)[0] if one.late} == {
        "late": {LESSON: 660}}


def test_attention_has_reasons():
    view = lesson_view(SOURCE, [row("ada"), row("bob", 20), row("eve")], 4)
    roster = [Student("ada"), Student("zoe")]
    students = {name: {LESSON: one} for name, one in (("ada", row("ada")), ("bob", row("bob", 20)))}
    found = {one.id: one.attention for one in student_views(roster, students, [view], Settings())}
    assert found["ada"] == [] and "nothing handed in" in found["zoe"][0]
    tests = sum(cell.role == "test" for cell in SOURCE.cells)
    assert f"21% of the points, 6 of {tests} tests not attempted" in found["bob"][0]


def test_a_sentence_is_kept_changed_and_taken_back(tmp_path):
    group = way(1)["id"]
    say(tmp_path, group, 'Say "why".', about="pad")
    say(tmp_path, way(2)["id"], "Other.")
    assert read_sentences(tmp_path) == {group: 'Say "why".', way(2)["id"]: "Other."}
    say(tmp_path, group, "Now this: \\ é.")
    assert read_sentences(tmp_path)[group] == "Now this: \\ é."
    say(tmp_path, group, "")
    assert read_sentences(tmp_path) == {way(2)["id"]: "Other."}
    with pytest.raises(GradingError, match="no name of a group"):
        say(tmp_path, "x]\n[y", "z")
    (tmp_path / "sentences.toml").write_text("[a]\nsay = 3\n")
    with pytest.raises(GradingError, match="needs a line like"):
        read_sentences(tmp_path)


def test_words_for_groups(tmp_path, capsys):
    class_dir = a_class(tmp_path / "c", row("ada", ways=[way(1, "conv_forward_naive")]),
                        row("bob", ways=[way(1, "conv_forward_naive")]))
    wrote(class_dir, "ada", LONG)
    group = way(1, "conv_forward_naive")["id"]
    assert main(["say", str(class_dir), group, "Look."]) == 0
    assert "2 students" in capsys.readouterr().out
    assert main(["draft", str(class_dir), group]) == 0
    text = (class_dir / "drafts" / f"{group}.py").read_text()
    compile(text, "draft", "exec")
    assert "Misconception(" in text and "'Look.'" in text and "def conv_forward_naive" in text
    assert "ada" not in text
    assert main(["draft", str(class_dir), group]) == 2
    assert main(["say", str(class_dir), "nobody-00000000", "Look."]) == 2
    assert "no group is called" in capsys.readouterr().err
    assert main(["pages", str(class_dir)]) == 2


def test_rows_that_an_earlier_release_stored_make_a_report(tmp_path):
    class_dir = a_class(tmp_path, row("ada"))
    path = class_dir / ".results" / "ada" / f"{LESSON}.json"
    data = json.loads(path.read_text())
    for name in ("outcomes", "ways", "late", "points_waiting"):
        del data[name]
    path.write_text(json.dumps(data))
    assert "grade the class again to see it here" in soup_of(class_dir)[0]
