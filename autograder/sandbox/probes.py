"""Tries to get through every wall from inside a student's process.

Each probe is a cell of code that comes to its end only if the wall is not there.
"""

import os
import platform
import site
import sys

from autograder import course
from autograder.sandbox.leftovers import happened
from autograder.sandbox.session import SessionDead

_SYSTEM_CALL = """import ctypes, os
if ctypes.CDLL(None, use_errno=True).{}({}) == -1:
    raise OSError(ctypes.get_errno(), os.strerror(ctypes.get_errno()))"""
_CALL = """import ctypes, os
if ctypes.CDLL(None, use_errno=True).{} == -1:
    raise OSError(ctypes.get_errno(), os.strerror(ctypes.get_errno()))"""
# Libraries that would compute a layer, whether or not they are installed here; and packages that
# are installed wherever this course is, but that no notebook needs.
_LIBRARIES = ("torch", "tensorflow", "jax", "scipy", "sklearn", "cupy", "numba", "cv2", "skimage",
              "nbgrader", "bleach", "yaml", "requests")


def probes(class_dir=course.SAMPLE_CLASS):
    """{what is tried: the cell that tries it}."""
    found = {
        "read the solutions": _reading(course.SOLUTIONS),
        "read the course folder": f"open({str(course.ROOT / 'pyproject.toml')!r})",
        "read the other submissions": _reading(class_dir / "submitted"),
        "read the gradebook": f"open({str(class_dir / 'gradebook.db')!r}, 'rb').read(1)",
        "write the gradebook": f"open({str(class_dir / 'gradebook.db')!r}, 'ab')",
        "read the home folder": (
            # Its own folder may be there, as the way to a Python that lies in it.
            f"import os\nhome = {os.path.expanduser('~')!r}\n"
            "assert [f for f in os.listdir(home) if os.path.isfile(f'{home}/{f}')], 'no files'"),
        "read the system's accounts": "open('/etc/passwd').read()",
        "write the system": "open('/usr/own', 'w')",
        "write the root": "open('/own', 'w')",
        "write Python": f"open({sys.prefix + '/own'!r}, 'w')",
        "write the packages": "import numpy; open(numpy.__file__, 'a')",
        "write the course": "open('/course/course_lib/own.py', 'w')",
        "hidden environment": "import os; os.environ['GRADER_SECRET']",
        "inherited descriptors": (
            "import os\nfound = []\nfor number in range(3, 4096):\n    try:\n"
            "        os.fstat(number); found.append(number)\n    except OSError: pass\n"
            # One is the socket to the judge, which is how a call gets in and out.
            "assert len(found) > 1, 'only the socket to the judge'"),
        "see other processes": (
            "import os\nseen = [p for p in os.listdir('/proc') if p.isdigit()]\n"
            "assert len(seen) > 1, 'only this process'"),
        "signal the judge": f"import os; os.kill({os.getpid()}, 0)",
        # In os and subprocess these are left out of a notebook: here the walls are tried.
        "start a process": "import posix\nif posix.fork() == 0: posix._exit(0)",
        "start a program": "import posix, sys; posix.posix_spawn(sys.executable, ['python'], {})",
        "become a program": "import os; os.execv('/bin/true', ['true'])",
        "start endless threads": (
            "import threading, time\nfor _ in range(20000):\n"
            "    threading.Thread(target=time.sleep, args=(9,), daemon=True).start()"),
        "take the machine's memory": "hog = []\nwhile len(hog) < 400: hog.append(bytearray(10**8))",
        "fill the disk with one file": "open('large', 'wb').write(b'x' * (80 * 2**20))",
        "fill the disk with many files": (
            "for k in range(80): open(f'file{k}', 'wb').write(b'x' * 2**20)"),
        "open endless files": "files = [open('one', 'w') for _ in range(5000)]",
        "reach the network": "import socket; socket.create_connection(('127.0.0.1', 22), 1)",
        "make an IPv4 socket": "import socket; socket.socket(socket.AF_INET)",
        "make an IPv6 socket": "import socket; socket.socket(socket.AF_INET6)",
        "make a raw socket": "import socket; socket.socket(socket.AF_PACKET, socket.SOCK_RAW)",
        "talk to the kernel by netlink": "import socket; socket.socket(16, socket.SOCK_RAW)",
        "become root": "import os; os.setuid(0)",
        "mount": _SYSTEM_CALL.format("mount", "b'none', b'/scratch', b'tmpfs', 0, None"),
        "leave the root": _SYSTEM_CALL.format("chroot", "b'/scratch'"),
        "make namespaces": _SYSTEM_CALL.format("unshare", "0x10000000"),
        "trace a process": _SYSTEM_CALL.format("ptrace", "0, 0, 0, 0"),
        "load a kernel program": _SYSTEM_CALL.format("syscall", "321, 0, 0, 0"),
        "use io_uring": _SYSTEM_CALL.format("syscall", "425, 1, 0"),
        "use the kernel's keys": _SYSTEM_CALL.format("syscall", "250, 0, -3, 1"),
        "set the clock": "import time; time.clock_settime(time.CLOCK_REALTIME, 0)",
        "set the host's name": "import socket; socket.sethostname('own')",
    }
    found |= _more_calls()
    for module in _LIBRARIES:
        found[f"import {module}"] = _import(module)
    found["look into the folders of packages"] = (
        f"import os\nassert any(os.path.isdir(f) and os.listdir(f) for f in {_folders()!r})")
    found["find a library anywhere"] = (
        "import os\n"
        f"names = {set(_LIBRARIES) | {'pip', 'setuptools'}!r}\n"
        "assert any(top.rpartition('/')[2] in names and '__init__.py' in files "
        "or 'libtorch.so' in files for top, _, files in os.walk('/'))")
    found["find another program"] = (
        "import os\nassert [f for _, _, files in os.walk('/') for f in files "
        "if f in ('sh', 'bash', 'gcc', 'cc', 'ld', 'perl', 'tcc', 'true')]")
    for module in ("course_lib.reference", "course_lib.exercises", "course_lib.mistakes",
                   "course_lib.arithmetic", "course_lib.gradients", "course_lib.networks",
                   "course_lib.judging", "autograder.judge"):
        found[f"import {module}"] = _import(module)
    return found


