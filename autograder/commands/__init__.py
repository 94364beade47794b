"""The words an instructor types: convnets WORD, or python -m autograder WORD."""

import os
import sys

import click

from autograder.commands import classes, course, grading, troubles
from autograder.errors import GradingError


class _Term(click.Group):
    """Lists its words in the order of a term, not of the alphabet."""

    def list_commands(self, ctx):
        return list(self.commands)


@click.group(cls=_Term, context_settings={"help_option_names": ["-h", "--help"],
                                          "max_content_width": 100})
def convnets():
    """ConvNets by hand: from a class folder to grades in the LMS.

    A term in the order of its words: start, handout, collect, grade, hand-back. Each word tells
    more with --help. The class folder is nbgrader's own: all of nbgrader's commands work in it.
    """


for command in (*classes.BEFORE, *grading.COMMANDS, *classes.AFTER, *course.COMMANDS):
    # The whole first paragraph: click would cut it where the window is narrow.
    command.short_help = " ".join(command.help.partition("\n\n")[0].split())
    convnets.add_command(command)


def main(argv=None):
    """Run a command; returns the exit status.

    0    all well
    1    done, but something could not be graded or placed: it is named
    2    nothing done, or stopped half-way, for the reason that is printed
    130  stopped by hand
    """
    try:
        return convnets.main(argv, prog_name="convnets", standalone_mode=False) or 0
    except GradingError as error:
        print(f"error: {error}", file=sys.stderr)
        return 2
    except click.exceptions.NoArgsIsHelpError as error:
        print(error.format_message(), file=sys.stderr)
        return 2
    except click.UsageError as error:
        where = error.ctx.command_path if error.ctx else "convnets"
        print(f"error: {error.format_message()} ({where} --help tells more)", file=sys.stderr)
        return 2
    except click.ClickException as error:
        print(f"error: {error.format_message()}", file=sys.stderr)
        return 2
    except BrokenPipeError:
        # Whoever reads has heard enough, as with | head; what Python still holds goes nowhere.
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
        return 0
    except (KeyboardInterrupt, click.Abort):
        print("stopped; what was graded before is in the gradebook", file=sys.stderr)
        return 130
    except Exception as error:
        # A folder that may not be written, a file in a folder's place, a full disk.
        trouble = troubles.sentence(error)
        if trouble is None:
            raise
        print(f"error: {trouble}", file=sys.stderr)
        return 2


def run():
    """The console script."""
    sys.exit(main())
