"""The walls around a student's process: bubblewrap's namespaces, the kernel's limits, seccomp.

Inside there are Python and the packages that notebooks need (machine.py), read-only; the part of
course_lib that knows no answer; an empty scratch folder, the only place that can be written. There
is no network, no other process, no course folder, no environment.
"""

import contextlib
import copy
import os
import shutil
import signal
import socket
import struct
import subprocess
import sys
import tempfile
from dataclasses import dataclass
from pathlib import Path

from autograder.errors import GradingError, SandboxError
from autograder.sandbox import machine
from autograder.sandbox.session import Session, SessionDead
from autograder.sandbox.system_calls import program

_ROOT = Path(__file__).resolve().parent.parent.parent
# What exists of the course inside. Everything else of it (reference, exercises, arithmetic, ...)
# is withheld: this list, not a list of what to hide, so that a new module is withheld by default.
VISIBLE = {
    "course_lib/__init__.py": "course_lib/__init__.py",
    "course_lib/advice.py": "course_lib/advice.py",
    "course_lib/student_error.py": "course_lib/student_error.py",
    "course_lib/missing_names.py": "course_lib/missing_names.py",
    "course_lib/not_yet.py": "course_lib/not_yet.py",
    "course_lib/data": "course_lib/data",
    "course_lib/pictures": "course_lib/pictures",
    "course_lib/widgets": "course_lib/widgets",
    "autograder/sandbox/inside/check.py": "course_lib/check.py",
    "autograder/sandbox/inside/study.py": "course_lib/study.py",
    "autograder/__init__.py": "autograder/__init__.py",
    "autograder/sandbox/__init__.py": "autograder/sandbox/__init__.py",
    "autograder/sandbox/inside/__init__.py": "autograder/sandbox/inside/__init__.py",
    "autograder/sandbox/inside/wire.py": "autograder/sandbox/inside/wire.py",
    "autograder/sandbox/inside/cells.py": "autograder/sandbox/inside/cells.py",
    "autograder/sandbox/inside/left_out.py": "autograder/sandbox/inside/left_out.py",
    "autograder/sandbox/inside/recorder.py": "autograder/sandbox/inside/recorder.py",
    "autograder/sandbox/inside/worker.py": "autograder/sandbox/inside/worker.py",
    "autograder/sandbox/inside/zygote.py": "autograder/sandbox/inside/zygote.py",
}

SCRATCH = "/scratch"
PACKAGES = "/packages"
DEVICES = ("/dev/null", "/dev/zero", "/dev/full", "/dev/random", "/dev/urandom")


@dataclass(frozen=True)
class Limits:
    """What a submission may use. Seconds of wall time; bytes of memory and files.

    submission_seconds  for all of a notebook's cells and calls; nothing moves this end
    judge_seconds       more for the grading process's own work; then it is killed
    memory              of the student's process
    judge_memory        more than it has at the start, of the grading process
    """

    start_seconds: float = 60
    cell_seconds: float = 30
    call_seconds: float = 20
    submission_seconds: float = 300
    judge_seconds: float = 60
    memory: int = 2**30
    judge_memory: int = 2**30
    file_size: int = 64 * 2**20
    open_files: int = 256
    threads: int = 256


