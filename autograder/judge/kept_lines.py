"""What a student wrote into a cell of the course: told apart from the course's own lines."""

import ast

from autograder.lessons import names
from autograder.lessons.released import plain


def own_lines(source, template, cell_id):
    """(lines that must run before the course's cell, lines that stand behind it), as two texts.

    Own is what none of the lesson's locked cells holds: statements, comments, lines for IPython.
    Lines that define what the course's cell needs, and stand above its own, belong before it.
    """
    source = plain(source)
    course_lines, course_statements = template.locked_parts
    lines = source.splitlines()
    mine = [line.strip() != "" and line.strip() not in course_lines for line in lines]
    tree = names.parsed(source) if not source.startswith("%%") else None
    try:
        body = ast.parse(source).body if tree else []
    except (SyntaxError, ValueError):
        body = []  # lines for IPython among them: these are told apart line by line
    needed = names.needed(template.visible[cell_id])
    turn = 0
    for i, node in enumerate(body):
        first = min([node.lineno, *(d.lineno for d in getattr(node, "decorator_list", ()))]) - 1
        end = node.end_lineno
        while end < len(lines) and lines[end][:1].isspace():
            end += 1  # a comment at the end of a function is no part of its syntax tree
        theirs = ast.dump(node) not in course_statements
        mine[first:end] = [theirs] * (end - first)
        if theirs and names.defined(ast.unparse(node)) & needed and any(
                ast.dump(later) in course_statements for later in body[i + 1:]):
            turn = end
    return tuple("\n".join(line for line, keep in zip(part, marks, strict=True) if keep)
                 for part, marks in ((lines[:turn], mine[:turn]), (lines[turn:], mine[turn:])))


def added_text(source, template, cell_id):
    """The lines of a changed Markdown cell that the course's text does not have."""
    course = {line.strip() for line in plain(template.visible[cell_id]).splitlines()}
    return "\n".join(line for line in plain(source).splitlines()
                     if line.strip() and line.strip() not in course)

