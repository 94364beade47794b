"""The command line: python -m autograder build | sample-class | walls | grade."""

import argparse
import os
import sys
from pathlib import Path

from autograder import course
from autograder.errors import GradingError


def main(argv=None):
    """Run a command; returns the exit status: 0 all well, 1 something to put right."""
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
    commands.add_parser("walls", help="try every wall of the sandbox from inside")
    options = parser.parse_args(argv)
    try:
        return _COMMANDS[options.command](options)
    except GradingError as error:
        print(f"error: {error}", file=sys.stderr)
        return 1
    except KeyboardInterrupt:
        print("stopped; what was graded before is in the gradebook", file=sys.stderr)
        return 130


def _build(options):
    from autograder.build import build

    for lesson in build():
        print(f"{lesson.name}: {len(lesson.cells)} cells, {lesson.max_points} points")
    return 0


def _sample_class(options):
    from autograder.sample import write_sample_class

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


def _grade(options):
    from autograder.grading.run import grade_class
    from autograder.report import table, write_report
    from autograder.sandbox.walls import Limits

    if options.workers < 1:
        raise GradingError(f"--workers {options.workers}: at least one is needed")
    if not options.class_dir.is_dir():
        raise GradingError(f"there is no folder {options.class_dir}; name the class's folder")
    rows, lessons, walls = grade_class(
        options.class_dir.resolve(), lesson=options.lesson, student=options.student,
        workers=options.workers, unsafe=options.unsafe, feedback=not options.no_feedback,
        limits=Limits(cell_seconds=options.cell_seconds, call_seconds=options.call_seconds))
    report = write_report(options.class_dir.resolve(), rows, lessons, walls)
    print(table(rows, lessons))
    changed = [row for row in rows if row.changed]
    for row in changed:
        print(f"changed: {row.student}/{row.lesson}: {row.before:g} -> {row.score:g}")
    if not options.no_feedback:
        print("\nfeedback pages:")
    for row in rows:
        if row.page:
            print(f"  {_short(row.page)}")
    print(f"report: {_short(report)}")
    bad = [row for row in rows if row.problem]
    for row in bad:
        print(f"not graded: {row.student}/{row.lesson}: {row.problem}", file=sys.stderr)
    return 1 if bad else 0


def _short(path):
    """The path as seen from where the command was typed, if it lies below."""
    path = Path(path)
    return path.relative_to(Path.cwd()) if path.is_relative_to(Path.cwd()) else path


_COMMANDS = {"build": _build, "sample-class": _sample_class, "walls": _walls, "grade": _grade}

if __name__ == "__main__":
    sys.exit(main())
