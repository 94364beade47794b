"""Grading a class from beginning to end."""

import contextlib
import gc
from collections import Counter
from dataclasses import replace
from pathlib import Path

from tqdm import tqdm

from autograder.bounded import each
from autograder.classroom.lessons import lesson_paths
from autograder.classroom.noticed import notice
from autograder.classroom.sentences import read_sentences
from autograder.classroom.settings import read_settings
from autograder.grading.after import compare, prepare_comparing, write_pages
from autograder.grading.attempts import best_of, with_attempts
from autograder.grading.cluster import grade_on_cluster
from autograder.grading.collect import LEFT_OUT, check_class_folder, collect
from autograder.grading.gradebook import check_gradebook
from autograder.grading.kept import Kept
from autograder.grading.known import Known
from autograder.grading.limits import class_limits
from autograder.grading.log import open_log
from autograder.grading.record import Recorder, only_run
from autograder.grading.workers import grade_all
from autograder.judge.fork_server import fork_server
from autograder.judge.intake import restore
from autograder.judge.reading import read_submission
from autograder.judge.template import template_for
from autograder.lessons.lesson import Lessons
from autograder.lms.in_place import put_in_place
from autograder.results.row import Row
from autograder.sandbox.walls import kind_of_sandbox

# Its thread would be one too many where processes are forked.
tqdm.monitor_interval = 0


def grade_class(class_dir, *, lesson=None, student=None, workers=1, unsafe=False, limits=None,
                feedback=True, scheduler=None, tell=None, say=None, again=False, server=None):
    """Grade the submissions of a class; returns (rows, lessons, walls).

    What an earlier run graded is neither run nor recorded again while nothing has changed of what
    that was made of (known.py).

    scheduler  address of a Dask scheduler whose workers grade, in place of processes here
    tell       called with the Row of each submission as soon as it is recorded
    say        called with a sentence about what happened to the class as a whole
    again      True runs everything again
    server     the ForkServer that grading processes come from, if it was begun before; it is
               closed as soon as it is not needed

    Raises GradingError for what stops the whole run: no submissions, an unknown lesson, a
    gradebook that cannot be written, a missing sandbox, a full disk. What is recorded by then
    stays recorded.
    """
    class_dir = Path(class_dir)
    settings = read_settings(class_dir)
    limits = limits or class_limits(class_dir)
    # Before what it is a digest of: who changes that from now on sees it graded again.
    known = Known(class_dir, settings, limits, unsafe)
    sources = lesson_paths(class_dir, settings)
    check_class_folder(class_dir)
    read_sentences(class_dir)  # before pages are made without what could not be read
    submissions, problems = collect(class_dir, set(sources), student, lesson)
    problems, left_out = _left_out(problems)
    names = sorted({one.lesson for one in submissions})
    count = len(submissions)
    submissions = with_attempts(class_dir, settings, [
        replace(one, source=sources[one.lesson]) for one in submissions])
    _warm_up(server, submissions, workers)
    lessons = Lessons(sources)
    with only_run(class_dir, lesson), open_log(class_dir) as log:
        def said(sentence):
            log.info(sentence)
            if say:
                say(sentence)

        for sentence in (*left_out, *settings.idle_extensions):
            said(sentence)
        check_gradebook(class_dir)
        notice(class_dir, totals=False)
        recorder = Recorder(class_dir, lessons, said)
        kept = Kept(class_dir, known, recorder)
        there, to_run = known.look_up(submissions, again)
        if server and not to_run:
            server.close()
        if there or scheduler:
            recorder.prepare(names)

        def meanwhile():
            if not there:
                recorder.prepare(names)
            # What compares them is not needed before the end, but then it would be waited for.
            prepare_comparing(sources[name] for name in names)

        def done(submission, row):
            if submission.attempt:
                put_in_place(class_dir, submission.attempt)
            tell_of(row)
            bar.set_postfix_str(row.student)
            bar.update()

        def tell_of(row):
            log.info(row.line())
            if tell:
                tell(row)

        for label, problem in problems:
            tell_of(kept.keep(Row(*_split(label), problem=problem)))
        with tqdm(total=count, desc="grade", unit="notebook") as bar:
            for submission, row in kept.from_before(there):
                done(submission, row)
            # Making the gradebook takes seconds, and so does starting the workers.
            results = _graded(to_run, limits, unsafe, workers, scheduler, meanwhile, server)
            with contextlib.closing(results):
                for submission, graded, problem in best_of(results, to_run, settings.late,
                                                           recorder.due):
                    done(submission, kept.record(submission, graded, problem))
        recorder.close()
        compare(kept, workers, sources)
        if feedback:
            write_pages(kept, workers)
        for row in kept.rows:
            for trouble in row.troubles:
                log.info(f"{row.student}/{row.lesson}: {trouble}")
    rows = sorted(kept.rows, key=lambda row: (row.student, row.lesson))
    return rows, lessons, kind_of_sandbox(unsafe).walls


