"""A process that has imported everything once and forks for each submission.

Every fork gets namespaces of its own (user, mount, pid, network, ipc, uts), an empty scratch
folder, its limits and its filter of system calls before any student code runs. The forking process
has one thread only and runs no student code itself.

A fork is the first process of its pid namespace and a child of the forking process: killing it
ends all that it started, nothing it does can prevent that, and until it is waited for no other
process can have its number.

Commands over a control socket, which answers b"r" when this process is ready: b"f" with a file
descriptor forks a worker for that socket and answers its number, counted from 1, or 0 if there is
none; b"k" and a number ends that worker, which nobody waits for; b"c" with a file descriptor makes
that a control socket, too. Each is told of its own workers only, and they end with it.
"""

import contextlib
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

from autograder.sandbox.inside.worker import Worker, apply_bounds, give_way

_libc = ctypes.CDLL(None, use_errno=True)
_NEWNS, _NEWUTS, _NEWIPC = 0x00020000, 0x04000000, 0x08000000
_NEWUSER, _NEWPID, _NEWNET = 0x10000000, 0x20000000, 0x40000000
_RDONLY, _NOSUID, _NODEV, _NOEXEC, _REMOUNT, _BIND = 1, 2, 4, 8, 32, 4096
_PR_SET_NO_NEW_PRIVS, _PR_SET_SECCOMP, _SECCOMP_FILTER = 38, 22, 2
_PR_SET_CHILD_SUBREAPER = 36
_CAPABILITIES_V3 = 0x20080522


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
    """An empty scratch folder and an empty /proc: all else is read-only and the same for all."""
    scratch = os.environ["TMPDIR"]
    _mount(b"tmpfs", scratch.encode(), _NOSUID | _NODEV,
           f"size={size},nr_inodes=20000,mode=700".encode())
    _mount(b"tmpfs", b"/proc", _NOSUID | _NODEV | _NOEXEC | _RDONLY, b"size=4k,mode=555")
    for device in os.listdir("/dev"):
        # Its mode and its dates are the machine's own: who owns it could change them.
        flags = _REMOUNT | _BIND | _RDONLY | _NOSUID
        _check(_libc.mount(None, f"/dev/{device}".encode(), None, flags, None), device)
    os.chdir(scratch)


def _drop_capabilities():
    """Those of root, which whoever makes a user namespace has inside it."""
    header = struct.pack("=Ii", _CAPABILITIES_V3, 0)
    _check(_libc.capset(header, bytes(24)), "capset")


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


def _forked(runner, session, bounds, filter_):
    """Fork a worker for the socket `session`; its process number, or 0 if there is none."""
    reading, writing = os.pipe()
    between = os.fork()
    if between == 0:
        # Only a fork of the process that makes a pid namespace is in it.
        try:
            give_way()
            _new_namespaces()
            worker = os.fork()
            if worker == 0:
                _become_worker(runner, session, bounds, filter_)
            os.write(writing, struct.pack(">I", worker))
        finally:
            os._exit(0)
    os.close(writing)
    with open(reading, "rb") as pipe:
        answer = pipe.read(4)
    os.waitpid(between, 0)
    return struct.unpack(">I", answer)[0] if len(answer) == 4 else 0


def _become_worker(runner, session, bounds, filter_):
    """In the fork: wall this process in, then serve. Never returns."""
    try:
        _fresh_folders(bounds["FSIZE"])
        nothing = os.open("/dev/null", os.O_RDWR)
        for number in (0, 1, 2):
            os.dup2(nothing, number)
        _close_all_but(session)
        apply_bounds(bounds)
        np.random.seed()
        random.seed()
        sock = socket.socket(fileno=session)
        _drop_capabilities()
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
    import course_lib.pictures
    import course_lib.widgets  # noqa: F401
    from autograder.sandbox.inside.cells import CellRunner

    Image.init()
    # Text layout, fonts and the PNG writer are imported at the first drawing.
    runner = CellRunner()
    runner.run("import matplotlib.pyplot as plt\nplt.plot([0, 1])\nplt.title('a')\nplt.show()")
    plt.close("all")
    course_lib.data.photograph()
    np.random.seed()  # NumPy imports its generators when it is first asked for one
    runner.reset()
    return runner


class Line:
    """A control socket and the workers that were asked for over it."""

    def __init__(self, control):
        self.control = control
        self.workers, self.count = {}, 0
        with contextlib.suppress(OSError):  # whoever wanted it is gone, which is heard next
            control.sendall(b"r")

    def fileno(self):
        return self.control.fileno()

    def look(self):
        """Hear of workers that have ended by themselves."""
        for number, pid in list(self.workers.items()):
            if os.waitpid(pid, os.WNOHANG)[0]:
                del self.workers[number]

    def add(self, pid):
        """Answer the number of a new worker, or that there is none."""
        self.count += 1
        if pid:
            self.workers[self.count] = pid
        self.control.sendall(struct.pack(">I", self.count if pid else 0))

    def end(self, number):
        pid = self.workers.pop(number, None)
        if pid:
            os.kill(pid, signal.SIGKILL)
            os.waitpid(pid, 0)

    def close(self):
        for number in list(self.workers):
            self.end(number)
        self.control.close()


def main():
    control = socket.socket(fileno=int(sys.argv[1]))
    filter_ = bytes.fromhex(sys.argv[2])
    bounds = {name: int(value) for name, _, value in (b.partition("=") for b in sys.argv[3:])}
    runner = _preload()
    assert threading.active_count() == 1, "a forking process has one thread"
    gc.collect()
    gc.freeze()
    _check(_libc.prctl(_PR_SET_CHILD_SUBREAPER, 1, 0, 0, 0), "prctl")
    lines = [Line(control)]
    while lines:
        ready, _, _ = select.select(lines, [], [], 1)
        for line in lines:
            line.look()
        for line in ready:
            # Who asks over one line may end while it is answered; that ends nothing of another's.
            try:
                if _served(line, lines, runner, bounds, filter_):
                    continue
            except OSError:
                pass
            line.close()
            lines.remove(line)


def _served(line, lines, runner, bounds, filter_):
    """Do what a line asks for; False if nobody can ask over it any more."""
    message, descriptors, _, _ = socket.recv_fds(line.control, 5, 1)
    if message[:1] == b"f":
        pid = _forked(runner, descriptors[0], bounds, filter_)
        os.close(descriptors[0])
        line.add(pid)
    elif message[:1] == b"c":
        lines.append(Line(socket.socket(fileno=descriptors[0])))
    elif message:
        (number,) = struct.unpack(">I", message[1:])
        line.end(number)
    return bool(message)


if __name__ == "__main__":
    main()
