"""Where time goes while a submission is graded."""

import time


class Stopwatch:
    """Seconds of wall time by what was done. A part within a part counts for the inner one alone.

    spent  {name: seconds}, in the order in which the parts first ended
    """

    def __init__(self):
        self.spent = {}
        self._open = []
        self._since = 0.0

    def time(self, name):
        """A context: count what the block takes as `name`."""
        return _Part(self, name)

    def begin(self, name):
        self._book()
        self._open.append(name)

    def end(self):
        self._book()
        self._open.pop()

    def _book(self):
        now = time.monotonic()
        if self._open:
            name = self._open[-1]
            self.spent[name] = self.spent.get(name, 0.0) + now - self._since
        self._since = now


class _Part:
    """A block that is timed: thousands of calls of a student's functions are, each by itself."""

    __slots__ = ("watch", "name")

    def __init__(self, watch, name):
        self.watch, self.name = watch, name

    def __enter__(self):
        self.watch.begin(self.name)

    def __exit__(self, *_):
        self.watch.end()
