"""What is made of the graded notebooks: feedback pages, and how close code is to the reference."""

from pathlib import Path

from tqdm import tqdm

from autograder.bounded import each
from autograder.classroom.lessons import lesson_paths
from autograder.classroom.sentences import read_sentences
from autograder.classroom.settings import read_settings
from autograder.errors import GradingError
from autograder.lessons.lesson import read_lesson
from autograder.results import feedback_page, likeness
from autograder.results.feedback import generate_feedback, write_plain_page
from autograder.results.report.rows import class_rows
from autograder.results.stored import store, store_code


def write_pages(class_dir, rows, workers, bounds=None):
    """Feedback pages of what was graded in this run; sets `page` of the Rows.

    Where nbgrader's page could not be made, a plain one with the points stands in its place.
    """
    wanted = {(class_dir, row.lesson, row.student): row for row in rows if not row.problem}
    feedback_page.warm_up()
    found = each(generate_feedback, wanted, workers, bounds)
    for item, page, trouble in tqdm(found, desc="feedback", unit="page", total=len(wanted)):
        row = wanted[item]
        if trouble:
            page = write_plain_page(class_dir, row, trouble)
            row.troubles.append(f"the feedback page could not be made ({trouble}); a plain one "
                                "with the points is there")
        row.page = page


def pages_again(class_dir, *, lesson=None, student=None, workers=1):
    """Feedback pages of what is graded, from the gradebook's present state; (rows, lessons).

    Raises GradingError where nothing of it was graded.
    """
    class_dir = Path(class_dir).resolve()
    read_sentences(class_dir)  # whoever mistyped it learns it before the pages are made
    lessons = [read_lesson(path)
               for path in lesson_paths(class_dir, read_settings(class_dir)).values()]
    rows = [row for row in class_rows(class_dir) if not row.problem
            and lesson in (None, row.lesson) and student in (None, row.student)
            and (class_dir / "autograded" / row.student / row.lesson).is_dir()]
    if not rows:
        raise GradingError("nothing of that was graded; grade it first: convnets grade "
                           f"{class_dir.name}")
    for row in rows:
        # What went wrong with a page the last time is found again, or is mended.
        row.troubles = [said for said in row.troubles if "feedback page" not in said]
    write_pages(class_dir, rows, workers)
    for row in rows:
        store(class_dir, row)
    return rows, lessons


def compare(class_dir, rows, workers, sources, bounds=None):
    """Compare the graded notebooks with the reference; sets `close` of the Rows.

    What each student wrote is kept for comparing students with each other.

    sources  {lesson: path of its source}
    """
    wanted = {(class_dir, row.lesson, row.student, sources[row.lesson]): row
              for row in rows if not row.problem}
    for *_, source in wanted:
        likeness.prepare(source)
    found = each(_close, wanted, workers, bounds)
    for item, close, trouble in tqdm(found, desc="compare", unit="notebook", total=len(wanted)):
        row = wanted[item]
        row.close, functions = close or ([], [])
        store_code(class_dir, row.student, row.lesson, functions)
        if trouble:
            row.troubles.append("whether its code is close to the reference could not be said "
                                f"({trouble}); look at the notebook")


def _close(class_dir, lesson, student, source):
    path = class_dir / "autograded" / student / lesson / f"{lesson}.ipynb"
    return likeness.remarks_at(path, source), likeness.written_at(path, source)