class BubblewrapSandbox:
    """Student processes behind all walls: bubblewrap around a process that forks for each.

    The forking process is started with the first session, or before, and again if it should die.
    """

    walls = ("no network", "no other processes", "no course files", "read-only system",
             "own scratch folder", "limits on time, memory and files", "a filter of system calls")

    def __init__(self, limits=None):
        self.limits = limits or Limits()
        self.bwrap = shutil.which("bwrap")
        self._zygote = self._next = None
        if not self.bwrap:
            raise GradingError(
                "bubblewrap (bwrap) is not installed, so student code cannot be walled in; "
                "install it (Debian: apt install bubblewrap) or say --unsafe"
            )
        program()
        probe = subprocess.run([*self._walls(), machine.python(), "-I", "-S", "-c", ""],
                               capture_output=True, text=True)
        if probe.returncode:
            why = (probe.stderr.strip().splitlines() or ["no reason given"])[-1]
            raise GradingError(f"bubblewrap does not work here ({why}); allow unprivileged user "
                               "namespaces or say --unsafe")

    def begin(self):
        """Start the forking process, which imports for a while, without waiting for it."""
        with contextlib.suppress(OSError):  # the first session tries again, and says why not
            self._next = self._fork()

    def rest(self):
        """Give up the process that is forked already: nothing is opened here for now."""
        if self._next:
            self._next.sock.close()
        self._next = None

    def share(self):
        """In a fork of the process that this was made in: a line of its own to the forking process.

        All that hold such a line are served, and what one asked for ends with it.
        """
        self.rest()
        shared, self._zygote = self._zygote, None
        if shared:
            with contextlib.suppress(OSError):  # it died: start another
                self._zygote = shared.line()
            shared.control.close()
        self.begin()

    def open(self):
        """A new Session in a process and namespaces of its own.

        The one for the next submission is forked already, while this one is graded.
        """
        why = ""
        for _ in range(2 + bool(self._next)):
            try:
                session = (self._next or self._fork()).session(self.limits)
            except (OSError, SessionDead) as error:
                # The forking process died (the machine ran out of memory?): start another.
                why = str(error)
                self.close()
                continue
            self._next = None
            with contextlib.suppress(OSError):
                self._next = self._fork()
            return session
        raise SandboxError(f"the sandbox did not start twice ({why}); it needs free memory and "
                           "user namespaces inside bubblewrap; or say --unsafe")

    def close(self):
        """End every session, and the forking process if it was started here."""
        self.rest()
        if self._zygote:
            self._zygote.close()
        self._zygote = None

    def _fork(self):
        if self._zygote is None:
            self._zygote = Zygote(self._walls(), self.limits)
        return self._zygote.fork()

    def _walls(self):
        links, binds = machine.system()
        words = [word for path, target in links.items() for word in ("--symlink", target, path)]
        binds = binds | {f"{PACKAGES}/{name}": path for name, path in machine.packages().items()}
        binds |= {f"/course/{target}": str(_ROOT / source) for source, target in VISIBLE.items()
                  if (_ROOT / source).exists()}
        for target, source in binds.items():
            words += ["--ro-bind", source, target]
        for folder in machine.covered():
            words += ["--tmpfs", folder, "--remount-ro", folder]
        for device in DEVICES:
            words += ["--dev-bind-try", device, device]
        environment = {
            "HOME": SCRATCH, "TMPDIR": SCRATCH, "LANG": "C.UTF-8",
            "PYTHONPATH": f"/course:{PACKAGES}", "MPLCONFIGDIR": f"{SCRATCH}/matplotlib",
            "OPENBLAS_NUM_THREADS": "1", "OMP_NUM_THREADS": "1", "PYTHONDONTWRITEBYTECODE": "1",
        }
        variables = [word for name, value in environment.items()
                     for word in ("--setenv", name, value)]
        fonts = _font_cache()
        return [
            self.bwrap, "--unshare-all", "--unshare-user", "--uid", "1000", "--gid", "1000",
            "--cap-drop", "ALL", "--die-with-parent", "--new-session", "--clearenv", *variables,
            "--hostname", "sandbox", *words, "--proc", "/proc",
            "--size", str(self.limits.file_size), "--tmpfs", SCRATCH,
            *(["--ro-bind", str(fonts), f"{SCRATCH}/matplotlib/{fonts.name}"] if fonts else []),
            *([] if in_tmp(binds) else ["--symlink", SCRATCH, "/tmp"]),
            "--chdir", SCRATCH, "--remount-ro", "/",
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
        packages = Path(self._folder.name) / "packages"
        packages.mkdir()
        for name, place in machine.packages().items():
            (packages / name).symlink_to(place)

    def begin(self):
        """Nothing can be begun before there is a session."""

    def open(self):
        """A new Session in a process of its own."""
        # Without the site module: the course is installed in editable form, which would lead
        # an import past the copy of its visible part to the whole of it.
        environment = {"HOME": self._folder.name, "OPENBLAS_NUM_THREADS": "1",
                       "PYTHONPATH": f"{self._course}:{self._folder.name}/packages"}
        ours, theirs = socket.socketpair()
        with theirs:
            # A folder of its own: what one student's code writes, another's must not find.
            own = tempfile.mkdtemp(dir=self._folder.name)
            environment["HOME"] = own
            process = _Group(_start([], "worker", theirs, self.limits, env=environment, cwd=own),
                             own)
        try:
            return _session(process, ours, self.limits)
        except SessionDead as error:
            raise SandboxError(f"the student's process did not start: {error}") from None

    def close(self):
        """Remove the copy of the visible course."""
        self._folder.cleanup()


def kind_of_sandbox(unsafe):
    """The class of the sandbox: the one with walls, or what is used without them."""
    return UnsafeSandbox if unsafe else BubblewrapSandbox


class Zygote:
    """The judge's end of the process that forks student processes (inside/zygote.py)."""

    def __init__(self, walls, limits):
        # A message is read as it was sent, however many wait.
        self.control, theirs = socket.socketpair(type=socket.SOCK_SEQPACKET)
        with theirs:
            self.popen = _start(walls, "zygote", theirs, limits, program().hex(), env={})
        self.control.settimeout(limits.start_seconds)
        self._is_ready = False

    def line(self):
        """Another end for the same process, which it does not end with."""
        line = copy.copy(self)
        line.control, theirs = socket.socketpair(type=socket.SOCK_SEQPACKET)
        with theirs:
            socket.send_fds(self.control, [b"c"], [theirs.fileno()])
        line.control.settimeout(self.control.gettimeout())
        line.popen, line._is_ready = None, False
        return line

    def fork(self):
        """Ask for a process, without waiting for it: a _Forked. OSError if nobody can be asked."""
        ours, theirs = socket.socketpair()
        with theirs:
            socket.send_fds(self.control, [b"f"], [theirs.fileno()])
        return _Forked(self, ours)

    def number(self):
        """The number of the process that was asked for last. OSError if none came up."""
        if not self._is_ready:
            self._answer(1)
            self._is_ready = True
        (number,) = struct.unpack(">I", self._answer(4))
        if not number:
            raise OSError("no namespaces of its own for a student's process")
        return number

    def is_gone(self):
        """Whether it has died, as one may ask when a process that it forked has."""
        try:
            line = self.line()
        except OSError:
            return True
        with line.control:
            try:
                return not line.control.recv(1)
            except OSError:
                return True

    def kill(self, number):
        """End a forked process and everything in its namespaces. Nobody waits for its end."""
        # If the forking process is gone, what it forked went with it.
        with contextlib.suppress(OSError):
            self.control.sendall(b"k" + struct.pack(">I", number))

    def close(self):
        self.control.close()
        if self.popen:
            self.popen.kill()
            self.popen.wait()

    def _answer(self, count):
        answer = self.control.recv(count, socket.MSG_WAITALL)
        if len(answer) < count:
            raise ConnectionError("the forking process ended")
        return answer


class _Forked:
    """A process that was asked for, and the judge's end of its socket."""

    def __init__(self, zygote, sock):
        self.zygote, self.sock, self.number = zygote, sock, None

    def session(self, limits):
        """A Session in it. OSError or SessionDead if it did not come up."""
        self.number = self.zygote.number()
        return _session(self, self.sock, limits)

    def is_lost(self):
        return self.zygote.is_gone()

    def kill(self):
        self.zygote.kill(self.number)


class _Group:
    """A process without walls and what it started, as far as that stayed in its group."""

    def __init__(self, popen, folder):
        self.popen = popen
        self.folder = folder

    def is_lost(self):
        return False  # nothing forked it

    def kill(self):
        if self.popen.poll() is None:
            os.killpg(self.popen.pid, signal.SIGKILL)
            self.popen.wait()
        shutil.rmtree(self.folder, ignore_errors=True)


def _start(walls, name, sock, limits, *arguments, env, cwd=None):
    """Start an inside program that serves `sock`. It bounds itself before student code runs."""
    bounds = {"AS": limits.memory, "FSIZE": limits.file_size, "NOFILE": limits.open_files,
              "CORE": 0, "MEMLOCK": 0, "CPU": int(limits.start_seconds + limits.submission_seconds)}
    if walls:
        # Of its own namespace; the kernel counts for everybody but root, whose threads are
        # bounded by the memory that they need.
        bounds["NPROC"] = limits.threads
    # A Python that was called by a relative path has a name that is of no use elsewhere.
    python = machine.python() if walls else os.path.abspath(sys.executable)
    return subprocess.Popen(
        [*walls, python, "-s", "-S", "-m",
         f"autograder.sandbox.inside.{name}", str(sock.fileno()), *arguments,
         *(f"{bound}={value}" for bound, value in bounds.items())],
        pass_fds=[sock.fileno()], env=env, cwd=cwd, stdin=subprocess.DEVNULL,
        stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL, start_new_session=True)


def _session(process, sock, limits):
    try:
        return Session(process, sock, limits)
    except BaseException:
        process.kill()
        sock.close()
        raise


def in_tmp(binds):
    """True where Python or the course itself lies in /tmp, which leaves no room for a link."""
    return any(path.startswith("/tmp/") for path in binds)


def _font_cache():
    """matplotlib's list of fonts, made once outside: making it takes seconds."""
    import matplotlib
    import matplotlib.font_manager as fonts

    files = sorted(Path(matplotlib.get_cachedir()).glob("fontlist-*.json"))
    if not files:
        fonts._load_fontmanager(try_read_cache=False)
        files = sorted(Path(matplotlib.get_cachedir()).glob("fontlist-*.json"))
    return files[-1] if files else None
