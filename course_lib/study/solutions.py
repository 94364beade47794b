"""`solution`: how the course solves an exercise, beside one's own; essays with their mark scheme.

Read from percent files: solutions/ of a checkout, those in a learner's package that was built for
self-study, or LESSON.solutions.py, which an instructor handed out and a student put into the folder
of lessons.
"""

import ast
import re
import textwrap
from dataclasses import dataclass
from pathlib import Path

from course_lib.study import desk, hints
from course_lib.study.lessons import cell_now, lesson_of
from course_lib.study.names import meant
from course_lib.study.said import Said, show
from course_lib.study.stubs import running_source

ENDING = ".solutions.py"
_HERE = Path(__file__).resolve().parent
PACKAGED, CHECKED_OUT = _HERE.parent / "lab" / "answers", _HERE.parent.parent / "solutions"
_CELL = re.compile(r"^# %%[ \t]*(.*)$", re.MULTILINE)
_TITLE = re.compile(r"(answer|essay):\s*([^,\[]+?)\s*(?:,\s*(\d+) points?)?\s*(\[markdown\])?$")
_MARKS = re.compile(r"^[ \t]*### (?:BEGIN|END) SOLUTION[^\n]*\n?", re.MULTILINE)
_SCHEME = re.compile(r"=== (?:BEGIN|END) MARK\s+SCHEME ===")


@dataclass(frozen=True)
class Answer:
    """An answer's code; or an essay's model answer, with its mark scheme and points."""

    lesson: str
    text: str
    scheme: str = ""
    points: int = 0
    essay: bool = False


def read_answers(path):
    """{name: Answer} of a percent file."""
    text, found = Path(path).read_text(encoding="utf-8"), {}
    lesson = Path(path).name.removesuffix(ENDING).removesuffix(".py")
    starts = list(_CELL.finditer(text))
    for start, following in zip(starts, [*starts[1:], None], strict=True):
        title = _TITLE.match(start[1].strip())
        if not title:
            continue
        body = text[start.end():following.start() if following else None].strip("\n")
        if title[1] == "answer":
            found[title[2]] = Answer(lesson, _MARKS.sub("", body).rstrip())
        else:
            body = re.sub(r"^# ?", "", body, flags=re.MULTILINE)
            model, scheme = (*_SCHEME.split(body), "")[:2]
            found[title[2]] = Answer(lesson, model.strip(), scheme.strip(), int(title[3] or 0),
                                     True)
    return found


def answers():
    """{name: Answer} of all solutions that this learner has."""
    here, found = desk.folder(), {}
    # Beside the learner's folder, where the course's package was built from a checkout.
    beside = here.parent if here and (here.parent / "student" / "pyproject.toml").exists() else None
    checked_out = [*CHECKED_OUT.glob("[0-9]*.py"),
                   *((beside / "solutions").glob("[0-9]*.py") if beside else ())]
    handed_out = [*here.glob(f"*{ENDING}"), *here.glob(f"*/*{ENDING}")] if here else []
    for path in [*checked_out, *PACKAGED.glob("[0-9]*.py"), *handed_out]:
        try:
            found |= read_answers(path)
        except (OSError, UnicodeDecodeError):
            continue
    return found


def solution(name=None, points=None):
    """Show the course's solution of exercise `name`, or the model answer of essay `name`.

    Without a name it is about the exercise that was checked last.

    points  the points that you give your own essay by the mark scheme; `progress` shows them

    An exercise has to be tried first: `check` must have seen an answer of yours. An essay has to
    be written and saved first.

    A name that is neither, and points that an essay cannot have, are told in a sentence.
    """
    name = meant("solution", name)
    if name is None:
        return
    here = desk.folder()
    known = answers()
    lesson = lesson_of(here, name) if here else None
    essay = known[name].essay if name in known else bool(lesson and name in lesson.essays)
    if name not in known:
        file = f"{lesson.name}{ENDING}" if lesson else f"NN_lesson{ENDING}"
        show(Said(f"{name}: no solutions here.", (
            "What your class was given contains no solutions. When your instructor hands out this "
            f"lesson's file, {file}, put it into your folder of lessons and ask again.",)))
    elif essay:
        _essay(name, known[name], here, lesson, points)
    else:
        _exercise(name, known[name])


def _exercise(name, answer):
    verdict, remembered = desk.last.get(name), desk.entry(name)
    if not (remembered.get("tried") or verdict and desk.is_honest(verdict)):
        show(Said(f"{name}: try it first.", (
            f"The solution is shown once check(\"{name}\", ...) has seen an answer of yours, right "
            f"or wrong. hint(\"{name}\") gives a step without it.",)))
        return
    mine = textwrap.dedent(running_source(name)).rstrip()
    code = [("yours", without_descriptions(mine))] if mine else []
    fast = hints.fast(name)
    show(Said(f"{name}: a solution", (
        "Yours may look different and be as right: check decides. Descriptions are left out.",
        *([f"What does the course's own fast version do differently? {fast}"] if fast else [])),
        (*code, ("the course's", without_descriptions(answer.text)))))


def without_descriptions(source):
    """Code without the docstrings of its functions and classes, which are the same on both sides.

    Code that cannot be read stays as it is.
    """
    try:
        tree = ast.parse(source)
    except (SyntaxError, ValueError):
        return source
    lines = source.splitlines()
    for node in ast.walk(tree):
        if isinstance(node, ast.FunctionDef | ast.ClassDef) and ast.get_docstring(node) and (
                len(node.body) > 1 and node.body[0].lineno > node.lineno):
            text = node.body[0]
            lines[text.lineno - 1:text.end_lineno] = [None] * (text.end_lineno - text.lineno + 1)
    return "\n".join(line for line in lines if line is not None)


def _essay(name, answer, here, lesson, points):
    saved = cell_now(here, lesson, name) if here and lesson else None
    if saved is None or saved.strip() in ("", lesson.stubs.get(name, "").strip()):
        show(Said(f"{name}: write yours first.", (
            "The model answer is shown once the essay cell of your notebook has a text of yours. "
            "Save the notebook (Ctrl+S), then ask again.",)))
        return
    if points is not None:
        if not (isinstance(points, int | float) and 0 <= points <= answer.points):
            show(Said(f"{name}: points go from 0 to {answer.points}, and this is {points!r}."))
            return
        desk.note_essay(lesson.name, name, points)
        show(Said(f"{name}: {points:g} of {answer.points} points, as you say."))
        return
    show(Said(f"{name}: a model answer, {answer.points} points", (
        "Compare with the marks below, and be strict with yourself. Then note your points: "
        f"solution(\"{name}\", points=...)",),
        (("yours", saved), ("a model answer", answer.text), ("the marks", answer.scheme))))
