"""What the pictures say: the numbers in alt texts and twins, and what cannot be drawn.

The right numbers are the course's facts, or computed here with plain loops.
"""

import numpy as np
import pytest

from course_lib import architectures, pictures
from course_lib.judging.compare import difference
from course_lib.pictures import maps
from course_lib.pictures.learned import laid_back

X = np.array([[1, 2, 0, 3], [4, 0, 1, 1], [2, 2, 5, 0]])
W = np.array([[1, 0], [-1, 2]])


def test_filter_step_states_window_sum_and_output():
    picture = pictures.filter_step(X, W, b=10, row=1, column=2)
    window = X[1:3, 2:4]
    total = sum(int(window[i, j] * W[i, j]) for i in range(2) for j in range(2))
    assert total == -4
    assert picture.alt == (
        "Output row 1, column 2: the window covers rows 1 to 2 and columns 2 to 3 of the input; "
        "4 products sum to -4, plus bias 10 is 6."
    )
    assert "products:\n   1  0\n  -5  0\n" in picture.text
    drawn = [text.get_text() for text in picture.figure.axes[0].texts]
    assert "−4 + bias 10 = 6" in drawn
    assert "sum −4" in drawn
    # Outputs that have not been computed yet are left empty.
    first = pictures.filter_step(X, W, b=10).figure.axes[0].texts
    assert sum(not text.get_text() for text in first) == 5
    assert all(drawn)


def test_filter_step_adds_channels_and_counts_padding():
    x, w = np.stack([X, 10 * X]), np.stack([W, W])
    picture = pictures.filter_step(x, w, b=1, stride=1, pad=1, row=0, column=0)
    # Only the window's last cell lies on the input: X[0, 0] = 1, times w = 2.
    assert "8 products sum to 22, plus bias 1 is 23." in picture.alt
    assert "padded input" in picture.alt
    assert "2 + 20 + bias 1 = 23" in [t.get_text() for t in picture.figure.axes[0].texts]
    assert "window, channel 1:\n   0  0\n   0 10\n" in picture.text


def test_filter_walk_states_every_output():
    picture = pictures.filter_walk(X, W)
    for i in range(2):
        for j in range(3):
            value = int((X[i : i + 2, j : j + 2] * W).sum())
            assert f"row {i}, column {j}: {value}".replace("-", "−") in [
                t.get_text() for t in picture.figure.axes[0].texts
            ]
            assert f"Output row {i}, column {j}: " in picture.text
    assert "in 6 steps; the output is 2x3." in picture.alt


@pytest.mark.parametrize(
    ("sizes", "outcome"),
    [
        ((7, 3, 2, 0), "= 3; 3 windows fit, nothing is left over."),
        ((10, 3, 2, 0), "= 4.5; 4 windows fit, 1 cell is left over: not a whole number of steps."),
        ((5, 3, 1, 1), "= 5; 5 windows fit, nothing is left over."),
        ((5, 3, 3, 1), "2 windows fit, 1 cell is left over: not a whole number of steps."),
        ((227, 11, 4, 0), "= 55; 55 windows fit, nothing is left over."),
        ((224, 11, 4, 0), "54 windows fit, 1 cell is left over: not a whole number of steps."),
        ((3, 7, 2, 1), "the filter is larger than the padded input, no window fits."),
    ],
)
def test_output_size(sizes, outcome):
    picture = pictures.output_size(*sizes)
    assert picture.alt.endswith(outcome)
    assert picture.alt.startswith("Input size {}, filter size {}, stride {}, padding {}:".format(
        *sizes
    ))
    assert ("does not fit" in picture.text) == ("larger" in outcome)
    drawn = [text.get_text() for text in picture.figure.axes[0].texts]
    assert ("does not fit" in drawn) == ("nothing is left" not in outcome)


def test_zero_padding_says_which_cells_are_padding():
    picture = pictures.zero_padding(X, 2)
    assert "input of 3x4 in a frame of zeros 2 wide: 7x8" in picture.alt
    assert "44 of its 56 cells are padding" in picture.alt
    assert "0 0 1 2 0 3 0 0" in picture.text


