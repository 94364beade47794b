"""nbgrader's exchange for classes of this course: what is released is the class's own version.

Feedback goes back to whoever handed in there; what came another way is named, and stops nobody.
"""

from pathlib import Path

from nbgrader.exchange.default import ExchangeReleaseAssignment, ExchangeReleaseFeedback
from nbgrader.utils import temp_attrs

from autograder import course
from autograder.classroom.handout import write_released
from autograder.classroom.lessons import FOLDER, lesson_paths
from autograder.classroom.settings import read_settings
from autograder.judge.handed_in import BOOK_KEEPING
from autograder.text import one_line


class ReleaseAssignment(ExchangeReleaseAssignment):
    """nbgrader's release of a lesson, without what the class has dropped, and with its points."""

    def init_src(self):
        """Find what is released; a class's own version is made anew."""
        name, class_dir = self.coursedir.assignment_id, Path(self.coursedir.root)
        if course.is_lesson(name):
            sources = lesson_paths(class_dir, read_settings(class_dir))
            if name not in sources:
                self.fail(f"class.toml leaves {name} out; write it there to release it")
            if sources[name].parent != course.SOLUTIONS:
                release = class_dir / FOLDER / "release"
                write_released(class_dir, sources[name], release)
                self.src_path = str(release / name)
                return
        super().init_src()


class ReleaseFeedback(ExchangeReleaseFeedback):
    """nbgrader's release of feedback, for all whose work came through the exchange."""

    def copy_files(self):
        """Copy the pages; of work that came another way no page has a place there."""
        name, elsewhere = self.coursedir.assignment_id, []
        for folder in sorted(Path(self.coursedir.root, self.coursedir.feedback_directory).glob(
                f"*/{name}")):
            if self.coursedir.student_id not in ("", "*", folder.parent.name):
                continue
            if not all((folder / one).exists() for one in BOOK_KEEPING):
                elsewhere.append(folder.parent.name)
                self.log.warning(
                    "%s: did not hand in through the exchange, so the page cannot go back there; "
                    "send it another way", one_line(folder.parent.name))
        # Formgrader uses the same coursedir for all that it does afterwards.
        left_out = ",".join(filter(None, [self.coursedir.student_id_exclude, *elsewhere]))
        with temp_attrs(self.coursedir, student_id_exclude=left_out):
            super().copy_files()
