"""A term from the roster to the LMS: what students handed in, late and in odd files, comes back as
points that agree everywhere. `make term` plays it with 60 students; here are six.
"""

import csv
import io
import os
import re
import zipfile

import nbformat
import pytest
from nbgrader.api import Gradebook

from autograder import course
from autograder.commands import main
from autograder.lessons.lesson import read_lesson
from autograder.lessons.sample import submission
from tests.autograder.lms.exports import a_zip
from tests.programs import run

pytestmark = pytest.mark.system
STUDENTS = int(os.environ.get("TERM_STUDENTS", "6"))
LESSON = "01_spatial_arithmetic"
ANSWERS = ("loops", "typical_mistakes", "einsum", "half_finished", "strided")
HALF = "half_finished"
# The student who hands in twice; with this class's rule the better attempt counts.
AGAIN = 2
# Late, by Moodle's worksheet, and with more time than the others.
EXTENDED = "s04"
FIRST = ("Ada", "Jörg", "Mary Ann", "李", "Zoë", "O'Neil")
ESSAY = next(cell for cell in read_lesson(course.SOLUTIONS / f"{LESSON}.py").cells
             if cell.role == "essay")


class Person:
    """One student: how Canvas, Moodle and Gradescope know them, and what they handed in."""

    def __init__(self, number):
        self.number, self.first = number, FIRST[number % len(FIRST)]
        self.last, self.login = f"Student{number:02}", f"s{number:02}"
        self.system = ("canvas", "moodle", "gradescope")[number % 3]
        self.late = number % 5 == 4
        self.notebook = submission(
            course.SAMPLE_CLASS / "answers" / ANSWERS[number % len(ANSWERS)] / f"{LESSON}.py")
        # Nobody writes quite the same.
        self.notebook.cells.append(nbformat.v4.new_code_cell(f"me = {self.login!r}"))
        essay = next(cell for cell in self.notebook.cells if cell.id == ESSAY.id)
        essay.source = (f"One pixel at the rim is not seen, says {self.first}." if number % 2 == 0
                        else "*Write your answer here.*")

    @property
    def content(self):
        return nbformat.writes(self.notebook).encode()

    @property
    def attempts(self):
        """[(day of December, content)]: AGAIN hands in half of it in time, and all of it late."""
        if self.number != AGAIN:
            return [(3 if self.late else 1, self.content)]
        half = submission(course.SAMPLE_CLASS / "answers" / HALF / f"{LESSON}.py")
        return [(1, nbformat.writes(half).encode()), (3, self.content)]


def exports(folder, people):
    """The roster and the three zips as the systems make them; returns their paths."""
    roster = folder / "canvas.csv"
    with open(roster, "w", encoding="utf-8-sig", newline="") as file:
        writer = csv.writer(file)
        writer.writerow(["Student", "ID", "SIS User ID", "SIS Login ID", "Section",
                         f"{LESSON} (77)"])
        writer.writerow(["    Points Possible", "", "", "", "", ""])
        for one in people:
            writer.writerow([f"{one.last}, {one.first}", 500 + one.number, f"M{one.number}",
                             f"{one.login}@uni.edu", "A", ""])
    files = {"canvas": {}, "moodle": {}, "gradescope": {}}
    about, worksheet = [], [["Identifier", "Full name", "ID number", "Email address", "Grade",
                             "Last modified (submission)"]]
    for one in people:
        stem = f"{one.last}{one.first}".lower().replace(" ", "").replace("'", "")
        if one.system == "canvas":
            late = "LATE_" if one.late else ""
            files["canvas"][f"{stem}_{late}{500 + one.number}_{9000 + one.number}_"
                            f"Untitled ({one.number}).ipynb"] = one.content
        elif one.system == "moodle":
            files["moodle"][f"{one.first} {one.last}_{800 + one.number}_assignsubmission_file_/"
                            f"{LESSON}.ipynb.txt"] = one.content
            day = 3 if one.late else 1
            worksheet.append([f"Participant {800 + one.number}", f"{one.first} {one.last}",
                              f"M{one.number}", f"{one.login}@uni.edu", "",
                              f"{day} December 2026, 10:00 AM"])
        else:
            for again, (day, content) in enumerate(one.attempts):
                name = f"submission_{one.number}{again}"
                about.append(f"{name}:\n  :submitters:\n  - :name: {one.first} {one.last}\n"
                             f"    :sid: M{one.number}\n    :email: {one.login}@uni.edu\n"
                             f"  :created_at: 2026-12-0{day} 09:00:00.000000000 Z\n")
                files["gradescope"][f"assignment_9_export/{name}/x.ipynb"] = content
    files["gradescope"]["assignment_9_export/submission_metadata.yml"] = "".join(about).encode()
    files["canvas"]["__MACOSX/._junk.ipynb"] = b"junk"
    with open(folder / "worksheet.csv", "w", encoding="utf-8", newline="") as file:
        csv.writer(file).writerows(worksheet)
    return roster, {name: a_zip(folder / f"{name}.zip", content)
                    for name, content in files.items()}


