"""The Rows of one run and what they were made of, stored as soon as each step is done.

So a run that is killed loses no more than what it had in hand: the next one goes on behind it.
"""

from pathlib import Path

from autograder.classroom.history import SINCE, as_text, last_points, remember_all
from autograder.errors import GradingError
from autograder.results.feedback import page_path
from autograder.results.row import Row
from autograder.results.stored import Work, code_digest, store, stored_work
from autograder.stopwatch import Stopwatch
from autograder.text import one_line


class Kept:
    """Rows of one run on a class. `known` is its Known, `recorder` its Recorder."""

    def __init__(self, class_dir, known, recorder):
        self.class_dir, self.known, self.recorder = Path(class_dir), known, recorder
        self.rows, self._works, self._seen, self._points = [], {}, {}, None

    def keep(self, row, work=None):
        """Add a Row to the run, and store it with its Work."""
        self._add(row, work or Work(), work and work.book)
        self.store(row)
        return row

    def add_stored(self, row, book):
        """Add a Row of an earlier run; `book` is the gradebook's present state for it."""
        found = stored_work(self.class_dir, row.student, row.lesson)
        self._add(row, found[1] if found else Work(), book)

    def page_path(self, row):
        """Where its feedback page belongs."""
        return page_path(self.recorder.directory, row.student, row.lesson)

    def _add(self, row, work, book):
        if row.page:
            row.page = self.page_path(row)  # the class's folder may have moved since
        self.rows.append(row)
        self._works[row.student, row.lesson] = work, book

    def store(self, row):
        store(self.class_dir, row, self.work(row))

    def work(self, row):
        return self._works[row.student, row.lesson][0]

    def book(self, row):
        """The state of the gradebook for a Row: digest of all that it holds."""
        return self._works[row.student, row.lesson][1]

    def from_before(self, there):
        """Yield (submission, Row) of what was graded before, recorded again where that is needed.

        there  [(submission, Row, Work)] whose graded notebooks hold
        """
        books = self.recorder.states({one.lesson for one, *_ in there})
        for submission, row, work in there:
            row.unchanged, row.before, row.spent = True, row.score, {}
            book = books[submission.lesson].get(submission.student)
            if (work.book, work.recorded) == (book, self.known.recorded(submission)):
                self._add(row, work, book)
            else:
                row = self.record(submission, self.known.graded_before(submission, row), work=work)
            yield submission, row

    def record(self, submission, graded, problem=None, work=None):
        """Record a graded submission; returns its Row.

        work  of an earlier run that graded it: this one runs nothing
        """
        row = Row(submission.student, submission.lesson, problem=problem or "",
                  unchanged=work is not None)
        if problem:
            return self.keep(row)
        watch = Stopwatch()
        earlier = work or (stored_work(self.class_dir, row.student, row.lesson) or (None, None))[1]
        handed_in = self.known.handed_in(submission)
        other = bool(earlier and earlier.handed_in) and earlier.handed_in != handed_in
        try:
            with watch.time("gradebook and executed notebook"):
                row.before = self.recorder.record(
                    submission, graded, same=row.unchanged, other=other,
                    given_before=earlier.extension if earlier else 0.0)
                row.score, row.max_score, row.essays_waiting = self.recorder.points(submission)
        except GradingError:
            raise  # a full disk, a lost database: nobody can be graded
        except Exception as error:
            row.problem = one_line(f"could not be saved ({type(error).__name__}: {error})")
            return self.keep(row)
        spent = graded.spent | watch.spent
        row.spent = dict(zip(self._once(spent), spent.values(), strict=True))
        row.remarks, row.events = self._once(graded.remarks), self._once(graded.events)
        mistakes = graded.misconceptions
        row.misconceptions = dict(zip(mistakes, self._once(mistakes.values()), strict=True))
        row.outcomes, row.ways = self._once(graded.outcomes), self._once(graded.ways)
        work = work or Work(run=self.known.runs[submission.label])
        self._remember(row, other)
        work.handed_in = handed_in
        work.extension = self.recorder.extension(submission)
        work.notebook = self.known.notebook(submission)
        work.recorded = self.known.recorded(submission)
        work.book = self.recorder.state(submission)
        work.attempt = submission.attempt.number if submission.attempt else 0
        return self.keep(row, work)

    def _remember(self, row, is_other):
        """Write into the class's history how its points came about.

        is_other  True if other work was handed in than an earlier run graded
        """
        if self._points is None:
            self._points = last_points(self.class_dir)
        key = row.student, row.lesson, ""
        known, changes = self._points.get(key, ""), []
        if row.before is not None and known != as_text(row.before):
            changes.append((*key, known, row.before, SINCE))
            known = as_text(row.before)
        if known != as_text(row.score):
            if row.unchanged:
                why = "the same work, after points, a date or a rule had changed"
            elif is_other:
                why = "graded: other work was handed in"
            else:
                why = "graded again" if row.before is not None else "graded"
            changes.append((*key, known, row.score, why))
        remember_all(self.class_dir, changes)
        self._points[key] = as_text(row.score)

    def _once(self, parts):
        """The same parts, in memory once for the whole class: most are the same for many."""
        return [self._seen.setdefault(repr(one), one) for one in parts]

    def is_compared(self, row):
        """True if what was kept of its code is there."""
        return self.work(row).code == code_digest(self.class_dir, row.student, row.lesson)
