"""What a notebook of this course may import.

`check` gives an instant verdict, `test` the graded one; the rest is imported from its own module
(`course_lib.pictures`, `course_lib.data`, ...), so that importing the package stays cheap.
"""

from course_lib.check import check, test

__all__ = ["check", "test"]
