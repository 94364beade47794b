"""A real Dask cluster on this machine."""

import contextlib
import re
import time

from distributed import Client

from autograder import course
from tests.programs import Program


class Cluster:
    """A scheduler and workers, each a process of its own."""

    def __init__(self, workers):
        self.scheduler = self._start("scheduler", "--host", "127.0.0.1", "--port", "0")
        self.address = self._said(self.scheduler, r"Scheduler at:\s+(tcp://\S+)")
        self.workers = [self._worker() for _ in range(workers)]
        for worker in self.workers:
            self._said(worker, "Registered to:")

    def _worker(self):
        return self._start("worker", self.address, "--nthreads", "1", "--no-nanny")

    def replace(self, number):
        """Kill a worker, at once, and start another one in its place."""
        self.workers[number].kill()
        self.workers[number] = self._worker()

    def _start(self, *words):
        return Program("distributed.cli.dask_" + words[0], *words[1:], "--no-dashboard",
                       cwd=course.ROOT)

    def _said(self, program, pattern):
        while True:
            alive = program.alive()
            found = re.search(pattern, program.stderr())
            if found:
                return found[1] if found.groups() else found[0]
            assert alive, "it ended before it was ready"
            time.sleep(0.05)

    def whole(self):
        return all(program.alive() for program in (*self.workers, self.scheduler))

    @contextlib.contextmanager
    def tasks(self):
        """Yields a function that says how many submissions the scheduler holds."""
        with Client(self.address) as client:
            yield lambda: client.run_on_scheduler(_tasks)

    def close(self):
        for program in (*self.workers, self.scheduler):
            program.kill()


def _tasks(dask_scheduler):
    return len(dask_scheduler.tasks)
