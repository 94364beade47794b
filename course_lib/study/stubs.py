"""`reset`: a stub back, and what was there is kept."""

import ast
import inspect
import linecache

from course_lib.lab.in_browser import way_in
from course_lib.study import desk
from course_lib.study.lessons import cell_now, lesson_of
from course_lib.study.names import meant
from course_lib.study.said import Said, show
from course_lib.whole_files import now_for_a_name

KEPT = "kept"


def reset(name=None):
    """Keep your answer to exercise `name` in a file, forget its points, and show its stub.

    The stub is shown for you to paste: a kernel cannot change a cell of an open notebook, and
    changing its file behind JupyterLab's back would put your other changes at risk.

    A name that your lessons do not have is told in a sentence.
    """
    here = desk.folder()
    if not here:
        if desk.kernel():
            show(Said("reset works in a folder of lessons of your own.",
                      (way_in(),)))
        return
    # Without a name, a second call would reset another exercise than the first.
    name = meant("reset", name, last=False)
    if name is None:
        return
    lesson = lesson_of(here, name)
    if not lesson or name not in lesson.stubs:
        show(Said(f"{name}: no lesson of yours has an answer cell of this name.",
                  (f"Has one of your lessons lost cells? {way_in()}",)))
        return
    stub = lesson.stubs[name]
    try:
        kept = _keep(here, name, stub, lesson)
    except OSError as error:
        show(Said(f"{name}: nothing was done.", (
            f"What is there now could not be kept in {KEPT}/ ({error}).",)))
        return
    desk.last.pop(name, None)
    with desk.changed(name) as entry:
        tried = entry.get("tried", False)
        entry.clear()
        entry["tried"] = tried
    said = [f"What was there is kept in {kept.relative_to(here).as_posix()}." if kept else
            "There was nothing of yours to keep: the saved notebook still has the stub."]
    said.append("Copy the lines below into the answer cell, over what stands in it, and run it. "
                "Its points are forgotten until you run its test cells again.")
    show(Said(f"{name}: the stub", tuple(said), (("the stub", stub),)))


def _keep(here, name, stub, lesson):
    """Write down the answer in the saved notebook, and the one in memory if it differs."""
    saved, running = cell_now(here, lesson, name), running_source(name)
    parts = []
    if saved is not None and saved.strip() != stub.strip():
        parts.append(("in the saved notebook", saved))
    if running and running.strip() not in (saved or "") and running.strip() not in stub:
        parts.append(("in the running kernel", running))
    if not parts:
        return None
    target = here / KEPT / f"{name}.{now_for_a_name()}.py"
    target.parent.mkdir(exist_ok=True)
    target.write_text("\n\n".join(f"# {name}, as it was {where}\n{source.rstrip()}"
                                  for where, source in parts) + "\n", encoding="utf-8")
    return target


def running_source(name):
    """The source of the function or class that the learner's kernel has under `name`, or ""."""
    shell = desk.kernel()
    found = getattr(shell, "user_ns", {}).get(name) if shell else None
    try:
        return _class_source(found) if inspect.isclass(found) else inspect.getsource(found)
    except (OSError, TypeError, SyntaxError):
        return ""


def _class_source(found):
    """The source of a class that a cell defines; inspect looks for its module's file in vain."""
    methods = [value for value in vars(found).values() if inspect.isfunction(value)]
    lines = linecache.getlines(methods[0].__code__.co_filename) if methods else []
    tree = ast.parse("".join(lines))
    for node in tree.body:
        if isinstance(node, ast.ClassDef) and node.name == found.__name__:
            return "".join(lines[node.lineno - 1:node.end_lineno])
    return ""
