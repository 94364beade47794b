"""What is made of the graded notebooks: feedback pages, and how close code is to the reference."""

import contextlib
import shlex
from collections import Counter
from pathlib import Path

from tqdm import tqdm

from autograder.bounded import each
from autograder.classroom.lessons import lesson_paths
from autograder.classroom.noticed import notice
from autograder.classroom.sentences import read_sentences
from autograder.classroom.settings import read_settings
from autograder.errors import GradingError
from autograder.grading.kept import Kept
from autograder.grading.known import Known, page_digest
from autograder.grading.record import Recorder, only_run
from autograder.lessons.lesson import Lessons
from autograder.results import feedback_page, likeness
from autograder.results.feedback import generate_feedback, write_plain_page
from autograder.results.report.rows import class_rows
from autograder.results.stored import code_digest, store_code

# Pages for a worker from which on it pays to prepare what all of them share.
_MANY = 2
_NOT_COMPARED = "whether its code is close to the reference could not be said"


class _NothingGraded(GradingError):
    """There are no results of ours for what was asked."""


def write_pages(kept, workers, bounds=None, again=False):
    """Feedback pages of the Rows of a Kept, where they are not up to date; sets `page` of the Rows.

    Where nbgrader's page could not be made, a plain one with the points stands in its place.

    again  True makes all of them
    """
    class_dir = kept.class_dir
    made_of, wanted = {}, {}
    for row, now in _to_make(kept, again):
        item = class_dir, row.lesson, row.student
        wanted[item], made_of[item] = row, now
    if not wanted:
        return
    pages = Counter(row.lesson for row in wanted.values())
    feedback_page.warm_up(name for name, count in pages.items() if count > _MANY * workers)
    found = each(generate_feedback, wanted, workers, bounds)
    for item, page, trouble in tqdm(found, desc="feedback", unit="page", total=len(wanted)):
        row, work = wanted[item], kept.work(wanted[item])
        # What went wrong with it the last time is found again, or is mended.
        row.troubles = [said for said in row.troubles if "feedback page" not in said]
        if trouble:
            page = write_plain_page(class_dir, row, trouble)
            row.troubles.append(f"the feedback page could not be made ({trouble}); a plain one "
                                "with the points is there")
        row.page = page
        work.page, work.page_file = "" if trouble else made_of[item], page_digest(page)
        kept.store(row)


def _to_make(kept, again=False):
    """Yield (Row, digest of what its page is made of now) where the page is not up to date.

    again  True for all
    """
    sentences = kept.known.sentences()
    for row in kept.rows:
        if row.problem:
            continue
        work = kept.work(row)
        now = kept.known.page(row, work, kept.book(row), sentences)
        if again or (work.page, work.page_file) != (now, page_digest(kept.page_path(row))):
            yield row, now


def pages_again(class_dir, *, lesson=None, student=None, workers=1):
    """Feedback pages of what is graded, from the gradebook's present state; (rows, lessons).

    Raises GradingError where nothing of it was graded, and while a run grades it: what that one
    stores would be overwritten by what is known here.
    """
    class_dir = Path(class_dir).resolve()
    read_sentences(class_dir)  # whoever mistyped it learns it before the pages are made
    with only_run(class_dir, lesson):
        notice(class_dir)
        kept, lessons = _graded(class_dir, lesson, student)
        write_pages(kept, workers, again=True)
    return kept.rows, lessons


def old_pages(class_dir, lesson=None):
    """["STUDENT/LESSON"] of feedback pages that would become others if they were made again now.

    Pages that are not there are none of them.
    """
    try:
        kept, _ = _graded(Path(class_dir).resolve(), lesson)
    except _NothingGraded:  # by nbgrader's own commands, perhaps
        return []
    return [f"{row.student}/{row.lesson}" for row, _ in _to_make(kept)
            if Path(kept.page_path(row)).is_file()]


def _graded(class_dir, lesson=None, student=None):
    """(a Kept with what is graded, the class's lessons). Raises GradingError where nothing is."""
    settings = read_settings(class_dir)
    lessons = Lessons(lesson_paths(class_dir, settings))
    rows = [row for row in class_rows(class_dir) if not row.problem
            and lesson in (None, row.lesson) and student in (None, row.student)
            and (class_dir / "autograded" / row.student / row.lesson).is_dir()]
    if not rows:
        raise _NothingGraded("nothing of that was graded; grade it first: convnets grade "
                             f"{shlex.quote(class_dir.name)}")
    with contextlib.closing(Recorder(class_dir, lessons)) as recorder:
        books = recorder.states({row.lesson for row in rows})
    kept = Kept(class_dir, Known(class_dir, settings), recorder)
    for row in rows:
        kept.add_stored(row, books[row.lesson].get(row.student))
    return kept, lessons


def compare(kept, workers, sources, bounds=None):
    """Compare the graded notebooks with the reference, where that was not done; sets `close` of
    the Rows of a Kept.

    What each student wrote is kept for comparing students with each other.

    sources  {lesson: path of its source}
    """
    class_dir = kept.class_dir
    wanted = {(class_dir, row.lesson, row.student, sources[row.lesson]): row
              for row in kept.rows if not row.problem and not kept.is_compared(row)}
    prepare_comparing({source for *_, source in wanted})
    found = each(_close, wanted, workers, bounds)
    for item, close, trouble in tqdm(found, desc="compare", unit="notebook", total=len(wanted)):
        row, work = wanted[item], kept.work(wanted[item])
        row.close, functions = close or ([], [])
        store_code(class_dir, row.student, row.lesson, functions)
        row.troubles = [said for said in row.troubles if _NOT_COMPARED not in said]
        if trouble:
            row.troubles.append(f"{_NOT_COMPARED} ({trouble}); look at the notebook")
        else:
            work.code = code_digest(class_dir, row.student, row.lesson)
        kept.store(row)


def prepare_comparing(sources):
    """Read once what graded notebooks of the lessons at these paths are compared with."""
    for source in sources:
        likeness.prepare(source)


def _close(class_dir, lesson, student, source):
    path = class_dir / "autograded" / student / lesson / f"{lesson}.ipynb"
    return likeness.looked_at(path, source)