def _left_out(problems):
    """(the problems without those that are none, a sentence for each lesson that is left out)."""
    counts = Counter(_split(label)[1] for label, problem in problems if problem == LEFT_OUT)
    sentences = [
        f"{name}: class.toml leaves it out, so the {number} submissions of it are not graded; they "
        "stay where they are" if number > 1 else
        f"{name}: class.toml leaves it out, so the submission of it is not graded; it stays where "
        "it is" for name, number in sorted(counts.items())]
    return [one for one in problems if one[1] != LEFT_OUT], sentences


def _graded(to_run, limits, unsafe, workers, scheduler, meanwhile, server):
    """Yield (submission, Graded or None, problem), as soon as each is there.

    meanwhile  called while workers in processes here start
    """
    if scheduler and to_run:
        yield from grade_on_cluster(to_run, limits, unsafe, scheduler)
        return
    if not to_run:
        return
    # What is imported by now stays: no need to search it for garbage, here or in forks.
    gc.freeze()
    if not server:
        server = fork_server(limits, unsafe)
        _warm_up(server, to_run, workers)
    with server or contextlib.nullcontext():
        # Whoever has no walls learns it before anything runs.
        if server:
            server.know({path: template_for(path) for path in {one.source for one in to_run}})
            server.check()
        else:
            kind_of_sandbox(unsafe)(limits).close()
        yield from grade_all(to_run, limits, unsafe, workers, meanwhile, server)


def _warm_up(server, submissions, workers):
    # Where each process grades one only, it would not pay.
    if server and len(submissions) > workers:
        server.warm_up(submissions[0].source)


def look(class_dir, *, lesson=None, student=None, say=None):
    """What grading would find, without running or writing anything: Rows with remarks, problems.

    say  as for grade_class
    """
    settings = read_settings(class_dir)
    sources = lesson_paths(class_dir, settings)
    submissions, problems = collect(Path(class_dir), set(sources), student, lesson)
    problems, left_out = _left_out(problems)
    for sentence in (*left_out, *settings.idle_extensions) if say else ():
        say(sentence)
    rows = [Row(*_split(label), problem=problem) for label, problem in problems]
    for lesson_name in {one.lesson for one in submissions}:
        template_for(sources[lesson_name])
    found = each(_repairs, [(one, sources[one.lesson]) for one in submissions])
    for (submission, _), remarks, problem in tqdm(found, desc="look", unit="notebook",
                                                  total=len(submissions)):
        rows.append(Row(submission.student, submission.lesson, remarks=remarks or [],
                        problem=problem or ""))
    return sorted(rows, key=lambda row: (row.student, row.lesson))


def _repairs(submission, source):
    notebook = read_submission(submission.path)
    return [*submission.remarks, *restore(notebook, template_for(source)).remarks,
            *notebook.metadata.left_out]


def _split(label):
    student, _, lesson = label.partition("/")
    return student, lesson