def test_neuron_is_a_dot_product():
    picture = pictures.neuron([[1, 2], [3, 4]], [[5, -6], [0, 0.5]], 0.25)
    assert picture.alt == (
        "A neuron with 4 inputs and 4 weights: the products sum to -5, plus bias 0.25 is -4.75."
    )
    assert "2 * -6 = -12" in picture.details


def test_conv1x1_is_a_dot_product_over_depth():
    x = np.arange(12).reshape(3, 2, 2)
    picture = pictures.conv1x1(x, [[1, 1, 1], [0, -1, 2]], [0, 100], row=1, column=0)
    assert "the pixel's 3 values (2, 6, 10) give 18, 114." in picture.alt
    assert "filter 1: 0*2 + -1*6 + 2*10 + 100 = 114" in picture.details


def test_im2col_columns_are_windows():
    picture = pictures.im2col(X, 2, 3, window=3)
    assert "a matrix of 6 rows and 4 columns" in picture.alt
    assert "Column 3 holds window 3: 0, 1, 1, 2, 5, 0." in picture.alt


def test_matrix_product_of_alexnet():
    picture = pictures.matrix_product(
        np.zeros((1, 3, 227, 227)), np.zeros((96, 3, 11, 11)), stride=4
    )
    for shape in ("[96 x 363]", "[363 x 3025]", "[96 x 3025]", "(1, 96, 55, 55)"):
        assert shape in picture.alt


@pytest.mark.parametrize(
    ("kind", "value"), [("max", "5"), ("average", "2"), ("L2", "5.48")]  # sqrt(0+1+4+25) = 5.48
)
def test_pool_step(kind, value):
    picture = pictures.pool_step([[9, 0, 1], [9, 2, 5]], 2, 2, 1, kind, column=1)
    assert picture.alt.endswith(f" of 0, 1, 2, 5 is {value}.")


def test_pool_windows_tells_overlap():
    x = np.arange(49).reshape(7, 7)
    apart = pictures.pool_windows(x[:6, :6], 2, 2, 2)
    overlapping = pictures.pool_windows(x, 3, 3, 2)
    assert "6x6 becomes 3x3, 25 % of the numbers, 0 parameters" in apart.alt
    assert "no number is seen by two windows" in apart.alt
    assert "a number is seen by up to 4 of them" in overlapping.alt
    assert "40 are seen by none" in pictures.pool_windows(x, 1, 1, 3).alt


def test_parameter_sharing_of_alexnet_and_of_the_lecture():
    alexnet = pictures.parameter_sharing()
    for figure in ("105,705,600", "34,944", "3,025"):
        assert figure in alexnet.alt
    assert "290,400 neurons" in alexnet.text and "96 * 363 weights + 96 biases" in alexnet.text
    assert " 760 with it" in pictures.parameter_sharing((32, 32, 3), 10, 5, 1, 2).alt
    framed = pictures.parameter_sharing(sharing=True).png
    assert len({alexnet.png, framed, pictures.parameter_sharing(sharing=False).png}) == 3


def test_receptive_field_of_alexnet_and_three_small_filters():
    alexnet = pictures.receptive_field(architectures.ALEXNET.spatial_layers)
    assert "195x195 pixels" in alexnet.alt
    assert "11, 19, 51, 67, 99, 131, 163, 195." in alexnet.alt
    assert "7x7 pixels of the input. Layer by layer it is 3, 5, 7." in (
        pictures.receptive_field([(3, 1)] * 3).alt
    )


def test_architecture_has_sizes_and_parameters():
    alexnet = pictures.architecture(architectures.ALEXNET)
    assert "227x227x3 -> 55x55x96 -> 27x27x96 -> 27x27x256" in alexnet.alt
    assert "60,965,224 parameters" in alexnet.alt
    assert "138,357,544 parameters" in pictures.architecture(architectures.VGG16).alt
    quiet = pictures.architecture(architectures.VGG16, parameters=False)
    assert "parameters" not in quiet.alt + quiet.details and "102,764,544" not in quiet.details
    assert "7x7x512" in quiet.details


