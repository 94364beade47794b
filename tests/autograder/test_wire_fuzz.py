"""Whatever a student's process sends: a value or one kind of error, and then a verdict in words."""

import json
import math
import socket
import struct
import threading
import time

import numpy as np
import pytest
from hypothesis import HealthCheck, example, given, settings
from hypothesis import strategies as st

from autograder.judge.outputs import MAX_CELL, Outputs
from autograder.sandbox.inside import wire
from autograder.sandbox.session import Session, SessionDead, StudentObject
from autograder.sandbox.walls import Limits
from course_lib.judging.compare import difference, show
from course_lib.student_error import StudentError

BUFFERS = [bytes(8), bytes(range(16)), b"", b"\xff" * 8]
fuzz = settings(derandomize=True, deadline=None, max_examples=150,
                suppress_health_check=[HealthCheck.too_slow, HealthCheck.data_too_large])
number = st.one_of(
    st.integers(-3, 40), st.integers(), st.floats(), st.booleans(), st.none(),
    st.sampled_from([2**61 - 1, 2**63, -2**63 - 1, 10**400, 1e308, -1e308, 5e-324]))
anything = st.recursive(
    number | st.text(max_size=5),
    lambda inner: st.lists(inner, max_size=4) | st.dictionaries(st.text(max_size=3), inner,
                                                                max_size=3), max_leaves=10)
shape = st.lists(st.integers(-1, 5) | number, max_size=4) | anything
dtype = st.sampled_from(["<f8", ">f4", "|b1", "|u1", "<i8", "<c16", "<f2", "f8", "O", "V8", "f16",
                         "<M8[s]", "U3", "f8,f8", "(2,)f8", "", "nonsense"]) | anything
array = st.tuples(dtype, shape, st.integers(-1, 5) | number).map(list)
node = st.recursive(
    number | st.text(max_size=5) | st.builds(lambda a, t: {t: a}, array, st.sampled_from("as"))
    | st.builds(lambda c, t: {t: c}, anything, st.sampled_from("ltdzbashcq")),
    lambda inner: st.builds(lambda c, t: {t: c}, st.lists(inner, max_size=4),
                            st.sampled_from("lt"))
    | st.lists(st.tuples(inner, inner).map(list), max_size=4).map(lambda c: {"d": c}),
    max_leaves=12)
EXPECTED = [7, 0.5, np.float32(2.0), [1, 2], (3, 4.5), {"w": np.ones(2)},
            np.zeros((2, 3)), np.arange(4), np.ones(())]


@pytest.mark.filterwarnings("error")
@fuzz
@given(node)
@example({"l": [{"a": ["|u1", [8], 0]}, {"a": ["|u1", [8], 0]}]})  # one buffer, two arrays
@example({"d": [[k * (2**61 - 1), 0] for k in range(40)]})  # keys of one hash
@example({"d": [[{"t": [k * (2**61 - 1)]}, 0] for k in range(40)]})
@example({"a": ["f8," * 9, [1], 0]})
@example({"a": ["f8", [0, 2**63], 2]})
@example(10**400)  # no float can hold it
@example({"l": [10**400, -(10**400)]})
@example({"s": ["<f2", [], 0]})
@example({"a": ["f16", [1], 1]})
@example({"z": "11"})
@example({"z": [1e308, 1e308]})
def test_a_value_is_decoded_and_judged_or_refused(header):
    decoder = wire.Decoder(BUFFERS, lambda tag, content: _no_tag(tag))
    try:
        value = decoder.decode(header)
    except wire.WireError:
        return
    assert decoder.nodes <= wire.MAX_NODES
    held = [one.nbytes for one in wire.arrays_in(value)]
    assert sum(held) <= sum(map(len, BUFFERS)) + 16 * len(held)
    assert len(show(value)) <= 500
    for expected in EXPECTED:
        found = difference("out", value, expected)
        assert found is None or len(found.sentence) < 2_000 and found.sentence.isprintable()


def _no_tag(tag):
    raise wire.WireError(f"unknown tag {str(tag)[:9]!r}")


@fuzz
@given(anything, anything, st.binary(max_size=20), st.integers(-2, 2))
@example(0, [math.inf], b"x", 0)  # a length that is infinite
@example(0, [math.nan], b"x", 0)
@example(0, [True], b"x", 0)
@example(0, [-1, 1], b"", 0)
@example(0, [0.5, 0.5], b"x", 0)
@example({"a": 0}, {"b": 1}, b"", 0)
def test_a_frame_is_read_or_refused(header, lengths, body, off):
    head = json.dumps([header, lengths]).encode()
    ours, theirs = socket.socketpair()
    with ours, theirs:
        total = max(0, 4 + len(head) + len(body) + off)
        ours.sendall(struct.pack(">QI", total, len(head)) + head + body)
        ours.shutdown(socket.SHUT_WR)
        try:
            _, buffers = wire.receive(theirs)
        except (wire.WireError, wire.Closed):
            return
    assert [len(one) for one in buffers] == lengths and body.startswith(b"".join(buffers))


@pytest.mark.parametrize("part, count", [(b"{},", 3_000_000), (b"[],", 2_600_000), (b"0,", 600_000),
                                         (b'{"":0},', 1_000_000), (b'"x",', 600_000)])
