"""Calls that are sent together: neither process waits for the other after each of them."""

import contextlib

import numpy as np

from autograder.sandbox.inside import wire
from course_lib.judging.student_call import copied
from course_lib.student_error import StudentError

# What is on its way fits into the buffers of a socket, so that nobody waits for a reader.
MOST_CALLS, MOST_BYTES = 64, 2**15


class _NotPlain(Exception):
    """An argument that is no plain data: a function, say, which may be called back."""


def _refuse(value):
    raise _NotPlain


def _length(args):
    """About so many bytes of JSON are what an encoded tuple takes beside the buffers of arrays."""
    return sum(60 if isinstance(one, np.ndarray) else 20 + 3 * len(str(one)) for one in args)


class Ahead:
    """Calls of one function in a student's process, one after the other.

    The process answers them in order, up to one that raises something. `arguments` has a tuple for
    each call.
    """

    def __init__(self, session, handle, arguments):
        self.session, self.handle, self.arguments = session, handle, arguments
        # The call that comes next, and the first that has not been sent.
        self._next = self._unsent = 0
        # A function that raised when it was called last, an unwritten one say, may do so again.
        self._most = 1 if handle[0] in session.raising else MOST_CALLS

    def call(self):
        """What the next call returns; raises what Session.call raises."""
        args = self.arguments[self._next]
        self._next += 1
        raising = self.session.raising
        try:
            if self._next > self._unsent and not self._send():
                value = self.session.call(self.handle, args, {})
            else:
                value = self.session.take(args)
        except StudentError:
            # Those after it were not called. Another may raise as well: few are sent at first.
            raising.add(self.handle[0])
            self._most = 1
            self._unsent = self._next
            raise
        finally:
            if self._next == self._unsent:
                self.session.ahead = None
        raising.discard(self.handle[0])
        return value

    def drop(self):
        """Hear the rest of what was sent: something else is asked before. It can be sent again."""
        try:
            for args in self.arguments[self._next:self._unsent]:
                # Whoever gave the arguments finds them as they were.
                self.session.take(copied(args))
        except StudentError:
            pass
        finally:
            self._unsent = self._next
            self.session.ahead = None

    def _send(self):
        """Send the call at hand and those after it that fit; False if it has to go alone."""
        at = self._unsent = self._next - 1
        encoder, calls, size = wire.Encoder(_refuse), [], 0
        for args in self.arguments[at:at + self._most]:
            kept = len(encoder.buffers)
            with contextlib.suppress(_NotPlain):
                encoded = encoder.encode(args)
                size += _length(args) + sum(map(len, encoder.buffers[kept:]))
                if size <= MOST_BYTES:
                    calls.append({"args": encoded})
                    continue
            del encoder.buffers[kept:]
            break
        self._most = min(2 * self._most, MOST_CALLS)
        if len(calls) < 2:
            self._unsent = self._next
            return False
        self.session.send_calls(self.handle, calls, encoder.buffers)
        self._unsent = at + len(calls)
        self.session.ahead = self
        return True
