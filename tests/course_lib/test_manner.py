"""In what way results were wrong each time, and what did not fit where functions stopped."""

import numpy as np
import pytest

from course_lib import exercises
from course_lib.explanation import explain
from course_lib.judging.explain import manner, stops
from course_lib.judging.explain.manner import Wrong
from course_lib.reference.convolution import conv_forward
from course_lib.student_error import StudentError


def told(change, kind="value", shapes=((2, 3), (3, 2), (4, 4), (2, 2), (3, 5), (5, 3))):
    """The sentences on `out` if change(right, N) was returned for right arrays of these shapes."""
    rng = np.random.default_rng(3)
    found = []
    for shape in shapes:
        right = rng.uniform(1, 9, shape)
        found.append(Wrong(kind, change(right, shape[0]), right, {"N": shape[0], "F": 7}))
    return manner.sentences("out", found)


@pytest.mark.parametrize(("change", "words"), [
    (lambda x, N: -x, "out was the right number with the other sign."),
    (lambda x, N: 2 * x, "out was twice the right number."),
    (lambda x, N: x / N, "out was the right number divided by N."),
    (lambda x, N: x * 0, "out was 0."),
    (lambda x, N: x - 3, "out was 3 too small."),
    (lambda x, N: np.full_like(x, N), "out was just N."),
    (lambda x, N: np.sqrt(x), "out was the square root of the right number."),
    (lambda x, N: x[::-1], "in reverse order along its first axis."),
    (lambda x, N: np.r_[x[:1], 2 * x[1:]], "only numbers of out whose first index is above 0 were "
                                           "wrong, and there it was twice the right number."),
    (lambda x, N: x[:1] + 0 * x, "of index 0 of its first axis at every other index"),
    (lambda x, N: np.trunc(x), "out was the right number with its decimals cut off."),
    (lambda x, N: np.sort(x, None).reshape(x.shape), "the right numbers, but at other places."),
])
def test_what_holds_each_time_is_told(change, words):
    sentence, = told(change)
    assert sentence.startswith("Whenever it was wrong, ") and words in sentence, sentence


def test_that_numbers_of_one_sign_alone_are_wrong_is_told():
    found = []
    for seed in range(6):
        right = np.random.default_rng(seed).normal(size=(2, 3))
        found.append(Wrong("value", np.maximum(right, 0), right))
    assert manner.sentences("out", found) == [
        "Whenever it was wrong, only numbers of out that should be below 0 were wrong, and there "
        "it was 0."]


def test_axes_that_are_wrong_alike_are_told_together():
    found = [Wrong("shape", np.zeros((n, n + 1, n + 2)), np.zeros((n, n, n))) for n in range(2, 9)]
    assert manner.sentences("out", found) == [
        "Whenever the shape of out was wrong, its second axis was 1 too long and its third axis "
        "was 2 too long."]
    found = [Wrong("shape", np.zeros((n, n + 1, n + 1)), np.zeros((n, n, n))) for n in range(2, 9)]
    assert manner.sentences("out", found) == [
        "Whenever the shape of out was wrong, its second and third axes were 1 too long."]


def test_axes_in_another_order_are_told_as_that():
    found = [Wrong("shape", np.zeros((n + 1, n)), np.zeros((n, n + 1))) for n in range(2, 9)]
    assert manner.sentences("out", found) == [
        "Whenever the shape of out was wrong, its first and second axes had changed places."]
    found = [Wrong("shape", np.zeros((n + 2, n, n + 1)), np.zeros((n, n + 1, n + 2)))
             for n in range(2, 9)]
    assert manner.sentences("db", found) == [
        "Whenever the shape of db was wrong, its axes stood in another order: transpose(2, 0, 1) "
        "of the right one."]


def test_a_list_that_ends_after_its_first_entry_is_told():
    found = [Wrong("count", [n], [n, n + 1]) for n in range(9)]
    assert manner.sentences("shapes", found) == [
        "Whenever their number was wrong, shapes had a single entry."]


def test_what_fits_by_luck_or_not_always_is_not_told():
    rng = np.random.default_rng(4)
    assert told(lambda x, N: rng.normal(size=x.shape)) == []
    assert told(lambda x, N: x ** (2 if N > 2 else 3)) == []
    assert told(lambda x, N: 2 * x, shapes=((2, 3),) * 5) == []  # too few
    # With right numbers that are all equal, twice, two more and one number are the same.
    ones = [Wrong("value", 2 * np.ones((2, 2)), np.ones((2, 2))) for _ in range(8)]
    assert manner.sentences("out", ones) == []


@pytest.mark.parametrize(("change", "words"), [
    (lambda x, N: x * (2 if N > 2 else 3), "multiplied by a factor, which differed"),
    (lambda x, N: x / x.sum(), "from try to try: their sum was always 1."),
    (lambda x, N: x / x.max(), "the largest magnitude was always 1."),
    (lambda x, N: (x - x.min()) / np.ptp(x), "the smallest was always 0 and the largest 1."),
    (lambda x, N: (x - x.mean()) / x.std(), "and moved by a number, which differed from try")])
def test_numbers_in_another_scale_are_told(change, words):
    sentence, = told(change)
    assert words in sentence