def test_difference_marks_the_first_wrong_place():
    expected = np.zeros((2, 3, 4, 5))
    yours = expected.copy()
    yours[1, 2, 3, 4] = 7
    yours[1, 0, 2, 1] = -0.5
    picture = pictures.difference(yours, expected, "dx", difference("dx", yours, expected))
    assert "2 of 120 values are wrong" in picture.alt
    assert "dx[1, 0, 2, 1]: yours -0.5, expected 0, difference -0.5" in picture.alt
    assert "Shown is dx[1, 0, :, :]." in picture.alt
    frame = picture.figure.axes[2].patches[0]
    assert (frame.get_x(), frame.get_y()) == (0.5, 1.5)
    same = pictures.difference(expected, expected)
    assert "yours equals the expected array" in same.alt and not same.figure.axes[2].patches


def test_difference_shows_nan():
    yours, expected = np.array([1, np.nan]), np.array([1.0, 2])
    picture = pictures.difference(yours, expected, found=difference("out", yours, expected))
    assert "out[1]: yours nan, expected 2" in picture.alt


def test_filters_and_maps():
    w = np.zeros((2, 1, 2, 2))
    w[1, 0, 0, 1] = -3
    bank = pictures.filter_bank(w, ["nothing", "corner"])
    assert "2 filters of 2x2 over 1 channel, weights from -3 to 0" in bank.alt
    assert "corner, channel 0:\n   0 -3\n   0  0" in bank.details
    assert "Only filters 0 to 7 and channels 0 to 11 are drawn." in (
        pictures.filter_bank(np.ones((9, 13, 3, 3))).alt
    )
    maps = pictures.activation_maps(np.eye(3)[None] * [[[1], [2], [7]]])
    assert "strongest, 7, at row 2, column 2" in maps.details
    photo = pictures.filtered_versions(np.eye(3), {"edges": X})
    assert "A photograph of 3x3 pixels beside 1 filtered version: edges." == photo.alt


def test_looking_inside():
    rng = np.random.default_rng(0)
    patches = pictures.strongest_patches(rng.random((3, 4, 4)), [1, 9, -2], "filter 5")
    assert "excite filter 5 most, of 3: activations from 9 down to -2" in patches.alt
    assert patches.details.splitlines()[0] == "patch 1: 9"
    gradient = np.zeros((3, 4, 5))
    gradient[2, 1, 3] = -8
    saliency = pictures.saliency(rng.random((3, 4, 5)), gradient, "class 3")
    assert "saliency for class 3: the gradient is strongest, 8, at row 1, column 3" in saliency.alt
    scores = np.array([[5.0, 2.0], [4.5, 5.5]])
    covered = pictures.occlusion(rng.random((6, 6)), scores, 5, 3, ([0, 3], [0, 3]))
    assert "3x3 square at row 0, column 3 changes it most, by -3 to 2; 2 of 4" in covered.alt
    said = pictures.probabilities(rng.random((6, 6)), [0.25, 0.75], "a dog")
    assert "An image of a dog and 2 probabilities: 0 25%, 1 75%." == said.alt


def test_weights_are_written_where_they_fit():
    """Whole numbers fit into the pixels of eight 5x5 filters; long fractions would overlap."""
    def written(w):
        figure = maps._signed_bank(w, [""] * len(w), (-9, 9))
        return sum(len(ax.texts) for ax in figure.axes)

    assert written(np.ones((8, 1, 5, 5))) == 8 * 25
    assert written(np.full((8, 1, 5, 5), -0.123)) == 0
    assert written(np.full((2, 1, 3, 3), -0.123)) == 2 * 9


def test_loss_curves():
    picture = pictures.loss_curves({"loss": [3, 1, 2], "accuracy": [0.1, 0.9]}, unit="epoch")
    assert "loss: from 3 to 2 in 3 epochs, best 1 at epoch 1." in picture.alt
    assert "accuracy: from 0.1 to 0.9 in 2 epochs, best 0.9 at epoch 1." in picture.alt


