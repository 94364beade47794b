"""Putting grades where nbgrader keeps them, through nbgrader's own classes."""

import contextlib
import datetime
import errno
import os
import shutil
import tempfile
from pathlib import Path

import nbformat
import sqlalchemy.exc
from nbgrader.api import InvalidEntry, MissingEntry
from nbgrader.coursedir import CourseDirectory
from nbgrader.preprocessors import AssignLatePenalties
from nbgrader.utils import is_grade

from autograder import course
from autograder.classroom.config import class_config, ensure_config
from autograder.classroom.grades import after_penalty, seconds_late
from autograder.classroom.roster import read_roster
from autograder.classroom.settings import read_settings
from autograder.errors import GradingError
from autograder.grading.book_state import book_states
from autograder.grading.due import set_due, time_given
from autograder.grading.gradebook import OpenGradebook, SaveInOpenGradebook
from autograder.grading.registered import is_registered, register
from autograder.judge.handed_in import BOOK_KEEPING, book_keeping, read_beside, write_files
from autograder.judge.remarks import with_remarks
from autograder.locks import locked
from autograder.quiet import capture_log
from autograder.results.stored import clear_leftovers
from autograder.stock.ship import ship
from course_lib.whole_files import put_folder

_SCRATCH = ".grading-"
# What the names of one submission's files may come to; the disk is well.
_OF_ITS_OWN = (errno.ENAMETOOLONG, errno.EILSEQ, errno.EINVAL, errno.ELOOP)


@contextlib.contextmanager
def only_run(class_dir, lesson=None):
    """Hold the class's lock, and clear away what a killed run left behind.

    lesson  of this one alone: where the gradebook is a server's, which many may write to, runs on
            others may go on at the same time

    Raises GradingError if another run grades the same now.
    """
    class_dir = Path(class_dir)
    if course.gradebook_url(class_dir).startswith("sqlite:"):
        lesson = None
    with contextlib.ExitStack() as held:
        free = held.enter_context(locked(class_dir, shared=lesson is not None, wait=False))
        if free and lesson:
            free = held.enter_context(locked(class_dir, f"lesson-{lesson}", wait=False))
        if not free:
            raise GradingError(f"another run is grading {class_dir}, or making its pages; "
                               "wait for it to end")
        for scratch in class_dir.glob(f"{_SCRATCH}*"):
            if lesson is None or any(scratch.glob(f"*/{lesson}")):
                _rescue(scratch, class_dir)
        clear_leftovers(class_dir, lesson)
        yield


def _rescue(scratch, class_dir):
    """Remove a killed run's scratch folder; a notebook that it had in hand goes back first."""
    for old in scratch.glob("*/*/old"):
        target = class_dir / "autograded" / old.relative_to(scratch).parent
        if not target.exists():
            target.parent.mkdir(parents=True, exist_ok=True)
            os.replace(old, target)
    shutil.rmtree(scratch)


