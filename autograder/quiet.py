"""nbgrader logs to the screen; the autograder keeps its words and speaks for itself."""

import contextlib
import logging
import sys
import warnings


class LogLines(logging.Handler):
    """Collects log records as lines."""

    def __init__(self):
        super().__init__(logging.WARNING)
        self.lines = []

    def emit(self, record):
        self.lines.append(record.getMessage())

    def reason(self):
        """Why something failed, in a line: what was raised last, or else what was said last.

        nbgrader logs a traceback whole, and last of all it asks to see the traceback above.
        """
        raised = [text for text in self.lines if text.startswith("Traceback (most recent call")]
        said = (raised or self.lines or [""])[-1].strip()
        return said.splitlines()[-1] if said else "no reason given"


@contextlib.contextmanager
def capture_log():
    """Collect what nbgrader logs while the block runs, in place of printing it."""
    collected = LogLines()
    # The last one is the gradebook's, for errors that it raises as well.
    loggers = [logging.getLogger(name)
               for name in ("traitlets", "alembic", "tornado.application")]
    before = [(log, log.handlers[:], log.propagate, log.level) for log in loggers]
    for log in loggers:
        log.handlers, log.propagate = [collected], False
    try:
        with warnings.catch_warnings():
            # nbgrader's models are older than SQLAlchemy's newest advice about them. A grading
            # process reads notebooks and has imported neither.
            if "sqlalchemy.exc" in sys.modules:
                warnings.simplefilter("ignore", sys.modules["sqlalchemy.exc"].SAWarning)
            yield collected
    finally:
        for log, handlers, propagate, level in before:
            log.handlers, log.propagate = handlers, propagate
            log.setLevel(level)
