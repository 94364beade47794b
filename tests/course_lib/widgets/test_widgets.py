"""Each widget answers its controls: another picture, another sentence, the right numbers."""

import html
import re

import ipywidgets as ipy
import numpy as np
import pytest

from course_lib import widgets
from course_lib.widgets.explorer import Explorer, small_image

pytestmark = pytest.mark.slow


def shown(widget):
    """The alt texts and the sentence as the page has them."""
    page = widget.children
    alts = re.findall(r'<img alt="([^"]*)"', page[-4].value)
    words = re.fullmatch(r"<div[^>]*>(.*)</div>", page[-3].value, re.DOTALL)
    return [html.unescape(alt) for alt in alts], html.unescape(words[1])


def controls(widget):
    """All that a person can reach, in the order of the tab key."""
    for child in widget.children:
        if isinstance(child, ipy.Box):
            yield from controls(child)
        elif not isinstance(child, ipy.HTML):
            yield child


def pngs(widget):
    return [picture.png for picture in widget.pictures]


@pytest.mark.parametrize("name", widgets.__all__)
def test_every_widget_has_labels_alt_text_and_words(name, make):
    widget = make(name)
    assert isinstance(widget, Explorer)
    for control in controls(widget):
        assert control.description, "a control without a name is lost to screen readers"
        assert isinstance(
            control,
            ipy.BoundedIntText | ipy.FloatText | ipy.Checkbox | ipy.Button | ipy.ToggleButtons,
        ), "sliders have no label for screen readers, JupyterLab steals the keys of lists"
    alts, sentence = shown(widget)
    assert alts == [picture.alt for picture in widget.pictures] and all(alts)
    assert sentence == widget.sentence
    assert widget.sentence in widget.text and widget.title in repr(widget)
    still = widget.still()
    assert html.escape(widget.sentence) in still and still.count("<img alt=") == len(alts)


@pytest.mark.parametrize("name", widgets.__all__)
def test_numbers_as_text_are_shown_on_demand(name, make):
    widget = make(name)
    assert widget.children[-1].value == ""
    before = pngs(widget)
    widget.in_words.value = True
    details = [picture.details for picture in widget.pictures if picture.details]
    assert details and html.escape("\n\n".join(details)) in widget.children[-1].value
    assert pngs(widget) == before


def test_a_change_is_announced_but_not_the_first_sight():
    widget = widgets.ConvolutionStepper()
    assert "role=" not in widget.children[-3].value
    widget.step.value = 2
    assert 'role="alert" aria-live="polite"' in widget.children[-3].value


@pytest.mark.parametrize("make", [widgets.ConvolutionStepper, widgets.PoolingExplorer,
                                  widgets.Im2colExplorer])
def test_step_buttons_look_dead_where_there_is_no_step(make):
    widget = make(W=7, F=3, S=3)
    assert all(button.disabled for button in widget.steps.buttons) and widget.step.disabled
    widget.S.value = 2
    assert not any(button.disabled for button in widget.steps.buttons)
    widget.F.value = 7  # one window is one step
    assert all(button.disabled for button in widget.steps.buttons)


class TestConvolutionStepper:
    def test_states_the_numbers_of_each_step(self):
        widget = widgets.ConvolutionStepper(W=3, F=3, S=1, P=1)
        x = np.pad(small_image(3), 1)
        seen = set()
        for step in range(9):
            widget.step.value = step + 1
            i, j = divmod(step, 3)
            value = x[i : i + 3, j + 2].sum() - x[i : i + 3, j].sum()
            assert f"Step {step + 1} of 9. Output row {i}, column {j}:" in widget.sentence
            assert widget.sentence.endswith(f"plus bias 0 is {value}.")
            seen.add(widget.pictures[1].png)
        assert len(seen) == 9

    def test_buttons_go_around(self):
        widget = widgets.ConvolutionStepper()
        back, forward = [c for c in controls(widget) if isinstance(c, ipy.Button)]
        back.click()
        assert widget.step.value == 9 and "Step 9 of 9." in widget.sentence
        forward.click()
        forward.click()
        assert widget.step.value == 2 and "row 0, column 1" in widget.sentence

    @pytest.mark.parametrize(
        ("settings", "says"),
        [
            ({"W": 10}, "4 windows fit, 1 cell is left over: not a whole number of steps. "),
            ({"W": 5, "S": 3, "P": 1}, "2 windows fit, 1 cell is left over"),
            ({"W": 3, "F": 7}, "the filter is larger than the padded input, no window fits. "),
        ],
    )
    def test_says_why_something_does_not_fit(self, settings, says):
        widget = widgets.ConvolutionStepper()
        before = pngs(widget)
        for name, value in settings.items():
            getattr(widget, name).value = value
        assert widget.sentence.startswith(says)
        assert "is not an integer" in widget.sentence or "does not fit into" in widget.sentence
        assert len(widget.pictures) == 1 and widget.pictures[0].png != before[0]
        assert "does not fit" in [t.get_text() for t in widget.pictures[0].figure.axes[0].texts]

    def test_step_stays_inside_when_the_output_shrinks(self):
        widget = widgets.ConvolutionStepper(W=7, S=1)
        widget.step.value = 25
        widget.S.value = 2
        assert widget.step.value == 9 and "Step 9 of 9. Output row 2, column 2" in widget.sentence

    @pytest.mark.parametrize(
        "corner", [(1, 1, 1, 0), (1, 7, 5, 3), (10, 1, 1, 3), (10, 7, 1, 0), (1, 7, 1, 0)]
    )
    def test_every_corner_of_its_ranges_shows_something(self, corner):
        widget = widgets.ConvolutionStepper(*corner)
        assert widget.pictures and widget.sentence


