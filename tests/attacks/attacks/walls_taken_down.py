# Makes namespaces, takes capabilities back, and replaces the filter of system calls.
# stopped by: system calls
# %% first
import ctypes
import os

libc = ctypes.CDLL(None, use_errno=True)
header, all_of_them = (ctypes.c_uint * 2)(0x20080522, 0), (ctypes.c_uint * 6)(*[2**32 - 1] * 6)
done = [libc.unshare(flag) for flag in (0x20000, 0x2000000, 0x10000000, 0x40000000)]
done += [libc.capset(header, all_of_them), libc.prctl(22, 1, 0, 0, 0), libc.prctl(8, 1, 0, 0, 0),
         libc.setns(0, 0), libc.syscall(317, 1, 0, b""), libc.chroot(b"/scratch"),
         libc.ptrace(0, 0, 0, 0), libc.personality(0x0040000),
         libc.syscall(56, 0x10000011, 0, 0, 0, 0), libc.syscall(435, bytes(64), 64)]
assert set(done) == {-1}, done
print("armed")
