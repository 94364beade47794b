# Watches the files that all submissions and the judge read, to learn when they are read.
# stopped by: not shared
# %% first
import ctypes
import os

libc = ctypes.CDLL(None)
numbers = [libc.inotify_init(), libc.inotify_init1(0), libc.fanotify_init(0, 0)]
for name in (os.__file__, "/course/course_lib/data"):
    numbers.append(libc.inotify_add_watch(max(numbers[0], 0), name.encode(), 0xFFF))
assert set(numbers) == {-1}, numbers
print("armed")
