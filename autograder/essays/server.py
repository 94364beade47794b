"""The Jupyter server extension behind the essay page: /essays/?path=CLASS.

The server's own token and origin checks hold for every request. Whatever a student wrote was
cleaned before it is sent, and a content security policy stands behind that.
"""

import json
from dataclasses import asdict
from pathlib import Path

from jupyter_server.base.handlers import APIHandler, JupyterHandler
from jupyter_server.utils import url_path_join
from tornado import web

from autograder import course
from autograder.classroom.settings import FILE as SETTINGS
from autograder.errors import GradingError
from autograder.essays.answers import Changed, answers, counts, save
from autograder.essays.questions import questions
from autograder.results.feedback_page import markdown_with_formulas

_STATIC = Path(__file__).parent / "static"
_POLICY = ("default-src 'none'; script-src 'self'; style-src 'self' 'unsafe-inline'; "
           "img-src 'self' data:; connect-src 'self'; form-action 'none'; base-uri 'none'; "
           "frame-ancestors 'self'")


class _Own:
    """What the page and its data share: the policy, and the class that a request is about."""

    @property
    def content_security_policy(self):
        return _POLICY

    def class_dir(self, path):
        """The class's folder for a path below the server's root folder."""
        root = Path(self.settings["server_root_dir"]).expanduser().resolve()
        folder = (root / (path or "").strip("/")).resolve()
        if not folder.is_relative_to(root):
            raise web.HTTPError(404, "that folder is not below the one this server shows")
        if not any((folder / name).exists() for name in (course.GRADEBOOK, course.GRADEBOOK_URL,
                                                         SETTINGS)):
            raise web.HTTPError(404, "this is no class folder; add ?path=CLASS to the address")
        return folder


class Page(_Own, JupyterHandler):
    """The page itself: the same for every class."""

    @web.authenticated
    def get(self):
        self.class_dir(self.get_argument("path", ""))
        base = url_path_join(self.base_url, "essays")
        text = (_STATIC / "essays.html").read_text(encoding="utf-8")
        # The page's script sends this back with every request that writes.
        self.xsrf_token  # noqa: B018 (sets the cookie)
        self.finish(text.replace("{{base}}", base))


class Questions(_Own, APIHandler):
    @web.authenticated
    def get(self):
        folder = self.class_dir(self.get_argument("path", ""))
        number = counts(folder)
        found = []
        for one in questions(folder):
            waiting, total = number.get((one.lesson, one.cell), (0, 0))
            found.append({
                "lesson": one.lesson, "title": one.title, "cell": one.cell, "name": one.name,
                "points": one.points, "waiting": waiting, "total": total,
                "question": _html(one.text), "scheme": _html(one.scheme),
                "answer": _html(one.answer), "parts": [
                    asdict(part) | {"text": _html(part.text)} for part in one.parts]})
        self.finish(json.dumps(found))


class Answers(_Own, APIHandler):
    @web.authenticated
    def get(self):
        folder = self.class_dir(self.get_argument("path", ""))
        found = answers(folder, self.get_argument("lesson"), self.get_argument("cell"))
        self.finish(json.dumps([asdict(one) for one in found]))


class Grade(_Own, APIHandler):
    @web.authenticated
    def post(self):
        said = self.get_json_body() or {}
        folder = self.class_dir(said.get("path", ""))
        try:
            save(folder, *(str(said.get(key)) for key in ("lesson", "cell", "student")),
                 said.get("score"), str(said.get("comment") or ""),
                 seen=[said["seen"]] if "seen" in said else None,
                 read=[said["text"], said.get("read") or ""] if "text" in said else None,
                 by=_named(self.current_user))
        except Changed as error:
            raise web.HTTPError(409, str(error), reason=str(error)) from None
        except GradingError as error:
            raise web.HTTPError(400, str(error), reason=str(error)) from None
        self.finish(json.dumps({"saved": True}))


def _named(user):
    """Who grades, for the history; "" for the user that a token lets in, whose name is made up.

    Such a server is the instructor's own: the machine knows who that is.
    """
    return user.username if user and not user.name.startswith("Anonymous ") else ""


def _html(markdown):
    return markdown_with_formulas({}, markdown)


def _load_jupyter_server_extension(server):
    """Add the page to a Jupyter server."""
    app = server.web_app
    base = url_path_join(app.settings["base_url"], "essays")
    app.add_handlers(".*$", [
        (base + "/?", Page), (base + "/api/questions", Questions), (base + "/api/answers", Answers),
        (base + "/api/grade", Grade),
        (base + "/static/(.*)", web.StaticFileHandler, {"path": str(_STATIC)})])
    # Formgrader's list links to the page where it is served.
    app.settings["essays_page"] = base
