"""The command line: its words in the order of a term, errors in one line, exit statuses."""

import re
import shlex
import subprocess
import sys

import pytest

from autograder import course
from autograder.classroom.roster import read_roster
from autograder.classroom.settings import read_settings
from autograder.commands import convnets, grading, main
from autograder.lessons.lesson import read_all
from tests.autograder.lms.exports import ROSTER, a_zip, notebook

SECOND = "02_convolution_forward"


def test_every_word_says_what_it_does(capsys):
    assert main(["--help"]) == 0
    listed = capsys.readouterr().out
    for name, command in convnets.commands.items():
        assert re.search(rf"^  {name} +\w", listed, re.MULTILINE)
        assert command.short_help in " ".join(listed.split()), "said in full"
        assert main([name, "--help"]) == 0
        assert "Usage: convnets " + name in capsys.readouterr().out
        assert command.help
    order = [listed.index(f"\n  {word} ") for word in ("start", "collect", "grade", "hand-back")]
    assert order == sorted(order)


@pytest.mark.parametrize("words, said", [
    (["grade", "nowhere"], "there is no folder nowhere; .* convnets start nowhere"),
    (["grade", "now here"], "there is no folder now here; .* convnets start 'now here'"),
    (["grade", "--workers", "0"], "--workers.*convnets grade --help"),
    (["grade", "--cell-seconds", "x"], "--cell-seconds"),
    (["collect"], "Missing argument 'CLASS'"),
    (["hand-back", ".", "--for", "blackboard"], "canvas"),
    (["fly"], "No such command 'fly'"),
    (["roster", ".", "nofile.csv"], "nofile.csv cannot be read"),
])
def test_a_mistake_is_one_line_and_status_2(capsys, words, said):
    assert main(words) == 2
    told = capsys.readouterr().err
    assert re.match(f"error: .*{said}", told) and told.count("\n") == 1


@pytest.mark.parametrize("words, said", [
    (["show", "Ada", SECOND], "no student is called 'Ada'; did you mean ada"),
    (["show", "ada", "02"], "no lesson is called '02'; did you mean 02_convolution_forward"),
    (["history", "lovelace"], "no student is called 'lovelace'; the class has: ada, anna1, "),
    (["grade", "--student", "ana1"], "did you mean anna1"),
    (["pages", "--student", "an na1"], "did you mean anna1"),
    (["regrade-request", "ada", "2_convolution", "please"], "did you mean 02_convolution_forward"),
])
def test_a_mistyped_name_is_told_with_the_one_that_was_meant(tmp_path, capsys, words, said):
    (tmp_path / "roster.csv").write_text(ROSTER, encoding="utf-8")
    assert main([words[0], str(tmp_path), *words[1:]]) == 2
    told = capsys.readouterr().err
    assert told.startswith("error: no ") and said in told and told.count("\n") == 1


def test_without_a_class_that_of_the_folder_is_graded(tmp_path, monkeypatch, capsys):
    (tmp_path / "class").mkdir()
    monkeypatch.setattr(grading.course, "SAMPLE_CLASS", tmp_path / "sample")
    monkeypatch.chdir(tmp_path)
    assert main(["grade"]) == 2
    told = capsys.readouterr().err
    assert "the course's sample class" in told and f"no folder {tmp_path / 'sample'}" in told
    monkeypatch.chdir(tmp_path / "class")
    (tmp_path / "class" / "class.toml").touch()
    assert main(["grade"]) == 2
    assert f"there is no folder {tmp_path / 'class' / 'submitted'}" in capsys.readouterr().err
    assert main([]) == 2
    assert capsys.readouterr().err.startswith("Usage: convnets ")


def test_what_the_computer_refuses_is_one_line(tmp_path, capsys):
    """A file where a folder should be, as after a mistake with cp."""
    (tmp_path / "roster.csv").write_text(ROSTER, encoding="utf-8")
    (tmp_path / "collected").touch()
    a_zip(tmp_path / "s.zip", {"ada/a.ipynb": notebook(SECOND)})
    assert main(["collect", str(tmp_path), str(tmp_path / "s.zip")]) == 2
    (told,) = [line for line in capsys.readouterr().err.splitlines() if "error" in line]
    assert told.startswith("error: ") and "collected" in told and "irectory" in told


def test_whoever_stops_reading_is_no_error(tmp_path):
    (tmp_path / "history.csv").write_text(
        "when,by,student,lesson,cell,before,after,why\n" + "x,y,ada,b,,1,2,graded\n" * 20_000)
    done = subprocess.run(
        f"{sys.executable} -m autograder history {shlex.quote(str(tmp_path))} | head -1",
        shell=True, capture_output=True, text=True, cwd=course.ROOT)
    assert done.stdout.count("\n") == 1 and not done.stderr


def test_a_class_starts_with_settings_that_say_what_may_stand_there(tmp_path, capsys):
    roster = tmp_path / "export.csv"
    roster.write_text(ROSTER, encoding="utf-8")
    folder = tmp_path / "Kurs [WS26]"
    assert main(["start", str(folder), "--roster", str(roster)]) == 0
    assert list(read_settings(folder).lessons) == [one.name for one in read_all(course.SOLUTIONS)]
    assert [one.id for one in read_roster(folder)] == ["ada", "jm", "anna1", "anna2"]
    assert (folder / "nbgrader_config.py").exists()
    # Again: what was filled in since stays.
    text = (folder / "class.toml").read_text().replace('"UTC"', '"Europe/Berlin"')
    (folder / "class.toml").write_text(text)
    assert main(["start", str(folder)]) == 0
    assert (folder / "class.toml").read_text() == text
    assert "stays as it is" in capsys.readouterr().out


def test_a_folder_with_other_things_is_no_class(tmp_path, capsys):
    (tmp_path / "thesis.tex").write_text("x")
    assert main(["start", str(tmp_path)]) == 2
    assert "holds other things" in capsys.readouterr().err
    assert [p.name for p in tmp_path.iterdir()] == ["thesis.tex"]


def test_collect_tells_what_was_placed_and_names_what_was_not(tmp_path, capsys):
    folder, roster = tmp_path / "class", tmp_path / "r.csv"
    roster.write_text(ROSTER, encoding="utf-8")
    assert main(["start", str(folder), "--roster", str(roster)]) == 0
    export = a_zip(tmp_path / "s.zip", {"lovelaceada_501_1_a.ipynb": notebook(SECOND),
                                        "who.ipynb": notebook(SECOND)})
    assert main(["collect", str(folder), str(export)]) == 1
    told = capsys.readouterr()
    assert re.search(rf"^ada +{SECOND} +not known +1 +lovelaceada", told.out, re.MULTILINE)
    assert "not placed: who.ipynb: names nobody" in told.err


@pytest.mark.parametrize("sample", [True, False])
def test_make_grade_builds_the_course_and_makes_the_sample_class_in_one_process(
        tmp_path, monkeypatch, sample):
    done = []
    monkeypatch.setattr(grading, "build_course", lambda: done.append("build"))
    monkeypatch.setattr(grading, "make_sample_class", lambda: done.append("sample class"))
    monkeypatch.setattr(grading.course, "SAMPLE_CLASS", tmp_path if sample else tmp_path / "other")
    # An empty folder ends it with a sentence, after what comes first.
    assert main(["grade", str(tmp_path), "--build"]) == 2
    assert done == ["build", "sample class"][:1 + sample]
    done.clear()
    assert main(["grade", str(tmp_path)]) == 2 and not done
