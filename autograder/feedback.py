"""Feedback pages: nbgrader's own step, for one lesson of a class at a time."""

from nbgrader.apps.api import NbGraderAPI
from nbgrader.coursedir import CourseDirectory

from autograder import course
from autograder.errors import GradingError
from autograder.quiet import capture_log


def generate_feedback(class_dir, lesson_name, student):
    """Write feedback/STUDENT/LESSON/LESSON.html and return its path."""
    config = course.configure(class_dir)
    directory = CourseDirectory(config=config)
    with capture_log() as log:
        result = NbGraderAPI(directory, config=config).generate_feedback(
            lesson_name, student, force=True)
    page = (directory.format_path("feedback", student, lesson_name) + f"/{lesson_name}.html")
    if not result["success"]:
        raise GradingError(f"no feedback page for {student}/{lesson_name}: {log.last_line()}")
    return page
