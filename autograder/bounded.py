"""Work on something of a student's in a process that is ended when it takes too much.

Making a page, comparing code and reading a notebook are done by libraries that were not written
for strangers' input: a regular expression that goes back and forth for hours, a parser that dies.
Here each piece of such work has a process of its own with an end and a ceiling, so whatever
happens is a sentence about this one piece.
"""

import multiprocessing
import signal
import sys
import time
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


def each(function, items, workers=1, bounds=None):
    """Yield (item, function(*item) or None, None or the sentence why not) as the results come.

    The work on an item that raises, dies or passes its bounds costs the others nothing.
    """
    bounds = bounds or Bounds()
    waiting, running = iter(items), {}
    try:
        while True:
            while len(running) < workers and (item := next(waiting, None)) is not None:
                running.update([_start(function, item, bounds)])
            if not running:
                return
            first = min(end for _, _, end in running.values())
            ready = connection.wait(list(running), max(0.0, first - time.monotonic()))
            late = [one for one, (_, _, end) in running.items() if end < time.monotonic()]
            for one in ready or late:
                item, process, _ = running.pop(one)
                yield item, *_outcome(one, process, bounds, bool(ready))
    finally:
        for one, (_, process, _) in running.items():
            process.kill()
            process.join()
            one.close()


def _start(function, item, bounds):
    ours, theirs = CONTEXT.Pipe(duplex=False)
    process = CONTEXT.Process(target=_work, args=(function, item, theirs, bounds), daemon=True)
    process.start()
    theirs.close()
    return ours, (item, process, time.monotonic() + bounds.seconds)


def _outcome(pipe, process, bounds, ready):
    """(result, sentence) of work that has said something, died or run out of time."""
    try:
        said = pipe.recv() if ready else None
    except (EOFError, OSError):
        said = None
    if said is None:
        process.kill() if not ready else process.join(bounds.seconds)
    process.join()
    pipe.close()
    if said is not None:
        return said
    if not ready or process.exitcode in (-signal.SIGXCPU, -signal.SIGKILL):
        return None, f"it took more than {bounds.cpu_seconds} seconds"
    return None, "the process that did it died"


def _work(function, item, pipe, bounds):
    try:
        if resource:
            _limit(bounds)
        said = function(*item), None
    except GradingError as error:
        said = None, str(error)
    except MemoryError:
        said = None, f"it took more than {bounds.memory / 2**30:g} GiB of memory"
    except Exception as error:
        said = None, one_line(f"{type(error).__name__}: {error}", 200)
    pipe.send(said)
    pipe.close()


def _limit(bounds):
    resource.setrlimit(resource.RLIMIT_CPU, (bounds.cpu_seconds, bounds.cpu_seconds + 1))
    if sys.platform == "linux":
        with open("/proc/self/statm", encoding="ascii") as file:
            now = int(file.read().split()[0]) * resource.getpagesize()
        resource.setrlimit(resource.RLIMIT_AS, (now + bounds.memory, now + bounds.memory))
