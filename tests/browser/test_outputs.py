"""What the course puts below a cell, by itself: what axe-core says of it, and controls in use.

Inside JupyterLab axe-core sees no contrast, since the notebook lies on layers of others.
"""

import re

import nbformat
import pytest

from course_lib import exercises, widgets
from course_lib.judging.judge import judge
from course_lib.lab.open import bring_up_to_date
from course_lib.pictures.picture import LEAST_WIDTH
from course_lib.study.overview import Overview, rows
from course_lib.study.said import Said
from tests.course_lib.pictures.test_pictures_all import PICTURES, sample
from tests.course_lib.widgets.conftest import ARGUMENTS

from .conftest import ROOT, SCREENSHOTS, open_and_run_all

pytestmark = pytest.mark.system
AXE = ROOT / "build" / "axe" / "node_modules" / "axe-core" / "axe.min.js"
# Text and ground of JupyterLab's two themes.
THEMES = {"light": ("#212121", "#ffffff"), "dark": ("#ffffff", "#111111")}


def neuron(right):
    def answer(x_patch, w, b):
        if right is None:
            raise NotImplementedError
        return (x_patch * w).sum() + (b if right else 0)

    return answer


def outputs(folder):
    """{name: HTML} of everything that the course shows."""
    shown = {name: sample(name) for name in PICTURES}
    exercise = exercises.find("neuron")
    shown |= {f"verdict {right}": judge(exercise, (neuron(right),), "bias")
              for right in (True, False, None)}
    shown["progress"] = Overview(tuple(rows(folder)), folder)
    shown["solution"] = Said("neuron", ("Side by side.",), (("yours", "a"), ("ours", "b")))
    found = {name: one._repr_mimebundle_()["text/html"] for name, one in shown.items()}
    for name in set(widgets.__all__) - set(ARGUMENTS):
        found[name] = getattr(widgets, name)().still()
    return found


@pytest.mark.skipif(not AXE.exists(), reason="axe-core is not installed; make looks does it")
def test_axe_finds_nothing_serious_in_what_is_ours(page, tmp_path):
    bring_up_to_date(tmp_path)
    parts = "".join(f"<section><h2>{name}</h2>{part}</section>"
                    for name, part in sorted(outputs(tmp_path).items()))
    for scheme, (ink, ground) in THEMES.items():
        (tmp_path / "all.html").write_text(
            f"<!doctype html><html lang=en><title>outputs</title><style>body{{color:{ink};"
            f"background:{ground};font-family:sans-serif}}a{{color:inherit}}</style>"
            f"<main><h1>Outputs</h1>{parts}</main></html>", encoding="utf-8")
        page.goto((tmp_path / "all.html").as_uri())
        page.evaluate("document.querySelectorAll('details').forEach(one => one.open = true)")
        for width in (400, 800, 1400):
            page.set_viewport_size({"width": width, "height": 900})
            page.screenshot(path=SCREENSHOTS / f"outputs-{width}-{scheme}.png", full_page=True)
        page.set_viewport_size({"width": 1200, "height": 1000})
        page.evaluate(AXE.read_text(encoding="utf-8"))
        found = page.evaluate("axe.run(document, {resultTypes: ['violations']})")
        assert {"image-alt", "color-contrast"} <= {one["id"] for one in found["passes"]}
        assert [(one["id"], node["html"][:300]) for one in found["violations"]
                for node in one["nodes"] if one["impact"] in ("serious", "critical")] == []


WIDTHS = f"""() => [...document.querySelectorAll('img')].map(one =>
    [one.getBoundingClientRect().width, Math.min({LEAST_WIDTH}, +one.getAttribute('width'))])"""


def test_on_a_narrow_page_pictures_stay_readable_and_move_within_their_frames(page, tmp_path):
    """As at 200 % in a window of 700 pixels, where a lesson's column is 320 wide."""
    parts = "".join(sample(name)._repr_mimebundle_()["text/html"] for name in PICTURES)
    parts += widgets.ConvolutionStepper().still()
    bring_up_to_date(tmp_path / "mine")
    parts += Overview(tuple(rows(tmp_path / "mine")), tmp_path / "mine").html()
    # Letters and cells of tables as large as JupyterLab makes them.
    (tmp_path / "narrow.html").write_text(
        "<!doctype html><meta charset=utf-8><style>td,th{font:13px sans-serif;padding:.5em}"
        f"</style><main style='width:320px'>{parts}</main>",
        encoding="utf-8")
    page.set_viewport_size({"width": 340, "height": 900})
    page.goto((tmp_path / "narrow.html").as_uri())
    widths = page.evaluate(WIDTHS)
    assert len(widths) > len(PICTURES) and all(shown >= least for shown, least in widths)
    assert page.evaluate("document.documentElement.scrollWidth") <= 340
    page.screenshot(path=SCREENSHOTS / "outputs-narrow.png")
    page.set_viewport_size({"width": 1200, "height": 1000})


def test_a_widget_is_driven_by_mouse_keyboard_and_touch(page, lab):
    url, folder = lab
    cell = nbformat.v4.new_code_cell(
        "from course_lib import widgets\nwidgets.ConvolutionStepper()")
    # With a kernel's name, or JupyterLab would ask which one.
    kernel = {"kernelspec": {"name": "python3", "display_name": "Python 3", "language": "python"}}
    nbformat.write(nbformat.v4.new_notebook(cells=[cell], metadata=kernel),
                   folder / "stepper.ipynb")
    open_and_run_all(page, url, "stepper.ipynb")
    step = page.get_by_label("step", exact=True)
    forward = page.get_by_role("button", name="next step")
    forward.wait_for(timeout=180_000)
    said = page.locator("[role=alert][aria-live=polite]")
    forward.click()
    page.wait_for_function("one => one.value === '2'", arg=step.element_handle())
    said.first.wait_for(state="attached")
    by_mouse = said.first.inner_text()
    forward.focus()
    page.keyboard.press("Enter")
    page.wait_for_function("one => one.value === '3'", arg=step.element_handle())
    page.keyboard.press("Tab")
    forward.scroll_into_view_if_needed()
    box = forward.bounding_box()
    fingers = page.context.new_cdp_session(page)
    point = {"x": box["x"] + box["width"] / 2, "y": box["y"] + box["height"] / 2}
    fingers.send("Emulation.setTouchEmulationEnabled", {"enabled": True})
    fingers.send("Input.dispatchTouchEvent", {"type": "touchStart", "touchPoints": [point]})
    fingers.send("Input.dispatchTouchEvent", {"type": "touchEnd", "touchPoints": []})
    fingers.send("Emulation.setTouchEmulationEnabled", {"enabled": False})
    page.wait_for_function("one => one.value === '4'", arg=step.element_handle())
    page.wait_for_function("([one, before]) => one.innerText !== before",
                           arg=[said.first.element_handle(), by_mouse])
    assert re.search(r"\d", said.first.inner_text())
    page.screenshot(path=SCREENSHOTS / "widget.png")
