"""A graded class with essays that wait, made without grading anything."""

import nbformat
from nbgrader.api import Gradebook

from autograder import course

LESSON, CELL = "02_convolution_forward", "essay-what-a-filter-sees"
PIXEL = ("iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAQAAAC1HAwCAAAAC0lEQVR42mNkYAAAAAYAAjCB0C8AAAAASUVORK5C"
         "YII=")
HOSTILE = ("An edge.<script>document.title = 'broken in'</script><img src=x "
           "onerror=\"document.title = 'broken in'\">\n\n![drawing](attachment:d.png)")


def graded_class(folder, texts):
    """A class folder with the essays {student: Markdown}, all of which wait."""
    (folder / "class.toml").write_text("")
    course.configure(folder)
    with Gradebook(f"sqlite:///{folder}/gradebook.db", "convnets") as book:
        book.add_assignment(LESSON)
        book.add_notebook(LESSON, LESSON)
        book.add_grade_cell(CELL, LESSON, LESSON, max_score=3, cell_type="markdown")
        book.add_solution_cell(CELL, LESSON, LESSON)
        for student, text in texts.items():
            book.add_student(student)
            book.add_submission(LESSON, student)
            grade = book.find_grade(CELL, LESSON, LESSON, student)
            grade.needs_manual_grade = bool(text)
            grade.auto_score = None if text else 0
            cell = nbformat.v4.new_markdown_cell(text, metadata={"nbgrader": {"grade_id": CELL}})
            cell["attachments"] = {"d.png": {"image/png": PIXEL}}
            path = folder / "autograded" / student / LESSON / f"{LESSON}.ipynb"
            path.parent.mkdir(parents=True)
            nbformat.write(nbformat.v4.new_notebook(cells=[cell]), path)
        book.db.commit()
    return folder


def points(folder):
    """{student: (points by hand, waits, comment)}."""
    with Gradebook(f"sqlite:///{folder}/gradebook.db", "convnets") as book:
        found = {}
        for one in book.assignment_submissions(LESSON):
            grade = book.find_grade(CELL, LESSON, LESSON, one.student.id)
            comment = book.find_comment(CELL, LESSON, LESSON, one.student.id)
            found[one.student.id] = (grade.manual_score, bool(grade.needs_manual_grade),
                                     comment.comment)
        return found
