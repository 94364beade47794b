"""Feedback pages: nbgrader's own step, for one lesson of a class at a time.

Others open these pages, the instructor among them, and they hold what a student wrote and showed.
So nothing of the student's reaches a page unless bleach (an allow-list of HTML) has gone through
it: Markdown after it became HTML, HTML of outputs. What could only be a program is left out. The
course's own cells (figures, verdicts) come from the judge and are kept as they are.
"""

import functools
import html
import re

import bleach
from bleach.css_sanitizer import CSSSanitizer
from jinja2 import pass_context
from nbconvert.exporters import HTMLExporter
from nbconvert.filters.markdown_mistune import InvalidNotebook
from nbconvert.preprocessors import Preprocessor
from nbgrader.apps.api import NbGraderAPI
from nbgrader.coursedir import CourseDirectory

from autograder.classroom.config import class_config
from autograder.errors import GradingError
from autograder.judge.template import COURSE_ROLES
from autograder.quiet import capture_log

_TAGS = frozenset(
    "a abbr b blockquote br caption code col colgroup dd del details div dl dt em figcaption "
    "figure h1 h2 h3 h4 h5 h6 hr i img kbd li mark ol p pre s samp small span strong sub summary "
    "sup table tbody td tfoot th thead tr tt u ul var".split())
_GENERAL = frozenset("align aria-label colspan role rowspan scope style title".split())
# Of syntax highlighting, tables and the course's widgets. The page's own style sheet knows others
# with which a student could cover the score.
_CLASSES = re.compile(r"(highlight|hl-\w+|dataframe|course-[\w-]+|[a-z]{1,2}\d?|\s)*")
_LINKS = ("http://", "https://", "mailto:", "#")
_IMAGES = ("data:image/png;base64,", "data:image/jpeg;base64,", "data:image/gif;base64,",
           "http://", "https://")
# All that a student's output may be shown as. Widgets and JavaScript would be programs.
_SHOWN = ("text/html", "text/markdown", "text/latex", "text/plain", "image/png", "image/jpeg",
          "image/svg+xml")
# Cleaning takes time that grows with the square of the number of nested tags or of attributes:
# about a second for this many words and tags in one piece.
MAX_PARTS, MAX_PARTS_OF_PAGE = 5_000, 20_000
_PARTS = re.compile(r"[\s/<]+|\[")
_DATA = re.compile(r"data:image/[a-z]+;base64,[A-Za-z0-9+/=]*")


def _allowed(tag, name, value):
    if name == "href":
        return tag == "a" and value.startswith(_LINKS)
    if name == "src":
        return tag == "img" and value.startswith(_IMAGES)
    if name == "class":
        return bool(_CLASSES.fullmatch(value))
    return name in _GENERAL or (tag == "img" and name in ("alt", "width", "height"))


def clean_html(text, page=None):
    """`text` with nothing in it that could run or pretend; what takes too long is shown as text.

    page  a dict that is the same for all of a page, in which its parts are counted
    """
    page = {} if page is None else page
    parts = len(_PARTS.findall(_DATA.sub("", text)))
    page["html_parts"] = page.get("html_parts", 0) + parts
    if parts > MAX_PARTS or page["html_parts"] > MAX_PARTS_OF_PAGE:
        return f"<pre>{html.escape(text[:2000])}\n[too long to be shown as a page]</pre>"
    try:
        return bleach.clean(text, _TAGS, _allowed, {"data", "http", "https", "mailto"},
                            strip=True, css_sanitizer=CSSSanitizer())
    except RecursionError:
        return f"<pre>{html.escape(text[:2000])}</pre>"


class SafeOutputs(Preprocessor):
    """Cleans the outputs of every cell that is not the course's own."""

    def preprocess_cell(self, cell, resources, index):
        if cell.cell_type == "code" and not _is_the_courses(cell):
            for output in cell.outputs:
                if "data" in output:
                    output.data = {kind: _clean_data(kind, output.data[kind], resources)
                                   for kind in _SHOWN if isinstance(output.data.get(kind), str)}
                    output.metadata = {}
        return cell, resources


def _is_the_courses(cell):
    """True for what the judge ran; a setup cell runs in the student's process, too."""
    known = cell.metadata.get("nbgrader", {})
    role = str(known.get("grade_id")).partition("-")[0]
    return bool(known.get("locked")) and not known.get("solution") and role in COURSE_ROLES


def _clean_data(kind, value, page):
    # An SVG becomes an image, in which browsers run nothing; Markdown goes through the filter.
    return clean_html(value, page) if kind == "text/html" else value


@pass_context
def safe_markdown(context, source):
    """nbconvert's filter markdown2html, its result cleaned."""
    page = context.get("resources")
    if len(_PARTS.findall(source)) > MAX_PARTS:
        return clean_html(source, page)
    try:
        return clean_html(_exporter().markdown2html(context, source), page)
    except InvalidNotebook:
        # A picture that was pasted in and then lost: the rest of the text counts.
        return clean_html(_exporter().markdown2html(
            context, source.replace("attachment:", "lost-attachment:")), page)


@functools.cache
def _exporter():
    return HTMLExporter()


def generate_feedback(class_dir, lesson_name, student):
    """Write feedback/STUDENT/LESSON/LESSON.html and return its path."""
    config = class_config(class_dir)
    directory = CourseDirectory(config=config)
    with capture_log() as log:
        result = NbGraderAPI(directory, config=config).generate_feedback(
            lesson_name, student, force=True)
    page = (directory.format_path("feedback", student, lesson_name) + f"/{lesson_name}.html")
    if not result["success"]:
        raise GradingError(f"no feedback page for {student}/{lesson_name}: {log.last_line()}")
    return page
