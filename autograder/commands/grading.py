"""Words about grading: grade, show."""

import contextlib
import json
import os
import sys
from pathlib import Path

import click

from autograder import course
from autograder.classroom.named import check_names
from autograder.commands.common import class_folder, existing, short
from autograder.commands.course import build_course, make_sample_class
from autograder.grading.limits import class_limits
from autograder.imports import without_search_for_garbage
from autograder.judge.fork_server import fork_server


@click.command()
@click.argument("class_dir", metavar="[CLASS]", type=click.Path(path_type=Path),
                required=False)
@click.option("--lesson", help="only this lesson")
@click.option("--student", help="only this student")
@click.option("--workers", type=click.IntRange(min=1), default=os.cpu_count() or 1,
              help="processes that grade at the same time")
@click.option("--unsafe", is_flag=True,
              help="without walls: student code can read whatever you can read")
@click.option("--cell-seconds", type=click.FloatRange(min=0.1),
              help="limit for one of a student's cells (30 unless the class says otherwise)")
@click.option("--call-seconds", type=click.FloatRange(min=0.1),
              help="limit for one call of a student's function (20, likewise)")
@click.option("--no-feedback", is_flag=True, help="write no feedback pages")
@click.option("--again", is_flag=True,
              help="run everything again, also what was graded before and is unchanged")
@click.option("--build", is_flag=True,
              help="build the course first, and make the sample class if it is graded")
@click.option("--dry-run", is_flag=True,
              help="run and write nothing; say what is there and what would be repaired")
@click.option("--json", "as_json", is_flag=True,
              help="a line of JSON for each submission, in place of the table")
@click.option("--scheduler", metavar="ADDRESS",
              help="grade on the workers of the Dask cluster at this address")
@click.option("--gradebook", metavar="URL",
              help="keep this class's grades in another database, such as "
                   "postgresql+psycopg://teacher@localhost/grades")
def grade(class_dir, lesson, student, workers, unsafe, cell_seconds, call_seconds, no_feedback,
          again, build, dry_run, as_json, scheduler, gradebook):
    """Grade a class: CLASS/submitted/STUDENT/LESSON/LESSON.ipynb.

    Without CLASS the class in whose folder you are, or else the course's sample class.
    """
    class_dir = class_dir or _here_or_sample()
    if build:
        build_course()
        if class_dir.resolve() == course.SAMPLE_CLASS:
            make_sample_class()
    class_dir = existing(class_dir)
    check_names(class_dir, student)
    limits = class_limits(class_dir, cell_seconds=cell_seconds, call_seconds=call_seconds)
    # Begun first: it takes as long as what is imported, read and made here.
    server = None if scheduler or dry_run else click.get_current_context().with_resource(
        fork_server(limits, unsafe) or contextlib.nullcontext())
    with without_search_for_garbage():
        from autograder.grading.gradebook import use_gradebook
        from autograder.grading.run import grade_class, look
        from autograder.results.report import write_report

    chosen = {"lesson": lesson, "student": student}
    if dry_run:
        return _told_found(look(class_dir, **chosen, say=_note), as_json)
    if gradebook:
        use_gradebook(class_dir, gradebook)
    rows, lessons, stood = grade_class(
        class_dir, **chosen, workers=workers, unsafe=unsafe, feedback=not no_feedback,
        scheduler=scheduler, again=again, server=server, say=_note,
        tell=_print_json if as_json else None, limits=limits)
    report = write_report(class_dir, rows, lessons, stood)
    if not as_json:
        _print_result(rows, lessons, report)
    unchanged = sum(row.unchanged for row in rows)
    if unchanged:
        print(f"{unchanged} of {len(rows)} submissions were graded before and are unchanged; they "
              "were not run again (--again runs everything)", file=sys.stderr if as_json else None)
    return _told_problems(rows)


@click.command()
@class_folder
@click.argument("student")
@click.argument("lesson")
def show(class_dir, student, lesson):
    """What a student's code did, cell by cell."""
    from autograder.results.show import show

    class_dir = existing(class_dir)
    check_names(class_dir, student, lesson)
    print(show(class_dir, student, lesson))


@click.command()
@class_folder
@click.option("--lesson", help="only this lesson's pages")
@click.option("--student", help="only this student's pages")
@click.option("--workers", type=click.IntRange(min=1), default=os.cpu_count() or 1,
              help="processes that make pages at the same time")
def pages(class_dir, lesson, student, workers):
    """Make feedback pages and the report again, as the gradebook is now, without grading.

    For after essays were graded, comments written, or a sentence told to a group.
    """
    from autograder.grading.after import pages_again
    from autograder.results.report import write_report

    class_dir = existing(class_dir)
    check_names(class_dir, student, lesson)
    rows, lessons = pages_again(class_dir, lesson=lesson, student=student, workers=workers)
    print(f"{len(rows)} feedback pages")
    print(f"report: {short(write_report(class_dir, rows, lessons, ()))}")
    return _told_problems(rows)


@click.command("carry-over")
@class_folder
@click.option("--dry-run", is_flag=True, help="change nothing; say what would happen")
def carry_over(class_dir, dry_run):
    """Keep grades given by hand when lessons gained or lost exercises, or points changed."""
    from autograder.grading.carry_over import carry_over

    changes, backup = carry_over(existing(class_dir), dry_run)
    for change in changes:
        print("\n".join(change.lines()))
    if not changes:
        print("nothing to do: the gradebook has the cells and points of the lessons as they are")
    elif dry_run:
        print("nothing was changed; without --dry-run everything else is carried over")
    else:
        print(f"everything else was carried over; the gradebook from before is {short(backup)}. "
              "Now grade the class again")


def _here_or_sample():
    if Path("class.toml").is_file() or Path("submitted").is_dir():
        return Path()
    _note("no class was named: this is the course's sample class")
    return course.SAMPLE_CLASS


def _print_result(rows, lessons, report):
    from autograder.results.report import table

    print(table(rows, lessons))
    for row in rows:
        if row.changed:
            print(f"changed: {row.student}/{row.lesson}: {row.before:g} -> {row.score:g}")
    if any(row.page for row in rows):
        print("\nfeedback pages:")
    for row in rows:
        if row.page:
            print(f"  {short(row.page)}")
    print(f"report: {short(report)}")


def _note(sentence):
    from tqdm import tqdm

    tqdm.write(f"note: {sentence}", file=sys.stderr)


def _print_json(row):
    print(json.dumps(row.data(), ensure_ascii=False), flush=True)


def _told_found(rows, as_json):
    """Print what a dry run found; returns the exit status."""
    for row in rows:
        if as_json:
            _print_json(row)
        elif not row.problem:
            print("; ".join([f"{row.student}/{row.lesson}: would be graded", *row.remarks]))
    return _told_problems(rows)


def _told_problems(rows):
    """Name what could not be graded, or not be finished; returns the exit status."""
    for row in rows:
        name = f"{row.student}/{row.lesson}"
        if row.problem:
            print(f"not graded: {name}: {row.problem}", file=sys.stderr)
        for trouble in row.troubles:
            print(f"graded, but: {name}: {trouble}", file=sys.stderr)
    return 1 if any(row.problem or row.troubles for row in rows) else 0


COMMANDS = (grade, pages, show, carry_over)
