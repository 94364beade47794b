"""nbgrader's configuration for one class: the course's, the class's rules, the class's own file."""

import sys
from pathlib import Path

from traitlets.config import PyFileConfigLoader

from autograder import course
from autograder.classroom.settings import read_settings
from autograder.errors import GradingError

FILE = "nbgrader_config.py"
# With this file nbgrader's own commands and formgrader work when started in the class's folder, and
# their autograde goes through the judge and the sandbox too.
_TEXT = """from pathlib import Path

from autograder.classroom.config import configure
from autograder.stock import walled

get_config().merge(walled(configure(Path(__file__).parent)))
"""
# What earlier versions wrote: it knew of no late rule.
_EARLIER = _TEXT.replace("autograder.classroom.config", "autograder.course")


def ensure_config(class_dir):
    """Write a class's nbgrader_config.py, unless it has one of its own."""
    path = Path(class_dir) / FILE
    if not path.exists() or path.read_text(encoding="utf-8") == _EARLIER:
        path.write_text(_TEXT, encoding="utf-8")


def configure(class_dir):
    """The configuration without the class's own file, which merges this one.

    nbgrader's own commands take off the same for lateness as a run of ours.
    """
    config = course.configure(class_dir)
    rule = read_settings(class_dir).late
    config.AssignLatePenalties.plugin_class = "autograder.classroom.late.LatePenalty"
    config.LatePenalty.grace_minutes = rule.grace_minutes
    config.LatePenalty.penalty_per_day = rule.penalty_per_day
    config.LatePenalty.cap = rule.cap
    return config


def class_config(class_dir):
    """The configuration that counts for a class: ours, and on top its nbgrader_config.py.

    Plugins that the file names are looked for in the class's folder, too. Raises GradingError for a
    file that does not run.
    """
    class_dir = Path(class_dir).resolve()
    config = configure(class_dir)
    if (class_dir / FILE).exists():
        if str(class_dir) not in sys.path:
            sys.path.append(str(class_dir))
        try:
            config.merge(PyFileConfigLoader(FILE, path=str(class_dir)).load_config())
        except Exception as error:
            why = " ".join(str(error).split())
            raise GradingError(f"{FILE} of this class does not run ({type(error).__name__}: {why});"
                               " mend it, or move it away") from None
    return config