def _more_calls():
    """Calls that would hold memory no limit counts, share something, or outlive the process."""
    calls = {
        "memory that no limit counts (memfd_create)": "memfd_create(b'x', 0)",
        "open a hidden memory (memfd_secret)": "syscall(447, 0)",
        "handle page faults (userfaultfd)": "syscall(323, 1)",
        "share memory (shmget)": "shmget(1, 4096, 0o1600)",
        "share a semaphore (semget)": "semget(1, 1, 0o1600)",
        "share a queue (msgget)": "msgget(1, 0o1600)",
        "open a queue (mq_open)": "mq_open(b'/x', 66, 0o600, 0)",
        "read a process (process_vm_readv)": "syscall(310, 1, 0, 0, 0, 0, 0)",
        "write a process (process_vm_writev)": "syscall(311, 1, 0, 0, 0, 0, 0)",
        "hold a process (pidfd_open)": "syscall(434, 1, 0)",
        "take a descriptor (pidfd_getfd)": "syscall(438, 0, 0, 0)",
        "count events (perf_event_open)": "syscall(298, 0, 0, -1, -1, 0)",
        "join namespaces (setns)": "setns(0, 0)",
        "fork by clone": "syscall(56, 17, 0, 0, 0, 0)",
        "fork by clone3": "syscall(435, b'\\0' * 64, 64)",
        "make a namespace for a thread": "syscall(56, 0x40010F00, 0, 0, 0, 0)",
        "stay when the parent ends (prctl)": "prctl(1, 0, 0, 0, 0)",
        "adopt processes (prctl)": "prctl(36, 1, 0, 0, 0)",
        "become readable (prctl)": "prctl(4, 1, 0, 0, 0)",
        "start a session": "setsid()",
        "lock a file": "flock(0, 2)",
        "watch files (inotify)": "inotify_init1(0)",
        "watch the machine (fanotify)": "fanotify_init(0, 0)",
        "ask for asynchronous files (io_setup)": "syscall(206, 1, b'\\0' * 8)",
        "send a descriptor (sendmsg)": "sendmsg(0, b'\\0' * 56, 0)",
        "lock memory": "mlockall(1)",
        "make a device": "mknod(b'/scratch/n', 0o20600, 0x103)",
        "give pages away (vmsplice)": "syscall(278, 1, 0, 0, 0)",
        "change the personality": "personality(0x0040000)",
        "open by a handle": "syscall(304, -100, 0, 0)",
        "read the kernel's log": "klogctl(3, b'x' * 9, 9)",
        "take back a capability":
            "capset((ctypes.c_uint * 2)(0x20080522, 0), (ctypes.c_uint * 6)(1, 1, 1, 1, 1, 1))",
        "write everything to disk (sync)": "syncfs(0)",
        "call by the old numbers (x32)": "syscall(0x40000000 + 39)",
    }
    # What the C library has no name for goes by the numbers of one kind of processor.
    return {what: _CALL.format(call) for what, call in calls.items()
            if platform.machine() == "x86_64" or not call.startswith("syscall")}


def _folders():
    """Where packages lie on this machine."""
    return [folder for folder in (*sys.path, *site.getsitepackages(), "/usr/lib/python3",
                                  "/usr/lib/python3/dist-packages", "/usr/local/lib")
            if folder.rpartition("/")[2] in ("site-packages", "dist-packages", "python3", "lib")]


def tried(sandbox, found):
    """Yield (what is tried, what happened) for probes; None happened where one came through.

    Each runs in a session of its own. Raises what opening a session raises.
    """
    for what, source in found.items():
        session = sandbox.open()
        try:
            yield what, happened(session.run(source))
        except SessionDead as error:
            yield what, str(error)
        finally:
            session.close()


def _reading(path):
    return f"import os; os.listdir({str(path)!r})"


def _import(module):
    # A line with an import that fails is left out of a cell; here the failure is looked for.
    return (f"try:\n    import {module}\nexcept ImportError as error:\n"
            "    raise OSError(str(error)) from None")
