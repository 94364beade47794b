"""A class's points as the gradebook holds them now."""

from dataclasses import dataclass, field
from pathlib import Path

from nbgrader.api import Course, SubmittedAssignment
from sqlalchemy import create_engine, exc, inspect, select
from sqlalchemy.orm import joinedload, undefer
from sqlalchemy.pool import NullPool

from autograder import course
from autograder.classroom.roster import Student, read_roster
from autograder.classroom.settings import read_settings
from autograder.errors import GradingError


@dataclass
class Grades:
    """One student's points.

    scores   {lesson: points after penalties}, for what was graded
    waiting  {lesson: number of essays that nobody has graded yet}
    waiting_points  {lesson: what those essays may add at most}
    late     {lesson: seconds after the due date, for what came late: after the grace, too}
    untimed  lessons of which nobody knows when they were handed in
    dated    lessons that have a due date in the gradebook
    """

    student: Student
    scores: dict = field(default_factory=dict)
    waiting: dict = field(default_factory=dict)
    waiting_points: dict = field(default_factory=dict)
    late: dict = field(default_factory=dict)
    untimed: set = field(default_factory=set)
    dated: set = field(default_factory=set)

    def forget(self, lessons):
        """Leave some lessons out."""
        for name in list(lessons):
            for known in (self.scores, self.waiting, self.waiting_points, self.late):
                known.pop(name, None)
            self.untimed.discard(name)
            self.dated.discard(name)


def after_penalty(stored):
    """The points of a submission, or of one of its notebooks, in nbgrader's gradebook."""
    return max(0.0, stored.score - (stored.late_submission_penalty or 0))


def seconds_late(submission):
    """Seconds after the due date, 0 in time or without one; an extension of nothing is no date."""
    return submission.total_seconds_late if submission.assignment.duedate else 0.0


def connected(url):
    """A connection to the database at the address, closed for good at the end of its `with`.

    Raises GradingError unless the database answers.
    """
    try:
        return create_engine(url, poolclass=NullPool).connect()
    except exc.ArgumentError:
        raise GradingError("the gradebook's address is none that SQLAlchemy reads; an example: "
                           "postgresql+psycopg://teacher@localhost/grades") from None
    except ImportError as error:
        raise GradingError(f"the gradebook's address needs a driver that is not installed "
                           f"({error.name}); install it (pip install 'psycopg[binary]')") from None
    except exc.OperationalError as error:
        reason = " ".join(str(error.orig).split())
        raise GradingError(f"the gradebook's database does not answer: {reason}") from None


def has_gradebook(class_dir):
    """False where no gradebook was made so far; nbgrader makes an empty one of what it opens.

    Two runs that make one in a server's database at once fail: there the entry of the course,
    which is made last, says that it is whole.
    """
    url = course.gradebook_url(class_dir)
    if url.startswith("sqlite:"):
        return (Path(class_dir) / course.GRADEBOOK).exists()
    with connected(url) as opened:
        return inspect(opened).has_table(Course.__tablename__) and bool(
            opened.execute(select(Course.id).limit(1)).first())


def read_grades(class_dir):
    """(all students' Grades in the roster's order, {lesson: largest possible score}).

    Raises GradingError where nothing was graded so far.
    """
    class_dir = Path(class_dir)
    students = {one.id: Grades(one) for one in read_roster(class_dir)}
    possible, grace = {}, 60 * read_settings(class_dir).late.grace_minutes
    if not has_gradebook(class_dir):
        raise GradingError(f"{class_dir} has no gradebook yet; grade the class first")
    with course.open_gradebook(class_dir) as gradebook:
        for assignment in gradebook.assignments:
            possible[assignment.name] = assignment.max_score
            for submission in _submissions(gradebook, assignment):
                known = students.setdefault(submission.student.id,
                                            Grades(Student(submission.student.id)))
                known.scores[assignment.name] = round(after_penalty(submission), 4)
                # The database knows without reading each grade; most submissions wait for nobody.
                if submission.needs_manual_grade:
                    waiting = [grade for notebook in submission.notebooks
                               for grade in notebook.grades if grade.needs_manual_grade]
                    known.waiting[assignment.name] = len(waiting)
                    known.waiting_points[assignment.name] = sum(
                        grade.max_score for grade in waiting if grade.manual_score is None)
                if submission.timestamp is None:
                    known.untimed.add(assignment.name)
                if assignment.duedate:
                    known.dated.add(assignment.name)
                if (late := seconds_late(submission)) > grace:
                    known.late[assignment.name] = late
    return list(students.values()), dict(sorted(possible.items()))


def _submissions(gradebook, assignment):
    """The submissions of an assignment with all that is asked of them, in one query."""
    one = SubmittedAssignment
    return gradebook.db.query(one).filter(one.assignment_id == assignment.id).options(
        joinedload(one.student), undefer(one.score), undefer(one.late_submission_penalty),
        undefer(one.needs_manual_grade))
