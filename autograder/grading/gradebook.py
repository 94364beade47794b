"""A class's gradebook: where it is, whether it can be written now, and one kept open for a run."""

import contextlib
import os
import sqlite3
import stat
from pathlib import Path

import sqlalchemy
from nbgrader.api import Base, Gradebook, InvalidEntry
from nbgrader.preprocessors import NbGraderPreprocessor, SaveAutoGrades
from sqlalchemy import exc

from autograder import course
from autograder.classroom.grades import connected
from autograder.errors import GradingError
from autograder.results.cells_of import CellsOf

LOCK_SECONDS = 10
_WAIT_SECONDS = 60
# Tables with rows for each submission, and the column that says whose they are.
_LEADS_TO_SUBMISSION = (("submitted_assignment", "student_id"),
                        ("submitted_notebook", "assignment_id"),
                        ("grade", "notebook_id"), ("comment", "notebook_id"))


def use_gradebook(class_dir, url):
    """From now on the class's grades are kept in the database at `url` (PostgreSQL, for example).

    Raises GradingError where grades of the class are kept elsewhere: they would be left behind.
    """
    class_dir = Path(class_dir)
    stored = class_dir / course.GRADEBOOK_URL
    if stored.exists() and course.gradebook_url(class_dir) != url:
        raise GradingError(f"the grades of this class are kept where {stored.name} says; move them "
                           "there and change that file, or leave --gradebook away")
    if (class_dir / course.GRADEBOOK).exists():
        raise GradingError(f"the class has grades in {course.GRADEBOOK}; move them to the new "
                           f"database and {course.GRADEBOOK} out of the folder first")
    connected(url).close()
    stored.touch(mode=0o600)  # the address may hold a password
    stored.write_text(url + "\n", encoding="utf-8")


def check_gradebook(class_dir, lock_seconds=LOCK_SECONDS):
    """Raise GradingError unless the class's gradebook can be written now."""
    url = course.gradebook_url(class_dir)
    if url.startswith("sqlite:"):
        _check_file(Path(class_dir), Path(class_dir) / course.GRADEBOOK, lock_seconds)
    else:
        connected(url).close()
    _check_version(url)


class OpenGradebook(Gradebook):
    """nbgrader's gradebook kept open, with one transaction for a submission.

    nbgrader's methods commit after each cell. Here that means no more than to send it to the
    database; `transaction()` commits all of it or nothing, which also takes a third of the time.
    """

    def __init__(self, url, course_id):
        course.use_nbgrader()
        super().__init__(url, course_id)
        # nbgrader's steps open the gradebook without a course's id, which enters one of a general
        # name: of two processes that do so at once, one fails.
        self.check_course()
        self._commit = self.db.commit
        self.db.commit = self._send
        if url.startswith("sqlite:"):
            # Another program may hold the file for a while: formgrader, a backup.
            self.db.execute(sqlalchemy.text(f"PRAGMA busy_timeout = {_WAIT_SECONDS * 1000}"))
            self._commit()

    def index(self):
        """Let the database find what belongs to a submission without reading the whole class.

        nbgrader's tables have no index for most of the ids that lead from one table to another:
        without one, recording takes twice as long from 2,000 submissions on.
        """
        there = sqlalchemy.inspect(self.db.connection())
        for table, column in _LEADS_TO_SUBMISSION:
            name = f"ix_{table}_{column}"
            if name not in {one["name"] for one in there.get_indexes(table)}:
                self.db.execute(sqlalchemy.text(
                    f"CREATE INDEX IF NOT EXISTS {name} ON {table} ({column})"))
        self._commit()

    @contextlib.contextmanager
    def transaction(self):
        """Commit what the block does, or undo all of it if it raises."""
        try:
            yield self
            self._commit()
        except BaseException as error:
            self.db.rollback()
            if isinstance(error, InvalidEntry) and isinstance(error.__context__,
                                                              exc.OperationalError):
                # No room, or no access: nbgrader calls the entry invalid, which it is not.
                raise error.__context__ from None
            raise

    def _send(self):
        self.db.flush()
        self.db.expire_all()


class SaveInOpenGradebook(SaveAutoGrades):
    """nbgrader's step that saves grades, in the gradebook that resources["gradebook"] holds."""

    def preprocess(self, nb, resources):
        names, gradebook = resources["nbgrader"], resources["gradebook"]
        self.notebook_id = names["notebook"]
        self.assignment_id, self.student_id = names["assignment"], names["student"]
        self.gradebook = CellsOf(gradebook, self.notebook_id, self.assignment_id, self.student_id)
        saved = NbGraderPreprocessor.preprocess(self, nb, resources)
        gradebook.db.commit()
        return saved


def _check_version(url):
    """Raise GradingError if an older nbgrader made the database: nbgrader would end in errors."""
    engine = sqlalchemy.create_engine(url)
    try:
        there = sqlalchemy.inspect(engine)
        tables = set(there.get_table_names())
        wanted = Base.metadata.tables
        lacking = [name for name in wanted if name not in tables] + [
            f"{name}.{column.name}" for name, table in wanted.items() if name in tables
            for column in table.columns
            if column.name not in {one["name"] for one in there.get_columns(name)}]
    finally:
        engine.dispose()
    if lacking and tables & set(wanted):
        raise GradingError(f"the gradebook was made by an older nbgrader (it lacks {lacking[0]}); "
                           "keep a copy of it, type `nbgrader db upgrade` in the class's folder, "
                           "and try again" + (
                               "; that command needs a path without % and ?" if "%" in url and
                               url.startswith("sqlite:") else ""))


def _check_file(class_dir, path, lock_seconds):
    if not path.exists():
        if not os.access(class_dir, os.W_OK):
            raise GradingError(f"{class_dir} cannot be written; grades could not be saved there")
        return
    if not path.is_file():
        raise GradingError(f"{path.name} is no file; move it away")
    if not path.stat().st_mode & (stat.S_IWUSR | stat.S_IWGRP | stat.S_IWOTH) or not os.access(
            path, os.W_OK):
        raise GradingError(f"{path.name} is read-only; make it writable (chmod u+w) and try again")
    try:
        connection = sqlite3.connect(path, timeout=lock_seconds)
        try:
            connection.execute("BEGIN IMMEDIATE")
            connection.rollback()
        finally:
            connection.close()
    except sqlite3.OperationalError as error:
        if "locked" in str(error):
            raise GradingError(f"{path.name} is locked by another program; close it (formgrader? "
                               "another grading run?) and try again") from None
        raise GradingError(f"{path.name} cannot be written: {error}") from None
    except sqlite3.DatabaseError:
        raise GradingError(f"{path.name} is no gradebook (not an SQLite file); restore a copy,"
                           " or move it away to start afresh without its grades") from None
