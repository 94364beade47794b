"""Grading inside Gradescope: the autograder zip, and what runs in its container.

Gradescope unpacks the zip to /autograder/source, runs setup.sh once, and run_autograder for each
submission, which reads /autograder/submission and writes /autograder/results/results.json. Where
AUTOGRADER names another folder than /autograder, both scripts use that.
"""

import argparse
import json
import sys
import zipfile
from pathlib import Path

from autograder import course
from autograder.classroom.lessons import lesson_paths
from autograder.classroom.settings import read_settings
from autograder.errors import GradingError
from autograder.grading.collect import Submission
from autograder.judge import process
from autograder.lessons.lesson import read_lesson
from autograder.sandbox.walls import BubblewrapSandbox, Limits
from autograder.text import one_line, several_lines
from course_lib.whole_files import whole

# Gradescope stops a submission after ten minutes unless it was told another time.
_LIMITS = Limits(submission_seconds=300)
_SETUP = """#!/usr/bin/env bash
set -e
apt-get update -qq
apt-get install -y -qq python3 python3-venv bubblewrap libseccomp2
python=python3
# Ubuntu 22.04, on which Gradescope's containers are built, has 3.11 beside an older one.
if ! python3 -c 'import sys; sys.exit(sys.version_info < (3, 11))'; then
    apt-get install -y -qq python3.11 python3.11-venv
    python=python3.11
fi
cd "${AUTOGRADER:-/autograder}/source"
$python -m venv .venv
.venv/bin/python setup/install.py -e '.[grading]'
"""
# Gradescope copies this one to /autograder.
_RUN = """#!/usr/bin/env bash
root="${{AUTOGRADER:-/autograder}}"
cd "$root/source"
exec .venv/bin/python -m autograder.grading.gradescope {lesson} "$root/submission" \\
    "$root/results/results.json"
"""
_FOLDERS = ("course_lib", "autograder", "solutions", "setup")
_FILES = ("pyproject.toml", "README.md", "LICENSE", "LICENSE-lessons")


def write_zip(class_dir, lesson, target):
    """Write Gradescope's autograder zip for one lesson of a class; returns its path.

    It holds the solutions and the hidden cases' seeds: it is for Gradescope and for nobody else.
    Raises GradingError for a lesson that the class does not have.
    """
    sources = lesson_paths(class_dir, read_settings(class_dir))
    if lesson not in sources:
        raise GradingError(f"the class has no lesson {lesson}; there are: " + ", ".join(sources))
    target = Path(target)
    with whole(target) as fresh, zipfile.ZipFile(fresh, "w", zipfile.ZIP_DEFLATED) as archive:
        _add(archive, "setup.sh", _SETUP.encode(), 0o755)
        _add(archive, "run_autograder", _RUN.format(lesson=lesson).encode(), 0o755)
        for name in _FILES:
            _add(archive, name, (course.ROOT / name).read_bytes())
        for folder in _FOLDERS:
            for path in sorted((course.ROOT / folder).rglob("*")):
                if path.is_file() and not _left_out(path):
                    name = path.relative_to(course.ROOT).as_posix()
                    if name == f"solutions/{lesson}.py":
                        path = sources[lesson]
                    _add(archive, name, path.read_bytes())
    return target


def _left_out(path):
    return "__pycache__" in path.parts or course.SAMPLE_CLASS in path.parents


def _add(archive, name, content, mode=0o644):
    # The same course gives the same bytes: no time of day in the zip.
    info = zipfile.ZipInfo(name)
    info.compress_type, info.external_attr = zipfile.ZIP_DEFLATED, (0o100000 | mode) << 16
    archive.writestr(info, content)


def results(lesson, folder, unsafe=False):
    """Gradescope's results, as plain data, for the notebook in a submission's folder."""
    source = course.SOLUTIONS / f"{lesson}.py"
    try:
        submission = Submission("student", lesson, _notebook(Path(folder)), source)
        process.prepare(_LIMITS, unsafe)
        graded, problem = process.grade(submission)
    except GradingError as error:
        graded, problem = None, str(error)
    if graded is None:
        return {"score": 0, "output": f"Not graded: {problem}"}
    outputs = {cell.id: cell for cell in graded.notebook.cells}
    tests = [_test(cell, outputs[cell.id]) for cell in read_lesson(source).cells
             if cell.role == "test"]
    said = list(dict.fromkeys([*graded.events, *graded.remarks]))
    if unsafe:
        said.append("Student code ran without walls: this container allows no user namespaces.")
    essays = sum(cell.points for cell in read_lesson(source).cells if cell.role == "essay")
    if essays:
        said.append(f"{essays} points are for text, which a person grades.")
    return {"score": sum(test["score"] for test in tests), "tests": tests,
            "output": "\n".join(one_line(sentence) for sentence in said), "visibility": "visible"}


def _notebook(folder):
    found = sorted(path for path in folder.rglob("*.ipynb")
                   if path.is_file() and not path.is_symlink()
                   and ".ipynb_checkpoints" not in path.parts)
    if not found:
        raise GradingError("there is no notebook (.ipynb) in what was handed in; hand in the "
                           "lesson's notebook")
    if len(found) > 1:
        names = one_line(", ".join(path.name for path in found))
        raise GradingError(f"there are several notebooks ({names}); hand in the lesson's alone")
    return found[0]


def _test(cell, graded):
    """One test of Gradescope's: a group of cases, with the verdict's sentences."""
    from nbgrader.utils import determine_grade

    said = [output.data.get("text/plain", "") for output in graded.outputs
            if output.output_type == "display_data"]
    said += [f"{output.ename}: {output.evalue}" for output in graded.outputs
             if output.output_type == "error"]
    return {"name": f"{cell.name}: {cell.group}", "score": determine_grade(graded)[0] or 0.0,
            "max_score": float(cell.points), "output": several_lines("\n".join(said)),
            "output_format": "text", "visibility": "visible"}


def main(argv=None):
    """What run_autograder runs: LESSON SUBMISSION RESULTS. Always writes results."""
    parser = argparse.ArgumentParser()
    for name in ("lesson", "submission", "results"):
        parser.add_argument(name)
    said = parser.parse_args(argv)
    try:
        BubblewrapSandbox(_LIMITS).close()
        unsafe = False
    except GradingError:
        unsafe = True
    found = results(said.lesson, said.submission, unsafe)
    target = Path(said.results)
    target.parent.mkdir(parents=True, exist_ok=True)
    with whole(target) as fresh:
        fresh.write_text(json.dumps(found), encoding="utf-8")
        fresh.chmod(0o644)
    return 0


if __name__ == "__main__":
    sys.exit(main())
