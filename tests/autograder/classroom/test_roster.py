"""Rosters as Canvas, Moodle and people write them."""

import pytest

from autograder.classroom import roster, same
from autograder.classroom.roster import (
    Student,
    folder_name,
    merge,
    parse,
    read_roster,
    write_roster,
)
from autograder.classroom.start import add_to_roster
from autograder.errors import GradingError

CANVAS = """Student,ID,SIS User ID,SIS Login ID,Section,01 spatial (123)
    Points Possible,,,,,25
"Lovelace, Ada",501,S1,ada@uni.edu,A,
"Müller, Jörg",502,S2,jm@uni.edu,B,
"Student, Test",,,,A,
""".encode()
PRINCE = (b"Student,ID,SIS User ID,SIS Login ID,Section\nPrince,7,S7,prince@uni.edu,A\n",
          b"First name,Last name,Email address\nPrince,,prince@uni.edu\n")
MOODLE = b"""First name,Last name,ID number,Email address
Ada,Lovelace,S1,ada@uni.edu
Bob,Ross,S9,bob@uni.edu
"""


def test_canvas_has_names_ids_and_sections_and_two_rows_that_are_nobody():
    ada, joerg = parse(CANVAS)
    assert ada == Student("ada", "Lovelace", "Ada", "ada@uni.edu", "A", "501", "S1",
                          "ada@uni.edu")
    assert (joerg.id, joerg.last_name, joerg.section) == ("jm", "Müller", "B")


@pytest.mark.parametrize("content", [
    MOODLE, MOODLE.replace(b",", b";"), MOODLE.replace(b",", b"\t"), b"\xef\xbb\xbf" + MOODLE,
    MOODLE.decode().encode("utf-16"), MOODLE.replace(b"\n", b"\r\n")])
def test_moodle_is_read_however_the_table_was_saved(content):
    assert [(s.id, s.first_name, s.sis_id, s.email) for s in parse(content)] == [
        ("ada", "Ada", "S1", "ada@uni.edu"), ("bob", "Bob", "S9", "bob@uni.edu")]


def test_moodles_worksheet_gives_the_participants_numbers():
    (grace,) = parse(b"Identifier;Full name;Email address\nParticipant 77;Grace Hopper;gh@x.y\n")
    assert (grace.moodle_id, grace.first_name, grace.last_name) == ("77", "Grace", "Hopper")


@pytest.mark.parametrize("participant", [
    "Participant 71", "Teilnehmer/in71", "Teilnehmer/in 71", "Participant71", "Participante 71"])
def test_the_participants_number_in_other_languages(participant):
    (ada,) = parse(f"ID;Vollständiger Name;E-Mail\n{participant};Ada Lovelace;ada@x.y\n".encode())
    assert (ada.id, ada.moodle_id, ada.name) == ("ada", "71", "Ada Lovelace")


def test_ids_that_somebody_wrote_stay_as_they_are():
    assert [s.id for s in parse(b"id,email\nAda_L,a@x.y\nB.Ross,b@x.y\n")] == ["Ada_L", "B.Ross"]


def test_two_exports_give_one_entry_for_one_person_and_lose_nothing():
    students, said = merge(parse(CANVAS), parse(MOODLE))
    assert [s.id for s in students] == ["ada", "jm", "bob"] and said == ["bob: new"]
    assert students[0].canvas_id == "501" and students[0].email == "ada@uni.edu"
    assert merge(students, parse(CANVAS)) == (students, [])


@pytest.mark.parametrize("last, first", [
    ("García López", "María José"), ("van der Berg", "Piet"), ("Smith Jr.", "John")])
def test_a_full_name_in_one_piece_does_not_undo_how_a_name_is_split(last, first):
    by_column = parse(f"last_name,first_name,email\n{last},{first},m@x.y\n".encode())
    in_one = parse("Identifier,Full name,Email address\n"
                   f"Participant 7,{first} {last},M@x.y\n".encode())
    (known,), said = merge(by_column, in_one)
    assert (known.last_name, known.first_name, known.moodle_id) == (last, first, "7")
    assert not any("name" in sentence for sentence in said)
    (learnt,), _ = merge(in_one, by_column)
    assert (learnt.last_name, learnt.first_name) == (last, first)
    (married,), said = merge(by_column, parse(b"name,email\nMaria Meier,m@x.y\n"))
    assert married.last_name == "Meier" and "last_name" in said[0]


def test_people_of_one_name_get_folders_of_their_own():
    same = b"First name,Last name,Email address\nAda,Byron,ada@x.y\nAda,Byron,ada@z.y\n"
    assert [s.id for s in parse(same)] == ["ada", "ada-2"]


def test_a_roster_comes_back_as_it_was_written(tmp_path):
    students = parse(CANVAS)
    write_roster(tmp_path, students)
    assert read_roster(tmp_path) == students


