"""How pictures reach a page: once, with alt text, without pyplot, and not at all while graded."""

import hashlib
import io
import json
import shutil
import site
import subprocess
import sys
from pathlib import Path

import numpy as np
import pytest
from PIL import Image

import course_lib
from course_lib import pictures
from course_lib.pictures import lazy
from course_lib.pictures.picture import LEAST_WIDTH, Picture, figure

FOLDER = Path(course_lib.__file__).parent


def run(code, folder=FOLDER.parent, **environment):
    """The output of a fresh Python that finds the course in `folder` and nowhere else.

    Without site (-S), since an editable install finds all of it again.
    """
    places = ":".join([str(folder), *site.getsitepackages()])
    return subprocess.run(
        [sys.executable, "-S", "-c", code], cwd=folder, capture_output=True, text=True, check=True,
        env={"PATH": "", "PYTHONPATH": places, "PYTHONDONTWRITEBYTECODE": "1", **environment},
    ).stdout


def test_displays_once_as_html_with_alt_text_and_as_text(tmp_path):
    # In a Python of its own: there may be one shell in a process, and it may be another test's.
    code = (
        "import json\n"
        "from IPython.core.interactiveshell import InteractiveShell\n"
        "from IPython.utils.capture import capture_output\n"
        "shell = InteractiveShell.instance()\n"
        "with capture_output() as shown:\n"
        "    shell.run_cell('from course_lib import pictures')\n"
        "    shell.run_cell('display(pictures.zero_padding([[1, 2]], 1))')\n"
        "print(json.dumps([output.data for output in shown.outputs]), shown.stdout, shown.stderr)"
    )
    (data,) = json.loads(run(code, IPYTHONDIR=str(tmp_path)))
    assert set(data) == {"text/plain", "text/html"}
    assert data["text/plain"].startswith("An input of 1x2 in a frame of zeros 1 wide: 3x4")
    assert 'alt="An input of 1x2 in' in data["text/html"]
    assert 'src="data:image/png;base64,iVBOR' in data["text/html"]


def test_alt_text_is_escaped():
    html = pictures.loss_curves({'a "<b>" loss': [1, 2]}).html
    assert "a &quot;&lt;b&gt;&quot; loss" in html and "<b>" not in html


def test_every_picture_has_its_words_below_it_and_a_frame():
    picture = pictures.zero_padding([[1, 2]], 1)
    picture.details = ""  # the alt text alone is worth reading, too
    words = picture.html.partition("<summary>The same in words</summary>")[2]
    assert "An input of 1x2 in a frame of zeros 1 wide" in words
    assert "background-color:#ffffff;padding:8px;border:1px solid #8a929b" in picture.image


@pytest.mark.parametrize("inches, least", [(8, LEAST_WIDTH), (3, 318)])
def test_on_a_narrow_page_a_picture_keeps_words_of_a_readable_size(inches, least):
    """It moves sideways in its frame there, and a small one is never made larger than it is."""
    image = Picture(figure(1, inches), "a picture").image
    assert f"min-width:{least}px" in image and "overflow-x:auto" in image
    assert 'tabindex="0"' in image, "what moves can be moved by keys"


def test_save(tmp_path):
    picture = pictures.zero_padding(np.ones((2, 2)), 1)
    picture.save(tmp_path / "padding.png")
    assert (tmp_path / "padding.png").read_bytes() == picture.png


@pytest.mark.parametrize("backend", ["agg", "svg", "module://matplotlib_inline.backend_inline"])
def test_same_bytes_under_any_backend_and_no_pyplot(backend):
    code = (
        "import hashlib, sys\n"
        "from course_lib import pictures\n"
        "assert 'matplotlib' not in sys.modules, 'importing the package is not free'\n"
        "png = pictures.output_size(10, 3, 2, 0).png\n"
        "assert 'matplotlib.pyplot' not in sys.modules\n"
        "print(hashlib.sha256(png).hexdigest())"
    )
    here = hashlib.sha256(pictures.output_size(10, 3, 2, 0).png).hexdigest()
    assert run(code, MPLBACKEND=backend).strip() == here


@pytest.mark.parametrize("map_of_colours", ["gray", "viridis", "hsv"])
def test_no_colour_is_visibly_another_than_the_one_that_was_drawn(map_of_colours):
    drawn = figure(1.5)
    axes = drawn.subplots()
    axes.imshow(np.arange(400).reshape(20, 20), cmap=map_of_colours)
    axes.set_title("colours", color="black" if map_of_colours == "gray" else "darkred")
    png = Picture(drawn, "colours").png
    kept = np.asarray(Image.open(io.BytesIO(png)).convert("RGB")).astype(int)
    pixels = np.asarray(drawn.canvas.buffer_rgba())[..., :3]
    assert np.ptp(pixels, axis=(0, 1)).min() > 100
    assert np.abs(kept - pixels).max() <= (0 if map_of_colours == "gray" else 8)
    assert len(png) < pixels.size / 20


def test_unknown_names_and_listing():
    with pytest.raises(AttributeError, match="no attribute 'filter_banks'"):
        pictures.filter_banks  # noqa: B018
    assert "filter_bank" in dir(pictures)


@pytest.fixture
def graded_course(tmp_path):
    """The part of the course that exists where a submission is graded."""
    (tmp_path / "course_lib").mkdir()
    (tmp_path / "course_lib" / "__init__.py").touch()
    for part in ("pictures", "widgets", "data"):
        shutil.copytree(
            FOLDER / part, tmp_path / "course_lib" / part,
            ignore=shutil.ignore_patterns("__pycache__"),
        )
    return tmp_path


def test_while_graded_pictures_of_given_arrays_are_drawn_and_others_withheld(graded_course):
    code = (
        "from course_lib.pictures import filter_bank, filter_step, loss_curves\n"
        "from course_lib.widgets import ConvolutionStepper\n"
        "import numpy as np\n"
        "print(filter_bank(np.ones((1, 1, 2, 2))).alt)\n"
        "print(loss_curves({'loss': [1, 2]}).alt)\n"
        "for name in (filter_step, ConvolutionStepper):\n"
        "    print(repr(name(np.ones((3, 3)), np.ones((2, 2)))))\n"
    )
    lines = run(code, graded_course).splitlines()
    assert lines[0].startswith("1 filter of 2x2") and lines[1].startswith("Training curves.")
    assert lines[2:] == [
        f"{name} is not shown while the notebook is graded."
        for name in ("filter_step", "ConvolutionStepper")
    ]


def test_a_missing_module_is_not_mistaken_for_grading():
    with pytest.raises(ModuleNotFoundError):
        lazy.load("course_lib.pictures", {"thing": "no_such_module"}, "thing")
