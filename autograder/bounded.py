"""Work on something of a student's in a process that is ended when it takes too much.

Making a page, comparing code and reading a notebook are done by libraries that were not written
for strangers' input: a regular expression that goes back and forth for hours, a parser that dies.
Here each piece of such work has an end and a ceiling, in a process that does one piece after the
other and is replaced when one of them went wrong, so whatever happens is a sentence about this one
piece.
"""

import math
import multiprocessing
import signal
import sys
import time
import weakref
from collections import deque
from dataclasses import dataclass
from multiprocessing import connection

from autograder.errors import GradingError
from autograder.text import one_line

try:
    import resource
except ImportError:  # no Unix
    resource = None

# A fork has everything imported. Without the walls, which are Linux's, forks may be unsafe.
CONTEXT = multiprocessing.get_context("fork" if sys.platform == "linux" else "spawn")


@dataclass(frozen=True)
class Bounds:
    """What one piece of work may take: seconds of CPU and of wall time, bytes of memory beside
    those that the process began with."""

    cpu_seconds: int = 10
    seconds: float = 60
    memory: int = 2**30


# So many pieces at most are done in one process: what libraries keep of them does not grow with the
# class.
MOST_PIECES = 32
# This process's ends of the pipes to the others. A fork closes them: the one at the other end would
# not hear otherwise that this process is gone.
_ends = weakref.WeakSet()


def each(function, items, workers=1, bounds=None):
    """Yield (item, function(*item) or None, None or the sentence why not) as the results come.

    The work on an item that raises, dies or passes its bounds costs the others nothing.
    """
    bounds, items = bounds or Bounds(), list(items)
    waiting, busy, idle = deque(range(len(items))), {}, []
    try:
        while waiting or busy:
            while waiting and len(busy) < workers:
                one = idle.pop() if idle else _Worker(function, items, bounds)
                one.begin(waiting.popleft())
                busy[one.pipe] = one
            first = min(one.end for one in busy.values())
            ready = connection.wait(list(busy), max(0.0, first - time.monotonic()))
            late = [pipe for pipe, one in busy.items() if one.end < time.monotonic()]
            for pipe in ready or late:
                one = busy.pop(pipe)
                result, sentence = one.outcome(bool(ready))
                idle += [one] if one.fit else []
                yield items[one.item], result, sentence
    finally:
        for one in [*busy.values(), *idle]:
            one.stop()


class _Worker:
    """A process that does pieces of work. `fit`: it can do another."""

    def __init__(self, function, items, bounds):
        self.bounds, self.fit, self.done = bounds, True, 0
        self.pipe, theirs = CONTEXT.Pipe()
        _ends.add(self.pipe)
        self.process = CONTEXT.Process(target=_work, args=(function, items, theirs, bounds),
                                       daemon=True)
        self.process.start()
        theirs.close()

    def begin(self, item):
        """Let it do the item with this number."""
        self.item, self.end = item, time.monotonic() + self.bounds.seconds
        try:
            self.pipe.send(item)
        except OSError:
            pass  # it died meanwhile, which is heard where its answer is waited for

    def outcome(self, ready):
        """(result, sentence) of work that has said something, died or run out of time."""
        try:
            said = self.pipe.recv() if ready else None
        except (EOFError, OSError):
            said = None
        self.done += 1
        if said is not None:
            result, sentence, well = said
            self.fit = well and self.done < MOST_PIECES
            if not self.fit:
                self.stop()
            return result, sentence
        self.fit = False
        if ready:
            self.process.join(self.bounds.seconds)
        self.stop()
        if not ready or self.process.exitcode in (-signal.SIGXCPU, -signal.SIGKILL):
            return None, f"it took more than {self.bounds.cpu_seconds} seconds"
        return None, "the process that did it died"

    def stop(self):
        self.process.kill()
        self.process.join()
        self.pipe.close()


def _work(function, items, pipe, bounds):
    for end in list(_ends):
        end.close()
    # Who stops the run stops its workers: they need not say that they were interrupted.
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    while True:
        try:
            item = pipe.recv()
        except (EOFError, OSError):
            return  # whoever wanted to know is gone
        well = False
        try:
            if resource:
                _limit(bounds)
            said, well = (function(*items[item]), None), True
        except GradingError as error:
            said, well = (None, str(error)), True
        except MemoryError:
            said = None, f"it took more than {bounds.memory / 2**30:g} GiB of memory"
        except Exception as error:
            said = None, one_line(f"{type(error).__name__}: {error}", 200)
        pipe.send((*said, well))


def _limit(bounds):
    """The bounds of the next piece, on top of what this process has taken so far."""
    _set(resource.RLIMIT_CPU, math.ceil(time.process_time()) + bounds.cpu_seconds)
    if sys.platform == "linux":
        with open("/proc/self/statm", encoding="ascii") as file:
            now = int(file.read().split()[0]) * resource.getpagesize()
        _set(resource.RLIMIT_AS, now + bounds.memory)


def _set(kind, value):
    most = resource.getrlimit(kind)[1]
    resource.setrlimit(kind, (value if most == resource.RLIM_INFINITY else min(value, most), most))