def test_canvas_in_another_order_with_rows_about_nobody_and_somebody_twice():
    export = ("Section;ID;Student;SIS Login ID\n;;;\n;;;Manual Posting\n"
              ";;    Points Possible;\n"
              'A;501;"Lovelace, Ada";ada@uni.edu\nB;501;"Lovelace, Ada";ada@uni.edu\n'
              'A;777;"Student, Test";8f3c\nA;502;"O\'Neil ""Pat"", Seán";pat\n')
    ada, pat = parse(export.encode("utf-8-sig"))
    assert (ada.id, ada.section, ada.canvas_id) == ("ada", "A, B", "501")
    assert (pat.id, pat.last_name, pat.first_name) == ("pat", "O'Neil \"Pat\"", "Seán")


@pytest.mark.parametrize("header", [
    "Vorname,Nachname,ID-Nummer,E-Mail-Adresse", "Prénom,Nom,Numéro d'identification,"
    "Adresse de courriel", "Nombre,Apellido(s),Número de ID,Dirección de correo"])
def test_moodle_in_other_languages(header):
    (ada,) = parse(f"{header}\nAda,Lovelace,S1,ada@uni.edu\n".encode())
    assert ada == Student("ada", "Lovelace", "Ada", "ada@uni.edu", sis_id="S1")


@pytest.mark.parametrize("content", [
    "sep=;\nname;email\nAda Lovelace;ada@uni.edu\n", "Name,Email\n\"Lovelace, Ada\",ada@uni.edu\n",
    "\n\nE-Mail ,  Name\nada@uni.edu,Ada Lovelace\n"])
def test_plain_tables_with_the_name_in_one_column(content):
    (ada,) = parse(content.encode())
    assert (ada.id, ada.first_name, ada.last_name) == ("ada", "Ada", "Lovelace")


def test_a_namesake_without_an_id_in_common_is_told(tmp_path):
    _, said = merge(parse(b"id,name\nx1,Ada Byron\n"), parse(b"name,email\nAda Byron,ab@x.y\n"))
    assert "is the name of x1, too" in said[0]


@pytest.mark.parametrize("name, folder", [
    ("José Núñez", "jose-nunez"), ("<img src=x>", "img-src-x"), ("../../etc", "etc"),
    ("李雷", "李雷"), ("明 B. 王", "明-b-王"), ("Łukasz Nowak", "łukasz-nowak")])
def test_names_become_folders_that_are_safe(name, folder):
    assert folder_name(name) == folder


@pytest.mark.parametrize("content, said", [
    (b"", "is empty"),
    (b"a,b\n1,2\n", ":1: no column says who"),
    (b"id,email\nx,1\ny,3\nx,2\n", ":4: the id x stands in line 2 already"),
    (b"id,email\nx,1\n,\n!,\n", ":4: this row has no id"),
    (b"id,email\n", "names no students"),
    (b"PK\x03\x04...", "is a zip, or an Excel or OpenDocument file; save it as CSV"),
    (b'name,email\n"Ada,a@x.y\nBob,b@x.y\n', "this is no CSV"),
    (b"name,email\nAda,a@x.y\nBob,A@x.y\n", ":3: shares an id or e-mail address with line 2"),
    (b"id,email\nx,a@x.y\ny,a@x.y\n", ":3: shares an id or e-mail address with line 2"),
])
def test_a_file_that_is_no_roster_gets_one_sentence(content, said):
    with pytest.raises(GradingError) as caught:
        parse(content)
    assert said in str(caught.value) and "\n" not in str(caught.value)


def test_a_course_of_thousands_is_read_and_merged_without_looking_at_each_of_them(monkeypatch):
    compared = []
    share = same.share
    for module in (same, roster):
        monkeypatch.setattr(module, "share", lambda *pair: compared.append(pair) or share(*pair))
    lines = "".join(f"s{n},{n}@uni.edu,Ada,Student{n}\n" for n in range(3000))
    students = roster.parse(f"id,email,first_name,last_name\n{lines}".encode())
    merged, said = roster.merge(students, students)
    assert merged == students and not said
    assert len(compared) <= 2 * len(students)


def test_an_address_that_went_to_somebody_else_finds_who_has_it_now():
    known = [roster.Student("ada", email="a@x", canvas_id="1")]
    students, _ = roster.merge(known, [roster.Student("ada", email="b@x", canvas_id="1"),
                                       roster.Student("bob", email="a@x", canvas_id="2"),
                                       roster.Student("bob", email="a@x", section="A")])
    assert [(one.id, one.email, one.section) for one in students] == [
        ("ada", "b@x", ""), ("bob", "a@x", "A")]


