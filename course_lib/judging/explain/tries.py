"""Playing tiny tries with a student's functions: what was wrong with each, within a budget."""

import contextlib
import io
import time
import zlib

import numpy as np

from course_lib.judging.compare import difference
from course_lib.judging.explain.manner import Wrong
from course_lib.judging.explain.world import Try
from course_lib.judging.limits import time_limit
from course_lib.judging.student_call import are_here, copied, play
from course_lib.student_error import StudentError, StudentStopped

# True while tries are played. A function that has to be stopped in one is not counted as too slow.
under_way = False
CALL_SECONDS = 2
# A try is a handful of numbers. A function that takes so long for several of them is not tried on.
SLOW_SECONDS, MOST_SLOW = 0.2, 3
PATIENCE = 5  # seconds more on the clock, for a machine that is busy with others
_SYMBOLS = {"value": "v", "shape": "s", "nan": "n", "type": "t", "count": "c", "missing": "m",
            "lacking": "l", "error": "r"}


class Enough(Exception):
    """The budget of calls or of time is used up, or a call did not return."""


class Stop(str):
    """The name of the exception that ended a try, with the student's own line that raised it."""

    line = None

    @classmethod
    def of(cls, error):
        stop = cls(error.kinds[0])
        stop.line = error.lines[-1] if error.lines else None
        return stop


class _Nowhere(io.TextIOBase):
    def write(self, text):
        return len(text)


@contextlib.contextmanager
def trying():
    """While tries are played: what functions print in a hundred of them is of no use to anybody."""
    global under_way
    under_way = True
    try:
        with contextlib.redirect_stdout(_Nowhere()):
            yield
    finally:
        under_way = False


class Player:
    """Plays cases of a World with a student's functions.

    calls, seconds  the budget; Enough is raised beyond it. `used` counts the calls. `wrong` has
    what was wrong so far, by result, and `stops` the exceptions.
    """

    def __init__(self, world, exercise, functions, calls, seconds):
        self.world, self.exercise, self.functions = world, exercise, functions
        self.budget, self.used, self.slow, self.returned = calls, 0, 0, None
        self.allow(seconds)
        self.known, self.wrong, self.computed, self.stops = {}, {}, {}, []
        self._refused = {}

    def allow(self, seconds):
        """So much time from now on: of this process, since the machine may be busy with others."""
        self.end = time.process_time() + seconds
        self.latest = time.perf_counter() + 3 * seconds + PATIENCE

    def results(self, t):
        """{name: value} of what the functions return for a Try; None if not as many as there
        should be.

        Raises StudentError and Enough.
        """
        if (self.used >= self.budget or self.slow >= MOST_SLOW
                or time.process_time() > self.end or time.perf_counter() > self.latest):
            raise Enough
        self.used += 1
        start = time.perf_counter()
        try:
            # In another process it is stopped there: a clock here would cut off what that says.
            with time_limit(CALL_SECONDS) if are_here(self.functions) else (
                    contextlib.nullcontext()):
                value, _ = play(self.exercise, self.functions, self.world.arguments(t))
            self.returned = value
        except StudentStopped as error:
            raise Enough from error
        finally:
            self.slow += time.perf_counter() - start > SLOW_SECONDS
        names = self.exercise.results
        if len(names) == 1:
            value = (value,)
        elif not isinstance(value, (tuple, list)) or len(value) != len(names):
            return None
        return dict(zip(names, value, strict=True))

    def expected(self, t):
        return self.exercise.expected(copied(self.world.arguments(t)))

    def refused(self, t):
        """Whether a Try is one that has to be refused."""
        key = self.world.key(t)
        if key not in self._refused:
            self._refused[key] = isinstance(self.expected(t), ValueError)
        return self._refused[key]

    def outcome(self, t):
        """{what: kind} of all that is wrong; {} if nothing is.

        `what` is a result or "stop", whose kind is the exception's name.
        """
        due = self.expected(t)
        refused = isinstance(due, ValueError)
        try:
            results = self.results(t)
        except StudentError as error:
            if refused and "ValueError" in error.kinds:
                return {}
            if error.is_sentence:
                return {"results": "count"}
            self.stops.append(error)
            return {"stop": Stop.of(error)}
        if refused:
            return {"refusal": "error"}
        if results is None:
            return {"results": "missing" if self.returned is None else "count"}
        self.computed[self.world.key(t)] = _digest(results[name] for name in due)
        found = {name: difference(name, results[name], due[name]) for name in due}
        for name, one in found.items():
            if one:
                self.wrong.setdefault(name, []).append(
                    Wrong(one.kind, results[name], due[name], self.world.sizes(t), due))
        return {name: one.kind for name, one in found.items() if one}

    def of(self, t):
        """The outcome for a Try with its generic numbers, played once."""
        key = self.world.key(t)
        if key not in self.known:
            self.known[key] = self.outcome(t if len(t) > len(key) else self.world.with_arrays(t))
        return self.known[key]

    def met(self, wanted):
        """The settings of all tries so far with a wanted outcome."""
        return [Try(zip(self.world.settings, key, strict=True))
                for key, outcome in self.known.items() if wanted(outcome)]

    def pattern(self, tries):
        """A letter a try: "." right, "v" value, "s" shape, "x" an exception, and so on."""
        return "".join(_letter(self.of(t)) for t in tries)

    def signature(self, tries):
        """What the functions compute where they are wrong; equal for the same wrong numbers."""
        said = []
        for t in tries:
            outcome = self.of(t)
            computed = outcome.get("stop") or self.computed.get(self.world.key(t), "")
            said.append(f"{_letter(outcome)}{computed if outcome else ''}")
        return " ".join(said)


def _digest(values):
    """A short text for results, the same for numbers that differ by rounding."""
    number = 0
    for value in values:
        try:
            value = np.asarray(value)
            if value.dtype.kind == "c":
                value = np.stack((value.real, value.imag))
            value = value.astype(float)
            text = f"{value.shape} {(np.round(value, 4) + 0.0).tolist()}"
        except (TypeError, ValueError, OverflowError):
            text = "no numbers"
        number = zlib.crc32(text.encode(), number)
    return f"{number:08x}"


def _letter(outcome):
    if not outcome:
        return "."
    if "stop" in outcome:
        return "x"
    return _SYMBOLS.get(next(iter(outcome.values())), "w")
