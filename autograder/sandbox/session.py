"""The judge's end of one student process: requests, time limits, and what can come back."""

import contextlib
import math
import select
import time

from autograder.sandbox.ahead import Ahead
from autograder.sandbox.inside import wire
from autograder.text import one_line
from course_lib.judging.explain import tries
from course_lib.student_error import StudentError, StudentStopped

# The soft limit is raised inside the student's process and keeps its state; what does not obey
# within the grace period is killed from outside.
GRACE_SECONDS = 2
_ENDED = "the student's process ended (os._exit, a crash, or too much memory)"


class SessionDead(StudentStopped):
    """The student's process is gone; the message is a sentence about why."""


class Session:
    """One student process behind a socket.

    process  what can be ended by `kill()` and says whether it `is_lost()`; `sock`, the judge's end
             of its socket
    limits   the Limits it runs under
    end      the moment, by time.monotonic, after which nothing more is asked or waited for. No
             exchange moves it: calls, callbacks and repeated cells are all before it
    """

    def __init__(self, process, sock, limits):
        self.process = process
        self.sock = sock
        self._kept = bytearray()  # what has come of the next replies
        self.limits = limits
        self.callbacks = []
        self.ahead = None
        self.raising = set()  # numbers of the functions that raised when they were called last
        self.dead = None
        self.end = math.inf
        self._asking = False
        self._limit = limits.start_seconds
        self._deadline = time.monotonic() + limits.start_seconds
        header, _ = self._receive()
        if header != {"ready": True}:
            self._die("the sandbox did not start")

    @property
    def call_seconds(self):
        """So long may a call take; in the small tries of an explanation, no longer than these."""
        limit = self.limits.call_seconds
        return min(limit, tries.CALL_SECONDS) if tries.under_way else limit

    def run(self, source):
        """Run one cell; returns the worker's reply: outputs, succeeded."""
        reply, _ = self._ask({"op": "run", "source": source}, self.limits.cell_seconds)
        return reply

    def write_files(self, files):
        """Put files into the folder where the student's code runs: {name: bytes}."""
        if files:
            self._ask({"op": "files", "names": list(files)}, self.limits.cell_seconds,
                      list(files.values()))

    def names(self, names):
        """{name: value} for those of `names` that the student has defined."""
        reply, buffers = self._ask({"op": "names", "names": sorted(names)},
                                   self.call_seconds)
        decoder = wire.Decoder(buffers, self._resolve)
        values = reply.get("values")
        if not isinstance(values, dict):
            return {}
        return {name: self._decode(decoder, values[name]) for name in names if name in values}

    def call(self, handle, args, kwargs):
        """Call a student's function; arrays that it changes in place are changed here, too."""
        encoder = wire.Encoder(self._keep)
        message = {"op": "call", "target": {"h": handle}, "args": encoder.encode(args),
                   "kwargs": encoder.encode(kwargs)}
        reply, buffers = self._ask(message, self.call_seconds, encoder.buffers)
        return self._returned(reply, buffers, args, kwargs)

    def several(self, handle, arguments):
        """For each tuple of arguments in turn a function that does what `call` does with it."""
        ahead = Ahead(self, handle, arguments)
        return [ahead.call] * len(ahead.arguments)

    def _returned(self, reply, buffers, args, kwargs):
        decoder = wire.Decoder(buffers, self._resolve)
        value = self._decode(decoder, reply.get("value"))
        self._write_back(wire.arrays_in((args, kwargs)), reply.get("changed"), decoder)
        return value

    def attribute(self, handle, name):
        """The value of an attribute of a student's object."""
        message = {"op": "attribute", "target": {"h": handle}, "name": name}
        reply, buffers = self._ask(message, self.call_seconds)
        return self._decode(wire.Decoder(buffers, self._resolve), reply.get("value"))

    def is_lost(self):
        """Whether the process ended because what it was forked from did: no doing of its own."""
        return self.dead == _ENDED and self.process.is_lost()

    def close(self):
        """End the process and everything it started."""
        self.process.kill()
        self.sock.close()

    def settle(self):
        """Hear what was asked for and is not wanted any more; whether the process is alive."""
        if self.ahead and not self.dead:
            self.ahead.drop()
        return not self.dead

    def send_calls(self, handle, calls, buffers):
        """Ask for several calls with encoded arguments; `take` gets the results one by one."""
        common = {"op": "call", "target": {"h": handle}, "kwargs": {"d": []}}
        self._may_ask()
        with self._speaking():
            self._request(common | {"calls": calls}, self.call_seconds, buffers)

    def take(self, args):
        """What the next of the calls that were sent together returns; `args` are its arguments."""
        self._allow(self.call_seconds)
        with self._speaking():
            reply, buffers = self._receive()
        self._check(reply, self.call_seconds)
        return self._returned(reply, buffers, args, {})

    def _ask(self, message, limit, buffers=()):
        self._may_ask()
        with self._speaking():
            self._request(message, limit, buffers)
            reply, received = self._receive()
            while "callback" in reply:
                self._answer_callback(reply, received)
                reply, received = self._receive()
        self._check(reply, limit)
        return reply, received

    def _may_ask(self):
        if self.ahead and not self._asking:
            self.ahead.drop()
        if self.dead:
            raise SessionDead(self.dead)
        if self._asking:
            # Its process waits for an answer and cannot be asked anything.
            raise StudentError(["TypeError"], "a function of the course takes numbers and arrays; "
                               "it was given another object")

    def _request(self, message, limit, buffers):
        self._allow(limit)
        self._send(message | {"limit": self._limit}, buffers)

    def _allow(self, limit):
        """So much time from now on for what is asked."""
        start = time.monotonic()
        self._limit = min(limit, self.end - start)
        self._deadline = min(start + limit + GRACE_SECONDS, self.end)
        if self._limit <= 0:
            self._die(self.used_up)

    @contextlib.contextmanager
    def _speaking(self):
        self._asking = True
        try:
            yield
        except wire.Closed:
            self._die(_ENDED)
        except wire.WireError as error:
            self._die(f"the student's process sent something unreadable ({error})")
        except SessionDead:
            raise
        except BaseException:
            # What was asked for is on its way: it would be taken for the answer to what comes next.
            self.dead = "it was given up before it had answered"
            self.process.kill()
            raise
        finally:
            self._asking = False

    def _check(self, reply, limit):
        """Raises the StudentError that a reply tells of."""
        if "raised" in reply:
            late = (f"it did not return within {limit:g} seconds" if self._limit == limit
                    else self.used_up)
            raise _error(reply["raised"], late)

    def _receive(self):
        if time.monotonic() >= self._deadline:
            self._die(self._stopped())
        try:
            header, buffers = wire.receive(self.sock, self._wait, self._kept)
        except wire.Closed:
            self._die(_ENDED)
        except wire.WireError as error:
            self._die(f"the student's process sent something unreadable ({error})")
        except MemoryError:
            self._die("the student's process sent more than the judge has memory for")
        if not isinstance(header, dict):
            self._die("the student's process sent something unreadable")
        return header, buffers

    def _wait(self, sock):
        left = self._deadline - time.monotonic()
        if left <= 0 or not select.select([sock], [], [], left)[0]:
            self._die(self._stopped())

    @property
    def used_up(self):
        """The sentence for a submission whose time is over."""
        return f"the {self.limits.submission_seconds:g} seconds for the whole notebook were used up"

    def _stopped(self):
        if time.monotonic() >= self.end:
            return self.used_up
        return f"stopped after {self._limit:g} seconds"

    def _die(self, reason):
        self.dead = reason
        self.process.kill()
        raise SessionDead(reason)

    def _answer_callback(self, message, buffers):
        """The student's function called one of the judge's functions (an `f` it was given)."""
        decoder, encoder = wire.Decoder(buffers, self._resolve), wire.Encoder(self._keep)
        number = message["callback"]
        if type(number) is not int or not 0 <= number < len(self.callbacks):
            raise wire.WireError("unknown callback")
        args, kwargs = decoder.decode(message.get("args")), decoder.decode(message.get("kwargs"))
        if not isinstance(args, tuple) or not isinstance(kwargs, dict):
            raise wire.WireError("malformed callback")
        try:
            reply = {"value": encoder.encode(self.callbacks[number](*args, **kwargs))}
        except Exception as error:
            encoder = wire.Encoder(self._keep)
            reply = {"raised": {"kinds": [type(error).__name__], "message": str(error)[:500]}}
        self._send(reply, encoder.buffers)

    def _send(self, message, buffers):
        """Send; whoever does not read is stopped when the time is up, like who does not answer."""
        self.sock.settimeout(max(0.01, self._deadline - time.monotonic()))
        try:
            wire.send(self.sock, message, buffers)
        except TimeoutError:
            self._die(self._stopped())
        finally:
            self.sock.settimeout(None)

    def _decode(self, decoder, node):
        try:
            return decoder.decode(node)
        except wire.WireError as error:
            self._die(f"the student's process sent something unreadable ({error})")
        except MemoryError:
            self._die("the student's process sent more than the judge has memory for")

    def _write_back(self, arrays, changed, decoder):
        for entry in changed if isinstance(changed, list) else []:
            if not isinstance(entry, list) or len(entry) != 2 or (
                    type(entry[0]) is not int or not 0 <= entry[0] < len(arrays)):
                self._die("the student's process sent something unreadable")
            target, new = arrays[entry[0]], self._decode(decoder, entry[1])
            if getattr(new, "shape", None) == target.shape and target.flags.writeable:
                target[...] = new

    def _keep(self, value):
        if isinstance(value, StudentObject) and value._session is self:
            return {"h": value._handle}
        if callable(value):
            self.callbacks.append(value)
            return {"c": len(self.callbacks) - 1}
        raise TypeError(f"a {type(value).__name__} cannot be handed to a student's function")

    def _resolve(self, tag, content):
        if tag != "h" or not isinstance(content, list) or len(content) != 3 or (
                type(content[0]) is not int):
            raise wire.WireError("malformed value")
        return StudentObject(self, content, _plain(content[1], 80))


