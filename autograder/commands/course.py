"""Words about the course itself: build, sample-class, walls."""

from pathlib import Path

import click

from autograder import course
from autograder.commands.common import short


@click.command()
def build():
    """Build solutions/ into assignments/."""
    build_course()


def build_course():
    """Build solutions/ into assignments/, unless nothing has changed since; says which."""
    from autograder.lessons.built import is_built, note_built

    if is_built():
        print("assignments/ is up to date: nothing has changed since it was built")
        return
    from autograder.lessons.build import build

    for lesson in build():
        print(f"{lesson.name}: {len(lesson.cells)} cells, {lesson.max_points} points")
    note_built()


@click.command("student-package")
@click.argument("folder", type=click.Path(path_type=Path), default="dist")
@click.option("--solutions", is_flag=True,
              help="with all solutions and mark schemes: for those who study alone")
def student_package(folder, solutions):
    """Build the learner's package, a file that opens the lessons without a clone, into FOLDER."""
    from autograder.classroom.handout import build_package
    from autograder.lessons.lesson import read_all

    print(short(build_package(folder.resolve(), course.ASSIGNMENTS, read_all(course.SOLUTIONS),
                              solutions)))


@click.command("sample-class")
def sample_class():
    """Write the sample class's submissions."""
    make_sample_class()


def make_sample_class():
    """Write the sample class's submissions; says how many."""
    from autograder.lessons.sample import write_sample_class

    count = write_sample_class()
    print(f"{count} notebooks in {short(course.SAMPLE_CLASS / 'submitted')}")


@click.command()
def walls():
    """Try every wall of the sandbox from inside."""
    from autograder.sandbox import leftovers
    from autograder.sandbox.probes import probes, tried
    from autograder.sandbox.walls import BubblewrapSandbox

    through, sandbox = 0, BubblewrapSandbox()
    for what, why in (*tried(sandbox, probes()), *leftovers.tried(sandbox)):
        print(f"{'held' if why else 'OPEN'}  {what:44}  {why or 'nothing stopped it'}")
        through += why is None
    return 1 if through else 0


COMMANDS = (build, student_package, sample_class, walls)
