"""What a notebook of this course may import.

`check` gives an instant verdict, `test` the graded one. `hint`, `solution`, `progress` and `reset`
are for the learner alone, and `not_yet` is what cells say that need an answer. The rest is
imported from its own module (`course_lib.pictures`, `course_lib.data`, ...), so that importing the
package stays cheap.
"""

import importlib
import importlib.machinery
import sys

from course_lib.check import check, test
from course_lib.not_yet import not_yet
from course_lib.study import hint, progress, reset, solution

__all__ = ["check", "hint", "not_yet", "progress", "reset", "solution", "test"]

# Released notebooks import these modules by the names on the left, and students hold them.
_RELEASED = {
    "course_lib.gradients": "course_lib.reference.gradients",
    "course_lib.network": "course_lib.networks.network",
    "course_lib.optimizers": "course_lib.networks.optimizers",
    "course_lib.training": "course_lib.networks.training",
}


class _ReleasedNames:
    """Finds a module under the name by which released notebooks import it."""

    @staticmethod
    def find_spec(name, path=None, target=None):
        if name in _RELEASED:
            return importlib.machinery.ModuleSpec(name, _ReleasedNames)
        return None

    @staticmethod
    def create_module(spec):
        return None

    @staticmethod
    def exec_module(module):
        name = module.__spec__.name
        sys.modules[name] = importlib.import_module(_RELEASED[name])


sys.meta_path.append(_ReleasedNames)
# Behind this question, since the sandbox imports this file and has no `lab`.
if sys.platform == "emscripten":
    from course_lib.lab import in_browser

    in_browser.prepare()
