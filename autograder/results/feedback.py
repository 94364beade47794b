"""Feedback pages: nbgrader's own step, for one lesson of a student at a time."""

from pathlib import Path

from jinja2 import Environment, FileSystemLoader
from nbgrader.apps.api import NbGraderAPI
from nbgrader.coursedir import CourseDirectory

from autograder.classroom.config import class_config
from autograder.errors import GradingError
from autograder.quiet import capture_log
from autograder.text import one_line

_TEMPLATES = Path(__file__).parent / "templates"


def generate_feedback(class_dir, lesson_name, student):
    """Write feedback/STUDENT/LESSON/LESSON.html and return its path."""
    config = class_config(class_dir)
    directory = CourseDirectory(config=config)
    with capture_log() as log:
        result = NbGraderAPI(directory, config=config).generate_feedback(
            lesson_name, student, force=True)
    if not result["success"]:
        raise GradingError(one_line(log.reason()))
    return page_path(directory, student, lesson_name)


def write_plain_page(class_dir, row, why):
    """Write a page with no more than a Row's points and remarks in place of nbgrader's."""
    directory = CourseDirectory(config=class_config(class_dir))
    target = Path(page_path(directory, row.student, row.lesson))
    target.parent.mkdir(parents=True, exist_ok=True)
    template = Environment(loader=FileSystemLoader(_TEMPLATES), autoescape=True).get_template(
        "plain_page.html")
    target.unlink(missing_ok=True)
    target.write_text(template.render(row=row, why=why), encoding="utf-8")
    return str(target)


def page_path(directory, student, lesson_name):
    """Where a student's page of a lesson is, in a class's CourseDirectory."""
    return directory.format_path("feedback", student, lesson_name) + f"/{lesson_name}.html"
