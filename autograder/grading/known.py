"""What need not be done again: digests of everything that a grade, an entry in the gradebook and a
feedback page are made of.

A submission is run again if its files, its lesson, the course, Python, a package or a limit is
another one. It is recorded again, from its graded notebook, if the gradebook, the roster, a date or
a rule of the class is another one. What a student hands in goes into a digest and nowhere else: it
names no file and no key.
"""

import functools
import stat
from dataclasses import asdict, astuple
from pathlib import Path

import nbformat

from autograder.classroom.roster import read_roster
from autograder.classroom.sentences import read_sentences
from autograder.errors import GradingError
from autograder.judge.handed_in import BOOK_KEEPING, book_keeping, read_beside
from autograder.judge.run import Graded
from autograder.results.stored import stored_work
from autograder.version import course_version, digest, digest_of_files


class Known:
    """Digests of what decides about the submissions of a class, and what earlier runs stored."""

    def __init__(self, class_dir, settings, limits=None, unsafe=False):
        self.class_dir, self.settings = Path(class_dir), settings
        self.course = course_version()
        self.limits = repr((sorted(asdict(limits).items()) if limits else None, unsafe))
        self.roster = {one.id: one for one in read_roster(class_dir)}
        self.runs = {}

    @functools.cached_property
    def config(self):
        """Digest of nbgrader_config.py, which a first run writes, and of plugins that it names."""
        return digest(*[part for path in sorted(self.class_dir.glob("*.py"))
                        if path.is_file() for part in (path.name, path.read_bytes())])

    def look_up(self, submissions, again=False):
        """([(submission, Row, Work)] of what needs no new run, the submissions that do).

        Of several attempts of one student, the one that counts is among the first, or all are
        among the others. `runs` then holds {label: digest of what decides how it is graded}.

        again  True finds that all need one
        """
        there, to_run = [], []
        for label, attempts in _by_label(submissions).items():
            self.runs[label] = self.run(attempts)
            found = None if again else stored_work(
                self.class_dir, attempts[0].student, attempts[0].lesson)
            one = self._that_counts(attempts, found[1]) if found else None
            if one is None:
                to_run += attempts
            else:
                there.append((one, *found))
        return there, to_run

    def _that_counts(self, attempts, work):
        """The attempt that an earlier run chose, if its graded notebook still holds; or None."""
        if not work.run or (work.run, work.notebook) != (
                self.runs[attempts[0].label], self.notebook(attempts[0])):
            return None
        if not work.attempt:
            return attempts[0]
        return next(one for one in attempts if one.attempt and one.attempt.number == work.attempt)

    def run(self, attempts):
        """Digest of all that decides how a submission is graded; "" if a file cannot be read."""
        parts = [self.course, self.limits]
        try:
            for one in attempts:
                files, remarks = read_beside(one.path)
                parts += [one.lesson, one.source.read_bytes(), one.path.read_bytes(),
                          repr((one.remarks, sorted(files), remarks))]
                parts += [files[name] for name in sorted(files)]
        except OSError:
            return ""
        if len(attempts) > 1:
            parts += [repr([one.attempt for one in attempts]), self._rules(attempts[0])]
        return digest(*parts)

    def handed_in(self, one):
        """Digest of a submission's own files."""
        files, _ = read_beside(one.path)
        return digest(one.path.read_bytes(), *[part for name in sorted(files)
                                               for part in (name, files[name])])

    def recorded(self, submission):
        """Digest of what else is written into the gradebook and beside the graded notebook."""
        kept = sorted(book_keeping(map(submission.book_keeping, BOOK_KEEPING)).items())
        return digest(self._rules(submission), self.config, repr(kept),
                      self._person(submission.student))

    def page(self, row, work, book, sentences):
        """Digest of what a feedback page shows.

        book       the state of the gradebook for this submission
        sentences  {group: sentence} of the class
        """
        told = [(way["id"], sentences.get(way["id"], "")) for way in row.ways]
        return digest(self.course, work.notebook, book, self.config, repr(told),
                      self._person(row.student))

    def notebook(self, one):
        """Digest of the graded notebook and the files beside it, as they lie in autograded/."""
        return digest_of_files(self.class_dir / "autograded" / one.student / one.lesson)

    def graded_before(self, submission, row):
        """The Graded that an earlier run stored, without running anything."""
        path = (self.class_dir / "autograded" / submission.student / submission.lesson
                / f"{submission.lesson}.ipynb")
        notebook = nbformat.read(path, as_version=4)
        if notebook.cells and notebook.cells[0].get("id") == "remarks":
            notebook.cells.pop(0)
        return Graded(notebook, row.remarks, row.events, row.misconceptions, row.outcomes, row.ways,
                      {})

    def sentences(self):
        """{group: sentence} of the class; {} where they cannot be read."""
        try:
            return read_sentences(self.class_dir)
        except GradingError:
            return {}

    def _rules(self, submission):
        due = [self.settings.due(submission.lesson, who) for who in (None, submission.student)]
        return repr((due, self.settings.late, self.settings.attempts))

    def _person(self, student):
        one = self.roster.get(student)
        return repr(astuple(one) if one else None)


def page_digest(path):
    """Digest of a feedback page; "" where there is none."""
    content = _bytes(Path(path))
    return "" if content is None else digest(content)


def _bytes(path):
    """What a plain file holds, else None: a pipe never ends, and a link leads elsewhere."""
    try:
        return path.read_bytes() if stat.S_ISREG(path.lstat().st_mode) else None
    except OSError:
        return None


def _by_label(submissions):
    found = {}
    for one in submissions:
        found.setdefault(one.label, []).append(one)
    return found
