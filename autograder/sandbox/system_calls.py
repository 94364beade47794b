"""Which system calls a student's process may make, as a seccomp program: a list of what is allowed.

libseccomp (through pyseccomp) compiles the list; the forking process installs the result in each
fork. What computing, drawing, files of one's own and threads need is on it. Every other call fails
as if the system did not have it; those of REFUSED, which people try, say that they are forbidden.
"""

import errno
import functools
import socket
import tempfile

from autograder.errors import GradingError

_FILES = """
    read write readv writev pread64 pwrite64 preadv pwritev preadv2 pwritev2 open openat
    close close_range creat stat fstat lstat newfstatat statx access faccessat faccessat2
    lseek getdents getdents64 readlink readlinkat getcwd chdir fchdir mkdir mkdirat rmdir
    unlink unlinkat rename renameat renameat2 link linkat symlink symlinkat chmod fchmod
    fchmodat fchmodat2 utime utimes utimensat futimesat truncate ftruncate fallocate
    fadvise64 fsync fdatasync statfs fstatfs umask dup dup2 dup3 getxattr lgetxattr
    fgetxattr listxattr llistxattr flistxattr sendfile copy_file_range
"""
# Descriptors cannot be sent: what waits in a socket is counted by no limit.
_TALKING = """
    pipe pipe2 poll ppoll select pselect6 epoll_create epoll_create1 epoll_ctl epoll_wait
    epoll_pwait epoll_pwait2 eventfd eventfd2 timerfd_create timerfd_settime timerfd_gettime
    bind connect listen accept accept4 getsockname getpeername getsockopt setsockopt
    shutdown sendto recvfrom
"""
_MEMORY = """
    mmap munmap mprotect mremap madvise brk msync get_mempolicy
"""
_THREADS = """
    futex set_robust_list get_robust_list set_tid_address rseq membarrier sched_yield
    sched_getaffinity sched_getparam sched_getscheduler sched_get_priority_max
    sched_get_priority_min getcpu gettid exit exit_group rt_sigaction rt_sigprocmask
    rt_sigreturn rt_sigpending rt_sigtimedwait rt_sigsuspend rt_sigqueueinfo sigaltstack
    kill tkill tgkill pause wait4 waitid restart_syscall arch_prctl
"""
_CLOCKS = """
    gettimeofday time times clock_gettime clock_getres clock_nanosleep nanosleep alarm
    setitimer getitimer
"""
_FACTS = """
    getpid getppid getpgrp getpgid getsid getuid geteuid getgid getegid getgroups getresuid
    getresgid getrandom getrusage getrlimit setrlimit prlimit64 getpriority uname sysinfo
"""
ALLOWED = " ".join((_FILES, _TALKING, _MEMORY, _THREADS, _CLOCKS, _FACTS)).split()

# A process of its own is all that a submission gets: so fork bombs, daemons and programs do not
# exist, also where a limit on their number does not bind (the kernel exempts root from it).
REFUSED = """
    fork vfork execve execveat unshare setns mount umount2 pivot_root chroot ptrace
    process_vm_readv process_vm_writev pidfd_open pidfd_getfd pidfd_send_signal
    perf_event_open bpf seccomp userfaultfd keyctl add_key request_key io_uring_setup
    io_uring_enter io_uring_register io_setup memfd_create memfd_secret shmget shmat shmctl
    msgget msgsnd msgctl semget semop semctl mq_open mq_unlink flock inotify_init
    inotify_init1 fanotify_init sendmsg sendmmsg recvmsg recvmmsg mknod mknodat setuid
    setgid setpgid setsid setpriority clock_settime settimeofday adjtimex clock_adjtime
    sethostname setdomainname reboot swapon swapoff init_module finit_module delete_module
    kexec_load iopl ioperm personality acct syslog quotactl vmsplice splice tee mlock mlock2
    mlockall sync syncfs
""".split()

_THREAD = 0x00010000  # CLONE_THREAD
# New namespaces: time, mount, cgroup, uts, ipc, user, pid, network.
_NAMESPACES = (0x80, 0x00020000, 0x02000000, 0x04000000, 0x08000000, 0x10000000, 0x20000000,
               0x40000000)
# Calls that are many, by what their argument may be. No locks and leases (fcntl): the files of
# Python are the same for all submissions, and one could see what another has locked.
_ARGUMENTS = {
    # duplicate, descriptor flags, status flags, duplicate with close-on-exec, size of a pipe
    ("fcntl", 1): (0, 1, 2, 3, 4, 1030, 1032),
    # terminal?, window size, bytes waiting, non-blocking, close-on-exec (two)
    ("ioctl", 1): (0x5401, 0x5413, 0x541B, 0x5421, 0x5450, 0x5451),
    # the name of a thread (two), the name of a piece of memory, which the C library sets
    ("prctl", 0): (15, 16, 0x53564D41),
    ("socket", 0): (socket.AF_UNIX,),
    ("socketpair", 0): (socket.AF_UNIX,),
}


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
    # ENOSYS, not a refusal: the C library then goes on with what an older system has.
    rules = pyseccomp.SyscallFilter(pyseccomp.ERRNO(errno.ENOSYS))
    refuse = pyseccomp.ERRNO(errno.EPERM)
    for name in ALLOWED:
        _add(rules, pyseccomp.ALLOW, name)
    for name in REFUSED:
        _add(rules, refuse, name)
    # clone3 is on neither list: the C library goes back to clone, whose flags a filter can see.
    _add(rules, refuse, "clone", pyseccomp.Arg(0, pyseccomp.MASKED_EQ, _THREAD, 0))
    for flag in _NAMESPACES:
        _add(rules, refuse, "clone", pyseccomp.Arg(0, pyseccomp.MASKED_EQ, flag, flag))
    thread = sum(_NAMESPACES) | _THREAD
    _add(rules, pyseccomp.ALLOW, "clone", pyseccomp.Arg(0, pyseccomp.MASKED_EQ, thread, _THREAD))
    for (name, argument), values in _ARGUMENTS.items():
        for value in values:
            _add(rules, pyseccomp.ALLOW, name,
                 pyseccomp.Arg(argument, pyseccomp.MASKED_EQ, 0xFFFFFFFF, value))
    for name in ("socket", "socketpair"):
        _add(rules, pyseccomp.ERRNO(errno.EAFNOSUPPORT), name,
             pyseccomp.Arg(0, pyseccomp.NE, socket.AF_UNIX))
    with tempfile.TemporaryFile() as file:
        rules.export_bpf(file)
        file.seek(0)
        return file.read()


def _add(rules, action, name, *arguments):
    """Rule for a call by its name. One that this machine's libseccomp does not know has no number,
    and one that this kind of processor does not have needs no rule."""
    try:
        rules.add_rule(action, name, *arguments)
    except OSError:
        pass
