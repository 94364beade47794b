"""The images that ship with the course: what they are, and that nothing else is needed."""

import re
import socket
from pathlib import Path

import numpy as np
import pytest

from course_lib import data

ROOT = Path(__file__).parents[2]


@pytest.fixture(autouse=True)
def no_network(monkeypatch):
    def refuse(*args, **kwargs):
        raise AssertionError("a loader tried to open a connection")

    monkeypatch.setattr(socket, "socket", refuse)
    monkeypatch.setattr(socket, "create_connection", refuse)


class TestDigits:
    def test_all(self):
        images, labels = data.digits()
        assert images.shape == (1797, 1, 8, 8) and images.dtype == np.float64
        assert images.min() == 0 and images.max() == 1
        assert set(np.unique(images * 16)) == set(range(17))
        assert np.bincount(labels).tolist() == [178, 182, 177, 183, 181, 182, 181, 179, 174, 180]
        assert labels[:12].tolist() == [0, 1, 2, 3, 4, 5, 6, 7, 8, 9, 0, 1]

    def test_the_parts_are_fixed_and_share_nothing(self):
        images, labels = data.digits("all")
        train, test = data.digits("train"), data.digits("test")
        assert len(train[0]) == len(train[1]) == 1437 and len(test[0]) == len(test[1]) == 360
        assert (test[0] == images[0::5]).all() and (test[1] == labels[0::5]).all()
        assert (train[0][:8] == images[[1, 2, 3, 4, 6, 7, 8, 9]]).all()
        assert np.bincount(test[1], minlength=10).min() >= 20

    def test_they_look_like_digits(self):
        """The mean zero has a hole in the middle, where the mean one is darkest with ink."""
        images, labels = data.digits()
        zero, one = (images[labels == digit, 0].mean(axis=0) for digit in (0, 1))
        assert zero[3:5, 3:5].max() < 0.2 < 0.6 < one[3:5, 3:5].mean()

    def test_fresh_arrays_every_time(self):
        images, _ = data.digits()
        images[:] = 7
        assert data.digits()[0].max() == 1

    def test_another_split(self):
        with pytest.raises(ValueError, match="split is 'validation'; choose train, test or all"):
            data.digits("validation")


@pytest.mark.parametrize(
    "load, size", [(data.photograph, (214, 320)), (data.portrait, (600, 512))]
)
class TestPhotographs:
    def test_colours(self, load, size):
        image = load()
        assert image.shape == (3, *size) and image.dtype == np.float64
        assert image.flags.c_contiguous and image.flags.writeable
        assert 0 <= image.min() < 0.02 and 0.98 < image.max() <= 1

    def test_brightness(self, load, size):
        gray, (red, green, blue) = load(gray=True), load()
        np.testing.assert_allclose(gray, 0.299 * red + 0.587 * green + 0.114 * blue)
        assert gray.shape == size

    def test_strong_edges(self, load, size):
        gray = load(gray=True)
        assert np.abs(np.diff(gray, axis=1)).max() > 0.4
        assert np.abs(np.diff(gray, axis=0)).max() > 0.4


class TestShifted:
    def test_each_image_moves_as_a_whole(self):
        """One bright pixel in the middle shows where an image went, and with it the others."""
        rng = np.random.default_rng(0)
        images = np.zeros((200, 2, 7, 9))
        images[:, :, 3, 4] = 1
        images[:, 1, 2, 4] = 5
        moved = data.shifted(images, 2, rng)
        n, c, row, column = np.nonzero(moved == 1)
        assert (np.bincount(n) == 2).all()
        first = c == 0
        assert (moved[n[first], 1, row[first] - 1, column[first]] == 5).all()
        assert moved.sum() == images.sum()
        assert set(row) == {1, 2, 3, 4, 5} and set(column) == {2, 3, 4, 5, 6}

    def test_the_rim_is_zero_and_what_leaves_is_gone(self):
        moved = data.shifted(np.ones((50, 1, 4, 5)), 3, np.random.default_rng(1))
        for image in moved[:, 0]:
            rows, columns = np.nonzero(image)
            height, width = np.ptp(rows) + 1, np.ptp(columns) + 1
            assert image.sum() == height * width and height >= 1 and width >= 2
            assert rows.min() == 0 or rows.max() == 3
            assert columns.min() == 0 or columns.max() == 4

    def test_no_shift_and_types(self):
        images = np.random.default_rng(0).random((3, 2, 4, 5)).astype(np.float32)
        before = images.copy()
        same = data.shifted(images, 0, np.random.default_rng(0))
        assert (same == images).all() and same is not images and same.dtype == np.float32
        data.shifted(images, 2, np.random.default_rng(0))
        assert (images == before).all()

    def test_a_seed_decides(self):
        images, _ = data.digits("test")
        first, same, other = (data.shifted(images, 2, np.random.default_rng(s)) for s in (1, 1, 2))
        assert (first == same).all() and (first != other).any()

    @pytest.mark.parametrize("max_shift", [-1, 4, 100])
    def test_errors(self, max_shift):
        with pytest.raises(ValueError, match=f"max_shift is {max_shift}; for images of 4x5"):
            data.shifted(np.zeros((1, 1, 4, 5)), max_shift, np.random.default_rng(0))


