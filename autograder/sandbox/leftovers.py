"""Tries to leave something for the next submission, in every place that could hold it.

Each probe is two cells: one leaves, and one, in another student's process of the same forking
process, comes to its end only if it finds what was left. Between them the first process has ended,
or still runs, where only a living process can hold what it left.
"""

_EVERYWHERE = """import os
def folders():
    for top in ('/', '/dev', '/dev/shm', '/tmp', '/var/tmp', '/run', '/run/lock', '/scratch',
                '/scratch/matplotlib', '/proc', '/etc', '/course', '/course/course_lib/data',
                '/packages', '/packages/numpy', os.path.dirname(os.__file__), '/usr', '/usr/lib'):
        yield top
    for folder, below, names in os.walk('/'):
        below[:] = [b for b in below if b != '__pycache__'][:40] if folder.count('/') < 5 else []
        yield folder
"""
_MARK = "left-by-another"


def leftovers():
    """{what is tried: (cell that leaves, cell that finds)}."""
    found = {
        "a file in any folder": (
            _EVERYWHERE + f"for folder in folders():\n    try: open(folder + '/{_MARK}', 'w')\n"
            "    except OSError: pass",
            _EVERYWHERE + f"assert any(os.path.lexists(f + '/{_MARK}') for f in folders())"),
        "a folder, a link or a pipe": (
            _EVERYWHERE + "for folder in folders():\n    for number, make in enumerate((os.mkdir, "
            "os.mkfifo, lambda p: os.symlink('x', p),\n            lambda p: os.link('/dev/null', "
            f"p))):\n        try: make(f'{{folder}}/{_MARK}{{number}}')\n"
            "        except OSError: pass",
            _EVERYWHERE + f"assert any(os.path.lexists(f'{{f}}/{_MARK}{{n}}') for f in folders() "
            "for n in range(4))"),
        "dates of a device": (
            "import os\nfor name in os.listdir('/dev'):\n"
            "    try: os.utime('/dev/' + name, (7, 7))\n    except OSError: pass",
            "import os\n"
            "assert any(os.stat('/dev/' + n).st_mtime == 7 for n in os.listdir('/dev'))"),
        "dates of its own stdout": (
            "import os\nfor number in range(3):\n"
            "    try: os.utime(number, (8, 8))\n    except OSError: pass",
            "import os\nassert any(os.fstat(n).st_mtime == 8 for n in range(3))"),
        "the mode of a device": (
            "import os\nfor name in os.listdir('/dev'):\n"
            "    try: os.chmod('/dev/' + name, 0o677)\n    except OSError: pass\n"
            "try: os.fchmod(1, 0o677)\nexcept OSError: pass",
            "import os\nassert any(os.stat('/dev/' + n).st_mode & 0o777 == 0o677 "
            "for n in os.listdir('/dev'))"),
        "the mode of a file of Python's": (
            "import os\ntry: os.chmod(os.__file__, 0o755)\nexcept OSError: pass",
            "import os\nassert os.stat(os.__file__).st_mode & 0o777 == 0o755"),
        "matplotlib's cache": (
            "import matplotlib, os\nfolder = matplotlib.get_cachedir()\n"
            f"os.makedirs(folder, exist_ok=True)\nopen(folder + '/{_MARK}', 'w')",
            f"import matplotlib\nopen(matplotlib.get_cachedir() + '/{_MARK}')"),
        "a module that is imported": (
            "import numpy, sys, builtins, os\nnumpy.left = builtins.left = 1\n"
            "os.environ['LEFT'] = '1'\nsys.modules['left'] = numpy",
            "import numpy, sys, os\nassert hasattr(numpy, 'left') or 'left' in sys.modules "
            "or 'LEFT' in os.environ or 'left' in dir(__builtins__)"),
        "the working folder": ("import os\nos.chdir('/usr')",
                               "import os\nassert os.getcwd() != '/scratch'"),
        "shared memory of System V": (
            "import ctypes\nctypes.CDLL(None).shmget(4711, 4096, 0o1666)",
            "import ctypes\nassert ctypes.CDLL(None).shmget(4711, 4096, 0o666) != -1"),
        "a semaphore of System V": (
            "import ctypes\nctypes.CDLL(None).semget(4711, 1, 0o1666)",
            "import ctypes\nassert ctypes.CDLL(None).semget(4711, 1, 0o666) != -1"),
        "a queue of System V": (
            "import ctypes\nctypes.CDLL(None).msgget(4711, 0o1666)",
            "import ctypes\nassert ctypes.CDLL(None).msgget(4711, 0o666) != -1"),
        "shared memory of POSIX": (
            "from multiprocessing import shared_memory\n"
            "try: shared_memory.SharedMemory('left', create=True, size=99)\nexcept OSError: pass",
            "from multiprocessing import shared_memory\nshared_memory.SharedMemory('left')"),
        "a queue of POSIX": (
            "import ctypes, os\n"
            "ctypes.CDLL(None).mq_open(b'/left', os.O_CREAT | os.O_RDWR, 0o666, 0)",
            "import ctypes, os\nassert ctypes.CDLL(None).mq_open(b'/left', os.O_RDWR) != -1"),
        "a key of the kernel's": (
            "import ctypes\nctypes.CDLL(None).syscall(248, b'user', b'left', b'x', 1, -4)",
            "import ctypes\nassert ctypes.CDLL(None).syscall(249, b'user', b'left', 0, 0) != -1"),
        "the host's name": (
            "import socket\ntry: socket.sethostname('left')\nexcept OSError: pass",
            "import socket\nassert socket.gethostname() == 'left'"),
        "an extended attribute": (
            "import os\nfor p in (os.__file__, '/dev/null', '/'):\n"
            "    try: os.setxattr(p, 'user.left', b'1')\n    except OSError: pass",
            "import os\nassert any('user.left' in os.listxattr(p) "
            "for p in (os.__file__, '/dev/null', '/'))"),
        "a descriptor": (
            "import os\nkept = [os.dup(0), *os.pipe()]\nfor n in kept: os.set_inheritable(n, True)",
            "import os\nfound = []\nfor n in range(3, 4096):\n"
            "    try: os.fstat(n); found.append(n)\n    except OSError: pass\n"
            "assert len(found) > 1"),
        "the state of random numbers": (
            "import numpy, random\nnumpy.random.seed(5)\nrandom.seed(5)",
            "import numpy, random\nfirst = random.Random(5).random()\n"
            "assert random.random() == first or numpy.random.rand() == "
            "numpy.random.RandomState(5).rand()"),
    }
    return found


