"""Words about the course itself: build, sample-class, walls."""

import click

from autograder import course
from autograder.commands.common import short


@click.command()
def build():
    """Build solutions/ into assignments/."""
    from autograder.lessons.build import build

    for lesson in build():
        print(f"{lesson.name}: {len(lesson.cells)} cells, {lesson.max_points} points")


@click.command("sample-class")
def sample_class():
    """Write the sample class's submissions."""
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


COMMANDS = (build, sample_class, walls)
