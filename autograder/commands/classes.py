"""Words about a class and its LMS: start, roster, collect, hand-back."""

import os
import sys
from pathlib import Path

import click

from autograder.classroom.named import check_names
from autograder.commands.common import class_folder, existing, short, typed
from autograder.errors import GradingError

_file = click.Path(path_type=Path)


class _Attempt(click.ParamType):
    """The number of an attempt, from 1 on, or "last"."""

    name = "attempt"

    def convert(self, value, param, ctx):
        if value == "last" or isinstance(value, int):
            return value
        if value.isdecimal() and int(value):
            return int(value)
        return self.fail(f"{value!r} is no attempt; write its number, or last")


@click.command()
@click.argument("folder", type=_file)
@click.option("--roster", type=_file, metavar="FILE",
              help="Canvas's or Moodle's gradebook export, or a table with names")
def start(folder, roster):
    """Make a class folder: settings to fill in, a roster, nbgrader's configuration."""
    from autograder.classroom.start import start

    for sentence in start(folder, roster):
        print(sentence)


@click.command()
@class_folder
@click.argument("file", type=_file)
def roster(class_dir, file):
    """Add the students of a Canvas or Moodle export, or of any table, to the roster."""
    from autograder.classroom.start import add_to_roster

    for sentence in add_to_roster(existing(class_dir), file):
        print(sentence)


@click.command()
@class_folder
def handout(class_dir):
    """Write what students get: handout/ and handout.zip, without anything that solves or grades."""
    from autograder.classroom.handout import handout

    for path in handout(existing(class_dir)):
        print(short(path))


@click.command("solutions-for-students")
@class_folder
@click.argument("lesson")
def solutions_for_students(class_dir, lesson):
    """Write a lesson's solutions as a file that students put into their folder of lessons.

    Hand it out when nobody hands in any more: answers, model answers and mark schemes are in it.
    """
    from autograder.classroom.solutions import write_for_students

    print(short(write_for_students(existing(class_dir), lesson)))


@click.command()
@class_folder
@click.argument("export", type=_file)
@click.option("--lesson", help="take every notebook for this lesson, where its cells do not say")
@click.option("--student", help="collect only what this student handed in")
@click.option("--attempt", type=_Attempt(), metavar="NUMBER",
              help="let this attempt count, now and whatever comes later; of each student, unless "
                   "--student names one. “last” lets the last one count again")
@click.option("--times", type=_file, metavar="FILE",
              help="a table with hand-in times, such as Moodle's grading worksheet")
def collect(class_dir, export, lesson, student, attempt, times):
    """Place what Canvas, Moodle or Gradescope exported, or any pile of notebooks.

    EXPORT is the zip, its folder, or a notebook. Every attempt is kept in collected/; the last one
    goes to submitted/. The same file twice changes nothing.
    """
    from autograder.lms.collect import collect, table

    placed, unplaced = collect(existing(class_dir), export, lesson=lesson, student=student,
                               attempt=attempt, times=times)
    print(table(placed))
    for sentence in unplaced:
        print(f"not placed: {sentence}", file=sys.stderr)
    return 1 if unplaced else 0


@click.command("hand-back")
@class_folder
@click.option("--for", "system", required=True,
              type=click.Choice(["canvas", "moodle", "gradescope", "folder"]),
              help="where grades and pages go")
@click.option("--lesson", help="only this lesson; a Moodle worksheet needs it")
@click.option("--template", type=_file, metavar="FILE",
              help="Canvas's gradebook export or Moodle's grading worksheet, to be filled")
def hand_back(class_dir, system, lesson, template):
    """Write the grades file an LMS imports, and the zip of feedback pages it takes back."""
    from autograder.grading.after import old_pages
    from autograder.lms.hand_back import hand_back

    class_dir = existing(class_dir)
    paths, said = hand_back(class_dir, system, lesson=lesson, template=template)
    old = old_pages(class_dir, lesson)
    if old:
        said.append(f"{len(old)} feedback {'page is' if len(old) == 1 else 'pages are'} older than "
                    "the gradebook, your settings or the course as they are now "
                    f"({', '.join(old[:5])}{', ...' if len(old) > 5 else ''}); to hand back new "
                    f"ones: convnets pages {typed(class_dir)}, then this again")
    for path in paths:
        print(short(path))
    for sentence in said:
        print(f"note: {sentence}", file=sys.stderr)


