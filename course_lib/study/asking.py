"""`hint`: the next step towards an exercise, when it is asked for."""

from course_lib.study import desk, hints
from course_lib.study.names import meant
from course_lib.study.said import Said, show

_given = {}


def hint(name=None):
    """Show the next hint for exercise `name`, or for the one checked last; never the answer.

    The first one says what `check` has found, if it has found something. Each further call gives
    the next step.

    An unknown name is told in a sentence: a traceback would bury it.
    """
    name = meant("hint", name)
    if name is None:
        return
    verdict, remembered = desk.last.get(name), desk.entry(name)
    if (verdict.passed if verdict else remembered.get("outcome") == "passed"):
        show(Said(f"{name} passes: there is nothing left to hint at.",
                  (f"solution(\"{name}\") shows how the course solves it.",)))
        return
    found = desk.found_by(verdict) if verdict else remembered.get("found", "")
    steps = [*([found] if found else []), *hints.steps(name)]
    if not steps:
        show(Said(f"{name} has no hints."))
        return
    # A new finding comes first, whatever was asked before; the steps behind it go on.
    seen, told = _given.get(name, (0, ""))
    if found != told:
        seen = 0 if found else max(seen - 1, 0)
    number = min(seen, len(steps) - 1)
    _given[name] = number + 1, found
    where = f"From the last check{'.' if found[:1].isupper() else ':'} " if (
        found and number == 0) else ""
    more = (f"hint(\"{name}\") once more gives the next one." if number + 1 < len(steps) else
            f"This was the last one. solution(\"{name}\") shows a solution, once you have tried.")
    show(Said(f"{name}: hint {number + 1} of {len(steps)}", (where + steps[number], more)))
