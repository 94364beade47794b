"""The feedback page of one notebook: points and verdicts first, comments, the notebook folded in.

nbgrader's own generate_feedback makes the same page: the configuration names this exporter
(autograder/course.py). The page holds no program at all, and its content security policy lets none
run and nothing load from elsewhere; formulas are MathML.
"""

import functools
import re
import secrets
from pathlib import Path

from jinja2 import Environment, FileSystemLoader, pass_context
from markupsafe import Markup
from nbconvert.exporters import HTMLExporter
from nbconvert.filters.markdown_mistune import InvalidNotebook
from nbconvert.filters.widgetsdatatypefilter import WidgetsDataTypeFilter
from nbformat import NotebookNode
from nbformat.v4 import new_notebook, new_output
from nbgrader.api import Gradebook
from nbgrader.preprocessors import GetGrades, NbGraderPreprocessor
from pygments.formatters import HtmlFormatter
from traitlets.config import Config

from autograder import course
from autograder.classroom.roster import read_roster
from autograder.classroom.sentences import read_sentences
from autograder.errors import GradingError
from autograder.judge.template import without_hidden
from autograder.lessons.lesson import read_lesson
from autograder.lessons.source import source_notebook
from autograder.results.cells_of import CellsOf
from autograder.results.clean import as_text, clean_html, fits, parts_of, readable
from autograder.results.formulas import mathml
from autograder.results.pages import (
    PageExporter,
    Renderer,
    is_the_courses,
    once,
    render_markdown,
)
from autograder.results.summary import summary
from autograder.text import in_order, one_line

_TEMPLATES = Path(__file__).parent / "templates"
# A page's pictures in characters. The course's own, which every student has, are left out beyond.
_MAX_SHOWN = 330_000
_LEFT_OUT = "This picture is left out here to keep the page small. It is in your notebook."
_PICTURE = re.compile(r"""<img(?:[^>"']|"[^"]*"|'[^']*')*>""", re.I)
_HERE = re.compile(r"""\ssrc\s*=\s*["']data:""", re.I)
_WORDS = re.compile(r"""\salt\s*=""", re.I)
_NO_WORDS = "a picture that was not described"
_ELSEWHERE = "<em>(a picture that lies elsewhere is left out)</em>"
# Formulas of one page, in characters: the rest is shown as it was written.
_MAX_FORMULAS = 50_000
_CODE = "\n".join((
    HtmlFormatter(style="default", cssclass="highlight").get_style_defs(".highlight"),
    "@media screen and (prefers-color-scheme: dark) {",
    HtmlFormatter(style="github-dark", cssclass="highlight").get_style_defs(".highlight"), "}"))


class GradesForPages(GetGrades):
    """nbgrader's step; it also says which essays wait, and counts extra credit."""

    def preprocess(self, nb, resources):
        known = resources["nbgrader"]
        ids = self.notebook_id, self.assignment_id, self.student_id = (
            known["notebook"], known["assignment"], known["student"])
        with _gradebook(known["db_url"]) as gradebook:
            self.gradebook = CellsOf(gradebook, *ids)
            nb, resources = NbGraderPreprocessor.preprocess(self, nb, resources)
            stored = gradebook.find_submission_notebook(*ids)
            penalty = stored.late_submission_penalty or 0
            resources["nbgrader"] |= {"score": stored.score - penalty, "late_penalty": penalty,
                                      "max_score": stored.max_score}
        return nb, resources

    def _get_score(self, cell, resources):
        super()._get_score(cell, resources)
        known = cell.metadata.nbgrader
        grade = self.gradebook.find_grade(
            known["grade_id"], self.notebook_id, self.assignment_id, self.student_id)
        known["waits"] = bool(grade.needs_manual_grade)
        known["score"] = grade.score + (grade.extra_credit or 0)


@functools.lru_cache(4)
def _gradebook(url):
    """nbgrader's gradebook, closed: whoever enters it opens it again.

    A new one for every page would compile all queries anew.
    """
    gradebook = Gradebook(url, "convnets")
    gradebook.close()
    return gradebook


class FeedbackExporter(PageExporter):
    """Writes a whole page around the cells of a notebook."""

    def __init__(self, config=None, **kwargs):
        config = Config(config or {})
        # nbgrader names a template of its own for all exporters.
        config.FeedbackExporter.template_name = "basic"
        super().__init__(config=config, **kwargs)
        self.exclude_input_prompt = self.exclude_output_prompt = True
        self.exclude_anchor_links = True
        self.filters = {**self.filters, "markdown2html": markdown_with_formulas}

    def _preprocess(self, nb, resources):
        nb, resources = super()._preprocess(nb, resources)
        self._top = summary(nb, is_the_courses, self._sentences())
        self._remarks = []
        if nb.cells and nb.cells[0].get("id") == "remarks":
            self._remarks = [one_line(said) for said in nb.cells.pop(0).metadata.get("said", [])]
        for cell in nb.cells:
            if cell.cell_type == "code" and is_the_courses(cell):
                # What stands on top of the page is not told a second time.
                cell.outputs = [one for one in cell.outputs
                                if 'role="status"' not in str(one.get("data", {}).get("text/html"))]
        _leave_out(nb.cells)
        return nb, resources

    def from_notebook_node(self, nb, resources=None, **kwargs):
        resources = resources or {}
        known = dict(resources.get("nbgrader", {}))
        cells, resources = super().from_notebook_node(nb, resources, **kwargs)
        known |= resources.get("nbgrader", {})
        points, possible = known.get("score", 0.0), known.get("max_score", 0.0)
        page = _template().render(
            student=self._name(known.get("student", "")), top=self._top,
            lesson=_title(known.get("assignment", "")), points=points, possible=possible,
            penalty=known.get("late_penalty", 0), remarks=self._remarks,
            cells=Markup(_nothing_from_elsewhere(cells)),
            waiting=sum(one.waits for one in self._top), code=Markup(_CODE),
            markdown=_comment, trusted=Markup)
        return page, resources

    def _written(self, nb, resources):
        """What HTMLExporter does but for its last step, which reads the whole page once more to
        give words to pictures that have none: a third of the time. _nothing_from_elsewhere
        does that here."""
        resources = self._init_resources(resources)
        self.register_filter("filter_data_type", WidgetsDataTypeFilter(
            notebook_metadata=self._nb_metadata, parent=self, resources=resources))
        return super(HTMLExporter, self).from_notebook_node(nb, resources)

    def _class_dir(self):
        return Path(str(self.config.CourseDirectory.get("root", "") or "."))

    def _sentences(self):
        try:
            return read_sentences(self._class_dir())
        except GradingError:
            return {}  # whoever writes them is told so by the word that makes the pages

    def _name(self, student):
        try:
            known = {one.id: one.name for one in read_roster(self._class_dir())}
        except (GradingError, OSError):
            known = {}
        return one_line(known.get(student, student))


