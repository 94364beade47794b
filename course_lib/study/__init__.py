"""What a learner asks for: a hint, a solution, their progress, a stub back.

Nothing is sent anywhere. All of it works in a learner's own Jupyter alone; what is remembered lies
in their own folder of lessons. While a notebook is graded these words do nothing.
"""

from course_lib.study.asking import hint
from course_lib.study.overview import progress
from course_lib.study.solutions import solution
from course_lib.study.stubs import reset

__all__ = ["hint", "progress", "reset", "solution"]