class StudentObject:
    """Stands for an object in the student's process: a function, a class, an instance.

    Calling it or reading a public attribute crosses the wire; nothing else does.
    """

    def __init__(self, session, handle, name):
        self._session, self._handle, self.__name__ = session, handle, name

    @property
    def number(self):
        """Which object of its process it is; that process says so."""
        return self._handle[0]

    def __call__(self, *args, **kwargs):
        return self._session.call(self._handle, args, kwargs)

    def _several(self, arguments):
        return self._session.several(self._handle, arguments)

    def __getattr__(self, name):
        if name.startswith("_"):
            raise AttributeError(name)
        return self._session.attribute(self._handle, name)

    def __repr__(self):
        return f"<the student's {self.__name__}>"


# Asserts in a test cell may say `except ValueError`: what crosses is a real one.
_BUILTIN = {kind.__name__: type(f"Student{kind.__name__}", (StudentError, kind), {}) for kind in
            (ValueError, TypeError, IndexError, KeyError, AttributeError, ZeroDivisionError,
             NotImplementedError, AssertionError, MemoryError, RecursionError)}


def _error(raised, late):
    """The StudentError for what a reply says was raised; every field is checked."""
    raised = raised if isinstance(raised, dict) else {}
    kinds = raised.get("kinds")
    kinds = [_plain(kind, 80) for kind in kinds[:20]] if isinstance(kinds, list) and kinds else [
        "Error"]
    lines = [(number, _plain(text, 300)) for number, text in _pairs(raised.get("lines"))
             if isinstance(number, int)][:5]
    shapes = [(_plain(name, 80), _plain(shape, 80))
              for name, shape in _pairs(raised.get("shapes"))][:12]
    places = raised.get("places")
    places = [_plain(place, 80) for place in places[:5]] if isinstance(places, list) else []
    where = {"lines": lines, "shapes": shapes, "places": places,
             "function": _plain(raised.get("function", ""), 80),
             "advice": _plain(raised.get("advice", ""), 300),
             "written": raised.get("written") is True}
    if kinds[0] == "TimeLimit":
        return StudentStopped(late, **where)
    kind = next((_BUILTIN[name] for name in kinds if name in _BUILTIN), StudentError)
    return kind(kinds, _plain(raised.get("message", ""), 500), **where)


def _plain(value, length):
    """Text of about this length, on one visible line."""
    return one_line(value, length)


def _pairs(entries):
    """Those entries of an untrusted list that are pairs."""
    entries = entries[:100] if isinstance(entries, list) else []
    return [entry for entry in entries if isinstance(entry, list) and len(entry) == 2]
