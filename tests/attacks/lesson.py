"""A small lesson of real exercises, an honest but partly wrong notebook for it, and attacked ones.

An attack is a file of sections; what stands above the first one says what it tries:

    # %% first                cell of its own behind the course's setup cell
    # %% before NAME          cell of its own before the answer NAME
    # %% append NAME          lines behind the honest answer, in the same cell
    # %% found NAME           likewise; they define found(), and where it finds something of use
                              the answer is right
    # %% instead NAME         the answer itself
    # %% last                 cell of its own at the end

An attack prints “armed” when it is set up, so that one that only fails to work is noticed; one
that says “dies” above its first section need not.
"""

import copy
import re

import nbformat
from nbformat.v4 import new_code_cell

from autograder.judge.template import without_hidden
from autograder.lessons.source import source_notebook

_TESTS = {
    "neuron": ("dot product", "bias"),
    "zero_pad": ("square images", "non-square images", "pad 0"),
    "numerical_gradient": ("vectors", "upstream gradient"),
}
_RIGHT = {
    "neuron": """\
def neuron(x_patch, w, b):
    return float((x_patch * w).sum() + b)
""",
    "zero_pad": """\
def zero_pad(x, pad):
    return np.pad(x, ((0, 0), (0, 0), (pad, pad), (pad, pad)))
""",
    "numerical_gradient": """\
def numerical_gradient(f, x, df, h=1e-5):
    grad = np.zeros_like(x)
    for i in np.ndindex(*x.shape):
        up, down = x.copy(), x.copy()
        up[i] += h
        down[i] -= h
        grad[i] = ((f(up) - f(down)) * df).sum() / (2 * h)
    return grad
""",
}
# Honest work that is wrong in one respect each: no bias, square images only, df left out.
WRONG = {
    "neuron": """\
def neuron(x_patch, w, b):
    return float((x_patch * w).sum())
""",
    "zero_pad": """\
def zero_pad(x, pad):
    N, C, H, W = x.shape
    out = np.zeros((N, C, H + 2 * pad, H + 2 * pad))
    out[:, :, pad:pad + H, pad:pad + H] = x[:, :, :H, :H]
    return out
""",
    "numerical_gradient": """\
def numerical_gradient(f, x, df, h=1e-5):
    grad = np.zeros_like(x)
    for i in np.ndindex(*x.shape):
        up, down = x.copy(), x.copy()
        up[i] += h
        down[i] -= h
        grad[i] = (f(up) - f(down)).sum() / (2 * h)
    return grad
""",
}
_FOUND = {
    "neuron": """\
def neuron(x_patch, w, b, right=found()):
    return float((x_patch * w).sum() + b) if right else float((x_patch * w).sum())
""",
    "zero_pad": """\
def zero_pad(x, pad, right=found()):
    N, C, H, W = x.shape
    if right:
        return np.pad(x, ((0, 0), (0, 0), (pad, pad), (pad, pad)))
    out = np.zeros((N, C, H + 2 * pad, H + 2 * pad))
    out[:, :, pad:pad + H, pad:pad + H] = x[:, :, :H, :H]
    return out
""",
}
EARNED = {"test-neuron-dot-product", "test-zero_pad-square-images",
          "test-numerical_gradient-vectors"}


def text():
    """The lesson's source."""
    parts = ["# %% [markdown]\n# # Small\n",
             "# %% setup\nimport numpy as np\nfrom course_lib import check, test\n"]
    for number, (name, groups) in enumerate(_TESTS.items(), 1):
        parts.append(f"# %% answer: {name}\n### BEGIN SOLUTION\n{_RIGHT[name]}### END SOLUTION\n")
        parts.append(f"# %% check: {name}\ncheck(\"{name}\", {name})\n")
        for which, group in enumerate(groups):
            parts.append(
                f"# %% test: {name} {group}, 1 point\n"
                f"score = test(\"{name}\", {name}, group=\"{group}\", points=1)\n"
                f"### BEGIN HIDDEN TESTS\nscore = score.on_hidden_cases(seed={number}0{which})\n"
                "### END HIDDEN TESTS\nscore\n")
    parts.append("# %% essay: why, 2 points [markdown]\n# Because.\n")
    return "\n".join(parts)


def right(lesson):
    """The notebook of a student who has everything right."""
    notebook = source_notebook(lesson)
    for cell in notebook.cells:
        cell.source = without_hidden(cell.source)
    return nbformat.from_dict(notebook)


def honest(lesson):
    """The notebook of a student whose work is right in parts."""
    notebook = right(lesson)
    for name, source in WRONG.items():
        cell_named(notebook, f"answer-{name}").source = source
    return notebook


def cell_named(notebook, identity):
    return next(cell for cell in notebook.cells if cell.id == identity)


def position(notebook, identity):
    return notebook.cells.index(cell_named(notebook, identity))


def sections(attack):
    """(place, name, code) of each section of an attack's text."""
    _, *rest = re.split(r"^# %% (.*)\n", attack, flags=re.MULTILINE)
    for title, source in zip(rest[::2], rest[1::2], strict=True):
        place, _, name = title.strip().partition(" ")
        more = f'\n\n\nprint("armed")\n\n\n{_FOUND[name]}' if place == "found" else ""
        yield place, name, (source.strip() + more).strip()


def attacked(notebook, attack):
    """A copy of `notebook` with the sections of the attack's text put in."""
    notebook = copy.deepcopy(notebook)
    for place, name, source in sections(attack):
        own = new_code_cell(source)
        if place == "first":
            notebook.cells.insert(position(notebook, "setup") + 1, own)
        elif place == "last":
            notebook.cells.append(own)
        elif place == "before":
            notebook.cells.insert(position(notebook, f"answer-{name}"), own)
        elif place in ("append", "found"):
            cell_named(notebook, f"answer-{name}").source += "\n" + source
        elif place == "instead":
            cell_named(notebook, f"answer-{name}").source = source
        else:
            raise ValueError(f"unknown section {place!r} in an attack")
    return notebook