class Recorder:
    """Writes grades, comments and executed notebooks of one class, one submission at a time.

    lessons  {name: Lesson}
    say      called with a sentence about what happened to the class as a whole
    """

    def __init__(self, class_dir, lessons, say=None):
        self.say = say or (lambda sentence: None)
        self.class_dir = Path(class_dir)
        self.config = class_config(class_dir)
        self.settings = read_settings(class_dir)
        self.roster = {one.id: one for one in read_roster(class_dir)}
        self.lessons = lessons
        self.directory = CourseDirectory(config=self.config)
        self.url = self.directory.db_url
        self._open = None

    def close(self):
        """Let go of the gradebook."""
        if self._open:
            self._open.close()
            self._open = None

    def prepare(self, lesson_names):
        """Make the gradebook and the lessons' entries in it, one run after the other."""
        with locked(self.class_dir, "prepare"):
            self._prepare(lesson_names)

    def _prepare(self, lesson_names):
        ensure_config(self.class_dir)
        # What nbgrader and formgrader read when they are started elsewhere.
        ship()
        self._gradebook().index()
        for name in lesson_names:
            with self._gradebook().transaction() as gradebook:
                if not is_registered(self.lessons[name], gradebook):
                    register(self.lessons[name], gradebook, self.config)
            set_due(self._gradebook(), self.class_dir, name, self.settings, self.say)

    def record(self, submission, graded, same=False, other=False, given_before=0.0):
        """Save one graded notebook. Returns the points before, or None.

        same          True for one that was recorded before: what people have looked at does not
                      wait again
        other         True for other work than was recorded before, whose time is not its time
        given_before  the extension, in seconds, that the settings gave when it was recorded before
        """
        target = self.class_dir / "autograded" / submission.student / submission.lesson
        notebook = with_remarks(graded.notebook, [*graded.remarks, *graded.events])
        try:
            with tempfile.TemporaryDirectory(prefix=_SCRATCH, dir=self.class_dir) as scratch:
                fresh = Path(scratch) / submission.student / submission.lesson / "new"
                fresh.mkdir(parents=True)
                # Half of a surrogate pair, which a string may hold, is no UTF-8. It was made here,
                # of checked parts: nbformat.writes would look at it for long, and write it anyway.
                text = nbformat.v4.writes_json(notebook).encode("utf-8", "replace")
                (fresh / f"{submission.lesson}.ipynb").write_bytes(text)
                # nbgrader gives feedback back to whoever knows the secret.
                small = book_keeping(map(submission.book_keeping, BOOK_KEEPING))
                write_files(read_beside(submission.path)[0] | small, fresh)
                saved = (submission, notebook, _essays(target, submission.lesson), same,
                         other, given_before)
                try:
                    before = self._save(*saved)
                except InvalidEntry:
                    # A run on another lesson has entered the same student at the same moment.
                    before = self._save(*saved)
                target.parent.mkdir(parents=True, exist_ok=True)
                put_folder(fresh, target, fresh.with_name("old"))  # where _rescue looks
        except OSError as error:
            if error.errno in _OF_ITS_OWN:
                raise ValueError(error.strerror) from None
            raise _disk_error(error, submission) from None
        except sqlalchemy.exc.OperationalError as error:
            raise _database_error(error, submission) from None
        return before

    def _save(self, submission, notebook, essays_before, same, other, given_before):
        ids = (submission.lesson, submission.lesson, submission.student)
        resources = {"nbgrader": {
            "student": submission.student, "assignment": submission.lesson,
            "notebook": submission.lesson, "db_url": self.url}, "unique_key": submission.lesson}
        handed_in = submission.book_keeping("timestamp.txt").parent
        timestamp = self.directory.get_existing_timestamp(str(handed_in))
        with capture_log():
            with self._gradebook().transaction() as gradebook:
                settled = []
                try:
                    stored = gradebook.find_submission_notebook(*ids)
                    settled = [grade.name for grade in stored.grades if same
                               and grade.manual_score is not None and not grade.needs_manual_grade]
                    graded_before = any(grade.auto_score is not None for grade in stored.grades)
                    before = after_penalty(stored) if graded_before else None
                except MissingEntry:
                    before = None
                gradebook.update_or_create_student(
                    submission.student, **self._known_of(submission.student))
                more = {"timestamp": timestamp} if timestamp or other else {}
                entry = gradebook.update_or_create_submission(
                    submission.lesson, submission.student, **more)
                self._extend(entry, submission, given_before)
                SaveInOpenGradebook(config=self.config).preprocess(
                    notebook, resources | {"gradebook": gradebook})
                _keep_essay_grades(gradebook, ids, notebook, essays_before)
                for cell in settled:
                    gradebook.find_grade(cell, *ids).needs_manual_grade = False
                stored = gradebook.find_submission_notebook(*ids)
                late = seconds_late(stored.assignment) or stored.late_submission_penalty
            if late:
                # nbgrader's step opens the gradebook for itself.
                AssignLatePenalties(config=self.config).preprocess(notebook, resources)
        return before

    def _known_of(self, student):
        """What the roster says of a student, as nbgrader stores it."""
        one = self.roster.get(student)
        found = {"first_name": one.first_name, "last_name": one.last_name, "email": one.email,
                 "lms_user_id": one.canvas_id or one.moodle_id or one.sis_id} if one else {}
        return {name: value for name, value in found.items() if value}

    def extension(self, submission):
        """Seconds that the class's settings give a student more than all; 0 where they do not."""
        if submission.student not in self.settings.extensions:
            return 0.0
        with self._gradebook().transaction() as gradebook:
            due = gradebook.find_assignment(submission.lesson).duedate
        return time_given(self.settings, submission.student, submission.lesson,
                          due).total_seconds()

    def due(self, lesson, student):
        """When a lesson is due for a student, by the gradebook and the settings (aware), or None.
        """
        with self._gradebook().transaction() as gradebook:
            due = gradebook.find_assignment(lesson).duedate
            try:
                given = gradebook.find_submission(lesson, student).extension
            except MissingEntry:
                given = None
        if due is None:
            return None
        given = time_given(self.settings, student, lesson, due) or given or datetime.timedelta()
        return (due + given).replace(tzinfo=datetime.UTC)

    def _extend(self, entry, submission, given_before):
        """Give the extension that the class's settings name, and take back one that they gave.

        One that was given elsewhere stays.
        """
        given = time_given(self.settings, submission.student, submission.lesson,
                           entry.assignment.duedate)
        if given:
            entry.extension = given
        elif given_before and entry.extension == datetime.timedelta(seconds=given_before):
            entry.extension = None

    def points(self, submission):
        """What the gradebook holds for a submission: (score, max score, essays waiting)."""
        with self._gradebook().transaction() as gradebook:
            stored = gradebook.find_submission_notebook(
                submission.lesson, submission.lesson, submission.student)
            waiting = sum(1 for grade in stored.grades if grade.needs_manual_grade)
            return after_penalty(stored), stored.max_score, waiting

    def state(self, submission):
        """Digest of all that the gradebook holds for a submission."""
        with self._gradebook().transaction() as gradebook:
            return book_states(gradebook, submission.lesson, submission.student).get(
                submission.student)

    def states(self, lesson_names):
        """{lesson: {student: digest of all that the gradebook holds for the submission}}."""
        with self._gradebook().transaction() as gradebook:
            return {name: book_states(gradebook, name) for name in lesson_names}

    def _gradebook(self):
        if self._open is None:
            with locked(self.class_dir, "open"):  # an empty database gets its tables
                self._open = OpenGradebook(self.url, self.directory.course_id)
        return self._open


