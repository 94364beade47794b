"""Where things are: the course's folders, a class's folders, and nbgrader's configuration."""

import os
import sys
from pathlib import Path

from autograder.paths import sqlite_url, use_literal_paths
from autograder.schema import use_schema_version

ROOT = Path(__file__).resolve().parent.parent
SOLUTIONS = ROOT / "solutions"
ASSIGNMENTS = ROOT / "assignments"
SOURCE = ROOT / "build" / "source"
SAMPLE_CLASS = ROOT / "autograder" / "sample_class"
# In a class's folder: nbgrader's SQLite file, or a file with the address of another database.
GRADEBOOK, GRADEBOOK_URL = "gradebook.db", "gradebook.url"


def _find_programs():
    """nbgrader calls the program alembic, which lies beside this Python: put that on the PATH."""
    folder = str(Path(sys.executable).parent)
    if folder not in os.environ.get("PATH", "").split(os.pathsep):
        os.environ["PATH"] = os.pathsep.join([folder, os.environ.get("PATH", "")])


def is_lesson(name):
    """True if the course has a lesson of that name, whether a class has it or not."""
    return (SOLUTIONS / f"{name}.py").exists()


def gradebook_url(class_dir):
    """Where a class's grades are: its gradebook.db, or what its file gradebook.url says."""
    class_dir = Path(class_dir).resolve()
    elsewhere = class_dir / GRADEBOOK_URL
    if elsewhere.exists():
        return elsewhere.read_text(encoding="utf-8").strip()
    return sqlite_url(class_dir / GRADEBOOK)


def open_gradebook(class_dir):
    """The gradebook of a class, nbgrader's; a context manager."""
    from nbgrader.api import Gradebook

    use_nbgrader()
    return Gradebook(gradebook_url(class_dir), "convnets")


def use_nbgrader():
    """From now on nbgrader works in this process as it does everywhere in this course."""
    _find_programs()
    use_literal_paths()
    use_schema_version()


def configure(class_dir):
    """nbgrader's configuration for the class in `class_dir`.

    The class's folder holds submitted/STUDENT/ASSIGNMENT/ASSIGNMENT.ipynb and receives
    autograded/, feedback/ and gradebook.db in nbgrader's own layout.
    """
    # With what it takes along, it is no import for those who ask where things are.
    from traitlets.config import Config

    use_nbgrader()
    class_dir = Path(class_dir).resolve()
    config = Config()
    config.CourseDirectory.course_id = "convnets"
    config.CourseDirectory.root = str(class_dir)
    config.CourseDirectory.source_directory = str(SOURCE)
    config.CourseDirectory.release_directory = str(ASSIGNMENTS)
    config.CourseDirectory.submitted_directory = "submitted"
    config.CourseDirectory.autograded_directory = "autograded"
    config.CourseDirectory.feedback_directory = "feedback"
    config.CourseDirectory.db_url = gradebook_url(class_dir)
    # nbgrader complains in every command without an exchange folder; the course uses none.
    config.Exchange.root = str(class_dir / "exchange")
    safe_pages(config)
    config.ClearSolutions.code_stub = {
        "python": "# YOUR CODE HERE\nraise NotImplementedError()"
    }
    config.ClearSolutions.text_stub = "*Write your answer here.*"
    config.Execute.timeout = 120
    return config


def safe_pages(config):
    """nbgrader's settings for pages with students' work in them: feedback and formgrader's."""
    pages = "autograder.results.pages"
    page = "autograder.results.feedback_page"
    config.GenerateFeedback.exporter_class = f"{page}.FeedbackExporter"
    # Points and comments that people gave since reach the pages with nbgrader's own command, too.
    config.GenerateFeedback.force = True
    config.GenerateFeedback.preprocessors = [
        f"{page}.GradesForPages",
        # The graded notebook holds the hidden tests; a student's page must not.
        f"{pages}.ClearCoursesHiddenTests",
    ]
    # Formgrader makes nbconvert's own exporter before it reads a class's settings.
    config.HTMLExporter.filters = {"markdown2html": f"{pages}.safe_markdown",
                                   "highlight_code": f"{pages}.highlighted"}
    config.HTMLExporter.preprocessors = [f"{pages}.SafeOutputs"]
    return config
