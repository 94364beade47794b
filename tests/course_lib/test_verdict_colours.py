"""A verdict is readable on JupyterLab's light and dark page: contrast after WCAG 2.1, level AA."""

import re

import pytest

from autograder.results.clean import clean_html
from course_lib.judging.verdict import ERROR, NOT_ATTEMPTED, PASSED, WRONG, Verdict

PAGES = "#ffffff", "#111111"  # --jp-layout-color0 of JupyterLab's two themes
TEXT, SHAPE = 4.5, 3


def luminance(colour):
    digits = colour.lstrip("#")
    digits = digits if len(digits) == 6 else "".join(2 * digit for digit in digits)
    shares = [int(digits[k : k + 2], 16) / 255 for k in (0, 2, 4)]
    linear = [s / 12.92 if s <= 0.04045 else ((s + 0.055) / 1.055) ** 2.4 for s in shares]
    return 0.2126 * linear[0] + 0.7152 * linear[1] + 0.0722 * linear[2]


def contrast(one, other):
    dark, light = sorted([luminance(one), luminance(other)])
    return (light + 0.05) / (dark + 0.05)


def test_contrast_is_that_of_wcag():
    assert contrast("#000", "#ffffff") == pytest.approx(21)
    assert contrast("#777777", "#fff") == pytest.approx(4.48, abs=0.005)


@pytest.mark.parametrize("outcome", [PASSED, NOT_ATTEMPTED, WRONG, ERROR])
def test_a_verdict_is_readable_in_both_themes(outcome):
    verdict = Verdict("conv_forward_naive", "stride", outcome, "Right on all cases.",
                      facts=(("case", "x (1, 2)"),), hint="Look at the stride.", notes=("Slow.",))
    styles = re.findall(r'style="([^"]*)"', verdict.html())
    coloured = [style for style in styles if re.search(r"(?<![-\w])color:", style)]
    assert len(coloured) == 1  # all other text has the page's own colour
    text = re.search(r"(?<![-\w])color:(#\w+)", coloured[0])[1]
    ground = re.search(r"background-color:(#\w+)", coloured[0])[1]
    assert contrast(text, ground) >= TEXT
    borders = re.findall(r"border-left:4px solid (#\w+)", verdict.html())
    assert borders
    for page in PAGES:
        for shape in (ground, *borders):
            assert contrast(shape, page) >= SHAPE, (shape, page)


@pytest.mark.parametrize("outcome", [PASSED, NOT_ATTEMPTED, WRONG, ERROR])
def test_the_ground_stays_where_a_feedback_page_cleans_styles(outcome):
    cleaned = clean_html(Verdict("relu", "values", outcome, "Two of three.").html())
    text = re.search(r"(?<![-\w])color: ?(#\w+)", cleaned)
    ground = re.search(r"background-color: ?(#\w+)", cleaned)
    assert text and ground and contrast(text[1], ground[1]) >= TEXT