def _essays(folder, lesson):
    """{cell: text} of the essays in a notebook that was graded before; {} if there is none."""
    path = folder / f"{lesson}.ipynb"
    try:
        return _texts(nbformat.read(path, as_version=4))
    except Exception:
        # There is none, or somebody damaged it: then every essay is looked at again.
        return {}


def _texts(notebook):
    return {cell.metadata.nbgrader.grade_id: cell.source for cell in notebook.cells
            if cell.cell_type == "markdown" and is_grade(cell)}


def _keep_essay_grades(gradebook, ids, notebook, before):
    """nbgrader lets a graded essay wait again after every run; one with the same text need not."""
    for cell, text in _texts(notebook).items():
        grade = gradebook.find_grade(cell, *ids)
        if grade.manual_score is not None and before.get(cell) == text:
            grade.needs_manual_grade = False


def _disk_error(error, submission):
    if error.errno == errno.ENOSPC:
        return GradingError(f"the disk is full; {submission.label} was not saved. Make room and "
                            "grade again: what was saved before stays")
    return GradingError(f"{submission.label} could not be saved: {error.strerror or error}")


def _database_error(error, submission):
    reason = str(error.orig)
    if "full" in reason:
        return _disk_error(OSError(errno.ENOSPC, ""), submission)
    if "locked" in reason:
        reason = "another program holds it; close that and grade again"
    return GradingError(f"{submission.label} was not saved in the gradebook: {reason}")
