"""Where time goes while a submission is graded."""

import contextlib
import time


class Stopwatch:
    """Seconds of wall time by what was done. A part within a part counts for the inner one alone.

    spent  {name: seconds}, in the order in which the parts first ended
    """

    def __init__(self):
        self.spent = {}
        self._open = []
        self._since = 0.0

    @contextlib.contextmanager
    def time(self, name):
        """Count what the block takes as `name`."""
        self._book()
        self._open.append(name)
        try:
            yield
        finally:
            self._book()
            self._open.pop()

    def _book(self):
        now = time.monotonic()
        if self._open:
            name = self._open[-1]
            self.spent[name] = self.spent.get(name, 0.0) + now - self._since
        self._since = now
