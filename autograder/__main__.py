"""The command line: python -m autograder build | sample-class | grade | show | walls."""

import argparse
import json
import os
import sys
from pathlib import Path

from autograder import course
from autograder.errors import GradingError


def main(argv=None):
    """Run a command; returns the exit status.

    0    all well
    1    done, but some submissions could not be graded: they are named
    2    nothing done, or stopped half-way, for the reason that is printed
    130  stopped by hand
    """
    parser = argparse.ArgumentParser(prog="python -m autograder", description=__doc__)
    commands = parser.add_subparsers(dest="command", required=True)
    commands.add_parser("build", help="solutions/ -> assignments/")
    commands.add_parser("sample-class", help="write the sample class's submissions")
    grade = commands.add_parser("grade", help="grade a class")
    grade.add_argument("class_dir", nargs="?", type=Path, default=course.SAMPLE_CLASS,
                       help="folder with submitted/STUDENT/LESSON/LESSON.ipynb")
    grade.add_argument("--lesson", help="only this lesson")
    grade.add_argument("--student", help="only this student")
    grade.add_argument("--workers", type=int, default=os.cpu_count() or 1)
    grade.add_argument("--unsafe", action="store_true",
                       help="without walls: student code can read whatever you can read")
    grade.add_argument("--cell-seconds", type=float, default=30,
                       help="limit for one of a student's cells (default 30)")
    grade.add_argument("--call-seconds", type=float, default=20,
                       help="limit for one call of a student's function (default 20)")
    grade.add_argument("--no-feedback", action="store_true", help="write no feedback pages")
    grade.add_argument("--dry-run", action="store_true",
                       help="run and write nothing; say what is there and what would be repaired")
    grade.add_argument("--json", action="store_true",
                       help="a line of JSON for each submission, in place of the table")
    grade.add_argument("--scheduler", metavar="ADDRESS",
                       help="grade on the workers of the Dask cluster at this address")
    grade.add_argument("--gradebook", metavar="URL",
                       help="keep this class's grades in another database, such as "
                            "postgresql+psycopg://teacher@localhost/grades")
    show = commands.add_parser("show", help="what a student's code did, cell by cell")
    for name in ("class_dir", "student", "lesson"):
        show.add_argument(name)
    commands.add_parser("walls", help="try every wall of the sandbox from inside")
    options = parser.parse_args(argv)
    try:
        return _COMMANDS[options.command](options)
    except GradingError as error:
        print(f"error: {error}", file=sys.stderr)
        return 2
    except KeyboardInterrupt:
        print("stopped; what was graded before is in the gradebook", file=sys.stderr)
        return 130


def _build(options):
    from autograder.lessons.build import build

    for lesson in build():
        print(f"{lesson.name}: {len(lesson.cells)} cells, {lesson.max_points} points")
    return 0


def _sample_class(options):
    from autograder.lessons.sample import write_sample_class

    count = write_sample_class()
    print(f"{count} notebooks in {_short(course.SAMPLE_CLASS / 'submitted')}")
    return 0


def _walls(options):
    from autograder.sandbox.probes import probes, tried
    from autograder.sandbox.walls import BubblewrapSandbox

    through = 0
    for what, why in tried(BubblewrapSandbox(), probes()):
        print(f"{'held' if why else 'OPEN'}  {what:30}  {why or 'nothing stopped it'}")
        through += why is None
    return 1 if through else 0


def _show(options):
    from autograder.results.show import show

    print(show(options.class_dir, options.student, options.lesson))
    return 0


def _grade(options):
    from autograder.grading.gradebook import use_gradebook
    from autograder.grading.run import grade_class, look
    from autograder.results.report import write_report
    from autograder.sandbox.walls import Limits

    if options.workers < 1:
        raise GradingError(f"--workers {options.workers}: at least one is needed")
    if not options.class_dir.is_dir():
        raise GradingError(f"there is no folder {options.class_dir}; name the class's folder")
    class_dir = options.class_dir.resolve()
    chosen = {"lesson": options.lesson, "student": options.student}
    if options.dry_run:
        return _told_found(look(class_dir, **chosen), options.json)
    if options.gradebook:
        use_gradebook(class_dir, options.gradebook)
    rows, lessons, walls = grade_class(
        class_dir, **chosen, workers=options.workers, unsafe=options.unsafe,
        feedback=not options.no_feedback, scheduler=options.scheduler,
        limits=Limits(cell_seconds=options.cell_seconds, call_seconds=options.call_seconds),
        tell=_print_json if options.json else None)
    report = write_report(class_dir, rows, lessons, walls)
    if not options.json:
        _print_result(rows, lessons, report)
    return _told_problems(rows)


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
            print(f"  {_short(row.page)}")
    print(f"report: {_short(report)}")


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
    """Name what could not be graded; returns the exit status."""
    bad = [row for row in rows if row.problem]
    for row in bad:
        print(f"not graded: {row.student}/{row.lesson}: {row.problem}", file=sys.stderr)
    return 1 if bad else 0


def _short(path):
    """The path as seen from where the command was typed, if it lies below."""
    path = Path(path)
    return path.relative_to(Path.cwd()) if path.is_relative_to(Path.cwd()) else path


_COMMANDS = {"build": _build, "sample-class": _sample_class, "walls": _walls, "grade": _grade,
             "show": _show}

if __name__ == "__main__":
    sys.exit(main())
