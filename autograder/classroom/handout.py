"""What students of a class get: the class's notebooks, the learner's package, a page to start from.

Nothing in it solves or grades: no solutions, mark schemes, hidden cases' seeds, sample answers, no
autograder. The package holds course_lib and with it the reference layers; docs/instructor-guide.md
says why, and what grading does about copying.
"""

import os
import re
import shutil
import subprocess
import sys
import tempfile
import zipfile
from pathlib import Path

from jinja2 import Environment, FileSystemLoader
from tqdm import tqdm

from autograder import course
from autograder.classroom.config import class_config
from autograder.classroom.lessons import lesson_paths
from autograder.classroom.settings import read_settings
from autograder.classroom.solutions import for_students
from autograder.errors import GradingError
from autograder.lessons.build import generate
from autograder.lessons.lesson import read_lesson
from autograder.lessons.source import METADATA
from autograder.lessons.welcome import welcome
from course_lib.whole_files import put_folder

FOLDER = "handout"
_TEMPLATES = Path(__file__).parent / "templates"
_PACKAGE = course.ROOT / "student"


def handout(class_dir):
    """Write handout/ and handout.zip of a class; returns their paths.

    Raises GradingError where the package cannot be built.
    """
    class_dir = Path(class_dir)
    settings = read_settings(class_dir)
    with tempfile.TemporaryDirectory(dir=class_dir, prefix=".handout-") as scratch:
        fresh = Path(scratch) / FOLDER
        lessons = _notebooks(class_dir, settings, fresh / "lessons")
        package = build_package(fresh, fresh / "lessons", lessons)
        page = Environment(loader=FileSystemLoader(_TEMPLATES), autoescape=True).get_template(
            "start.html").render(name=settings.name, lessons=lessons, package=package.name,
                                 due={lesson.name: settings.due(lesson.name) for lesson in lessons})
        (fresh / "START.html").write_text(page, encoding="utf-8")
        shutil.copy(_PACKAGE / "environment.yml", fresh)
        archive = _zipped(fresh, Path(scratch) / f"{FOLDER}.zip")
        target, target_zip = class_dir / FOLDER, class_dir / f"{FOLDER}.zip"
        put_folder(fresh, target, Path(scratch) / "old")
        os.replace(archive, target_zip)
    return target, target_zip


def build_package(folder, notebooks, lessons, solutions=False):
    """Build the learner's wheel into `folder`; returns its path.

    notebooks  the folder with the released notebooks
    lessons    the Lessons that they come from
    solutions  True: with all solutions, for those who study alone

    Raises GradingError if it cannot be built.
    """
    with tempfile.TemporaryDirectory() as scratch:
        scratch = Path(scratch)
        for path in (_PACKAGE / "pyproject.toml", _PACKAGE / "README.md"):
            scratch.joinpath("student").mkdir(exist_ok=True)
            shutil.copy(path, scratch / "student")
        if solutions:
            # A name of its own, so that nobody hands out the wrong one.
            settings = scratch / "student" / "pyproject.toml"
            settings.write_text(re.sub(r'(?m)^(version = "[^"]+)"', r'\1+solutions"',
                                       settings.read_text(encoding="utf-8")), encoding="utf-8")
        shutil.copytree(course.ROOT / "course_lib", scratch / "course_lib",
                        ignore=shutil.ignore_patterns("__pycache__"))
        shutil.copytree(notebooks, scratch / "assignments",
                        ignore=shutil.ignore_patterns(".ipynb_checkpoints"))
        scratch.joinpath("docs").mkdir()
        shutil.copy(course.ROOT / "docs" / "student-guide.md", scratch / "docs")
        lab = scratch / "course_lib" / "lab"
        lab.joinpath("welcome.ipynb").write_bytes(welcome(lessons, METADATA))
        if solutions:
            lab.joinpath("answers").mkdir()
            for lesson in lessons:
                lab.joinpath("answers", f"{lesson.name}.py").write_text(
                    for_students(lesson), encoding="utf-8")
        done = subprocess.run(
            [sys.executable, "-m", "hatchling", "build", "--target", "wheel", "--directory",
             str(scratch / "out")], cwd=scratch / "student", capture_output=True, text=True,
            env={**os.environ, "SOURCE_DATE_EPOCH": "1577836800"})
        if done.returncode:
            why = (done.stderr.strip().splitlines() or ["no reason given"])[-1]
            raise GradingError(f"the learner's package could not be built ({why}); is hatchling "
                               "installed?")
        built = next((scratch / "out").glob("*.whl"))
        Path(folder).mkdir(parents=True, exist_ok=True)
        return Path(shutil.copy(built, folder))


def _notebooks(class_dir, settings, target):
    """Write the class's released notebooks to `target`; returns the lessons."""
    lessons = []
    for name, source in tqdm(lesson_paths(class_dir, settings).items(), desc="handout",
                             unit="lesson"):
        lessons.append(read_lesson(source))
        released = course.ASSIGNMENTS / name
        if source.parent == course.SOLUTIONS and released.is_dir():
            shutil.copytree(released, target / name,
                            ignore=shutil.ignore_patterns(".ipynb_checkpoints"))
            continue
        write_released(class_dir, source, target)
    return lessons


def write_released(class_dir, source, target):
    """Write the notebook that students of a class get, to `target`/LESSON.

    source  the path of the lesson as the class has it
    """
    # In a gradebook of its own: handing out changes nothing in the class's.
    with tempfile.TemporaryDirectory() as scratch:
        config = class_config(class_dir)
        config.CourseDirectory.root = scratch
        config.CourseDirectory.db_url = f"sqlite:///{scratch}/gradebook.db"
        generate(read_lesson(source), config, target)


def _zipped(folder, path):
    with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as archive:
        for file in sorted(folder.rglob("*")):
            if file.is_file():
                info = zipfile.ZipInfo(f"{FOLDER}/{file.relative_to(folder).as_posix()}")
                info.compress_type, info.external_attr = zipfile.ZIP_DEFLATED, 0o644 << 16
                archive.writestr(info, file.read_bytes())
    return path
