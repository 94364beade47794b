"""Which system calls a student's process may not make, as a seccomp program.

libseccomp (through pyseccomp) compiles the list; the forking process installs the result in each
fork. Everything that computing and drawing need stays allowed. Refused calls fail with an error
in the student's own code, as if the system did not have them.
"""

import errno
import functools
import socket
import tempfile

from autograder.errors import GradingError

# A process of its own is all that a submission gets: so fork bombs, daemons and programs do not
# exist, also where a limit on their number does not bind (the kernel exempts root from it).
_PROCESSES = ("fork", "vfork", "execve", "execveat")
_THREAD = 0x00010000  # CLONE_THREAD
_WALLS = ("unshare", "setns", "mount", "umount2", "pivot_root", "chroot", "open_tree", "move_mount",
          "fsopen", "fsconfig", "fsmount", "fspick", "mount_setattr")
_OTHERS = ("ptrace", "process_vm_readv", "process_vm_writev", "process_madvise", "pidfd_getfd",
           "kcmp", "perf_event_open", "bpf", "seccomp", "userfaultfd", "keyctl", "add_key",
           "request_key", "open_by_handle_at", "name_to_handle_at", "io_uring_setup",
           "io_uring_enter", "io_uring_register", "memfd_secret")
_MACHINE = ("init_module", "finit_module", "delete_module", "kexec_load", "kexec_file_load",
            "reboot", "swapon", "swapoff", "acct", "quotactl", "syslog", "settimeofday",
            "clock_settime", "clock_adjtime", "adjtimex", "sethostname", "setdomainname", "iopl",
            "ioperm", "personality", "vhangup", "nfsservctl", "lookup_dcookie")
# Shared memory and queues outlive no process here, but no limit counts them.
_UNCOUNTED = ("shmget", "shmat", "shmctl", "msgget", "msgsnd", "semget", "semop", "mq_open")


@functools.cache
def program():
    """The compiled filter: bytes of `struct sock_filter`. Raises GradingError without libseccomp.

    Sockets other than AF_UNIX look like a machine without network (EAFNOSUPPORT).
    """
    try:
        import pyseccomp
    except (ImportError, RuntimeError):
        raise GradingError(
            "libseccomp is not installed, so student code cannot be kept from system calls; "
            "install it (Debian: apt install libseccomp2) or say --unsafe") from None
    rules = pyseccomp.SyscallFilter(pyseccomp.ALLOW)
    refuse = pyseccomp.ERRNO(errno.EPERM)
    for name in (*_PROCESSES, *_WALLS, *_OTHERS, *_MACHINE, *_UNCOUNTED):
        _add(rules, refuse, name)
    # The C library goes back to clone, whose flags a filter can see.
    rules.add_rule(pyseccomp.ERRNO(errno.ENOSYS), "clone3")
    rules.add_rule(refuse, "clone", pyseccomp.Arg(0, pyseccomp.MASKED_EQ, _THREAD, 0))
    for name in ("socket", "socketpair"):
        rules.add_rule(pyseccomp.ERRNO(errno.EAFNOSUPPORT), name,
                       pyseccomp.Arg(0, pyseccomp.NE, socket.AF_UNIX))
    with tempfile.TemporaryFile() as file:
        rules.export_bpf(file)
        file.seek(0)
        return file.read()


def _add(rules, action, name):
    """Refuse a call by its name. One that this machine's libseccomp does not know has no number."""
    try:
        rules.add_rule(action, name)
    except OSError:
        pass