def test_a_header_of_too_many_parts_is_refused_before_it_is_made(part, count):
    head = b"[[" + part * count + b"0], []]"
    ours, theirs = socket.socketpair()
    with ours, theirs:
        data = struct.pack(">QI", len(head) + 4, len(head)) + head
        threading.Thread(target=_send_all, args=(ours, data), daemon=True).start()
        with pytest.raises(wire.WireError):
            wire.receive(theirs)


def _send_all(sock, data):
    try:
        sock.sendall(data)
    except OSError:
        pass


def test_a_text_with_brackets_and_commas_is_no_list_of_parts():
    text = "[{,:" * (wire.MAX_PARTS // 2) + "\ud800"
    ours, theirs = socket.socketpair()
    with ours, theirs:
        threading.Thread(target=wire.send, args=(ours, {"text": text}), daemon=True).start()
        assert wire.receive(theirs)[0] == {"text": text}


class _Talker:
    """A session whose other end answers each question with the next of `replies`."""

    def __init__(self, replies, limits=None):
        ours, self.sock = socket.socketpair()
        self.replies = replies
        wire.send(self.sock, {"ready": True})
        self.session = Session(self, ours, limits or Limits(call_seconds=5))
        threading.Thread(target=self._answer, daemon=True).start()

    def _answer(self):
        try:
            for reply in self.replies:
                wire.receive(self.sock)
                wire.send(self.sock, reply, BUFFERS)
            self.sock.close()
        except (OSError, wire.Closed, wire.WireError):
            pass

    def kill(self):
        self.sock.close()


reply = st.fixed_dictionaries({}, optional={
    "value": node, "values": anything | st.dictionaries(st.sampled_from("fg"), node),
    "changed": anything | st.lists(st.tuples(number, node).map(list), max_size=3),
    "raised": anything | st.fixed_dictionaries({}, optional={
        "kinds": anything, "message": anything, "lines": anything, "shapes": anything,
        "function": anything}),
    "callback": number, "args": node, "kwargs": node, "outputs": anything, "succeeded": anything})


@fuzz
@given(st.lists(reply | anything, min_size=1, max_size=3))
@example([{"value": 0, "changed": [[0.0, {"a": ["<f8", [1], 0]}]]}])  # the place 0.0
@example([{"value": 0, "changed": [[True, {"a": ["<f8", [1], 0]}]]}])
@example([{"value": {"h": [{"l": []}, "x", True]}}])
@example([{"raised": {"kinds": [["ValueError"]], "lines": [[True, {}]], "message": []}}])
@example([{"callback": True, "args": {"t": []}, "kwargs": {"d": []}}])
@example([{"callback": 0, "args": {"t": [{"h": [0, "x", True]}]}, "kwargs": {"d": []}}, 0])
def test_a_session_gives_a_value_or_a_students_error(replies):
    session = _Talker(replies).session
    for ask in (lambda: session.call([0, "f", True], (lambda x: x.shape, np.zeros(1)), {}),
                lambda: session.names({"f", "g"}), lambda: session.attribute([0, "f", True], "x")):
        try:
            ask()
        except StudentError as error:
            assert len(str(error)) < 1_000
    session.close()


@fuzz
@given(anything | st.lists(st.fixed_dictionaries({}, optional={
    "output_type": st.sampled_from(["stream", "error", "display_data", "execute_result"]) | number,
    "name": anything, "text": anything, "ename": anything, "evalue": anything,
    "traceback": anything, "metadata": anything,
    "data": anything | st.dictionaries(st.sampled_from(
        ["text/plain", "text/html", "application/json", "image/png"]), anything)}), max_size=4))
def test_outputs_are_shown_or_left_out(outputs):
    kept, cut = Outputs().cleaned(outputs)
    json.dumps(kept).encode()
    assert cut == ""


def test_outputs_have_a_total_for_a_cell_and_for_a_notebook():
    outputs, shown, told = Outputs(), 0, set()
    for _ in range(40):
        kept, cut = outputs.cleaned([{"output_type": "stream", "text": "x" * 2**20}] * 3)
        shown += len(json.dumps(kept))
        told.add(cut)
    assert shown < 20 * 2**20 and "its output was cut off: a notebook shows 16 MiB in all" in told
    kept, cut = Outputs().cleaned([{"output_type": "stream", "text": "x" * (MAX_CELL + 1)}])
    assert len(json.dumps(kept)) < 200 and "too large" in cut
    kept, cut = Outputs().cleaned([{"output_type": "stream", "text": "x"}] * 100_000)
    assert len(kept) <= 1_001 and cut


ANSWER = {"callback": 0, "args": {"t": [{"h": [0, "x", True]}]}, "kwargs": {"d": []}}


def test_no_question_and_no_callback_moves_the_end():
    """The judge's function asks for `.shape` of what it is given, again and again."""
    limits = Limits(call_seconds=0.5, submission_seconds=0.5)

    def asked(x):
        time.sleep(0.01)
        return x.shape

    session = _Talker([ANSWER | {"value": 1}] * 100_000, limits).session
    session.end = time.monotonic() + 0.5
    begin = time.monotonic()
    with pytest.raises(SessionDead, match="used up"):
        session.call([0, "f", True], (asked,), {})
    assert time.monotonic() - begin < 60
    with pytest.raises(SessionDead):
        session.names({"f"})


def test_an_object_handed_to_a_function_of_the_course_is_an_error_there():
    given_, end = [], {"value": 3}
    session = _Talker([ANSWER, end]).session

    def asked(x):
        given_.append(x)
        return x.shape

    assert session.call([0, "f", True], (asked,), {}) == 3
    assert isinstance(given_[0], StudentObject)
