"""The walls around a student's process: bubblewrap's namespaces and the kernel's limits.

Inside there are Python and its packages, read-only; the part of course_lib that knows no answer;
an empty scratch folder. There is no network, no other process, no course folder, no environment.
"""

import os
import shutil
import site
import subprocess
import sys
import tempfile
from dataclasses import dataclass
from pathlib import Path

from autograder.errors import GradingError
from autograder.sandbox.session import Session, socket_pair

_ROOT = Path(__file__).resolve().parent.parent.parent
# What exists of the course inside. Everything else of it (reference, exercises, arithmetic, ...)
# is withheld: this list, not a list of what to hide, so that a new module is withheld by default.
VISIBLE = {
    "course_lib/__init__.py": "course_lib/__init__.py",
    "course_lib/student_call.py": "course_lib/student_call.py",
    "course_lib/data": "course_lib/data",
    "course_lib/pictures": "course_lib/pictures",
    "course_lib/widgets": "course_lib/widgets",
    "autograder/sandbox/inside/check.py": "course_lib/check.py",
    "autograder/__init__.py": "autograder/__init__.py",
    "autograder/sandbox/__init__.py": "autograder/sandbox/__init__.py",
    "autograder/sandbox/inside/__init__.py": "autograder/sandbox/inside/__init__.py",
    "autograder/sandbox/inside/wire.py": "autograder/sandbox/inside/wire.py",
    "autograder/sandbox/inside/cells.py": "autograder/sandbox/inside/cells.py",
    "autograder/sandbox/inside/worker.py": "autograder/sandbox/inside/worker.py",
}


@dataclass(frozen=True)
class Limits:
    """What a student's process may use. Seconds of wall time; bytes of memory and files."""

    start_seconds: float = 60
    cell_seconds: float = 60
    call_seconds: float = 20
    submission_seconds: float = 300
    memory: int = 2 * 2**30
    file_size: int = 64 * 2**20
    open_files: int = 256


class BubblewrapSandbox:
    """Student processes behind all walls, with bubblewrap."""

    walls = ("no network", "no other processes", "no course files", "read-only system",
             "own scratch folder", "limits on time, memory and files")

    def __init__(self, limits=None):
        self.limits = limits or Limits()
        self.bwrap = shutil.which("bwrap")
        if not self.bwrap:
            raise GradingError(
                "bubblewrap (bwrap) is not installed, so student code cannot be walled in; "
                "install it (Debian: apt install bubblewrap) or say --unsafe"
            )
        probe = subprocess.run([*self._walls(), "true"], capture_output=True, text=True)
        if probe.returncode:
            why = (probe.stderr.strip().splitlines() or ["no reason given"])[-1]
            raise GradingError(f"bubblewrap does not work here ({why}); allow unprivileged user "
                               "namespaces or say --unsafe")

    def open(self):
        """A new Session in a process of its own."""
        return _start(self._command, self.limits, env={})

    def _command(self, fd):
        return [*self._walls(), *_worker(fd, self.limits)]

    def _walls(self):
        binds = []
        for folder in _system_folders():
            if Path(folder).is_symlink():
                binds += ["--symlink", os.readlink(folder), folder]
            else:
                binds += ["--ro-bind", folder, folder]
        for folder in _python_folders():
            binds += ["--ro-bind", folder, folder]
        for source, target in VISIBLE.items():
            if (_ROOT / source).exists():
                binds += ["--ro-bind", str(_ROOT / source), f"/course/{target}"]
        fonts = _font_cache()
        environment = {
            "HOME": "/tmp", "PATH": "/usr/bin:/bin", "LANG": "C.UTF-8", "PYTHONPATH": "/course",
            "MPLCONFIGDIR": "/tmp/matplotlib", "OPENBLAS_NUM_THREADS": "1",
            "OMP_NUM_THREADS": "1", "PYTHONDONTWRITEBYTECODE": "1",
        }
        variables = [word for name, value in environment.items()
                     for word in ("--setenv", name, value)]
        return [
            self.bwrap, "--unshare-all", "--unshare-user", "--uid", "1000", "--gid", "1000",
            "--cap-drop", "ALL", "--die-with-parent", "--new-session", "--clearenv", *variables,
            "--hostname", "sandbox", *binds, "--proc", "/proc", "--dev", "/dev",
            "--size", str(self.limits.file_size), "--tmpfs", "/tmp",
            *(["--dir", "/tmp/matplotlib", "--ro-bind", str(fonts),
               f"/tmp/matplotlib/{fonts.name}"] if fonts else []),
            "--chdir", "/tmp", "--remount-ro", "/",
        ]


class UnsafeSandbox:
    """Student processes with limits but without walls: for machines without bubblewrap.

    The process is another one, but it can read whatever its user can read.
    """

    walls = ("limits on time, memory and files",)

    def __init__(self, limits=None):
        self.limits = limits or Limits()
        self._folder = tempfile.TemporaryDirectory()
        course = Path(self._folder.name) / "course"
        for source, target in VISIBLE.items():
            source, target = _ROOT / source, course / target
            target.parent.mkdir(parents=True, exist_ok=True)
            if source.is_dir():
                shutil.copytree(source, target)
            elif source.exists():
                shutil.copy(source, target)
        self._course = str(course)

    def open(self):
        """A new Session in a process of its own."""
        environment = {"HOME": self._folder.name, "PYTHONPATH": self._course,
                       "PATH": os.environ.get("PATH", ""), "OPENBLAS_NUM_THREADS": "1"}
        return _start(lambda fd: _worker(fd, self.limits), self.limits, env=environment,
                      cwd=self._folder.name)


def _worker(fd, limits):
    """The command of a student's process. It bounds itself before any student code runs."""
    bounds = {"AS": limits.memory, "FSIZE": limits.file_size, "NOFILE": limits.open_files,
              "CORE": 0}
    return [sys.executable, "-s", "-m", "autograder.sandbox.inside.worker", str(fd),
            *(f"{name}={value}" for name, value in bounds.items())]


def _start(command, limits, env, cwd=None):
    ours, theirs = socket_pair()

    with theirs:
        popen = subprocess.Popen(
            command(theirs.fileno()), pass_fds=[theirs.fileno()], env=env, cwd=cwd,
            stdin=subprocess.DEVNULL, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL,
            start_new_session=True)
    try:
        return Session(popen, ours, limits)
    except BaseException:
        popen.kill()
        popen.wait()
        ours.close()
        raise


def _system_folders():
    return [f for f in ("/usr", "/lib", "/lib64", "/bin", "/etc/ld.so.cache", "/etc/alternatives")
            if Path(f).exists()]


def _python_folders():
    """The folders of this Python and its packages that are not below /usr."""
    folders = {sys.prefix, sys.base_prefix, str(Path(sys.executable).resolve().parent.parent)}
    folders |= {f for f in site.getsitepackages() if Path(f).exists()}
    top = [f for f in sorted(folders) if not f.startswith("/usr/") and f != "/usr"]
    return [f for f in top if not any(f.startswith(o + os.sep) for o in top if o != f)]


def _font_cache():
    """matplotlib's list of fonts, made once outside: making it takes seconds."""
    import matplotlib
    import matplotlib.font_manager as fonts

    files = sorted(Path(matplotlib.get_cachedir()).glob("fontlist-*.json"))
    if not files:
        fonts._load_fontmanager(try_read_cache=False)
        files = sorted(Path(matplotlib.get_cachedir()).glob("fontlist-*.json"))
    return files[-1] if files else None
