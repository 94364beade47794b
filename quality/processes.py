"""Running small pieces of work in forked processes: a mutant may loop for ever or eat memory."""

import contextlib
import os
import resource
import signal
import traceback
import warnings
from multiprocessing import Pipe
from multiprocessing.connection import wait
from pathlib import Path

CPU_SECONDS = 10
# Only for a process that sleeps: CPU time, unlike this, does not depend on what else is running.
WALL_FOR_CPU = 30
# Beyond what the program has mapped already, which is much on a machine with many cores.
MORE_MEMORY = 2 * 2**30


class Stopped(Exception):
    """The process of a piece of work ended before it was done."""


def results(work, items, processes=2, cpu_seconds=CPU_SECONDS):
    """Yield (index, work(item)) in the order in which they are done; Stopped is a result too.

    Each item has a process of its own, with limits on CPU time and memory. Raises RuntimeError
    with the traceback if `work` raises.
    """
    waiting, running = list(enumerate(items))[::-1], {}
    try:
        while waiting or running:
            while waiting and len(running) < processes:
                index, item = waiting.pop()
                end, pid = _start(work, item, cpu_seconds)
                running[end] = pid, index
            for end in wait(list(running)):
                pid, index = running.pop(end)
                yield index, _finish(end, pid)
    finally:
        for end, (pid, _) in running.items():
            os.kill(pid, signal.SIGKILL)
            _finish(end, pid)


def _start(work, item, cpu_seconds):
    mine, theirs = Pipe(duplex=False)
    pid = os.fork()
    if pid == 0:
        mine.close()
        _run(work, item, theirs, cpu_seconds)
    theirs.close()
    return mine, pid


def _run(work, item, out, cpu_seconds):
    """The forked process; it never returns to the code that has started it."""
    status = 1
    try:
        signal.alarm(WALL_FOR_CPU * cpu_seconds)
        resource.setrlimit(resource.RLIMIT_CPU, (cpu_seconds, cpu_seconds + 1))
        mapped = int(Path("/proc/self/statm").read_text().split()[0]) * resource.getpagesize()
        memory = mapped + MORE_MEMORY
        resource.setrlimit(resource.RLIMIT_AS, (memory, memory))
        warnings.simplefilter("ignore")
        with open(os.devnull, "w") as nowhere, contextlib.redirect_stdout(nowhere), \
                contextlib.redirect_stderr(nowhere):
            try:
                message = True, work(item)
            except Exception:
                message = False, traceback.format_exc()
        out.send(message)
        status = 0
    finally:
        os._exit(status)


def _finish(end, pid):
    try:
        done, value = end.recv()
    except EOFError:
        done, value = True, Stopped()
    end.close()
    os.waitpid(pid, 0)
    if not done:
        raise RuntimeError(value)
    return value
