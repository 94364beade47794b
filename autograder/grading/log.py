"""The log of a class: a line for each submission of each run, in grading.log."""

import contextlib
import logging
import time
from pathlib import Path

LOG = "grading.log"


@contextlib.contextmanager
def open_log(class_dir):
    """A logger that appends to the class's log, with times in UTC."""
    handler = logging.FileHandler(Path(class_dir) / LOG, encoding="utf-8")
    form = logging.Formatter("%(asctime)sZ %(message)s", "%Y-%m-%dT%H:%M:%S")
    form.converter = time.gmtime
    handler.setFormatter(form)
    logger = logging.Logger("autograder.grading", logging.INFO)
    logger.addHandler(handler)
    try:
        yield logger
    finally:
        handler.close()