def test_numbers_that_went_through_a_spreadsheet_are_the_same_numbers():
    """Zeros in front are gone, or .0 stands behind: it is the same person, the zeros stay known."""
    known = parse(b"Student,ID,SIS User ID,SIS Login ID,Section\n"
                  b"\"Byron, Ada\",0501,0012345,ada,A\n")
    again = parse(b"Student,ID,SIS User ID,SIS Login ID,Section\n"
                  b"\"Byron, Ada\",501.0,12345.0,other,A and B\n")
    assert (again[0].canvas_id, again[0].sis_id) == ("501", "12345")
    (ada,), said = merge(known, again)
    assert (ada.canvas_id, ada.sis_id, ada.section) == ("0501", "0012345", "A and B")
    assert said == ["ada: section A -> A and B, login ada -> other"]


def test_a_number_that_lost_digits_is_refused_with_its_line():
    with pytest.raises(GradingError, match=r"the roster:3: 1,23457E\+11 has lost digits"):
        parse(b"id;Matrikelnummer\na;7\nb;1,23457E+11\n")


def test_an_instructors_own_columns_stay(tmp_path):
    (tmp_path / "roster.csv").write_text(
        "id,name,Notes,email\nada,Ada Byron,\"sits in front, left\",a@x\nbob,Bob Ross,,b@x\n")
    arrived = parse(b"name,email,section\nEve New,e@x,B\nAda Byron,a@x,A\n")
    write_roster(tmp_path, merge(read_roster(tmp_path), arrived)[0])
    lines = (tmp_path / "roster.csv").read_text().splitlines()
    assert lines[0].endswith(",moodle_id,Notes")
    assert lines[1].startswith("ada,Byron,Ada,a@x,A,") and lines[1].endswith("in front, left\"")
    assert len(lines) == 4 and [one.id for one in read_roster(tmp_path)] == ["ada", "bob", "e"]


def test_who_has_one_name_only_keeps_it_whatever_column_it_stands_in():
    for first, second in (PRINCE, PRINCE[::-1]):
        (student,), said = merge(parse(first), parse(second))
        assert student.name == "Prince" and not said


def test_a_line_end_within_a_cell_is_a_blank():
    (student,) = parse(b'id,last_name,section\nada,"Love\r\nlace","A\n(Mo)"\n')
    assert (student.last_name, student.section) == ("Love lace", "A (Mo)")


def test_who_is_not_in_a_later_export_is_named_and_stays(tmp_path):
    (tmp_path / "roster.csv").write_text("id,email\nada,ada@u.edu\nbob,bob@u.edu\n")
    later = tmp_path / "later.csv"
    later.write_text("email\nAda@u.edu\neve@u.edu\n")
    *_, told = add_to_roster(tmp_path, later)
    assert told == ("1 of the roster is not in later.csv and stays in the class: bob; take out the "
                    "line of who has left")
    assert [one.id for one in read_roster(tmp_path)] == ["ada", "bob", "eve"]
    assert "not in" not in add_to_roster(tmp_path, tmp_path / "roster.csv")[-1]


def test_canvas_with_the_name_in_two_columns():
    export = ("LastName,FirstName,ID,SIS User ID,SIS Login ID,Section,01 (9)\n"
              ",,,,,,Manual Posting\n    Points Possible,,,,,,25.00\n"
              "Lovelace,Ada,501,0042,ada,A and B,\nStudent,Test,777,,8f3c,A,\n")
    (ada,) = parse(export.encode())
    assert ada == Student("ada", "Lovelace", "Ada", "", "A and B", "501", "0042", "ada")
    (own,) = parse(b"id,lastname,firstname,section\nx7,Lovelace,Ada,A\n")
    assert own.id == "x7" and not own.canvas_id, "a table of one's own is none of Canvas's"


@pytest.mark.parametrize("name", [
    "Brown, Jr., Tom", "Brown, Tom, Jr.", "Brown, Tom Jr.", "Tom Brown, Jr.", "Tom Brown Jr."])
def test_a_word_behind_the_last_name_stays_there(name):
    known = parse(b'last_name,first_name,email\n"Brown, Jr.",Tom,t@x.y\n')
    again = parse(f'Name,Email\n"{name}",t@x.y\n'.encode())
    assert (again[0].last_name, again[0].first_name) == ("Brown Jr.", "Tom")
    assert merge(known, again) == (known, []) and merge(again, known) == (again, [])


def test_moodle_counts_its_participants_anew_in_each_assignment():
    def worksheet(first):
        names = ("Ada Byron", "Anna Schmidt", "Anna Schmidt")
        return parse(b"Identifier,Full name\n" + "".join(
            f"Participant {first + at},{name}\n" for at, name in enumerate(names)).encode())

    students, said = merge(worksheet(71), worksheet(81))
    assert [(one.id, one.moodle_id) for one in students] == [
        ("ada-byron", "81"), ("anna-schmidt", "72"), ("anna-schmidt-2", "73"),
        ("anna-schmidt-3", "82"), ("anna-schmidt-2-2", "83")], "which Anna is which, nobody knows"
    assert len(said) == 2 and all("is the name of" in sentence for sentence in said)
