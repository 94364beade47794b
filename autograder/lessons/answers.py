"""A lesson's answers as text, for another lesson that is given one of them.

`autograder.lessons.given` makes the working function of such a text.
"""

import ast

BEGIN_SOLUTION, END_SOLUTION = "### BEGIN SOLUTION", "### END SOLUTION"


def two_lines(name, lesson):
    """What stands in the source below the title “given: NAME from LESSON”."""
    return ("from autograder.lessons.given import answer_of\n"
            f'{name} = answer_of("{lesson}", "{name}")')


def answer_text(cells, name):
    """The answer `name` among a lesson's cells, without marks, below those that it calls.

    KeyError if no answer has this name.
    """
    found = {cell.name: cell for cell in cells if cell.role == "answer"}
    needed, waiting = set(), [found[name]]
    defines = {defined: cell for cell in cells if cell.role in ("answer", "given")
               for defined in _defined(cell.source)}
    while waiting:
        cell = waiting.pop()
        if cell.id not in needed:
            needed.add(cell.id)
            used = {node.id for node in ast.walk(ast.parse(cell.source))
                    if isinstance(node, ast.Name)}
            waiting += [defines[one] for one in used if one in defines]
    return "\n\n\n".join(_without_marks(cell.source) for cell in cells if cell.id in needed)


def _defined(source):
    return [node.name for node in ast.parse(source).body
            if isinstance(node, (ast.FunctionDef, ast.ClassDef))]


def _without_marks(source):
    return "\n".join(line for line in source.splitlines()
                     if line.strip() not in (BEGIN_SOLUTION, END_SOLUTION))
