"""nbgrader's exchange with two Unix users: release, fetch, submit, collect, grade, feedback."""

import os
import pwd
import shutil
import subprocess
import sys
import tempfile
from pathlib import Path

import nbformat
import pytest

from autograder import course
from autograder.commands import main
from autograder.lessons.sample import submission

pytestmark = pytest.mark.system
LESSON = "01_spatial_arithmetic"
# Accounts that every Debian has and nobody uses.
TEACHER, STUDENT = "backup", "games"
# As python -m does it, but for the grammars that nbformat compiles where the course is not there.
MODULE = ("import autograder, runpy, sys; del sys.argv[0]; "
          "runpy.run_module(sys.argv[0], run_name='__main__', alter_sys=True)")


@pytest.fixture(scope="module")
def run():
    """run(user, folder, *words): a command as another Unix user, with a home of its own."""
    if os.geteuid() != 0:
        pytest.skip("acting as two Unix users takes root")
    missing = [name for name in ("bwrap", "setpriv") if not shutil.which(name)]
    if missing:
        pytest.skip(f"there is no {missing[0]}")
    # A Python below a home that others may not enter is shown to them at the same place.
    base = Path(sys.base_prefix)
    shown = []
    if base.is_relative_to("/root"):
        above = [folder for folder in reversed(base.parents) if folder.is_relative_to("/root")]
        shown = ["--tmpfs", "/root", *(word for folder in above[1:]
                                       for word in ("--perms", "0755", "--dir", str(folder))),
                 "--ro-bind", str(base), str(base)]

    def run(user, folder, *words):
        account = pwd.getpwnam(user)
        done = subprocess.run(
            ["bwrap", "--dev-bind", "/", "/", *shown, "--chdir", str(folder), "setpriv",
             f"--reuid={account.pw_uid}", f"--regid={account.pw_gid}", "--clear-groups",
             sys.executable, "-c", MODULE, *words], capture_output=True, text=True, umask=0o077,
            env={"HOME": str(folder), "USER": user, "LOGNAME": user, "LANG": "C.UTF-8",
                 "PATH": f"{Path(sys.executable).parent}:/usr/bin:/bin"})
        assert done.returncode == 0, (words, done.stdout + done.stderr)
        return done.stdout + done.stderr

    return run


def owned(folder, user):
    folder.mkdir(parents=True, exist_ok=True)
    account = pwd.getpwnam(user)
    for path in (folder, *folder.rglob("*")):
        os.chown(path, account.pw_uid, account.pw_gid)
    return folder


@pytest.fixture
def place():
    """A folder that all users may enter. pytest's own is root's, and each pytest shuts it again."""
    with tempfile.TemporaryDirectory() as folder:
        Path(folder).chmod(0o755)
        yield Path(folder)


def test_work_goes_to_the_student_and_back_with_points(place, run):
    exchange = place / "exchange"
    exchange.mkdir()
    exchange.chmod(0o777)
    class_dir = place / "myclass"
    assert main(["start", str(class_dir)]) == 0
    settings = class_dir / "nbgrader_config.py"
    more = f'\nc = get_config()\nc.Exchange.root = "{exchange}"\n'
    settings.write_text(settings.read_text() + more)
    owned(class_dir, TEACHER)
    home = owned(place / "home", STUDENT)
    (home / "nbgrader_config.py").write_text(
        f'c = get_config()\nc.Exchange.root = "{exchange}"\n'
        'c.CourseDirectory.course_id = "convnets"\n')

    run(TEACHER, class_dir, "nbgrader", "release_assignment", LESSON)
    run(STUDENT, home, "nbgrader", "fetch_assignment", LESSON)
    answers = submission(course.SAMPLE_CLASS / "answers" / "loops" / f"{LESSON}.py")
    nbformat.write(answers, home / LESSON / f"{LESSON}.ipynb")
    run(STUDENT, home, "nbgrader", "submit", LESSON)
    run(TEACHER, class_dir, "nbgrader", "collect", LESSON)
    handed_in = class_dir / "submitted" / STUDENT / LESSON
    assert (handed_in / "submission_secret.txt").exists()
    said = run(TEACHER, class_dir, "autograder", "grade", str(class_dir), "--workers", "1")
    assert f"{STUDENT}" in said and "not graded" not in said
    run(TEACHER, class_dir, "nbgrader", "release_feedback", LESSON)
    run(STUDENT, home, "nbgrader", "fetch_feedback", LESSON)
    (page,) = (home / LESSON / "feedback").rglob(f"{LESSON}.html")
    assert "conv_output_size" in page.read_text()
    assert page.stat().st_uid == pwd.getpwnam(STUDENT).pw_uid
