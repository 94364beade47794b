"""A process that has imported everything once and forks for each submission.

Every fork gets namespaces of its own (user, mount, pid, network, ipc, uts), an empty scratch
folder, its limits and its filter of system calls before any student code runs. The forking process
has one thread only and runs no student code itself.

Commands over the control socket: b"f" with a file descriptor forks a worker for that socket and
answers its number; b"k" and a number ends that worker and everything it started.
"""

import ctypes
import gc
import os
import random
import select
import signal
import socket
import struct
import sys
import threading

import numpy as np

from autograder.sandbox.inside.worker import Worker, apply_bounds

_libc = ctypes.CDLL(None, use_errno=True)
_NEWNS, _NEWUTS, _NEWIPC = 0x00020000, 0x04000000, 0x08000000
_NEWUSER, _NEWPID, _NEWNET = 0x10000000, 0x20000000, 0x40000000
_NOSUID, _NODEV, _NOEXEC, _RDONLY = 2, 4, 8, 1
_PR_SET_PDEATHSIG, _PR_SET_NO_NEW_PRIVS, _PR_SET_SECCOMP, _SECCOMP_FILTER = 1, 38, 22, 2


def _check(result, what):
    if result:
        raise OSError(ctypes.get_errno(), f"{what}: {os.strerror(ctypes.get_errno())}")


def _new_namespaces():
    """Namespaces of its own for this process; a fork is pid 1 in them."""
    user, group = os.getuid(), os.getgid()
    _check(_libc.unshare(_NEWUSER | _NEWNS | _NEWPID | _NEWNET | _NEWIPC | _NEWUTS), "unshare")
    for name, text in (("setgroups", "deny"), ("uid_map", f"{user} {user} 1"),
                       ("gid_map", f"{group} {group} 1")):
        with open(f"/proc/self/{name}", "w") as file:
            file.write(text)


def _mount(kind, target, flags, data=None):
    _check(_libc.mount(kind, target, kind, flags, data), f"mount {target.decode()}")


def _fresh_folders(size):
    """An empty scratch folder, and a /proc that shows this fork's processes or none."""
    scratch = os.environ["TMPDIR"]
    _mount(b"tmpfs", scratch.encode(), _NOSUID | _NODEV, f"size={size},mode=700".encode())
    try:
        _mount(b"proc", b"/proc", _NOSUID | _NODEV | _NOEXEC)
    except OSError:
        # The kernel refuses a second /proc where parts of the first one are covered.
        _mount(b"tmpfs", b"/proc", _NOSUID | _NODEV | _NOEXEC | _RDONLY)
    os.chdir(scratch)


class _Program(ctypes.Structure):
    """struct sock_fprog of the kernel."""

    _fields_ = [("length", ctypes.c_ushort), ("instructions", ctypes.c_char_p)]


def _refuse_system_calls(filter_):
    """Install a compiled seccomp filter (system_calls.py, outside) for good."""
    program = _Program(len(filter_) // 8, filter_)
    _check(_libc.prctl(_PR_SET_NO_NEW_PRIVS, 1, 0, 0, 0), "no new privileges")
    _check(_libc.prctl(_PR_SET_SECCOMP, _SECCOMP_FILTER, ctypes.byref(program), 0, 0), "seccomp")


def _close_all_but(*kept):
    """No descriptor of the forking process reaches the student's."""
    low = 3
    for number in (*sorted(kept), 2**16):
        os.closerange(low, number)
        low = number + 1


def _become_worker(runner, session, bounds, filter_):
    """In the fork: wall this process in, then serve. Never returns."""
    try:
        _new_namespaces()
        child = os.fork()
        if child:
            # Holds the namespaces together: when this process is killed, so is everything in them.
            os.waitpid(child, 0)
            os._exit(0)
        _check(_libc.prctl(_PR_SET_PDEATHSIG, signal.SIGKILL, 0, 0, 0), "prctl")
        _fresh_folders(bounds["FSIZE"])
        _close_all_but(session)
        apply_bounds(bounds)
        np.random.seed()
        random.seed()
        sock = socket.socket(fileno=session)
        _refuse_system_calls(filter_)
        Worker(sock, runner).serve()
    except BaseException as error:
        os.write(2, f"{type(error).__name__}: {error}\n".encode())
    finally:
        os._exit(0)


def _preload():
    """Import what notebooks import, once for all forks."""
    import ipywidgets  # noqa: F401
    import matplotlib.pyplot as plt
    from PIL import Image

    import course_lib.data
    from autograder.sandbox.inside.cells import CellRunner

    Image.init()
    # Text layout, fonts and the PNG writer are imported at the first drawing.
    runner = CellRunner()
    runner.run("import matplotlib.pyplot as plt\nplt.plot([0, 1])\nplt.title('a')\nplt.show()")
    plt.close("all")
    course_lib.data.photograph()
    runner.reset()
    return runner


def main():
    control = socket.socket(fileno=int(sys.argv[1]))
    filter_ = bytes.fromhex(sys.argv[2])
    bounds = {name: int(value) for name, _, value in (b.partition("=") for b in sys.argv[3:])}
    runner = _preload()
    assert threading.active_count() == 1, "a forking process has one thread"
    gc.collect()
    gc.freeze()
    control.sendall(b"r")
    children = set()
    while True:
        select.select([control], [], [], 1)
        for pid in list(children):
            if os.waitpid(pid, os.WNOHANG)[0]:
                children.discard(pid)
        if not select.select([control], [], [], 0)[0]:
            continue
        message, descriptors, _, _ = socket.recv_fds(control, 5, 1)
        if not message:
            os._exit(0)
        if message[:1] == b"f":
            pid = os.fork()
            if pid == 0:
                _become_worker(runner, descriptors[0], bounds, filter_)
            os.close(descriptors[0])
            children.add(pid)
            control.sendall(struct.pack(">I", pid))
        else:
            (pid,) = struct.unpack(">I", message[1:])
            if pid in children:
                os.kill(pid, signal.SIGKILL)
                os.waitpid(pid, 0)
                children.discard(pid)
            control.sendall(b"d")


if __name__ == "__main__":
    main()
