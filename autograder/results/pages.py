"""Notebooks as HTML pages: feedback pages, and formgrader's page of a submission.

Others open these pages, the instructor among them, and they hold what a student wrote and showed.
Two walls stand between that and the reader's browser. Nothing of the student's reaches a page
unless it was cleaned (clean.py). And a content security policy lets the page's own scripts run,
which carry a number that the student cannot know, and no other. The course's own cells (figures,
verdicts) come from the judge and are kept as they are.
"""

import functools
import hashlib
import html
import json
from base64 import b64encode

import nbformat
from jinja2 import BaseLoader, BytecodeCache, pass_context
from markupsafe import Markup, escape
from nbconvert.exporters import HTMLExporter
from nbconvert.filters.markdown_mistune import (
    InvalidNotebook,
    IPythonRenderer,
    MarkdownWithMath,
)
from nbconvert.filters.strings import clean_html as nbconvert_clean_html
from nbconvert.preprocessors import Preprocessor
from nbformat import NotebookNode, convert, reader
from nbgrader.preprocessors import ClearHiddenTests
from pygments import highlight
from pygments.formatters import HtmlFormatter
from pygments.lexers import PythonLexer

from autograder.judge.outputs import image_sizes
from autograder.judge.template import COURSE_ROLES
from autograder.results.clean import as_text, clean_html, readable
from autograder.text import in_order, several_lines

# All that a student's output may be shown as. Widgets and JavaScript would be programs.
_SHOWN = ("text/html", "text/markdown", "text/latex", "text/plain", "image/png", "image/jpeg",
          "image/svg+xml")
# Colouring takes time that grows with the square of the blanks in one piece; what nobody writes
# is shown without colours.
_MAX_CODE, _MAX_BLANK, _MAX_LINE = 100_000, 300, 2_000
MAX_TEXT = 100_000
_MAX_KNOWN = 10_000  # letters of a text whose page is kept in memory
_PYTHON = ("python", "python3", "py", "ipython", "ipython3")
# nbgrader's templates with scripts of their own. All others only wrap what a notebook holds.
_WITH_SCRIPTS = ("formgrade", "feedback", "mathjax")
# What formgrader's template writes into its page.
_NAMES = ("assignment_id", "notebook_id", "student", "last_name", "first_name", "notebook_path",
          "filename")
# What nbgrader's pages do on a click, by the hash of its text.
_CLICKS = ("toggle_name(true);", "toggle_name(false);", "toggleAllNames()")
# nbconvert's own asks for MathJax 2, which needs `eval`; a policy that allows it is none.
_MATHJAX = """{%- macro mathjax(url="https://cdnjs.cloudflare.com/ajax/libs/mathjax/3.2.2/es5/\
tex-chtml-full.js") -%}
<script>
(function () {
// Formgrader waits for MathJax 2 to say that it has started.
const hub = {Startup: {signal: {Interest: tell => setTimeout(() => tell("End"))}}};
window.MathJax = {Hub: hub, startup: {ready() {
  MathJax.Hub = hub; MathJax.loaded = true; MathJax.startup.defaultReady(); }},
  loader: {load: ["ui/safe"]}, tex: {tags: "ams", processEscapes: true,
  inlineMath: [["$", "$"], ["\\\\(", "\\\\)"]]}, options: {enableMenu: false}};
})();
</script>
<script async src="{{ url }}"></script>
{%- endmacro %}
"""


def policy(nonce):
    """A content security policy for a page whose own scripts carry `nonce`."""
    clicks = " ".join(f"'sha256-{_hash(text)}'" for text in _CLICKS)
    return (f"script-src 'nonce-{nonce}' 'strict-dynamic' 'unsafe-hashes' {clicks}; "
            "object-src 'none'; base-uri 'none'; form-action 'none'; frame-src 'none'")


def _hash(text):
    return b64encode(hashlib.sha256(text.encode()).digest()).decode()


class PageExporter(HTMLExporter):
    """nbconvert's HTMLExporter for notebooks that a student had a hand in. Its settings are those
    of HTMLExporter; that the page is cleaned is no setting.

    `nonce` is the number that the page's scripts carry; without one it is made of the notebook.
    """

    nonce = ""

    def __init__(self, **kwargs):
        super().__init__(**kwargs)
        self.optimistic_validation = True  # once, behind the last step, and not after each
        # The class's own settings may say the same, or something else.
        self._preprocessors = [step for step in self._preprocessors
                               if not isinstance(step, SafeOutputs)]
        self.register_preprocessor(SafeOutputs(), enabled=True)
        self.filters = {**self.filters, "markdown2html": safe_markdown,
                        "highlight_code": highlighted, "clean_html": _cleaned_again}

    def from_file(self, file_stream, resources=None, **kwargs):
        # Not nbformat.read: it would look through all of it to log what _preprocess looks for, too.
        nb = _ReadHere(convert(reader.read(file_stream), 4))
        return self.from_notebook_node(nb, resources, **kwargs)

    def from_notebook_node(self, nb, resources=None, **kwargs):
        self._page_nonce = self.nonce or hashlib.sha256(json.dumps(
            nb, sort_keys=True).encode()).hexdigest()[:32]
        resources = {key: quoted(value) if key in _NAMES else value
                     for key, value in (resources or {}).items()}
        text, resources = self._written(nb, resources)
        head = ('<head>\n<meta http-equiv="Content-Security-Policy" '
                f'content="{policy(self._page_nonce)}"/>')
        return text.replace("<head>", head, 1), resources

    def _written(self, nb, resources):
        return super().from_notebook_node(nb, resources)

    def _create_environment(self):
        environment = super()._create_environment()
        environment.loader = ScriptsWithNonce(environment.loader, _WITH_SCRIPTS)
        environment.bytecode_cache = _compiled
        environment.globals["page_nonce"] = lambda: self._page_nonce
        return environment


