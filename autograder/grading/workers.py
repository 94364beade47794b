"""Grading submissions in parallel processes."""

import gc
from concurrent.futures import ProcessPoolExecutor, as_completed
from concurrent.futures.process import BrokenProcessPool

from autograder import course
from autograder.bounded import CONTEXT
from autograder.errors import GradingError, SandboxError
from autograder.text import one_line

_state = {}


def prepare(limits, unsafe):
    """Once in each process that grades: the sandbox and the judge's own shell."""
    if _state.get("for") == (limits, unsafe):
        return
    from autograder.judge.run import CourseSide
    from autograder.sandbox.walls import BubblewrapSandbox, UnsafeSandbox

    _state["sandbox"] = (UnsafeSandbox if unsafe else BubblewrapSandbox)(limits)
    _state["course"] = CourseSide()
    _state["for"] = limits, unsafe


def grade(submission):
    """(Graded, None) or (None, sentence): nothing that a submission does stops the class."""
    from autograder.judge.run import grade_notebook

    lesson = submission.source or course.SOLUTIONS / f"{submission.lesson}.py"
    try:
        graded = grade_notebook(submission.path, lesson, _state["sandbox"], _state["course"])
        graded.remarks[:0] = submission.remarks
        if not _state.get("worked"):
            # What was imported and drawn for the first one stays: searching it for garbage after
            # each submission costs more than many a submission.
            gc.collect()
            gc.freeze()
        _state["worked"] = True
        return graded, None
    except SandboxError as error:
        if not _state.get("worked"):
            raise  # nobody can be graded here: that is no problem of this submission
        return None, str(error)
    except GradingError as error:
        return None, str(error)
    except Exception as error:
        return None, (f"could not be graded ({one_line(f'{type(error).__name__}: {error}', 200)}); "
                      "please report this")


def grade_all(submissions, limits, unsafe=False, workers=1, meanwhile=None):
    """Yield (submission, Graded or None, problem or None) as the results come.

    `meanwhile` is called once, when the workers have got their work. A worker process that dies
    costs its submission one more try, in a pool of its own, and costs the others nothing.
    """
    pending = list(submissions)
    for attempt in (1, 2):
        size = workers if attempt == 1 else 1
        left = []
        groups = [pending] if attempt == 1 else [[one] for one in pending]
        for group in groups:
            for submission, result in _one_pool(group, limits, unsafe, size, meanwhile):
                if result is None:
                    left.append(submission)
                else:
                    yield (submission, *result)
        pending, meanwhile = left, None
        if not pending:
            return
    for submission in pending:
        yield submission, None, "the grading process died twice on it; look at the notebook by hand"


def _one_pool(submissions, limits, unsafe, size, meanwhile):
    pool = ProcessPoolExecutor(size, CONTEXT, prepare, (limits, unsafe))
    try:
        futures = {pool.submit(grade, one): one for one in submissions}
        if meanwhile:
            meanwhile()
        for future in as_completed(futures):
            try:
                yield futures[future], future.result()
            except BrokenProcessPool:
                yield futures[future], None
    finally:
        # Whoever stops early (a full disk, Ctrl-C) does not wait for the rest of the class.
        pool.shutdown(cancel_futures=True)
