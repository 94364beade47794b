"""A lesson's answer as another lesson is given it: its text, and the working function.

The build copies the text into the notebook; `answer_of` lets the source run as plain Python.
"""

import ast

from autograder import course

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


def answer_of(lesson, name):
    """The working function `name` of a lesson in solutions/. KeyError if it has no such answer."""
    from autograder.lessons.lesson import read_lesson  # which needs this module

    cells = read_lesson(course.SOLUTIONS / f"{lesson}.py").cells
    imports = [node for cell in cells if cell.role == "setup"
               for node in ast.parse(cell.source).body
               if isinstance(node, (ast.Import, ast.ImportFrom))]
    space = {}
    exec("\n".join([*map(ast.unparse, imports), answer_text(cells, name)]), space)
    return space[name]


def _defined(source):
    return [node.name for node in ast.parse(source).body
            if isinstance(node, (ast.FunctionDef, ast.ClassDef))]


def _without_marks(source):
    return "\n".join(line for line in source.splitlines()
                     if line.strip() not in (BEGIN_SOLUTION, END_SOLUTION))
