"""Widgets without a front-end: in a kernel, on an exported page, in a shell without kernel."""

import json
import os
import subprocess
import sys
from types import SimpleNamespace

import ipywidgets
import nbformat
import pytest
from nbclient import NotebookClient
from nbconvert import HTMLExporter

from course_lib import widgets
from course_lib.widgets import explorer

VIEW = "application/vnd.jupyter.widget-view+json"


@pytest.fixture(scope="module")
def executed(source):
    """A notebook with all widgets, run through a real kernel."""
    cells = [f"from course_lib import data, widgets\nw = {source(name)}\nw"
             for name in widgets.__all__]
    cells.append("w = widgets.ConvolutionStepper()\nw.W.value = 10\nprint(w.sentence)")
    notebook = nbformat.v4.new_notebook(cells=[nbformat.v4.new_code_cell(c) for c in cells])
    NotebookClient(notebook, kernel_name="python3", timeout=120).execute()
    return notebook


def test_every_cell_shows_a_still_and_a_live_view(executed, make):
    for name, cell in zip(widgets.__all__, executed.cells, strict=False):
        still, view = (output.data for output in cell.outputs)
        widget = make(name)
        assert still["text/plain"] == widget.text
        assert still["text/html"] == widget.still()
        assert VIEW in view


def test_with_ipywidgets_7_it_shows_itself_as_that_version_does(make, monkeypatch):
    """Notebooks in Google Colab find version 7, which has no bundle to display."""
    shown = []
    monkeypatch.delattr(ipywidgets.Widget, "_repr_mimebundle_")
    monkeypatch.setattr(ipywidgets.Widget, "_ipython_display_",
                        lambda self, **kwargs: shown.append(self), raising=False)
    monkeypatch.setattr(explorer, "display", lambda data, raw: shown.append(data["text/html"]))
    monkeypatch.setattr(explorer, "get_ipython", lambda: SimpleNamespace(kernel=True))
    widget = make("ParameterCounter")
    widget._ipython_display_()
    assert shown == [widget.still(), widget]


def test_values_can_be_set_in_a_kernel_without_front_end(executed):
    (printed,) = executed.cells[-1].outputs
    assert printed.text.startswith("4 windows fit, 1 cell is left over")


def test_exported_page_holds_the_stills(executed, make):
    page, _ = HTMLExporter().from_notebook_node(executed)
    assert page.count('class="course-still"') == len(widgets.__all__)
    assert "105,705,600 parameters without sharing, 34,944 with it" in page
    assert page.count('alt="') >= sum(len(make(name).pictures) for name in widgets.__all__)


def test_shell_without_kernel_shows_the_still_only(tmp_path):
    code = (
        "import json\n"
        "from IPython.core.interactiveshell import InteractiveShell\n"
        "from IPython.utils.capture import capture_output\n"
        "shell = InteractiveShell.instance()\n"
        "with capture_output() as shown:\n"
        "    shell.run_cell('from course_lib import widgets; w = widgets.ParameterCounter(); w')\n"
        "    shell.run_cell('w.sharing.value = True; print(w.sentence)')\n"
        "print(json.dumps([[output.data for output in shown.outputs], shown.stdout]))"
    )
    environment = {**os.environ, "IPYTHONDIR": str(tmp_path)}
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True,
                          check=True, env=environment)
    (still,), printed = json.loads(done.stdout)
    assert set(still) == {"text/html", "text/plain"}
    assert "Sharing off: 105,705,600 parameters" in still["text/plain"]
    assert '<img alt="Parameter sharing on an input of 227x227x3' in still["text/html"]
    assert "Sharing on: 34,944 parameters" in printed
