"""Is everything there that the lessons need? One table, and what to do about each fault."""

import html
import importlib
import os
import sys
from dataclasses import dataclass
from pathlib import Path

from course_lib.lab.in_browser import way_in

# (module, the name that is installed, lowest version): as in student/pyproject.toml.
PACKAGES = (("numpy", "numpy", (2, 0)), ("matplotlib", "matplotlib", (3, 9)),
            ("ipywidgets", "ipywidgets", (8, 1)), ("tqdm", "tqdm", (4, 66)),
            ("PIL", "pillow", (10, 3)))
_INSTALL = f"{sys.executable} -m pip install"
_AGAIN = "Then restart the kernel: menu Kernel, Restart Kernel."


@dataclass(frozen=True)
class Fact:
    """One thing that was looked at: what was found, and what to do if that is a fault."""

    what: str
    found: str
    cure: str = ""


@dataclass(frozen=True)
class Report:
    """What `look` has found. `right` where nothing has to be done."""

    facts: tuple

    @property
    def right(self):
        return not any(fact.cure for fact in self.facts)

    def _verdict(self):
        count = sum(bool(fact.cure) for fact in self.facts)
        return "Everything is there: begin with the first lesson." if self.right else (
            f"{count} thing{'s' if count > 1 else ''} to put right first:")

    def __repr__(self):
        lines = [self._verdict()]
        for fact in self.facts:
            lines.append(f"  {'✗' if fact.cure else '✓'} {fact.what}: {fact.found}")
            lines += [f"      {fact.cure}"] if fact.cure else []
        return "\n".join(lines)

    def _repr_mimebundle_(self, **kwargs):
        rows = "".join(
            f'<tr><th scope="row" style="text-align:left">{"✗" if fact.cure else "✓"} '
            f'{html.escape(fact.what)}</th><td style="text-align:left">{html.escape(fact.found)}'
            f'{f"<br><b>{html.escape(fact.cure)}</b>" if fact.cure else ""}</td></tr>'
            for fact in self.facts)
        text = f"<div><b>{html.escape(self._verdict())}</b></div><table>{rows}</table>"
        return {"text/plain": repr(self), "text/html": f'<div role="status">{text}</div>'}


def look(folder=None):
    """A Report on Python, the packages, the course and the folder of this notebook."""
    folder = Path(folder or Path.cwd())
    return Report((_python(), *(_package(*one) for one in PACKAGES), _lessons(folder),
                   _writable(folder)))


def _python():
    version = ".".join(map(str, sys.version_info[:3]))
    cure = "" if sys.version_info >= (3, 11) else (
        "The course needs Python 3.11 or newer. Install it, then install the course again with it.")
    return Fact("Python", f"{version} in {sys.executable}", cure)


def _package(module, name, lowest):
    needed = ".".join(map(str, lowest))
    try:
        found = importlib.import_module(module).__version__
    except ImportError as error:
        return Fact(name, f"cannot be imported ({error})",
                    f'In a terminal: {_INSTALL} "{name}>={needed}". {_AGAIN}')
    except Exception as error:
        return Fact(name, f"fails when it is imported ({type(error).__name__}: {error})",
                    f"In a terminal: {_INSTALL} --force-reinstall {name}. {_AGAIN}")
    numbers = tuple(int(part) for part in found.split(".")[:2] if part.isdigit())
    cure = "" if numbers >= lowest else (
        f'It is older than {needed}. In a terminal: {_INSTALL} --upgrade "{name}". {_AGAIN}')
    return Fact(name, found, cure)


def _lessons(folder):
    count = len(list(folder.glob("[0-9]*/[0-9]*.ipynb")))
    cure = "" if count else (
        f"There are no lessons beside this notebook. {way_in()}")
    return Fact("lessons", f"{count} in {folder}", cure)


def _writable(folder):
    right = os.access(folder, os.W_OK)
    return Fact("your folder", "can be written to" if right else "cannot be written to", "" if right
                else "Your work could not be saved. Open the lessons in another folder: "
                "convnets-lessons FOLDER.")