def _nothing_from_elsewhere(text):
    """Cleaned HTML without pictures that would be loaded: whoever serves them would learn who reads
    the page, and when. Pictures that stay have words."""
    return _PICTURE.sub(lambda found: _picture(found[0]), text)


def _picture(tag):
    if not _HERE.search(tag):
        return _ELSEWHERE
    return tag if _WORDS.search(tag) else f'{tag[:4]} alt="{_NO_WORDS}"{tag[4:]}'


def _comment(text):
    return Markup(_nothing_from_elsewhere(markdown_with_formulas({}, text)))


def _leave_out(cells):
    """Leave out figures of the course, the largest first, until the page is small enough."""
    size = {id(cell): len(str(cell.get("outputs", ""))) for cell in cells}
    left = sum(size.values()) - _MAX_SHOWN
    figures = [cell for cell in cells if cell.cell_type == "code" and is_the_courses(cell)
               and cell.metadata.nbgrader.grade_id.startswith("figure")]
    for cell in sorted(figures, key=lambda cell: -size[id(cell)]):
        if left <= 0:
            break
        left -= size[id(cell)]
        cell.outputs = [new_output("stream", name="stdout", text=_LEFT_OUT)]


@pass_context
def markdown_with_formulas(context, source):
    """nbconvert's filter markdown2html: cleaned, then with its formulas."""
    page = context.get("resources")
    short = readable(source)
    if short is None:
        return as_text(source)
    source = in_order(short)
    if not context.get("cell", {}).get("attachments"):
        parts, text = once(_markdown, source)
        if fits(parts, page):
            return text
    before, renderer = _rendered(context, source)
    return renderer.put_in(clean_html(before, page))


def _markdown(source):
    """(its parts, HTML) of a text without attachments."""
    before, renderer = _rendered({}, source)
    return parts_of(before), renderer.put_in(clean_html(before))


def _rendered(context, source):
    """(HTML of a text, not cleaned yet, the renderer that puts its formulas in)."""
    renderers = []

    def renderer(**options):
        renderers.append(_FormulaRenderer(**options))
        return renderers[-1]

    try:
        text = render_markdown(context, source, renderer)
    except InvalidNotebook:
        # A picture that was pasted in and then lost: the rest of the text counts.
        source = source.replace("attachment:", "lost-attachment:")
        text = render_markdown(context, source, renderer)
    return text, renderers[-1]


class _FormulaRenderer(Renderer):
    """Leaves a mark where a formula stands: cleaning would take the formula apart."""

    def __init__(self, **options):
        super().__init__(**options)
        self._mark, self._found = f"formula{secrets.token_hex(8)}", []

    def _formula(self, latex, block):
        self._found.append((latex, block))
        return f"{self._mark}n{len(self._found) - 1}e"

    def block_math(self, body):
        return self._formula(body, True)

    def multiline_math(self, text):
        return self._formula(text, True)

    def inline_math(self, body):
        return self._formula(body, False)

    def latex_environment(self, name, body):
        return self._formula(rf"\begin{{{name}}}{body}\end{{{name}}}", True)

    def put_in(self, text):
        """The cleaned text with its formulas, but for marks within a tag (a picture's words)."""
        left = _MAX_FORMULAS

        def formula(found):
            nonlocal left
            if found[1]:
                return re.sub(rf"{self._mark}n\d+e", "formula", found[1])
            latex, block = self._found[int(found[2])]
            left -= len(latex)
            return mathml(latex, block) if left > 0 else str(Markup.escape(latex))

        return re.sub(rf"(<[^>]*>)|{self._mark}n(\d+)e", formula, text)


@functools.cache
def _template():
    return Environment(loader=FileSystemLoader(_TEMPLATES), autoescape=True, trim_blocks=True,
                       lstrip_blocks=True).get_template("feedback/page.html")


@functools.cache
def _lesson(name):
    path = course.SOLUTIONS / f"{name}.py"
    return read_lesson(path) if name and path.is_file() else None


def _title(name):
    return _lesson(name).title if _lesson(name) else name


def warm_up(lessons=()):
    """Compile the templates once, before processes are forked that use them; of the lessons with
    these names the texts, too, which are the same on every page."""
    exporter = FeedbackExporter(config=course.safe_pages(Config()))
    for lesson in (None, *filter(None, map(_lesson, lessons))):
        notebook = source_notebook(lesson) if lesson else new_notebook()
        for cell in notebook.cells:
            cell.source, cell.metadata = without_hidden(cell.source), NotebookNode()
        exporter.from_notebook_node(notebook, {"nbgrader": {}})
