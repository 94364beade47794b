"""Formulas as MathML, which browsers draw themselves: no page asks another computer for them."""

import functools
import html
import re
from xml.etree import ElementTree

from latex2mathml.converter import convert

_TAGS = frozenset(
    "math mrow mi mn mo mtext mspace mfrac msqrt mroot msub msup msubsup munder mover munderover "
    "mtable mtr mtd mpadded mphantom mstyle menclose".split())
_ATTRIBUTES = frozenset(
    "display displaystyle scriptlevel stretchy fence form separator mathvariant accent "
    "accentunder linethickness columnalign width height depth lspace rspace minsize maxsize "
    "movablelimits largeop linebreak notation".split())
_VALUE = re.compile(r"[\w .%+-]{0,40}")
_SPACE = "{http://www.w3.org/1998/Math/MathML}"
# Nobody writes longer ones; what a converter makes of them takes its time.
MAX_FORMULA = 1000
# latex2mathml knows no aligned; these two are drawn alike.
_ALIGNED = re.compile(r"\\(begin|end)\{(?:aligned|split|gathered)\}")
# These take their size from what they stand around.
_SIZES = re.compile(r"\\([bB]ig{1,2})[lrm](?![A-Za-z])")


@functools.lru_cache(4096)
def mathml(latex, block=False):
    """The formula as MathML with nothing in it but formulas; as code where it is none."""
    if len(latex) > MAX_FORMULA:
        return _as_code(latex)
    source = _ALIGNED.sub(r"\\\1{align*}", _SIZES.sub(r"\\\1", latex))
    try:
        tree = ElementTree.fromstring(convert(source, display="block" if block else "inline"))
        return _written(tree, latex)
    except Exception:
        # A student may write anything between dollars.
        return _as_code(latex)


def _written(tree, latex):
    for node in tree.iter():
        name = node.tag.removeprefix(_SPACE)
        # A tag that is not known keeps what stands in it.
        node.tag = name if name in _TAGS else "mrow"
        for attribute, value in list(node.attrib.items()):
            if attribute not in _ATTRIBUTES or not _VALUE.fullmatch(value):
                del node.attrib[attribute]
    tree.tag = "math"
    tree.set("alttext", latex.strip())
    return ElementTree.tostring(tree, encoding="unicode")


def _as_code(latex):
    return f"<code>{html.escape(latex)}</code>"
