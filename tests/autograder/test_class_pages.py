"""The pages for a term: every command on them is run, in their order, on a small class."""

import re
import shutil

import nbformat
import pytest

from autograder import course
from autograder.commands import convnets, main
from autograder.lessons.sample import submission
from tests.autograder.lms.exports import a_zip

pytestmark = pytest.mark.system
PAGES = sorted((course.ROOT / "docs" / "class").glob("[0-9]*.md"))
LESSON = "01_spatial_arithmetic"
CANVAS = f"""Student,ID,SIS User ID,SIS Login ID,Section,{LESSON} (7)
    Points Possible,,,,,
"Lovelace, Ada",501,S1,ada@uni.edu,A,
"Ross, Bob",502,S2,bob@uni.edu,A,
"""


def commands(page):
    """The convnets commands in a page's blocks, as lists of words."""
    blocks = re.findall(r"^```\n(.*?)^```", page.read_text(), re.MULTILINE | re.DOTALL)
    lines = [line.partition(" #")[0].strip() for block in blocks for line in block.splitlines()]
    found = [re.findall(r'"[^"]*"|\S+', line) for line in lines if line.startswith("convnets ")]
    return [[word.strip('"') for word in words[1:]] for words in found]


@pytest.fixture(scope="module")
def desk(tmp_path_factory):
    """A folder with the files that the pages name."""
    folder = tmp_path_factory.mktemp("desk")
    work = nbformat.writes(submission(
        course.SAMPLE_CLASS / "answers" / "loops" / f"{LESSON}.py")).encode()
    (folder / "canvas.csv").write_text(CANVAS)
    (folder / "moodle.csv").write_text("First name,Last name,ID number,Email address\n"
                                       "Ada,Lovelace,S1,ada@uni.edu\nMia,Moodle,S3,mia@uni.edu\n")
    (folder / "worksheet.csv").write_text(
        "Identifier,Full name,ID number,Email address,Grade,Last modified (submission)\n"
        "Participant 77,Mia Moodle,S3,mia@uni.edu,,\"1 December 2026, 10:00 AM\"\n")
    a_zip(folder / "canvas.zip", {"lovelaceada_501_1_a.ipynb": work})
    a_zip(folder / "moodle.zip", {"Mia Moodle_77_assignsubmission_file_/a.ipynb": work})
    a_zip(folder / "gradescope.zip", {
        "a_export/submission_metadata.yml": b"submission_1:\n  :submitters:\n  - :name: Bob Ross\n"
        b"    :sid: S2\n    :email: bob@uni.edu\n  :created_at: 2026-12-01 09:00:00 Z\n",
        "a_export/submission_1/a.ipynb": work})
    (folder / "pile" / "ada").mkdir(parents=True)
    (folder / "pile" / "ada" / "Untitled.ipynb").write_bytes(work)
    return folder


def test_the_commands_of_all_pages_work_in_their_order(desk, monkeypatch, capsys):
    from jupyter_server.serverapp import ServerApp

    monkeypatch.chdir(desk)
    served = []
    monkeypatch.setattr(ServerApp, "launch_instance", lambda words: served.append(words))
    ran = set()
    for page in PAGES:
        for words in commands(page):
            status = main(words)
            told = capsys.readouterr()
            assert status == 0, (page.name, words, told.err)
            ran.add(words[0])
    assert served and any("essays" in word for word in served[0])
    # Words about the course, and those that need what these pages do not make.
    others = {"build", "sample-class", "walls", "student-package", "carry-over",
              "solutions-for-students", "say", "draft"}
    term = set(convnets.commands) - others
    assert term <= ran, term - ran


def test_every_page_is_linked_and_no_link_leads_nowhere():
    folder = course.ROOT / "docs" / "class"
    index = (folder / "README.md").read_text()
    for page in folder.glob("*.md"):
        assert page.name == "README.md" or f"({page.name})" in index
        for link in re.findall(r"\]\(([^)#]+)\)", page.read_text()):
            assert (folder / link).exists(), (page.name, link)


def test_the_settings_on_the_page_are_settings(tmp_path):
    from autograder.classroom.settings import read_settings

    (text,) = re.findall(r"```toml\n(.*?)```", (PAGES[0]).read_text(), re.DOTALL)
    (tmp_path / "class.toml").write_text(text)
    assert read_settings(tmp_path).late.cap == 0.5
    shutil.rmtree(tmp_path)