class TestParameterCounter:
    def test_sharing_takes_alexnet_from_105705600_to_34944(self):
        widget = widgets.ParameterCounter()
        assert widget.sentence.startswith("Sharing off: 105,705,600 parameters, 364 for each of")
        before = pngs(widget)
        widget.sharing.value = True
        assert widget.sentence.startswith("Sharing on: 34,944 parameters")
        assert pngs(widget) != before

    def test_the_lecture_and_what_does_not_fit(self):
        widget = widgets.ParameterCounter(W=32, D=3, K=10, F=5, S=1, P=2)
        assert widget.sentence.endswith("With sharing there would be 760.")
        widget.K.value = 20
        assert widget.sentence.endswith("With sharing there would be 1,520.")
        widget.S.value = 2
        assert widget.sentence.startswith("No layer, so nothing to count. ")
        assert "is not an integer" in widget.sentence


class TestPoolingExplorer:
    @pytest.mark.parametrize(("kind", "fold"), [("max", np.max), ("average", np.mean)])
    def test_states_the_numbers_of_each_step(self, kind, fold):
        widget = widgets.PoolingExplorer(W=5, F=3, S=1, kind=kind)
        x = 2 * small_image(5) - 3
        for step in (1, 5, 9):
            widget.step.value = step
            i, j = divmod(step - 1, 3)
            value = float(f"{fold(x[i : i + 3, j : j + 3]):.2g}")
            found = re.search(r" of [-\d, ]+ is (-?[\d.]+)\.", widget.sentence)
            assert float(found[1]) == pytest.approx(value, abs=0.05)
            assert f"Step {step} of 9." in widget.sentence

    def test_overlap_kind_and_misfit(self):
        widget = widgets.PoolingExplorer()
        first = pngs(widget)
        assert "25 % of the numbers, 0 parameters; no number is seen by two" in widget.sentence
        widget.kind.value = "L2"
        assert "L2 norm of" in widget.sentence and pngs(widget) != first
        widget.W.value, widget.F.value = 7, 3
        assert "seen by up to 4 of them" in widget.sentence
        widget.W.value = 6
        assert widget.sentence.startswith("2 windows fit, 1 cell is left over")


class TestReceptiveFieldExplorer:
    @pytest.mark.parametrize(
        ("stack", "sizes"),
        [
            ("three 3x3 layers", "7x7 pixels of the input. Layer by layer it is 3, 5, 7."),
            ("one 7x7 layer", "7x7 pixels of the input. Layer by layer it is 7."),
            ("AlexNet", "Layer by layer it is 11, 19, 51, 67, 99, 131, 163, 195."),
        ],
    )
    def test_known_stacks(self, stack, sizes):
        widget = widgets.ReceptiveFieldExplorer("LeNet-5")
        before = pngs(widget)
        widget.stack.value = stack
        assert widget.sentence.endswith(sizes) and pngs(widget) != before

    def test_own_layers(self):
        widget = widgets.ReceptiveFieldExplorer()
        widget.F[0].value = 5
        assert widget.stack.value == widget.OWN
        assert widget.sentence.endswith("9x9 pixels of the input. Layer by layer it is 5, 7, 9.")
        widget.S[0].value = 2
        assert widget.sentence.endswith("it is 5, 9, 13.")
        widget.count.value = 1
        assert widget.sentence.endswith("after 1 layer: 5x5 pixels of the input. Layer by layer "
                                        "it is 5.")
        widget.stack.value = "three 3x3 layers"
        assert [F.value for F in widget.F[:3]] == [3, 3, 3] and widget.count.value == 3

    def test_boxes_of_unused_layers_are_put_away(self):
        widget = widgets.ReceptiveFieldExplorer()

        def visible():
            rows = widget.children[3].children
            return sum(row.layout.display != "none" for row in rows)

        assert visible() == 3
        widget.count.value = 5
        assert visible() == 5
        widget.stack.value = "VGG-16"
        assert visible() == 0


class TestFilterExplorer:
    def test_a_weight_changes_the_photograph(self):
        widget = widgets.FilterExplorer("identity")
        before = pngs(widget)
        assert "from 0 to 1." in widget.sentence
        widget.weights[4].value = 0.5
        assert widget.preset.value == widget.OWN
        assert "rows 0 0 0; 0 0.5 0; 0 0 0, sum 0.5." in widget.sentence
        assert "from 0 to 0.5." in widget.sentence
        assert pngs(widget)[0] != before[0]

    def test_presets_fill_the_weights(self):
        widget = widgets.FilterExplorer()
        assert "rows -1 0 1; -2 0 2; -1 0 1, sum 0." in widget.sentence
        before = pngs(widget)
        widget.preset.value = "blur"
        assert np.allclose(widget.filter, 1 / 9) and "sum 1." in widget.sentence
        assert pngs(widget)[1] != before[1]
        out = widget.image[10:13, 20:23].mean()
        widget.image = np.full((5, 5), out)
        widget.weights[4].value = 1 / 9 + 1
        assert f"to {2 * out:.3g}." in widget.sentence


def test_the_sharing_looks_dead_where_there_is_no_layer():
    counter = widgets.ParameterCounter()
    counter.W.value = 5
    assert counter.sharing.disabled and "No layer" in counter.sentence
    counter.F.value = 1
    assert not counter.sharing.disabled
