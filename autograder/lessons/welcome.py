"""The welcome notebook, from solutions/welcome.py: what JupyterLab opens on. It is no lesson."""

import re
from copy import deepcopy
from urllib.parse import quote

import jupytext
import nbformat

from autograder import course
from autograder.lessons.lesson import cell_id
from course_lib import lessons_folder

SOURCE = course.SOLUTIONS / "welcome.py"
TARGET = course.ROOT / "course_lib" / "lab" / "welcome.ipynb"


def welcome(lessons, metadata):
    """The bytes of the welcome notebook that links `lessons`; `metadata` names its kernel."""
    notebook = jupytext.reads(SOURCE.read_text(encoding="utf-8"),
                              fmt={"extension": ".py", "format_name": "percent"})
    links = "\n".join(_link(lesson) for lesson in lessons)
    cells, previous, following = [], "welcome", 0
    for cell in notebook.cells:
        title = cell.metadata.get("title", "")
        previous, following = (cell_id(title), 0) if title else (previous, following + 1)
        make = nbformat.v4.new_code_cell if cell.cell_type == "code" else (
            nbformat.v4.new_markdown_cell)
        source = re.sub(r"^LESSONS$", lambda found: links, cell.source, flags=re.MULTILINE)
        cells.append(make(source, id=previous if title else f"{previous}-text-{following}"))
    made = nbformat.v4.new_notebook(cells=cells, metadata=deepcopy(metadata))
    made.metadata[lessons_folder.MARK] = {"released": lessons_folder.digest(made)}
    return (nbformat.writes(made) + "\n").encode()


def minutes(lesson):
    """How long a Lesson takes, as its text says; 0 if it does not."""
    story = "\n".join(cell.source for cell in lesson.cells if cell.role == "story")
    found = re.search(r"\*\*Time:\*\* about (\d+) minutes", story)
    return int(found[1]) if found else 0


def _link(lesson):
    time = f", about {minutes(lesson)} minutes" if minutes(lesson) else ""
    name = quote(lesson.name)
    return f"- [{lesson.title}]({name}/{name}.ipynb){time}"
