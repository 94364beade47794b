"""Formgrader with students' work cleaned and a content security policy behind it.

A Jupyter server extension that the environment switches on. Formgrader makes its exporter before
it reads the class's settings, writes names into its pages as they are, and sends no policy that
stops a script. Here its handlers make each page with our exporter, write names as text, and send
a policy by which only the scripts of nbgrader's own templates run.
"""

import functools
import secrets

from jinja2 import ChoiceLoader, DictLoader, Environment, FileSystemLoader, PrefixLoader
from nbgrader.server_extensions.formgrader import handlers
from nbgrader.server_extensions.formgrader.base import BaseHandler

from autograder.course import safe_pages
from autograder.results.pages import PageExporter, ScriptsWithNonce, policy, quoted


def _jupyter_server_extension_points():
    return [{"module": "autograder.stock.formgrader"}]


def _load_jupyter_server_extension(app):
    put_in_place()
    app.log.info("formgrader's pages of students' work are cleaned and under a content policy")


def put_in_place():
    """From now on formgrader's handlers, of any server of this process, are safe ones."""
    if getattr(BaseHandler, "is_safe", False):
        return
    BaseHandler.is_safe = True
    BaseHandler.page_nonce = property(_nonce)
    BaseHandler.content_security_policy = property(_policy)
    BaseHandler.exporter = property(_exporter)
    BaseHandler.render = _render


def _nonce(handler):
    """A number for the scripts of one answer."""
    if not hasattr(handler, "_page_nonce"):
        handler._page_nonce = secrets.token_hex(16)
    return handler._page_nonce


def _policy(handler):
    return f"{super(BaseHandler, handler).content_security_policy}; {policy(handler.page_nonce)}"


def _exporter(handler):
    config = handler.settings["nbgrader_formgrader"].config.copy()
    config.HTMLExporter.template_name = "formgrade"
    config.HTMLExporter.extra_template_basedirs = [handlers.template_path]
    exporter = PageExporter(config=safe_pages(config))
    exporter.nonce = handler.page_nonce
    return exporter


def _render(handler, name, **values):
    return _templates().get_template(name).render(
        **values, page_nonce=lambda: handler.page_nonce,
        essays_page=handler.settings.get("essays_page"))


# Beside formgrader's own list: the page for essays, where this server has it (autograder.essays).
_LINK = """{% extends "original/manage_assignments.tpl" %}
{% block sidebar %}{{ super() }}
{% if essays_page %}<li role="presentation">
<a href="{{ essays_page }}/?path={{ url_prefix | urlencode }}">Essays in one sitting</a></li>
{% endif %}
{% endblock %}"""


@functools.cache
def _templates():
    original = FileSystemLoader([handlers.template_path])
    loader = ChoiceLoader([DictLoader({"manage_assignments.tpl": _LINK}), original,
                           PrefixLoader({"original": original})])
    return Environment(loader=ScriptsWithNonce(loader), autoescape=True, finalize=quoted)
