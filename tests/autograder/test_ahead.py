"""Calls that are sent together come to what they come to one by one."""

import time

import numpy as np
import pytest

from autograder.sandbox import ahead
from autograder.sandbox.session import SessionDead
from course_lib.judging.student_call import copied
from course_lib.student_error import StudentError, StudentStopped

pytestmark = pytest.mark.system


@pytest.fixture
def session(walled):
    session = walled.open()
    yield session
    session.close()


def several(session, source, arguments):
    """What each of several calls of the function `f` in `source` came to, and the arguments."""
    session.run(source)
    mine = copied(arguments)
    return [_outcome(call) for call in session.names(["f"])["f"]._several(mine)], mine


def _outcome(call):
    try:
        return call()
    except StudentError as error:
        return error.kinds[0], error.message


COUNTING = "calls = []\ndef f(x):\n    calls.append(x)\n    return len(calls), x\n"


@pytest.mark.parametrize("count", [0, 1, 2, 200])
def test_each_call_is_made_once_and_in_order(session, count):
    outcomes, _ = several(session, COUNTING, [(n,) for n in range(count)])
    assert outcomes == [(n + 1, n) for n in range(count)]


def test_they_are_really_sent_together(session, monkeypatch):
    sent = []
    monkeypatch.setattr(session, "_send", lambda message, buffers, send=session._send: (
        sent.append(message["op"]), send(message, buffers)))
    several(session, COUNTING, [(n,) for n in range(60)])
    assert sent == ["run", "names", "call"]


def test_a_function_that_raises_is_sent_one_call_at_a_time_until_it_returns(session, monkeypatch):
    sent = []
    monkeypatch.setattr(session, "_send", lambda message, buffers, send=session._send: (
        sent.append(len(message.get("calls", [0]))), send(message, buffers)))
    session.run("written = False\ndef f(x):\n    if not written: raise NotImplementedError\n"
                "    return x")
    function = session.names(["f"])["f"]
    sent.clear()
    for expected in (60, 1):
        assert _outcome(function._several([(n,) for n in range(60)])[0])[0] == "NotImplementedError"
        assert sent.pop() == expected
    session.run("written = True")
    sent.clear()
    assert [call() for call in function._several([(n,) for n in range(60)])] == list(range(60))
    assert sent[:3] == [1, 2, 4]
    sent.clear()
    assert [call() for call in function._several([(n,) for n in range(60)])] == list(range(60))
    assert sent == [60]


def test_arrays_that_are_changed_in_place_are_changed_here(session):
    outcomes, mine = several(session, "def f(x):\n    x[0] = 7\n    return x.sum()",
                             [(np.arange(3.0) + n,) for n in range(5)])
    assert outcomes == [7 + 3 + 2 * n for n in range(5)]
    assert [args[0][0] for args in mine] == [7] * 5


def test_what_is_too_large_for_one_message_goes_in_several(session):
    size = ahead.MOST_BYTES // 8 // 3
    outcomes, _ = several(session, "def f(x):\n    return x", [(np.full(size * (n % 4 + 1), n),)
                                                               for n in range(12)])
    assert [(len(x) // size, x[0]) for x in outcomes] == [(n % 4 + 1, n) for n in range(12)]


def test_those_that_raise_are_told_in_their_places(session):
    source = "def f(n):\n    if n % 3:\n        raise ValueError(f'not {n}')\n    return n"
    outcomes, _ = several(session, source, [(n,) for n in range(20)])
    assert outcomes == [("ValueError", f"not {n}") if n % 3 else n for n in range(20)]


def test_what_to_do_about_an_exception_crosses_as_plain_text(session):
    session.run("def f(stride):\n    return strid\n")
    with pytest.raises(StudentError) as caught:
        session.names(["f"])["f"](1)
    assert caught.value.message == "name 'strid' is not defined"
    assert caught.value.advice == "Did you mean “stride”?"


def test_after_one_that_raises_the_next_is_called_only_if_it_is_wanted(session):
    session.run("calls = []\ndef f(x):\n    calls.append(x)\n    1 / 0\n")
    first, *_ = session.names(["f"])["f"]._several([(n,) for n in range(9)])
    with pytest.raises(ZeroDivisionError):
        first()
    assert session.names(["calls"])["calls"] == [0]


def test_one_that_does_not_return_is_stopped_and_the_next_goes_on(session):
    source = "def f(n):\n    while n == 2:\n        pass\n    return n"
    outcomes, _ = several(session, source, [(n,) for n in range(4)])
    assert outcomes == [0, 1, ("Stopped", "it did not return within 1 seconds"), 3]


def test_one_that_ends_the_process_loses_nothing_that_came_before(session):
    source = "import os\ndef f(n):\n    if n == 2:\n        os._exit(0)\n    return n"
    outcomes, _ = several(session, source, [(n,) for n in range(4)])
    assert outcomes[:2] == [0, 1]
    assert all("process ended" in message for _, message in outcomes[2:])


def test_one_that_disarms_the_limit_is_killed_within_its_own_time(session):
    source = ("import signal\ndef f(n):\n    signal.setitimer(signal.ITIMER_REAL, 0)\n"
              "    while n == 1:\n        pass\n    return n")
    start = time.monotonic()
    outcomes, _ = several(session, source, [(n,) for n in range(30)])
    assert outcomes[0] == 0 and "stopped after 1 seconds" in outcomes[1][1]
    assert time.monotonic() - start < 20


def test_functions_among_the_arguments_are_called_back(session):
    outcomes, _ = several(session, "def f(g, n):\n    return g(n) + 1",
                          [(lambda n: 10 * n, n) for n in range(5)])
    assert outcomes == [1, 11, 21, 31, 41]


def test_what_is_not_wanted_any_more_is_out_of_the_way(session):
    session.run(COUNTING)
    first, second, *_ = session.names(["f"])["f"]._several([(n,) for n in range(9)])
    assert first() == (1, 0)
    assert session.run("1 + 1")["succeeded"]
    assert session.names(["calls"])["calls"] == list(range(9))
    assert second() == (10, 1)


def test_what_is_not_wanted_and_ends_the_process_is_noticed_before_the_next(session):
    session.run("import os\ndef f(n):\n    if n == 2:\n        os._exit(0)\n    return n")
    first, *_ = session.names(["f"])["f"]._several([(n,) for n in range(9)])
    assert first() == 0
    assert not session.settle()
    with pytest.raises(SessionDead):
        session.names(["f"])


def test_garbage_in_place_of_an_answer_is_told(session):
    source = ("import gc, socket\ndef f(n):\n    if n == 3:\n"
              "        for s in gc.get_objects():\n            if isinstance(s, socket.socket):\n"
              "                s.sendall(b'x' * 50)\n    return n")
    outcomes, _ = several(session, source, [(n,) for n in range(6)])
    assert outcomes[:3] == [0, 1, 2]
    assert all(issubclass(SessionDead, StudentStopped) and "unreadable" in message
               for _, message in outcomes[3:])
