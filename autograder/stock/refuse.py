"""nbgrader's commands, which look at what they are about to copy or to take away.

nbgrader copies all files beside a notebook, follows links while it does, and hands what it copied
to the student's code and to the feedback. Here a submission with a link, a pipe or too much in it
is named in a sentence and left where it is; all others are graded, and the command ends with an
error. And none of nbgrader's commands writes over the course's own lessons.
"""

import os
import shlex
import stat
from pathlib import Path

import nbgrader.apps.api
import nbgrader.apps.autogradeapp
import nbgrader.apps.generateassignmentapp
import nbgrader.apps.generatesolutionapp
from nbgrader.converters import Autograde, GenerateAssignment, GenerateSolution
from nbgrader.converters.base import NbGraderException

from autograder import course
from autograder.errors import GradingError
from autograder.judge.reading import MAX_BYTES, check_size, timestamp_problem
from autograder.text import name_problem, one_line

MAX_FILES = 1000


class CheckedAutograde(Autograde):
    """Autograde of what a student may hand in. Its settings are those of Autograde."""

    def convert_notebooks(self):
        refused = {}
        for folder in sorted(self.assignments):
            problem = refusal(Path(folder), Path(self.coursedir.root))
            if problem:
                refused[folder] = problem
                del self.assignments[folder]
        super().convert_notebooks()
        for folder, problem in refused.items():
            # nbgrader makes its pages of these lines, too.
            self.log.error("%s was not graded: %s", one_line(folder), problem)
        if refused:
            raise NbGraderException("some submissions were refused; see the lines above")


class CheckedGenerate(GenerateAssignment):
    """GenerateAssignment that never writes into the course's own folder.

    All classes hand out what lies there; nbgrader takes a lesson away before it makes it anew.
    """

    def start(self):
        name = self.coursedir.assignment_id
        target = Path(self.coursedir.format_path(self.coursedir.release_directory, ".", name))
        if target.resolve().is_relative_to(course.ASSIGNMENTS):
            problem = (f"{name} is the course's and ready to be released; what your class changes "
                       f"in it stands in class.toml. Type: nbgrader release_assignment {name}")
            self.log.error(problem)
            raise NbGraderException(problem)
        super().start()


class CheckedSolution(GenerateSolution):
    """GenerateSolution for an instructor's own assignments.

    The course's are written by another command: nbgrader's keeps the mark schemes, and stops at
    them.
    """

    def start(self):
        name = self.coursedir.assignment_id
        if Path(self.coursedir.source_directory).resolve() == course.SOURCE:
            problem = (f"{name} is the course's. Its solutions for students: convnets "
                       f"solutions-for-students {shlex.quote(str(self.coursedir.root))} {name}")
            self.log.error(problem)
            raise NbGraderException(problem)
        super().start()


def put_in_place():
    """From now on nbgrader's commands and formgrader's buttons go through the classes above."""
    for app in (nbgrader.apps.autogradeapp, nbgrader.apps.api):
        app.Autograde = CheckedAutograde
    for app in (nbgrader.apps.generateassignmentapp, nbgrader.apps.api):
        app.GenerateAssignment = CheckedGenerate
    for app in (nbgrader.apps.generatesolutionapp, nbgrader.apps.api):
        app.GenerateSolution = CheckedSolution


def refusal(folder, class_dir):
    """Why nothing of a submission's folder may be copied, as a sentence, or None."""
    for place in (folder.parent, folder):
        if place.is_symlink():
            return f"{one_line(place.name)} is a link; ask for the folder itself"
    problem = name_problem(folder.parent.name)
    if problem:
        return f"{one_line(folder.parent.name)} {problem}"
    count = size = 0
    for found in _all_below(folder):
        name = one_line(os.path.relpath(found.path, folder))
        info = found.stat(follow_symlinks=False)
        if found.is_symlink():
            return f"{name} is a link; ask for the file itself"
        if found.is_dir(follow_symlinks=False):
            continue
        if not stat.S_ISREG(info.st_mode):
            return f"{name} is no plain file; remove it"
        if info.st_nlink > 1 and _is_elsewhere(info, folder, class_dir):
            return f"{name} is another file of the class under a second name; ask for a copy"
        count, size = count + 1, size + info.st_size
        if count > MAX_FILES or size > MAX_BYTES:
            return (f"it is more than {MAX_FILES:,} files or {MAX_BYTES >> 20} MiB; ask for the "
                    "notebook alone")
        if found.name.endswith(".ipynb"):
            try:
                check_size(found.path)
            except GradingError as error:
                return f"{name}: {error}"
    return timestamp_problem(folder / "timestamp.txt")


def _all_below(folder):
    """All entries below a folder. No link is followed."""
    with os.scandir(folder) as entries:
        for entry in sorted(entries, key=lambda one: one.name):
            yield entry
            if entry.is_dir(follow_symlinks=False):
                yield from _all_below(entry.path)


def _is_elsewhere(info, folder, class_dir):
    """True if a file of the class outside of the student's own folder is the same file."""
    for parent, folders, names in os.walk(class_dir):
        if Path(parent) == folder.parent:
            folders.clear()
            continue
        for name in names:
            other = os.lstat(os.path.join(parent, name))
            if (other.st_dev, other.st_ino) == (info.st_dev, info.st_ino):
                return True
    return False
