"""solutions/NAME.py -> assignments/NAME/NAME.ipynb, by way of nbgrader's own generate step."""

import itertools
import os
import tempfile
from copy import deepcopy
from pathlib import Path

import nbformat
from nbgrader.apps.api import NbGraderAPI
from nbgrader.converters.generate_assignment import GenerateAssignment
from nbgrader.coursedir import CourseDirectory
from nbgrader.preprocessors import SaveCells
from tqdm import tqdm

from autograder import course
from autograder.bounded import Bounds, each
from autograder.errors import GradingError
from autograder.lessons.lesson import read_all
from autograder.lessons.released import add_release
from autograder.lessons.source import METADATA, source_notebook
from autograder.lessons.welcome import TARGET, welcome
from autograder.quiet import capture_log
from course_lib import lessons_folder
from course_lib.study import hints
from course_lib.whole_files import whole, write_whole

# The course's own lessons: they end, but perhaps on a machine with much else to do.
_BOUNDS = Bounds(cpu_seconds=60, seconds=300)


def _write_source(lesson, folder):
    """Write the source notebook of a lesson in nbgrader's layout below `folder`."""
    target = Path(folder) / lesson.name / f"{lesson.name}.ipynb"
    target.parent.mkdir(parents=True, exist_ok=True)
    # Another build may run at the same time: a source is never missing or half there.
    with whole(target) as fresh:
        nbformat.write(source_notebook(lesson), fresh)


def write_sources(solutions=course.SOLUTIONS):
    """Write what `nbgrader generate_assignment` starts from, for those who call it themselves."""
    for lesson in read_all(solutions):
        _write_source(lesson, course.SOURCE)


def generate(lesson, config, release):
    """Run nbgrader's generate step for one lesson: into `release`, and into config's gradebook."""
    with tempfile.TemporaryDirectory() as source:
        _write_source(lesson, source)
        config = config.copy()
        config.CourseDirectory.assignment_id = lesson.name
        config.CourseDirectory.source_directory = source
        config.CourseDirectory.release_directory = str(release)
        api = NbGraderAPI(CourseDirectory(config=config), config=config)
        with capture_log() as log:
            result = api.generate_assignment(lesson.name, force=True)
    if not result["success"]:
        raise GradingError(f"nbgrader could not generate {lesson.name}: {log.reason()}")


def build(solutions=course.SOLUTIONS, target=course.ASSIGNMENTS):
    """Build every lesson of `solutions` into `target`; returns the lessons.

    Raises GradingError for a malformed lesson, before anything is written.
    """
    lessons = read_all(solutions)
    if Path(solutions).resolve() == course.SOLUTIONS:
        _check_hints(lessons)
    target = Path(target)
    with tempfile.TemporaryDirectory() as scratch:
        config, release = course.configure(scratch), Path(scratch) / "release"
        # No class is being graded: what nbgrader would note of each cell in a gradebook, half of
        # the time, nobody would read.
        config.GenerateAssignment.preprocessors = [
            step for step in GenerateAssignment().preprocessors if step is not SaveCells]
        found = each(generate, [(lesson, _apart(config, scratch, lesson), release)
                                for lesson in lessons], os.cpu_count() or 1, _BOUNDS)
        for (lesson, *_), _, trouble in tqdm(found, desc="build", unit="lesson",
                                             total=len(lessons)):
            if trouble:
                raise GradingError(trouble)
            # For those who run `nbgrader generate_assignment` themselves.
            _write_source(lesson, course.SOURCE)
            built = release / lesson.name / f"{lesson.name}.ipynb"
            folder = target / lesson.name
            folder.mkdir(parents=True, exist_ok=True)
            _release(_marked(built), folder / built.name)
            if target.resolve() == course.ASSIGNMENTS:
                add_release(lesson.name, nbformat.read(built, as_version=4))
    if target.resolve() == course.ASSIGNMENTS:
        TARGET.write_bytes(welcome(lessons, METADATA))
    names = {lesson.name for lesson in lessons}
    for stray in target.iterdir():
        if stray.is_dir() and stray.name not in names:
            raise GradingError(f"{stray.name} in {target.name}/ has no lesson in solutions/; "
                               "remove the folder or bring the lesson back")
    return lessons


def _apart(config, scratch, lesson):
    """The configuration with a gradebook of its own: two steps may not make one at once."""
    config = deepcopy(config)
    config.CourseDirectory.db_url = f"sqlite:///{scratch}/{lesson.name}.db"
    return config


def _check_hints(lessons):
    """Raises GradingError where an exercise of the course has no hints, or an empty one."""
    for lesson in lessons:
        tested = [cell.name for cell in lesson.cells if cell.role == "answer" and not cell.optional]
        for name, why in hints.missing(tested).items():
            raise GradingError(f"{lesson.name}: the exercise “{name}” {why}; write two or three "
                               "steps in course_lib/study/hints/, never the answer")


def _marked(path):
    """The bytes of a built notebook, with the digest that tells whether somebody changed it."""
    notebook = nbformat.read(path, as_version=4)
    notebook.metadata[lessons_folder.MARK] = {"released": lessons_folder.digest(notebook)}
    return (nbformat.writes(notebook) + "\n").encode()


def _release(data, path):
    """Put a notebook into assignments/; one that a person changed or ran there is set aside."""
    if path.exists():
        old = path.read_bytes()
        if old != data and not lessons_folder.is_as_released(old):
            tqdm.write(f"kept: the notebook that was worked on is now {_set_aside(path).name}")
    write_whole(path, data)


def _set_aside(path):
    """Rename the notebook to NAME.mine.ipynb, or the next free name of that kind."""
    names = itertools.chain(["mine"], (f"mine-{n}" for n in itertools.count(2)))
    free = next(target for target in (path.with_suffix(f".{name}.ipynb") for name in names)
                if not target.exists())
    os.rename(path, free)
    return free
