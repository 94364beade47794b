"""Attacks by file: each function hands something in as one student of a class.

It gets the folder `submitted`, the name of the lesson, the path of a notebook of honest work and
the folder of another student. The first line of its docstring says what it tries. Where it gives
back a name, that is the student's; else the student is called as the function is.
"""

import json
import os
import shutil

ALL = {}
# {attack: key of catalogue.WALLS} of those that are graded like any other work.
OTHERWISE = {"name_with_formats": "escaped", "name_of_an_address": "escaped",
             "more_files": "ignored", "secret_pipe": "ignored", "secret_hole": "ignored",
             "secret_elsewhere": "ignored", "hundreds_of_folders": "ignored"}


def attack(function):
    ALL[function.__name__] = function
    return function


def place(submitted, student, lesson):
    """The path at which the notebook belongs, its folder made."""
    folder = submitted / student / lesson
    folder.mkdir(parents=True)
    return folder / f"{lesson}.ipynb"


@attack
def link_to_a_notebook(submitted, lesson, honest, other):
    """The notebook is a symbolic link to somebody else's."""
    path = place(submitted, "link_to_a_notebook", lesson)
    path.symlink_to(other / lesson / path.name)


@attack
def link_to_a_lesson(submitted, lesson, honest, other):
    """The lesson's folder is a symbolic link to somebody else's."""
    (submitted / "link_to_a_lesson").mkdir()
    (submitted / "link_to_a_lesson" / lesson).symlink_to(other / lesson)


@attack
def link_to_a_student(submitted, lesson, honest, other):
    """The student's folder is a symbolic link to somebody else's."""
    (submitted / "link_to_a_student").symlink_to(other)


@attack
def link_to_itself(submitted, lesson, honest, other):
    """The student's folder is a symbolic link to itself."""
    (submitted / "link_to_itself").symlink_to("link_to_itself")


@attack
def link_out_of_the_class(submitted, lesson, honest, other):
    """The lesson's folder is a link to a folder outside, by a path with dots."""
    (submitted / "link_out_of_the_class").mkdir()
    (submitted / "link_out_of_the_class" / lesson).symlink_to("../../../../../../etc")


@attack
def pipe(submitted, lesson, honest, other):
    """The notebook is a named pipe, and reading it never ends."""
    os.mkfifo(place(submitted, "pipe", lesson))


@attack
def endless_device(submitted, lesson, honest, other):
    """The notebook is a link to a device that gives bytes for ever."""
    place(submitted, "endless_device", lesson).symlink_to("/dev/zero")


@attack
def hole(submitted, lesson, honest, other):
    """The notebook is a file of 8 GiB that takes no room on the disk."""
    with open(place(submitted, "hole", lesson), "wb") as file:
        file.truncate(8 * 2**30)


@attack
def timestamp_of_nonsense(submitted, lesson, honest, other):
    """The file timestamp.txt, which nbgrader reads, holds no date."""
    path = place(submitted, "timestamp_of_nonsense", lesson)
    shutil.copy(honest, path)
    (path.parent / "timestamp.txt").write_text("the day before yesterday")


@attack
def timestamp_elsewhere(submitted, lesson, honest, other):
    """The file timestamp.txt is a link to a file that is to be copied into the graded folder."""
    path = place(submitted, "timestamp_elsewhere", lesson)
    shutil.copy(honest, path)
    (path.parent / "timestamp.txt").symlink_to("/etc/passwd")


@attack
def timestamp_pipe(submitted, lesson, honest, other):
    """The file timestamp.txt is a named pipe."""
    path = place(submitted, "timestamp_pipe", lesson)
    shutil.copy(honest, path)
    os.mkfifo(path.parent / "timestamp.txt")


@attack
def name_that_matches_everybody(submitted, lesson, honest, other):
    """The student is called *, which nbgrader's commands take for the whole class."""
    shutil.copy(honest, place(submitted, "*", lesson))
    return "*"


@attack
def name_with_a_script(submitted, lesson, honest, other):
    """The student's name is a script for the report's reader."""
    name = "<img src=x onerror=escaped()>"
    shutil.copy(honest, place(submitted, name, lesson))
    return name


@attack
def name_of_several_lines(submitted, lesson, honest, other):
    """The student's name holds line ends and colours, to fake lines of the table."""
    name = "eve\nzoe  99 of 99  graded\x1b[2K"
    shutil.copy(honest, place(submitted, name, lesson))
    return name


@attack
def name_in_no_encoding(submitted, lesson, honest, other):
    """The student's name is no text in UTF-8, so that no report can hold it."""
    name = os.fsdecode(b"eve\xff\xfe")
    shutil.copy(honest, place(submitted, name, lesson))
    return name


