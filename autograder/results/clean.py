"""HTML of a student's, with nothing left in it that could run or pretend.

bleach (an allow-list of HTML) goes through all of it: Markdown after it became HTML, HTML of
outputs. What could only be a program is left out.
"""

import re

import bleach
from bleach.css_sanitizer import CSSSanitizer

from autograder.judge.outputs import DATA, MAX_PARTS, MAX_PARTS_IN_ALL, as_text

_TAGS = frozenset(
    "a abbr b blockquote br caption code col colgroup dd del details div dl dt em figcaption "
    "figure h1 h2 h3 h4 h5 h6 hr i img kbd li mark ol p pre s samp small span strong sub summary "
    "sup table tbody td tfoot th thead tr tt u ul var".split())
_GENERAL = frozenset("align aria-label colspan role rowspan scope style title".split())
# Of syntax highlighting, tables and the course's widgets. The page's own style sheet knows others
# with which a student could cover the score.
_CLASS = re.compile(r"highlight|hl-\w+|dataframe|course-[\w-]+|[a-z]{1,2}\d?")
_LINKS = ("http://", "https://", "mailto:", "#")
_IMAGES = ("data:image/png;base64,", "data:image/jpeg;base64,", "data:image/gif;base64,",
           "http://", "https://")
# bleach would leave what is in one as text.
_STYLE_SHEET = re.compile(r"<style\b[^<>]*>[^<]*</style\s*>", re.IGNORECASE)
# Words and tags, and where links of Markdown begin.
_PARTS = re.compile(r"[\s/<]+|\[")
# Markdown's rules take time that grows with the length of a text, most of all with a row of blanks.
_MAX_LETTERS, _BLANKS = 50_000, re.compile(r"[ \t]{300,}")


def _allowed(tag, name, value):
    if name == "href":
        return tag == "a" and value.startswith(_LINKS)
    if name == "src":
        return tag == "img" and value.startswith(_IMAGES)
    if name == "class":
        return all(map(_CLASS.fullmatch, value.split()))
    if name == "tabindex":  # another number would change the order of the page
        return value == "0"
    return name in _GENERAL or (tag == "img" and name in ("alt", "width", "height"))


def readable(source):
    """Markdown that is made into HTML in a second or so; None for what is too much for that."""
    source = _BLANKS.sub(" ", source)
    plain = DATA.sub("", source)
    much = len(plain) > _MAX_LETTERS or len(_PARTS.findall(plain)) > MAX_PARTS
    return None if much else source


def parts_of(text):
    """How many words and tags a text has, by which the time for cleaning it grows."""
    return len(_PARTS.findall(DATA.sub("", text)))


def fits(parts, page=None):
    """Count so many parts for a page: True if they are not too many, alone or with the others."""
    page = {} if page is None else page
    page["html_parts"] = page.get("html_parts", 0) + parts
    return parts <= MAX_PARTS and page["html_parts"] <= MAX_PARTS_IN_ALL


def clean_html(text, page=None):
    """`text` with nothing in it that could run or pretend; what takes too long is shown as text.

    page  a dict that is the same for all of a page, in which its parts are counted
    """
    if not fits(parts_of(text), page):
        return as_text(text)
    try:
        return bleach.clean(
            _STYLE_SHEET.sub("", text), _TAGS, _allowed, {"data", "http", "https", "mailto"},
            strip=True, css_sanitizer=CSSSanitizer())
    except RecursionError:
        return as_text(text)