class _ReadHere(NotebookNode):
    """A notebook that nobody else holds, so that it need not be copied.

    nbconvert does that three times before it makes a page: a fifth of the time.
    """

    def __deepcopy__(self, memo):
        return self


class _Compiled(BytecodeCache):
    """Templates compiled once for a process; nbgrader makes a new exporter for every page."""

    def __init__(self):
        self.known = {}

    def load_bytecode(self, bucket):
        if bucket.key + bucket.checksum in self.known:
            bucket.bytecode_from_string(self.known[bucket.key + bucket.checksum])

    def dump_bytecode(self, bucket):
        self.known[bucket.key + bucket.checksum] = bucket.bytecode_to_string()


_compiled = _Compiled()


class ScriptsWithNonce(BaseLoader):
    """The templates of another loader; the scripts in those named so carry the page's nonce."""

    def __init__(self, loader, names=("",)):
        self.loader, self.names = loader, names

    def get_source(self, environment, template):
        source, *rest = self.loader.get_source(environment, template)
        if "mathjax.html" in template:
            source = _MATHJAX
        if any(name in f"{template} {rest[0]}" for name in self.names):
            source = source.replace("<script", '<script nonce="{{ page_nonce() }}"')
        return source, *rest


class SafeOutputs(Preprocessor):
    """Cleans the outputs of every cell that is not the course's own."""

    def preprocess_cell(self, cell, resources, index):
        if cell.cell_type == "code" and not is_the_courses(cell):
            # What a page shows must not lie about the order in which it is read.
            cell.source = several_lines(cell.source, MAX_TEXT)
            cell.outputs = [_clean_output(output, resources) for output in cell.outputs]
        return cell, resources


class ClearCoursesHiddenTests(ClearHiddenTests):
    """nbgrader's step, for the course's cells alone: a student may write its marks, too."""

    def preprocess_cell(self, cell, resources, cell_index):
        if is_the_courses(cell):
            return super().preprocess_cell(cell, resources, cell_index)
        return cell, resources


def is_the_courses(cell):
    """True for what the judge ran; a setup cell runs in the student's process, too."""
    known = cell.metadata.get("nbgrader", {})
    role = str(known.get("grade_id")).partition("-")[0]
    return bool(known.get("locked")) and not known.get("solution") and role in COURSE_ROLES


def _clean_output(output, page):
    if "data" in output:
        output.data = {kind: _clean_data(kind, output.data[kind], page)
                       for kind in _SHOWN if isinstance(output.data.get(kind), str)}
        output.metadata = nbformat.from_dict(image_sizes(output.get("metadata")))
    elif output.output_type == "stream":
        output.text = several_lines(output.text, MAX_TEXT, colours=True)
    elif output.output_type == "error":
        output.traceback = [several_lines(line, MAX_TEXT, colours=True)
                            for line in output.traceback]
    return output


def _clean_data(kind, value, page):
    # An SVG becomes an image, in which browsers run nothing; Markdown goes through the filter.
    if kind == "text/html":
        return clean_html(in_order(value), page)
    return several_lines(value, MAX_TEXT, colours=True) if kind == "text/plain" else value


def quoted(value):
    """A name that a template writes into HTML, or into a text between quotes in a script.

    HTML of the template's own, and what is no text, stays as it is.
    """
    if not isinstance(value, str) or isinstance(value, Markup):
        return value
    return Markup(str(escape(value)).replace("\\", "&#92;").replace("\n", "&#10;"))


@pass_context
def safe_markdown(context, source):
    """nbconvert's filter markdown2html, its result cleaned."""
    page = context.get("resources")
    short = readable(source)
    if short is None:
        return as_text(source)
    source = in_order(short)
    try:
        return clean_html(render_markdown(context, source), page)
    except InvalidNotebook:
        # A picture that was pasted in and then lost: the rest of the text counts.
        source = source.replace("attachment:", "lost-attachment:")
        return clean_html(render_markdown(context, source), page)


class Renderer(IPythonRenderer):
    """nbconvert's renderer; code in texts is coloured like that in cells."""

    def block_code(self, code, info=None):
        if (info or "").strip().lower() in _PYTHON:
            return highlighted(code)
        return f"<pre><code>{html.escape(code)}</code></pre>\n"


def render_markdown(context, source, renderer=Renderer):
    """Markdown as HTML, not cleaned yet."""
    attachments = context.get("cell", {}).get("attachments", {})
    return MarkdownWithMath(renderer=renderer(escape=False, attachments=attachments)).render(source)


def highlighted(source, language=None, metadata=None):
    """nbconvert's filter highlight_code for Python; what takes too long stays without colours."""
    return once(_highlighted, source)


def _cleaned_again(element):
    """nbconvert's filter clean_html, through which its templates put code and texts."""
    return once(nbconvert_clean_html,
                element.decode() if isinstance(element, bytes) else str(element))


def once(function, text):
    """function(text), computed once for a process: pages of one lesson hold mostly the same."""
    return _known(function, text) if len(text) <= _MAX_KNOWN else function(text)


@functools.lru_cache(1024)
def _known(function, text):
    return function(text)


def _highlighted(source):
    blank = 0
    for line in source.split("\n"):
        blank = 0 if line.strip() else blank + len(line) + 1
        if blank > _MAX_BLANK or len(line) > _MAX_LINE or len(source) > _MAX_CODE:
            return f'<div class="highlight hl-python"><pre>{html.escape(source)}</pre></div>'
    return highlight(source, PythonLexer(), HtmlFormatter(cssclass="highlight hl-python"))