@click.command()
@class_folder
@click.option("--no-browser", is_flag=True, help="print the address, open no browser")
def essays(class_dir, no_browser):
    """Grade essays in one sitting: one question after the other, by keys."""
    from jupyter_server.serverapp import ServerApp

    folder = existing(class_dir)
    as_root = ["--allow-root"] if hasattr(os, "geteuid") and os.geteuid() == 0 else []
    ServerApp.launch_instance([
        # Jupyter prints the address with ?token= behind it: it must have no other ? in it.
        f"--ServerApp.root_dir={folder}", "--ServerApp.default_url=/essays/",
        "--ServerApp.jpserver_extensions={'autograder.essays': True}", *as_root,
        *(["--no-browser"] if no_browser else [])])


@click.command()
@class_folder
@click.argument("student", required=False)
@click.option("--lesson", help="only this lesson")
def history(class_dir, student, lesson):
    """When which points changed, from what to what, and why.

    Points that were given in formgrader stand there from the next command on that sees them.
    """
    from autograder.classroom.history import lines
    from autograder.classroom.noticed import notice

    class_dir = existing(class_dir)
    check_names(class_dir, student, lesson)
    notice(class_dir)
    for line in lines(class_dir, student, lesson):
        print(line)


@click.command("regrade-request")
@class_folder
@click.argument("student")
@click.argument("lesson")
@click.argument("text")
def regrade_request(class_dir, student, lesson, text):
    """Note that a student asks for another look; it stands in the history and on the page."""
    from autograder.classroom.history import request_regrade

    class_dir = existing(class_dir)
    check_names(class_dir, student, lesson)
    print(request_regrade(class_dir, student, lesson, text))


@click.command("gradescope-autograder")
@class_folder
@click.argument("lesson")
@click.option("--to", "target", type=_file, metavar="FILE",
              help="where to write the zip (CLASS/hand-back/LESSON-autograder.zip)")
def gradescope_autograder(class_dir, lesson, target):
    """Write the autograder zip with which Gradescope itself grades a lesson."""
    from autograder.grading.gradescope import write_zip

    class_dir = existing(class_dir)
    if target is None:
        target = class_dir / "hand-back" / f"{lesson}-autograder.zip"
        target.parent.mkdir(exist_ok=True)
    print(short(write_zip(class_dir, lesson, target)))
    print("it holds the solutions: give it to Gradescope and to nobody else")


@click.command()
@class_folder
@click.argument("group")
@click.argument("sentence")
def say(class_dir, group, sentence):
    """Tell all who are wrong in the same way a sentence, and whoever joins them later.

    GROUP is a name from the class report. The sentence is kept in CLASS/sentences.toml; an empty
    one takes it back. Pages show it when they are made again: convnets pages CLASS.
    """
    from autograder.classroom.sentences import say
    from autograder.results.report.groups import find_group

    class_dir = existing(class_dir)
    found = find_group(class_dir, group)
    path = say(class_dir, group, sentence, found.mistake or found.rule)
    print(f"{short(path)}: {len(found.students)} students; now: convnets pages "
          f"{typed(class_dir)}")


@click.command()
@class_folder
@click.argument("group")
def draft(class_dir, group):
    """Write a group out as a misconception for the course: CLASS/drafts/GROUP.py."""
    from autograder.results.report.groups import draft

    class_dir = existing(class_dir)
    text = draft(class_dir, group)
    target = class_dir / "drafts" / f"{group}.py"
    if target.exists():
        raise GradingError(f"{short(target)} is there already; move it away first")
    target.parent.mkdir(exist_ok=True)
    target.write_text(text, encoding="utf-8", errors="replace")
    print(short(target))


BEFORE = (start, roster, handout, collect)
AFTER = (solutions_for_students, essays, say, draft, history, regrade_request, hand_back,
         gradescope_autograder)
