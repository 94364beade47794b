"""Tries to get through every wall from inside a student's process.

Each probe is a cell of code that comes to its end only if the wall is not there.
"""

import os
import sys

from autograder import course

_SYSTEM_CALL = """import ctypes, os
if ctypes.CDLL(None, use_errno=True).{}({}) == -1:
    raise OSError(ctypes.get_errno(), os.strerror(ctypes.get_errno()))"""


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
        "start a process": "import os\nif os.fork() == 0: os._exit(0)",
        "start a program": "import subprocess, sys; subprocess.run([sys.executable, '-c', ''])",
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
    for module in ("course_lib.reference", "course_lib.exercises", "course_lib.mistakes",
                   "course_lib.arithmetic", "course_lib.gradients", "course_lib.networks",
                   "course_lib.judging", "autograder.judge"):
        found[f"import {module}"] = f"import {module}"
    return found


def tried(sandbox, found):
    """Yield (what is tried, what happened) for probes; None happened where one came through.

    Each runs in a session of its own. Raises what opening a session raises.
    """
    for what, source in found.items():
        session = sandbox.open()
        try:
            reply = session.run(source)
            errors = [out for out in reply["outputs"] if out["output_type"] == "error"]
            said = f"{errors[-1]['ename']}: {errors[-1]['evalue']}" if errors else "it failed"
            yield what, None if reply["succeeded"] else said
        finally:
            session.close()


def _reading(path):
    return f"import os; os.listdir({str(path)!r})"