def living():
    """As `leftovers`, for what only a process that still runs can hold."""
    lock = "import fcntl, os\nfile = open({path}, 'rb')\n"
    return {
        "a lock on a file (flock)": (
            lock.format(path="os.__file__") + "try: fcntl.flock(file, fcntl.LOCK_EX)\n"
            "except OSError: pass",
            lock.format(path="os.__file__") + "try:\n    fcntl.flock(file, fcntl.LOCK_EX | "
            "fcntl.LOCK_NB)\nexcept BlockingIOError: pass\nelse: raise OSError('not locked')"),
        "a lock on a range (fcntl)": (
            lock.format(path="os.__file__") + "try: fcntl.lockf(file, fcntl.LOCK_SH)\n"
            "except OSError: pass",
            lock.format(path="os.__file__") + "import struct\nanswer = fcntl.fcntl(file, "
            "fcntl.F_GETLK, struct.pack('hhqqi', 1, 0, 0, 0, 0))\n"
            "assert struct.unpack('hhqqi', answer)[0] != fcntl.F_UNLCK"),
        "a watch on a file (inotify)": (
            "import ctypes, os\nlibc = ctypes.CDLL(None)\nnumber = libc.inotify_init()\n"
            "libc.inotify_add_watch(number, os.__file__.encode(), 32)",
            "import ctypes\nassert ctypes.CDLL(None).inotify_init() != -1"),
        "an abstract socket": (
            "import socket\ns = socket.socket(socket.AF_UNIX)\ns.bind('\\0left')\ns.listen()",
            "import socket\nsocket.socket(socket.AF_UNIX).connect('\\0left')"),
        "a socket in a folder": (
            "import socket\nfor p in ('/dev/left', '/tmp/left', '/packages/left'):\n"
            "    try:\n        s = socket.socket(socket.AF_UNIX)\n        s.bind(p)\n"
            "        s.listen()\n    except OSError: pass",
            "import socket\nfor p in ('/dev/left', '/tmp/left', '/packages/left'):\n"
            "    try:\n        socket.socket(socket.AF_UNIX).connect(p)\n        break\n"
            "    except OSError: pass\nelse: raise OSError('nobody answers')"),
        "another process": (
            "pass", "import os\nfor pid in range(2, 3000):\n    try:\n        os.kill(pid, 0)\n"
            "        break\n    except ProcessLookupError: pass\n"
            "else: raise OSError('nobody there')"),
        "a terminal": (
            "import os\ntry: os.openpty()\nexcept OSError: pass",
            "import os\nassert os.path.exists('/dev/pts/0') or os.path.exists('/dev/ptmx')"),
    }


def tried(sandbox):
    """Yield (what is tried, what happened); None happened where something was found."""
    for found, ends in ((leftovers(), True), (living(), False)):
        for what, (leave, find) in found.items():
            first = sandbox.open()
            try:
                first.run(leave)
                if ends:
                    first.close()
                second = sandbox.open()
                try:
                    yield f"leave {what}", happened(second.run(find))
                finally:
                    second.close()
            finally:
                first.close()


def happened(reply):
    """Why a probe's cell failed, in one line; None if it came to its end."""
    errors = [out for out in reply["outputs"] if out["output_type"] == "error"]
    said = f"{errors[-1]['ename']}: {errors[-1]['evalue']}" if errors else "it failed"
    return None if reply["succeeded"] else said
