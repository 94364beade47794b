"""The student's process: runs their cells and answers calls of their functions.

Started inside the sandbox with the number of a connected socket and its limits. Nothing it says
decides anything: it hands out data, the judge compares.
"""

import contextlib
import importlib
import os
import resource
import signal
import socket
import sys

import numpy as np

from autograder.sandbox.inside import wire
from autograder.sandbox.inside.cells import CellRunner, explain
from course_lib.student_error import StudentError, from_exception

# The folder that NumPy and the other packages lie in.
_PACKAGES = np.__file__.rpartition("/numpy/")[0]


class TimeLimit(BaseException):
    """Raised in the student's code when its time is up."""


def _time_is_up(signum, frame):
    raise TimeLimit("stopped when the time limit was reached")


class Worker:
    def __init__(self, sock, runner):
        self.sock = sock
        self.runner = runner
        self.handles = []
        self.depth = 0
        runner.leave_out()

    def serve(self):
        """Answer requests until the judge hangs up."""
        signal.signal(signal.SIGALRM, _time_is_up)
        wire.send(self.sock, {"ready": True})
        while True:
            try:
                header, buffers = wire.receive(self.sock)
            except wire.Closed:
                return
            self.answer(header, buffers)

    def answer(self, header, buffers):
        decoder = wire.Decoder(buffers, self._resolve)
        # Calls that come together are answered one by one, up to one that raises: what comes after
        # it may not be wanted any more.
        for one in header.get("calls", [header]):
            if not self._answered(header | one, decoder):
                return

    def _answered(self, header, decoder):
        """Answer one request; False if it raised something."""
        operation = getattr(self, "do_" + header["op"])
        encoder = wire.Encoder(self._keep)
        try:
            reply = self._timed(header.get("limit"), operation, header, decoder, encoder)
        except BaseException as error:
            encoder = wire.Encoder(self._keep)
            reply = {"raised": _described(error)}
        try:
            wire.send(self.sock, reply, encoder.buffers)
        except wire.WireError as error:
            reply = {"raised": {"kinds": ["ValueError"], "message": str(error), "lines": []}}
            wire.send(self.sock, reply)
        return "raised" not in reply

    def _timed(self, limit, operation, *args):
        if limit:
            signal.setitimer(signal.ITIMER_REAL, limit)
        try:
            return operation(*args)
        finally:
            signal.setitimer(signal.ITIMER_REAL, 0)

    def do_run(self, header, decoder, encoder):
        outputs, succeeded = self.runner.run(header["source"])
        return {"outputs": outputs, "succeeded": succeeded,
                "updates": self.runner.recorder.taken_updates()}

    def do_files(self, header, decoder, encoder):
        for name, content in zip(header["names"], decoder.buffers, strict=True):
            os.makedirs(os.path.dirname(name) or ".", exist_ok=True)
            with open(name, "wb") as file:
                file.write(content)
        importlib.invalidate_caches()
        return {}

    def do_names(self, header, decoder, encoder):
        space = self.runner.namespace
        found = {name: encoder.encode(space[name]) for name in header["names"] if name in space}
        return {"values": found}

    def do_call(self, header, decoder, encoder):
        function = decoder.decode(header["target"])
        args, kwargs = decoder.decode(header["args"]), decoder.decode(header["kwargs"])
        arrays = wire.arrays_in((args, kwargs))
        before = [array.copy() for array in arrays]
        # What a function prints while it is judged may be a hidden case: it stays in here.
        self.runner.recorder.clear()
        with self.runner.captured():
            value = function(*args, **kwargs)
        self.runner.recorder.clear()
        changed = [[i, encoder.encode(array)] for i, (array, old) in
                   enumerate(zip(arrays, before, strict=True)) if array.tobytes() != old.tobytes()]
        return {"value": encoder.encode(value), "changed": changed}

    def do_attribute(self, header, decoder, encoder):
        target = decoder.decode(header["target"])
        return {"value": encoder.encode(getattr(target, header["name"]))}

    def _keep(self, value):
        """A handle for an object that is no plain data."""
        number = next((i for i, known in enumerate(self.handles) if known is value), None)
        if number is None:
            number = len(self.handles)
            self.handles.append(value)
        name = str(getattr(value, "__name__", type(value).__name__))[:80]
        return {"h": [number, name, callable(value)]}

    def _resolve(self, tag, content):
        if tag == "h":
            return self.handles[content[0]]
        if tag == "c":
            return self._callback(content)
        raise wire.WireError(f"unknown tag {tag!r}")

    def _callback(self, number):
        """A function of the judge's, called over the wire while the student's call is open."""

        def judge_function(*args, **kwargs):
            encoder = wire.Encoder(self._keep)
            message = {"callback": number, "args": encoder.encode(args),
                       "kwargs": encoder.encode(kwargs)}
            wire.send(self.sock, message, encoder.buffers)
            header, buffers = wire.receive(self.sock)
            if "raised" in header:
                raised = header["raised"]
                raise StudentError(raised["kinds"], raised["message"])
            return wire.Decoder(buffers, self._resolve).decode(header["value"])

        return judge_function


def _described(error):
    explain(error)
    told = from_exception(error, skip=(__file__.rpartition("/")[0], _PACKAGES))
    return {"kinds": [str(kind)[:80] for kind in told.kinds], "message": told.message,
            "lines": [[int(n), str(text)[:300]] for n, text in told.lines],
            "function": str(told.function)[:80],
            "places": [str(place)[:80] for place in told.places], "written": bool(told.written),
            "advice": told.advice,
            "shapes": [[str(name)[:80], str(shape)[:80]] for name, shape in told.shapes]}


def apply_bounds(bounds):
    """Bound this process and all it starts: {name of a kernel limit: value}."""
    # The grading process's own ceiling, a soft limit that came along, is not this one's.
    hard = resource.getrlimit(resource.RLIMIT_DATA)[1]
    resource.setrlimit(resource.RLIMIT_DATA, (hard, hard))
    for name, value in bounds.items():
        resource.setrlimit(getattr(resource, f"RLIMIT_{name}"), (value, value))


def give_way():
    """If the machine runs out of memory, the kernel ends this process before those that grade."""
    with contextlib.suppress(OSError), open("/proc/self/oom_score_adj", "w") as file:
        file.write("1000")


def main():
    sock = socket.socket(fileno=int(sys.argv[1]))
    apply_bounds({name: int(value) for name, _, value in
                  (bound.partition("=") for bound in sys.argv[2:])})
    give_way()
    Worker(sock, CellRunner()).serve()


if __name__ == "__main__":
    main()