@attack
def name_with_formats(submitted, lesson, honest, other):
    """The student's name holds the placeholders of paths and settings."""
    name = "{student_id}%(x)s$HOME"
    shutil.copy(honest, place(submitted, name, lesson))
    return name


@attack
def lesson_of_another_name(submitted, lesson, honest, other):
    """The lesson's folder is called like a path to the lesson's solution."""
    name = "lesson_of_another_name"
    (submitted / name / f"{lesson}.ipynb").mkdir(parents=True)
    (submitted / name / f"..{lesson}").mkdir()
    return name


@attack
def more_files(submitted, lesson, honest, other):
    """Beside the notebook lie modules, settings and links that the judge might load."""
    path = place(submitted, "more_files", lesson)
    shutil.copy(honest, path)
    evil = "open('/tmp/escaped-file', 'w').write('x')\n"
    for name in ("numpy.py", "sitecustomize.py", "conftest.py", "nbgrader_config.py",
                 "jupyter_config.py", "course_lib.py"):
        (path.parent / name).write_text(evil)
        (submitted / "more_files" / name).write_text(evil)
    (path.parent / "gradebook.db").symlink_to("../../../gradebook.db")


@attack
def name_of_an_address(submitted, lesson, honest, other):
    """The student's name holds signs that mean something in links of pages."""
    name = "eve #1 %2e"
    shutil.copy(honest, place(submitted, name, lesson))
    return name


@attack
def name_that_is_a_formula(submitted, lesson, honest, other):
    """The student's name is a formula for the spreadsheet that grades are exported to."""
    name = "=1+cmd|' !A0'"
    shutil.copy(honest, place(submitted, name, lesson))
    return name


@attack
def name_with_a_blank_at_its_end(submitted, lesson, honest, other):
    """The student's name ends with a blank, which links and programs drop."""
    shutil.copy(honest, place(submitted, "eve ", lesson))
    return "eve "


@attack
def name_that_reads_backwards(submitted, lesson, honest, other):
    """The student's name holds a sign that turns the direction of reading: it looks like zoe."""
    shutil.copy(honest, place(submitted, "\u202eeoz", lesson))
    return "\u202eeoz"


@attack
def name_that_nobody_sees(submitted, lesson, honest, other):
    """The student's name is another's with a sign that nobody sees."""
    shutil.copy(honest, place(submitted, "zo\u200be", lesson))
    return "zo\u200be"


@attack
def name_that_ends_a_text(submitted, lesson, honest, other):
    """The student's name ends the text between quotes in a script of formgrader's page."""
    shutil.copy(honest, place(submitted, 'x";escaped();"\\', lesson))
    return 'x";escaped();"\\'


@attack
def secret_pipe(submitted, lesson, honest, other):
    """The file submission_secret.txt, which is kept with the grades, is a named pipe."""
    path = place(submitted, "secret_pipe", lesson)
    shutil.copy(honest, path)
    os.mkfifo(path.parent / "submission_secret.txt")


@attack
def secret_hole(submitted, lesson, honest, other):
    """The file submission_secret.txt is one of 8 GiB that takes no room until it is copied."""
    path = place(submitted, "secret_hole", lesson)
    shutil.copy(honest, path)
    with open(path.parent / "submission_secret.txt", "wb") as file:
        file.truncate(8 * 2**30)


@attack
def secret_elsewhere(submitted, lesson, honest, other):
    """The file submission_secret.txt is a link to somebody else's notebook."""
    path = place(submitted, "secret_elsewhere", lesson)
    shutil.copy(honest, path)
    (path.parent / "submission_secret.txt").symlink_to(other / lesson / path.name)


@attack
def hundreds_of_folders(submitted, lesson, honest, other):
    """Beside the lesson's folder lie hundreds of others, each of which would be a row."""
    shutil.copy(honest, place(submitted, "hundreds_of_folders", lesson))
    for number in range(500):
        (submitted / "hundreds_of_folders" / f"more{number}").mkdir()


@attack
def notebooks_in_a_crowd(submitted, lesson, honest, other):
    """No file has the lesson's name; twenty others are made to exhaust who reads all of them."""
    folder = place(submitted, "notebooks_in_a_crowd", lesson).parent
    cell = {"cell_type": "code", "metadata": {}, "outputs": [], "execution_count": None,
            "source": "x = [" + "-" * 90_000 + "1]\n" + "y = 1\n" * 50_000}
    text = json.dumps({"cells": [cell] * 30, "metadata": {}, "nbformat": 4, "nbformat_minor": 4})
    for number in range(20):
        (folder / f"notebook{number}.ipynb").write_text(text)
