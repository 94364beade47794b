"""A class of 300 with one lesson: seconds and memory of each word that an instructor types.

    python -m bench.term [WORD...] [--students 300]

Without words all of them, in the order of a term, which takes some ten minutes; with words only
those, on the class that an earlier call left in build/bench-term. What has been measured goes into
docs/performance.md, with how many students it was. Students hand in copies of the sample class's
answers, each with a line of its own, in a zip as Canvas makes it; every second wrote an essay.
"""

import argparse
import csv
import json
import os
import shutil
import sys
import zipfile

import nbformat
from tqdm import tqdm

from autograder import course
from autograder.lessons.lesson import read_lesson
from bench.copies import copies
from bench.document import write
from bench.grading import MEBIBYTE, measured

LESSON = "01_spatial_arithmetic"
FOLDER = course.ROOT / "build" / "bench-term"
CLASS = FOLDER / "class"
TIMES = course.ROOT / "build" / "bench-term.json"
WORDS = {
    "start": ["start", CLASS, "--roster", FOLDER / "canvas.csv"],
    "roster": ["roster", CLASS, FOLDER / "canvas.csv"],
    "handout": ["handout", CLASS],
    "collect": ["collect", CLASS, FOLDER / "canvas.zip"],
    "collect again": ["collect", CLASS, FOLDER / "canvas.zip"],
    "grade --no-feedback": ["grade", CLASS, "--no-feedback"],
    "pages": ["pages", CLASS],
    "grade again": ["grade", CLASS],
    "history": ["history", CLASS],
    "hand-back --for canvas": ["hand-back", CLASS, "--for", "canvas", "--template",
                               FOLDER / "canvas.csv"],
    "hand-back --for folder": ["hand-back", CLASS, "--for", "folder"],
}
# What the essay page asks its server for when it is opened.
ESSAYS = """
import sys
from autograder.essays.answers import answers, counts
folder, lesson, cell = sys.argv[1:]
counts(folder); print(len(answers(folder, lesson, cell)))
"""


def main():
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("words", nargs="*", metavar="WORD", choices=[*WORDS, "essays", []],
                        help=", ".join([*WORDS, "essays"]))
    parser.add_argument("--students", type=int, default=300)
    options = parser.parse_args()
    if not options.words or "start" in options.words:
        shutil.rmtree(FOLDER, ignore_errors=True)
        prepare(options.students)
    known = json.loads(TIMES.read_text()) if TIMES.exists() else {}
    with open(FOLDER / "canvas.csv", encoding="utf-8-sig") as roster:
        students = len(roster.readlines()) - 1
    for word in tqdm(options.words or [*WORDS, "essays"], desc="term", unit="word"):
        known[word] = [students, *taken(word)]
        TIMES.write_text(json.dumps(known))
    write("term", table(known))


def prepare(students):
    """Write the roster and the zip as Canvas makes them."""
    FOLDER.mkdir(parents=True)
    with open(FOLDER / "canvas.csv", "w", encoding="utf-8-sig", newline="") as file, \
            zipfile.ZipFile(FOLDER / "canvas.zip", "w", zipfile.ZIP_DEFLATED) as archive:
        writer = csv.writer(file)
        writer.writerow(["Student", "ID", "SIS Login ID", "Section", f"{LESSON} (1)"])
        for number, notebook in enumerate(copies(LESSON, students)):
            writer.writerow([f"Student{number:03}, Ada", 500 + number, f"s{number:03}@uni.edu",
                             "AB"[number % 2], ""])
            if number % 2:
                for cell in notebook.cells:
                    if cell.id.startswith("essay-"):
                        cell.source = "One pixel at the rim is lost."
            archive.writestr(f"student{number:03}ada_{500 + number}_{9000 + number}_{LESSON}.ipynb",
                             nbformat.writes(notebook))


def taken(word):
    """(seconds, CPU seconds, peak memory of all its processes in MiB) of one word."""
    if word == "essays":
        command = [sys.executable, "-c", ESSAYS, CLASS, LESSON, _essay()]
    else:
        command = [sys.executable, "-m", "autograder", *WORDS[word]]
    _, seconds, cpu, peak = measured(list(map(str, command)), course.ROOT)
    return seconds, cpu, peak / MEBIBYTE


def _essay():
    lesson = read_lesson(course.SOLUTIONS / f"{LESSON}.py")
    return next(cell.id for cell in lesson.cells if cell.role == "essay")


def table(known):
    lines = [f"Lesson {LESSON}, {os.cpu_count()} cores, the default number of workers:", "",
             "| word | students | seconds | CPU seconds | MiB |", "|---|---|---|---|---|"]
    for word in [word for word in [*WORDS, "essays"] if word in known]:
        students, seconds, cpu, memory = known[word]
        name = "the essay page, opened" if word == "essays" else f"`{word}`"
        lines.append(f"| {name} | {students} | {seconds:.1f} | {cpu:.1f} | {memory:.0f} |")
    return "\n".join(lines)


if __name__ == "__main__":
    main()
