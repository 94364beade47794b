"""The im2col explorer shows the column of each window, and says so."""

import numpy as np
import pytest

from course_lib import widgets
from course_lib.reference.im2col import im2col
from course_lib.widgets.explorer import small_image


@pytest.mark.parametrize(("C", "P"), [(1, 0), (2, 1)])
def test_states_the_column_of_each_window(C, P):
    widget = widgets.Im2colExplorer(C=C, W=4, F=2, S=2, P=P)
    image = small_image(4)
    cols = im2col(np.stack([image, image.T])[None, :C], 2, 2, 2, P)
    seen = set()
    for k in range(cols.shape[1]):
        widget.step.value = k + 1
        numbers = ", ".join(str(v) for v in cols[:, k])
        assert f"Step {k + 1} of {cols.shape[1]}." in widget.sentence
        assert f"Column {k} holds window {k}: {numbers}." in widget.sentence
        seen.add(widget.pictures[0].png)
    assert len(seen) == cols.shape[1]


def test_a_smaller_matrix_takes_the_step_back():
    widget = widgets.Im2colExplorer(W=4, F=2)
    widget.step.value = 9
    widget.F.value = 3
    assert widget.step.value == 4 and "Step 4 of 4." in widget.sentence


def test_says_why_there_is_no_matrix():
    widget = widgets.Im2colExplorer()
    widget.S.value = 3
    assert "left over" in widget.sentence and len(widget.pictures) == 1
    widget.S.value, widget.W.value = 1, 8
    assert "4 rows and 49 columns, too many to print" in widget.sentence
    assert "[4 x 49]" in widget.pictures[-1].alt
