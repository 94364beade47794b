"""What is made of the graded notebooks: feedback pages, and how close code is to the reference."""

from tqdm import tqdm

from autograder.bounded import each
from autograder.results import feedback_page, likeness
from autograder.results.feedback import generate_feedback, write_plain_page


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


def compare(class_dir, rows, workers, sources, bounds=None):
    """Compare the graded notebooks with the reference; sets `close` of the Rows.

    sources  {lesson: path of its source}
    """
    wanted = {(class_dir, row.lesson, row.student, sources[row.lesson]): row
              for row in rows if not row.problem}
    for *_, source in wanted:
        likeness.prepare(source)
    found = each(_close, wanted, workers, bounds)
    for item, close, trouble in tqdm(found, desc="compare", unit="notebook", total=len(wanted)):
        row = wanted[item]
        row.close = close or []
        if trouble:
            row.troubles.append("whether its code is close to the reference could not be said "
                                f"({trouble}); look at the notebook")


def _close(class_dir, lesson, student, source):
    path = class_dir / "autograded" / student / lesson / f"{lesson}.ipynb"
    return likeness.remarks_at(path, source)