def test_types_and_numbers_of_entries_are_told():
    assert told(lambda x, N: float(x.sum()), "type") == [
        "Whenever its type was wrong, out was a number with a point (float) in place of an array."]
    assert told(lambda x, N: None, "missing") == [
        "Whenever it was wrong, out was None: no value is returned there."]
    lists = [Wrong("count", list(range(n - 1)), list(range(n))) for n in range(1, 8)]
    sentence, = manner.sentences("paddings", lists)
    assert sentence.endswith("had right entries alone, but not all of them: the last was missing.")
    pairs = [Wrong("value", (n, n + 4), (n, n + 5)) for n in range(8)]
    sentence, = manner.sentences("shape", pairs)
    assert sentence.endswith("only its second number was wrong, and there it was 1 too small.")


def test_another_results_right_number_is_told():
    ones = np.ones(2)
    pairs = [Wrong("value", ones * n, ones, {}, {"dx": ones, "dw": ones * n}) for n in range(2, 9)]
    assert manner.sentences("dx", pairs) == ["Whenever it was wrong, dx was what dw should be."]
    other = [Wrong("shape", np.arange(n), np.ones((2, n)), {}, {"dx": ones, "dw": np.arange(n)})
             for n in range(2, 9)]
    assert manner.sentences("dx", other) == ["Whenever it was wrong, dx was what dw should be."]


def stopped(*messages, kind="ValueError"):
    return [StudentError([kind], message, [(3, "a[i] = b")]) for message in messages]


def test_what_did_not_fit_each_time_is_told():
    behind = stopped(*(f"index {n} is out of bounds for axis 2 with size {n}" for n in range(1, 8)),
                     kind="IndexError")
    assert stops.sentence(behind) == (
        "Each time it stopped, the index was the one just behind the end of axis 2 (the third).")
    pairs = stopped(*(f"could not broadcast input array from shape (2,{n}) into shape (2,{n + 1})"
                      for n in range(7)))
    assert "the second axis was 1 shorter in the first of the two shapes" in stops.sentence(pairs)
    room = stopped(*(f"cannot reshape array of size {2 * n} into shape (1,{n})"
                     for n in range(1, 8)))
    assert "room for fewer numbers than there are" in stops.sentence(room)
    assert stops.sentence(behind[:3]) == "" and stops.sentence([*behind, *pairs]) == ""


def test_a_stop_in_the_smallest_case_comes_with_what_stands_in_its_line():
    def one_row_too_many(x, w, b, conv_param):
        out, cache = conv_forward(x, w, b, **conv_param)
        for i in range(out.shape[2] + 1):
            out[:, :, i] += 0
        return out, cache

    found = explain(exercises.find("conv_forward_naive"), (one_row_too_many,), stopped="IndexError")
    case = dict(found.case)
    line, = (text for label, text in case.items() if label.startswith("At line "))
    assert line == "out (1, 1, 1, 1), i = 1"
    assert found.manner[0].endswith("just behind the end of axis 2 (the third).")
    assert found.manner[0] in found.when


def test_refusing_and_computing_are_told_apart():
    def any_padding(W, F, S, P):
        room = W - F + 2 * P
        if P >= 0 and (min(W, F, S) < 1 or room < 0 or room % S):
            raise ValueError("does not fit")
        return 1 if P < 0 else room // S + 1 + (P > 1)

    found = explain(exercises.find("conv_output_size"), (any_padding,))
    detail = next(s for s in found.when if "nothing to refuse" in s)
    assert "where there is nothing to refuse, the output size was wrong exactly when P is more" in (
        detail)
    assert "of what has to be refused, it accepted a case exactly when P is below 0" in detail


def test_matrix_products_that_do_not_fit_are_told_in_rows_and_columns():
    def stopped(work):
        try:
            work()
        except ValueError as error:
            return StudentError(["ValueError"], str(error), [(1, "a @ b")])

    for product in (np.matmul, np.dot):
        errors = [stopped(lambda n=n, product=product: product(
            np.ones((2, n)), np.ones((n + 1, 2)))) for n in range(1, 8)]
        assert "the last axis of the first has to be as long as" in stops.sentence(errors)


def test_no_place_in_a_list_is_told_that_all_small_tries_share_by_their_length():
    """The third number of three is the last one, too, and longer lists have both."""
    def of(kind, lengths):
        return manner.sentences("out", [Wrong("value", kind([*range(1, n), 99 + n]),
                                              kind([*range(1, n + 1)])) for n in lengths])

    assert of(list, [3] * 6) == []
    assert of(tuple, [3] * 6) == ["Whenever it was wrong, only its third number was wrong."]
    assert "only numbers of out whose index is above 0 were wrong" in of(
        list, [2, 3, 4, 5, 3, 2])[0]


def test_what_is_right_the_next_time_is_no_smallest_case():
    kept = []

    def padded(x, pad):
        out = np.pad(x, ((0, 0), (0, 0), (pad, pad), (pad, pad)))
        if kept != [x.tobytes()]:
            out += 1
        kept[:] = [x.tobytes()]
        return out

    found = explain(exercises.find("zero_pad"), [padded])
    assert found is None or not any(text == "" for _, text in found.case)
