"""What a student says to a person within code: a comment, a string that is printed or stands alone.

An essay may stand there. What is taken for one is looked at by a person, so little has to speak
for it; comments inside functions are about the code unless they are long.
"""

import ast
import io
import re
import tokenize

from autograder.lessons import names
from autograder.lessons.released import plain

_WORD = re.compile(r"[^\W\d_]{2,}")
# Scripts that put no blanks between words.
_DENSE = re.compile(r"[\u0e00-\u0eff\u3040-\u30ff\u3400-\u9fff\uac00-\ud7af]")
_WORDS, _WORDS_INSIDE = 6, 25


def words_to_people(cell, template):
    """The comments and strings of a code cell that may be an essay, as one text; "" if none."""
    source = plain(cell.source)
    known = "\n".join(template.visible.values())
    found = []
    for at, text, inside in sorted([*_comments(source), *_strings(source)]):
        text = "\n".join(line for line in text.splitlines()
                         if line.strip() and line.strip() not in known)
        count = len(_WORD.findall(text)) + len(_DENSE.findall(text)) // 2
        if count >= (_WORDS_INSIDE if inside else _WORDS) and not _is_code(text):
            found.append((at, text))
    return "\n\n".join(text for _, text in found)


def _comments(source):
    """(line, text, True if it stands inside of something) of each block of comments."""
    block, blocks, last = [], [], -1
    if "#" not in source:
        return []
    try:
        for token in tokenize.generate_tokens(io.StringIO(source).readline):
            if token.type == tokenize.COMMENT:
                line, inside = token.start[0], token.line[:1].isspace()
                if line != last + 1 or inside != blocks[-1][2]:
                    block = []
                    blocks.append((line, block, inside))
                block.append(token.string.lstrip("#").strip())
                last = line
    except (tokenize.TokenError, SyntaxError):
        pass  # what stands above the place where it is no Python was read
    return [(line, "\n".join(block), inside) for line, block, inside in blocks]


def _strings(source):
    """The same of each string, without those that are about values: labels, messages of errors."""
    try:
        tree = ast.parse(source)
    except (SyntaxError, ValueError, RecursionError, MemoryError):
        return []
    nodes = list(ast.walk(tree))
    docstrings = {id(node.body[0].value) for node in nodes
                  if isinstance(node, (ast.FunctionDef, ast.AsyncFunctionDef, ast.ClassDef))
                  and isinstance(node.body[0], ast.Expr)}
    labels = {id(part) for node in nodes if _is_about_values(node)
              for part in ast.walk(node)}
    return [(node.lineno, node.value, id(node) in docstrings) for node in nodes
            if isinstance(node, ast.Constant) and isinstance(node.value, str)
            and id(node) not in labels]


def _is_about_values(node):
    return isinstance(node, (ast.JoinedStr, ast.Raise, ast.Assert)) or (
        isinstance(node, ast.Call) and len(node.args) > 1
        and not all(isinstance(value, ast.Constant) for value in node.args))


def _is_code(text):
    """True for lines of code that were made a comment."""
    return names.parsed(text) is not None and bool(re.search(r"[=(\[]", text))