def test_every_image_file_is_credited_with_a_licence_and_small():
    credits = (ROOT / "CREDITS.md").read_text(encoding="utf-8")
    folder = ROOT / "course_lib" / "data"
    files = [path for path in folder.iterdir() if path.is_file() and path.suffix != ".py"]
    assert len(files) == 2
    for path in files:
        row = re.search(rf"^\| `course_lib/data/{re.escape(path.name)}` .*$", credits, re.M)
        assert row and "CC BY" in row.group()
        assert path.stat().st_size <= 250_000


class TestMoved:
    def test_every_pixel_goes_the_same_way_and_the_rim_is_zero(self):
        images = np.random.default_rng(0).random((3, 2, 4, 6)) + 1
        for down, right in ((0, 0), (1, 0), (-2, 3), (3, -5)):
            result = data.moved(images, down, right)
            for (i, j), _ in np.ndenumerate(result[0, 0]):
                row, column = i - down, j - right
                inside = 0 <= row < 4 and 0 <= column < 6
                expected = images[:, :, row, column] if inside else np.zeros((3, 2))
                assert (result[:, :, i, j] == expected).all()

    @pytest.mark.parametrize(("down", "right"), [(4, 0), (0, -6), (-4, 1)])
    def test_nothing_is_moved_out_of_sight(self, down, right):
        with pytest.raises(ValueError, match="4x6 can be moved by at most 3 and 5 pixels"):
            data.moved(np.ones((1, 1, 4, 6)), down, right)


class TestFaces:
    def test_equal_seeds_give_equal_faces_and_others_others(self):
        images, labels = data.faces(60, seed=3)
        again, same = data.faces(60, seed=3)
        assert images.shape == (60, 1, 24, 24) and images.dtype == np.float64
        assert (images == again).all() and (labels == same).all()
        assert not (images == data.faces(60, seed=4)[0]).all()
        assert len(np.unique(images.reshape(60, -1), axis=0)) == 60

    def test_all_is_ink_within_a_rim_that_stays_empty(self):
        images, labels = data.faces(200)
        assert images.min() == 0 and 0.8 < images.max() <= 1
        ink = np.ones((24, 24), bool)
        ink[2:-2, 2:-2] = False
        assert (images[:, 0, ink] == 0).all()
        moved = data.shifted(images, 2, np.random.default_rng(0))
        assert np.isclose(moved.sum((1, 2, 3)), images.sum((1, 2, 3))).all(), "nothing is cut off"
        assert set(labels) == set(range(8)) and len(data.FACE_CLASSES) == 8

    def test_the_kinds_differ_where_their_names_say(self):
        """On average: eyes, mouth and hairline, each in its place."""
        images, labels = data.faces(2000)
        for bit, rows, columns in ((4, (8, 15), (5, 19)), (2, (13, 21), (7, 17)),
                                   (1, (3, 11), (4, 20))):
            yes = labels & bit > 0
            differs = np.abs(images[yes, 0].mean(0) - images[~yes, 0].mean(0))
            there = np.zeros((24, 24), bool)
            there[rows[0]:rows[1], columns[0]:columns[1]] = True
            assert differs[there].max() > 0.2 and differs[~there].max() < 0.1, bit

    def test_no_face_at_all_is_refused(self):
        with pytest.raises(ValueError, match="at least one face"):
            data.faces(0)
