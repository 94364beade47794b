"""The wire between judge and sandbox: plain data survives, everything else is refused."""

import json
import math
import socket
import struct
import threading
from decimal import Decimal
from fractions import Fraction

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from autograder.sandbox.inside import wire


def opaque(value):
    raise TypeError(type(value).__name__)


def no_tag(tag, content):
    raise wire.WireError(f"unknown tag {tag!r}")


def through(value):
    """The value after one trip over a real socket."""
    ours, theirs = socket.socketpair()
    with ours, theirs:
        encoder = wire.Encoder(opaque)
        header = encoder.encode(value)
        sender = threading.Thread(target=wire.send, args=(ours, header, encoder.buffers))
        sender.start()
        received, buffers = wire.receive(theirs)
        sender.join()
    return wire.Decoder(buffers, no_tag).decode(received)


plain = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats(allow_nan=False) | st.text(max_size=20)
    | st.binary(max_size=20) | st.complex_numbers(allow_nan=False),
    lambda inner: st.lists(inner, max_size=4) | st.tuples(inner, inner)
    | st.dictionaries(st.text(max_size=5), inner, max_size=4),
    max_leaves=20,
)


@given(plain)
def test_plain_data_comes_back_equal_and_of_the_same_type(value):
    back = through(value)
    assert back == value
    assert type(back) is type(value)


@pytest.mark.parametrize("dtype", ["bool", "i1", "u2", "<i8", ">f4", "f2", "f8", "c16"])
@pytest.mark.parametrize("shape", [(), (0,), (3,), (2, 0, 4), (2, 3, 4)])
def test_arrays_keep_dtype_shape_and_values(dtype, shape):
    array = np.asarray(np.random.default_rng(0).normal(size=shape) * 10).astype(dtype)
    back = through({"x": (array, 1)})["x"][0]
    assert back.dtype == array.dtype and back.shape == array.shape
    assert np.array_equal(back, array)
    assert back.flags.writeable


def test_strided_views_and_scalars_cross():
    x = np.arange(24.0).reshape(4, 6)[::2, ::-3]
    assert np.array_equal(through(x), x)
    back = through(np.float32(1.5))
    assert isinstance(back, np.float32) and back == 1.5
    assert math.isnan(through(float("nan")))


class Whole(int):
    pass


class Real(float):
    pass


def test_a_transposed_array_stays_one():
    """A function that counts on the order in memory is to meet it in grading, too."""
    array = np.arange(24.0).reshape(2, 3, 4)
    back = through([array.T, array, array[:, ::2], np.asfortranarray(array[0])])
    for one, whole in zip(back, [array.T, array, array[:, ::2], array[0]], strict=True):
        np.testing.assert_array_equal(one, whole)
    assert [one.flags.f_contiguous for one in back] == [True, False, False, True]
    assert all(one.flags.writeable for one in back)
    with pytest.raises(wire.WireError):
        wire.Decoder([b"12345678"], no_tag).decode({"a": ["<f8", [1], 0, "K"]})


@pytest.mark.parametrize("value", [
    Fraction(1, 3), Fraction(-4), Decimal("0.50"), Decimal("-1E-7"), Whole(4), Real(0.5), 10**600,
    np.bool_(True), np.int8(4), np.float16(0.5), np.longdouble(0.5), np.array(0.5), np.array(4)])
def test_every_real_number_crosses(value):
    back = through(value)
    assert back == value
    assert isinstance(value, type(back))


def test_real_numbers_of_other_packages_cross_as_what_they_are():
    class Third(Fraction):
        pass

    assert through(Third(1, 3)) == Fraction(1, 3)
    assert math.isnan(through(Decimal("NaN"))) and math.isinf(through(Decimal("Infinity")))


@pytest.mark.parametrize("value", [10**4000, Fraction(10**400, 3), Decimal("1E+999999")])
def test_numbers_that_take_for_ever_are_objects(value):
    with pytest.raises(TypeError):
        wire.Encoder(opaque).encode(value)


@pytest.mark.parametrize("node", [
    {"q": [1, 0]}, {"q": [1]}, {"q": [True, 2]}, {"q": ["1", 2]}, {"q": [2**2000, 3]}, {"q": 1},
    {"m": ""}, {"m": "1E9999"}, {"m": "1E99999999"}, {"m": "nan"}, {"m": "9" * 500}, {"m": 1}])
def test_malformed_fractions_and_decimals_are_refused(node):
    with pytest.raises(wire.WireError):
        wire.Decoder([], no_tag).decode(node)


def test_object_arrays_and_objects_are_opaque():
    for value in (np.array([object()]), object(), {1, 2}):
        with pytest.raises(TypeError):
            wire.Encoder(opaque).encode(value)


def test_a_cyclic_list_ends():
    cycle = []
    cycle.append(cycle)
    with pytest.raises(TypeError):
        wire.Encoder(opaque).encode(cycle)


MALFORMED = [
    {"a": ["O", [1], 0]}, {"a": ["f8", [2], 0]}, {"a": ["f8", [-1], 0]}, {"a": ["f8", [1], 7]},
    {"a": ["V8", [1], 0]}, {"a": ["nonsense", [1], 0]}, {"a": "x"}, {"a": ["f8", [1.5], 0]},
    {"a": ["f8", "1", 0]}, {"zz": 1}, {"h": [0, "f", True]}, {"l": 3}, {"d": [[1]]},
    {"d": [[{"l": []}, 1]]}, {"z": ["a", 1]}, {"b": -1}, {"l": [1], "t": [1]}, [1], {},
    {"a": ["M8[s]", [1], 0]}, {"a": ["f8", [2**62, 2**62], 0]},
]


@pytest.mark.parametrize("header", MALFORMED, ids=lambda header: json.dumps(header)[:30])
def test_malformed_values_are_refused(header):
    with pytest.raises(wire.WireError):
        wire.Decoder([b"\0" * 8], no_tag).decode(header)


def test_deep_and_huge_values_are_refused():
    deep = 1
    for _ in range(200):
        deep = {"l": [deep]}
    with pytest.raises(wire.WireError):
        wire.Decoder([], no_tag).decode(deep)
    with pytest.raises(wire.WireError):
        wire.Decoder([], no_tag).decode({"l": [1] * (wire.MAX_NODES + 1)})


def frame(head, body=b"", total=None, head_length=None):
    total = 4 + len(head) + len(body) if total is None else total
    head_length = len(head) if head_length is None else head_length
    return struct.pack(">QI", total, head_length) + head + body


@pytest.mark.parametrize("data", [
    frame(b"not json"), frame(b"[1]"), frame(b'[1, ["a"]]'), frame(b"[1, [5]]", b"abc"),
    frame(b"[1, [-3]]"), frame(b"", total=2**40), frame(b"", total=3),
    frame(b"[1, []]", head_length=2**31), frame(b"[" * 100_000),
])
def test_malformed_frames_are_refused(data):
    ours, theirs = socket.socketpair()
    with ours, theirs:
        threading.Thread(target=ours.sendall, args=(data,)).start()
        with pytest.raises(wire.WireError):
            wire.receive(theirs)


def test_the_end_of_the_stream_is_told_apart():
    ours, theirs = socket.socketpair()
    with theirs:
        ours.sendall(frame(b"[1, []]")[:6])
        ours.close()
        with pytest.raises(wire.Closed):
            wire.receive(theirs)


def test_a_message_over_the_limit_is_refused_before_it_is_sent():
    ours, theirs = socket.socketpair()
    with ours, theirs, pytest.raises(wire.WireError, match="64 MiB"):
        wire.send(ours, {}, [bytes(wire.MAX_FRAME)])
