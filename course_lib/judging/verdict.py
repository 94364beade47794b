"""What a student is told: an outcome, the first thing that is wrong, and what helps."""

import functools
import html
from dataclasses import dataclass, field

from course_lib import pictures

PASSED = "passed"
NOT_ATTEMPTED = "not attempted"
WRONG = "wrong"
ERROR = "error"

_MARKS = {PASSED: "✓", NOT_ATTEMPTED: "○", WRONG: "✗", ERROR: "✗"}
# No single colour of text is readable (4.5 to 1, WCAG AA) on JupyterLab's white page and on its
# dark one, #111. So the words stand in white on a ground of their own, and the ground itself is
# told from both pages (3 to 1).
_COLOURS = {PASSED: "#1a7f37", NOT_ATTEMPTED: "#656d76", WRONG: "#cf222e", ERROR: "#cf222e"}


@dataclass(frozen=True)
class Verdict:
    """The outcome of checking one exercise, as data and as text.

    outcome        PASSED, NOT_ATTEMPTED, WRONG or ERROR
    headline       one sentence
    facts          (label, text) pairs: the case, where, yours, expected
    misconception  name of the known mistake that gives the student's numbers, if one does
    hint           that mistake's sentence
    notes          remarks that cost nothing
    arrays         (name, yours, expected, Difference) of a wrong array, to be drawn side by side
    way            in a few words, how it fails: "shape", "values", "stops with IndexError"
    place          (line, function) in which it stopped
    kind           of what kind the first difference is (see `compare.Difference`), or ""
    advice         what to do about an exception whose line says it all, or ""
    explanation    what was observed on small tries (see `explain.explanation`), or None
    seen           sentences about lines of the source that cannot do what they seem to
    """

    exercise: str
    group: str
    outcome: str
    headline: str
    facts: tuple = ()
    misconception: str | None = None
    hint: str | None = None
    notes: tuple = field(default=())
    arrays: tuple | None = None
    way: str = ""
    place: tuple | None = None
    explanation: object = None
    kind: str = ""
    advice: str = ""
    seen: tuple[str, ...] = ()

    @property
    def pattern(self):
        """The outcomes on the fixed public tries, a letter each; equal for equal mistakes."""
        return self.explanation.pattern if self.explanation else ""

    @property
    def rule(self):
        """When it was wrong in small tries ("pad is 0"), or ""."""
        return self.explanation.rule if self.explanation else ""

    @property
    def passed(self):
        return self.outcome == PASSED

    @functools.cached_property
    def picture(self):
        """The difference as a Picture, or None. Drawn when it is first asked for."""
        if self.arrays is None:
            return None
        name, yours, expected, found = self.arrays
        try:
            return pictures.difference(yours, expected, name, found)
        except Exception:
            # Whatever a student's numbers do to a drawing, the words of the verdict are told.
            return None

    def text(self):
        """The verdict as plain text: the twin of the HTML form."""
        lines = [f"{_MARKS[self.outcome]} {self.exercise}: {self.headline}"]
        lines += [f"    {label}: {value}" for label, value in self.facts]
        if self.hint:
            lines.append(f"    Hint: {self.hint}")
        lines += [f"    In your code: {sentence}" for sentence in self.seen]
        if self.explanation:
            lines += [f"    {line}" for line in self.explanation.lines()]
        lines += [f"    Note: {note}" for note in self.notes]
        if self.picture:
            lines += [f"    {line}" for line in self.picture.details.splitlines()]
        return "\n".join(lines)

    def html(self):
        colour = _COLOURS[self.outcome]
        parts = [
            f'<div role="status" style="border-left:4px solid {colour};padding:2px 12px;'
            'margin:4px 0">',
            # Not "background": a page of feedback keeps the simple properties only.
            f'<div><b style="color:#fff;background-color:{colour};padding:1px 6px;'
            f'border-radius:3px">{_MARKS[self.outcome]} '
            f"{html.escape(self.exercise)}</b>: {html.escape(self.headline)}</div>",
        ]
        parts.append(_table(self.facts))
        if self.hint:
            parts.append(f"<div><b>Hint.</b> {html.escape(self.hint)}</div>")
        parts += [f"<div><b>In your code.</b> {html.escape(sentence)}</div>"
                  for sentence in self.seen]
        if self.explanation:
            parts.append(_explained(self.explanation))
        parts += [f"<div>Note. {html.escape(note)}</div>" for note in self.notes]
        if self.picture:
            parts.append(self.picture.html)
        return "".join([*parts, "</div>"])

    def __repr__(self):
        return self.text()

    def _repr_mimebundle_(self, **kwargs):
        return {"text/plain": self.text(), "text/html": self.html()}


def _table(facts):
    rows = "".join(
        f'<tr><th scope="row" style="text-align:left;vertical-align:top;'
        f'padding-right:12px">{html.escape(label)}</th>'
        f'<td style="text-align:left"><code style="white-space:pre-wrap">'
        f"{html.escape(value)}</code></td></tr>"
        for label, value in facts
    )
    return f"<table>{rows}</table>" if rows else ""


def _explained(explanation):
    """An Explanation as HTML; what gives the right sum away is folded in."""
    parts = [f"<div>{html.escape(sentence)}</div>" for sentence in explanation.when]
    parts.append(_table(explanation.case))
    if explanation.yours:
        shown = (explanation.yours, explanation.right, explanation.differs)
        lines = "".join(f"<div><code>{html.escape(text)}</code></div>" for text in shown if text)
        parts.append("<details><summary>What this number is made of (shows the right sum, too)"
                     f"</summary>{lines}</details>")
    return "".join(parts)
