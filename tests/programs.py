"""Programs of Python for tests, started without waiting for their imports: each call is a fork.

`run("autograder", "grade", folder)` does what `python -m autograder grade FOLDER` does, in a fresh
process with arguments, standard streams, working folder and environment of its own. It is forked
from a process that has imported, read and drawn once what takes seconds (tests/warm.py).
"""

import multiprocessing
import os
import runpy
import signal
import subprocess
import sys
import tempfile
from pathlib import Path

_CONTEXT = multiprocessing.get_context("forkserver")
_CONTEXT.set_forkserver_preload(["pytest", "tests.warm"])


class Program:
    """A program that runs. It leads a group of processes, as one started from a shell does."""

    def __init__(self, module, *words, cwd=None, environment=None):
        self._said = tempfile.TemporaryDirectory()
        self._files = [Path(self._said.name) / name for name in ("out", "err")]
        self.args = [module, *map(str, words)]
        # IPython, where a test has graded in this process, puts a __main__ of its own in place.
        vars(sys.modules["__main__"]).setdefault("__spec__", None)
        self._process = _CONTEXT.Process(
            target=_main, args=(self.args, self._files, str(cwd or Path.cwd()),
                                {**os.environ, **(environment or {})}))
        self._process.start()
        self.pid = self._process.pid

    def alive(self):
        return self._process.is_alive()

    def stderr(self):
        """What it has said so far."""
        return self._files[1].read_text(encoding="utf-8") if self._files[1].exists() else ""

    def wait(self, timeout=None):
        """The finished program, as subprocess.run gives it."""
        self._process.join(timeout)
        if self._process.exitcode is None:
            self.kill()
            raise subprocess.TimeoutExpired(self.args, timeout)
        out = self._files[0].read_text(encoding="utf-8") if self._files[0].exists() else ""
        return subprocess.CompletedProcess(self.args, self._process.exitcode, out, self.stderr())

    def terminate(self):
        """Ask it to end."""
        self._process.terminate()

    def kill(self):
        """End it and all that it started, at once."""
        for end in (os.killpg, os.kill):  # it may not lead a group yet
            try:
                end(self.pid, signal.SIGKILL)
            except ProcessLookupError:
                continue
        self._process.join()


def run(module, *words, cwd=None, timeout=None):
    """Run `python -m module words...` to its end."""
    return Program(module, *words, cwd=cwd).wait(timeout)


def _main(arguments, files, cwd, environment):
    os.setsid()
    for stream, file in zip((sys.stdout, sys.stderr), files, strict=True):
        stream.flush()
        descriptor = os.open(file, os.O_WRONLY | os.O_CREAT | os.O_APPEND, 0o600)
        os.dup2(descriptor, stream.fileno())
        os.close(descriptor)
    os.chdir(cwd)
    os.environ.clear()
    os.environ.update(environment)
    sys.argv = list(arguments)
    # As `python -m` does: modules are looked for in the working folder first.
    sys.path.insert(0, cwd)
    runpy.run_module(arguments[0], run_name="__main__", alter_sys=True)