def points(class_dir):
    """{student: points after the late penalty}, as nbgrader's gradebook holds them."""
    with Gradebook(f"sqlite:///{class_dir}/gradebook.db") as book:
        return {one.student.id: one.score - one.late_submission_penalty
                for one in book.assignment_submissions(LESSON)}


def settings(class_dir):
    path = class_dir / "class.toml"
    text = path.read_text().replace('timezone = "UTC"', 'timezone = "Europe/Berlin"')
    text = re.sub(r"(?m)^0[2-8]_\w+ +=.*\n", "", text)
    text = re.sub(rf"{LESSON} += {{}}", f'{LESSON} = {{ due = "2026-12-01 23:59" }}', text)
    text = text.replace("penalty_per_day = 0.0", "penalty_per_day = 0.1")
    text = text.replace('attempts = "last"', 'attempts = "best"')
    path.write_text(text + f'\n[extensions.{EXTENDED}]\n{LESSON} = "2026-12-05 23:59"\n')


def test_a_term(tmp_path, page, lab, capsys):
    people = [Person(number) for number in range(STUDENTS)]
    roster, zips = exports(tmp_path, people)
    url, served = lab
    class_dir = served / "Term [WS26]"
    assert main(["start", str(class_dir), "--roster", str(roster)]) == 0
    settings(class_dir)
    worksheet = str(tmp_path / "worksheet.csv")
    for name, export in zips.items():
        times = ["--times", worksheet] if name == "moodle" else []
        assert main(["collect", str(class_dir), str(export), *times]) == 0, capsys.readouterr()
    assert len(list((class_dir / "submitted").glob(f"s*/{LESSON}/{LESSON}.ipynb"))) == STUDENTS
    # In a process of its own, as always: this one may have graded other classes.
    assert run("autograder", "grade", class_dir, "--workers", "2").returncode == 0
    graded = points(class_dir)
    assert len(graded) == STUDENTS
    # The late attempt, two days begun, is worth more than the half in time even so.
    whole, half = graded["s00"], graded["s03"]
    assert graded[f"s{AGAIN:02}"] == pytest.approx(max(half, 0.8 * whole)) and half < 0.8 * whole

    essays = [one for one in people if one.number % 2 == 0]
    page.goto(f"{url}/essays/?path=Term%20%5BWS26%5D")
    page.wait_for_selector("article.current")
    for left in range(len(essays) - 1, -1, -1):
        page.keyboard.press("1")
        page.keyboard.press("Enter")
        said = (f"{left} of {STUDENTS} answers wait" if left
                else f"all {STUDENTS} answers have points")
        page.locator("#progress", has_text=said).wait_for()
    now = points(class_dir)
    for one in people:
        more = 1 if one.number % 2 == 0 else 0
        # An essay's point counts in full where the penalty was taken before it was given.
        assert now[one.login] == pytest.approx(graded[one.login] + more)
    late = {one.login for one in people if one.late and one.system != "canvas"}
    late.add(f"s{AGAIN:02}")
    with Gradebook(f"sqlite:///{class_dir}/gradebook.db") as book:
        assert {one.student.id for one in book.assignment_submissions(LESSON)
                if one.late_submission_penalty} == late - {EXTENDED}

    told = hand_back(class_dir, roster, worksheet)
    assert told["canvas"] == pytest.approx(now)
    assert told["gradescope"] == pytest.approx(now)
    assert told["moodle"] == pytest.approx({one.login: now[one.login] for one in people
                                            if one.system == "moodle"})
    pages_agree(class_dir, people)


def hand_back(class_dir, roster, worksheet):
    """{system: {student: points}} as the files for the systems say."""
    assert main(["hand-back", str(class_dir), "--for", "canvas", "--template", str(roster)]) == 0
    assert main(["hand-back", str(class_dir), "--for", "gradescope"]) == 0
    assert main(["hand-back", str(class_dir), "--for", "moodle", "--lesson", LESSON,
                 "--template", worksheet]) == 0
    found = {}
    for system, who, column in (("canvas", 3, 5), ("gradescope", 3, 5), ("moodle", 3, 4)):
        text = (class_dir / "hand-back" / f"{system}-grades.csv").read_text()
        found[system] = {row[who].partition("@")[0]: float(row[column])
                         for row in csv.reader(io.StringIO(text))
                         if "@" in row[who] and row[column]}
    return found


def pages_agree(class_dir, people):
    """Each system's zip has a page for each of its students, under the name it was handed in by."""
    for system, name in (("canvas", "_{}_"), ("moodle", "_{}_assign")):
        with zipfile.ZipFile(class_dir / "hand-back" / f"{system}-feedback-{LESSON}.zip") as file:
            names = file.namelist()
        ids = [(500 if system == "canvas" else 800) + one.number for one in people
               if one.system == system]
        assert len(names) == len(ids)
        assert all(any(name.format(number) in entry for entry in names) for number in ids)