@pytest.mark.parametrize(
    ("call", "words"),
    [
        (lambda: pictures.filter_step(X, W, row=2), "2x3, so there is no row 2"),
        (lambda: pictures.filter_step(X, np.ones((2, 2, 2))), "has 1 channels"),
        (lambda: pictures.filter_step(X, W, stride=2), "not an integer"),
        (lambda: pictures.filter_step(np.ones((30, 30)), W), "too large"),
        (lambda: pictures.filter_step(np.ones(3), W), "x has shape"),
        (lambda: pictures.filter_walk(np.ones((9, 9)), W), "at most 16"),
        (lambda: pictures.output_size(7, 3, 0, 0), "S is 0"),
        (lambda: pictures.output_size(7, 3, 1, -1), "P is -1"),
        (lambda: pictures.zero_padding(X, -1), "pad is -1"),
        (lambda: pictures.neuron([[1]], [[1, 2]]), "one weight for each number"),
        (lambda: pictures.conv1x1(np.ones((2, 3, 3)), np.ones((1, 2)), row=3), "no row 3"),
        (lambda: pictures.im2col(X, 2, 2, window=6), "there are 6 windows"),
        (lambda: pictures.im2col(np.ones((3, 20, 20)), 3, 3), "too large"),
        (lambda: pictures.pool_step(X, 2, 2, 1, kind="min"), "kind is 'min'"),
        (lambda: pictures.pool_step(X, 2, 2, 2), "not an integer"),
        (lambda: pictures.receptive_field([]), "layers is empty"),
        (lambda: pictures.receptive_field([(3, 1)], ["a", "b"]), "2 names for 1 layers"),
        (lambda: pictures.difference(X, X.T), "shape (3, 4) and expected (4, 3)"),
        (lambda: pictures.filter_bank(X), "w has shape (3, 4)"),
        (lambda: pictures.filter_bank(np.ones((2, 1, 3, 3)), ["one"]), "1 titles for 2 filters"),
        (lambda: pictures.filtered_versions(np.ones((2, 2, 2)), {"a": X}), "(3, H, W)"),
        (lambda: pictures.filtered_versions(X, {}), "maps is empty"),
        (lambda: pictures.strongest_patches(np.ones((2, 3, 3)), [1]), "one activation for each"),
        (lambda: pictures.excitation({}), "images is empty"),
        (lambda: pictures.saliency(X, W), "they are the same"),
        (lambda: pictures.occlusion(X, W, 1, 2, ([0], [0])), "for 1 x 1 places"),
        (lambda: pictures.loss_curves({}), "no values"),
        (lambda: pictures.parameter_sharing((224, 224, 3)), "not an integer"),
    ],
)
def test_what_cannot_be_drawn_is_said_in_one_line(call, words):
    with pytest.raises(ValueError) as raised:
        call()
    assert words in str(raised.value)
    assert "\n" not in str(raised.value)


@pytest.mark.filterwarnings("error")
@pytest.mark.parametrize("shape", [(3,), (2, 3), (1, 2, 12, 13)])
@pytest.mark.parametrize("value", [1e308, 5e-324, np.longdouble(10) ** 400])
def test_a_difference_of_numbers_at_the_end_of_the_range_is_drawn(shape, value):
    yours, expected = np.full(shape, value), np.full(shape, -1.7e308)
    yours.flat[1] = -value
    found = difference("out", yours, expected)
    picture = pictures.difference(yours, expected, "out", found)
    assert picture.png and "The first wrong one is out[0" in picture.alt
    assert "expected -1.7e+308" in picture.alt


def test_what_was_learned_where_names_the_place_or_none():
    """A filter that looks for ink in one place speaks there; shared filters speak everywhere."""
    filters = np.zeros((8, 8, 2, 3, 3))
    filters[5, 2, 1, 1, 1] = 4
    own = laid_back(filters, np.array([7.0, 0.5]), pad=1)
    assert own.shape == (8, 8) and own[5, 2] == 2 and np.count_nonzero(own) == 1
    shared = laid_back(np.ones((10, 10, 2, 3, 3)), np.array([1.0, 1.0]), pad=2)
    assert (shared == 18).all(), "with padding of one less than the filter all pixels are alike"
    said = pictures.learned_where(np.zeros((8, 8)), {"shared": [shared], "not shared": [own]},
                                  ["asleep"]).text
    assert "shared, asleep: no place stands out" in said
    assert "not shared, asleep: strongest in rows 5 to 5, columns 2 to 2" in said
