"""Grading a class's submissions in parallel processes; none costs the others more than its time."""

import time
from multiprocessing.connection import wait

from autograder.errors import GradingError
from autograder.judge.process import DIED_TWICE, GradingProcess


def grade_all(submissions, limits, unsafe=False, workers=1, meanwhile=None, server=None):
    """Yield (submission, Graded or None, problem or None) as the results come.

    `server` is the prepared ForkServer that forks the workers, if there is one. `meanwhile` is
    called once, when the workers have got their work. A process that dies costs its
    submission one more try and costs the others nothing; one that is killed for its time, none.
    """
    waiting = list(submissions)[::-1]
    again, anything_worked = [], False
    running = [GradingProcess(limits, unsafe, server=server)
               for _ in range(min(workers, len(waiting)))]
    try:
        for process in running:
            process.start(waiting.pop())
        if meanwhile:
            meanwhile()
        while running:
            soonest = min(process.deadline for process in running) - time.monotonic()
            ready = wait([process.connection for process in running], max(0, soonest))
            for process in list(running):
                submission = process.submission
                if process.connection not in ready and time.monotonic() < process.deadline:
                    continue
                try:
                    result = process.result()
                except GradingError as error:
                    if not anything_worked:
                        raise  # nobody can be graded here: that is no problem of this submission
                    result = None, str(error)
                anything_worked = anything_worked or bool(result)
                gone = result is None and server and server.is_gone()
                once_more = result is None and (gone or submission not in again)
                if gone:
                    server = None  # what it had forked went with it: no submission's doing
                elif once_more:
                    again.append(submission)
                if once_more:
                    waiting.append(submission)
                _go_on(process, running, waiting, server)
                if not once_more:
                    yield submission, *(result or (None, DIED_TWICE))
    finally:
        # Whoever stops early (a full disk, Ctrl-C) does not wait for the rest of the class.
        for process in running:
            process.close()


def _go_on(process, running, waiting, server):
    """Give a process that is done the next submission, or end it; replace one that is spent."""
    if waiting and not process.is_spent:
        process.start(waiting.pop())
        return
    process.close()
    running.remove(process)
    if waiting:
        running.append(GradingProcess(process.limits, process.unsafe, server=server))
        running[-1].start(waiting.pop())
