# Tries to write to Python, to the packages, to the course and to whatever else there is.
# stopped by: nothing
# %% first
import os
import sys

print("armed")
for folder in ("/", "/usr", "/etc", "/course", "/course/course_lib", "/proc", "/tmp", "/var/tmp",
               "/home", "/root", sys.prefix, sys.base_prefix,
               os.path.dirname(os.__file__), os.path.expanduser("~")):
    for name in ("escaped", "../escaped", "../../escaped"):
        try:
            open(os.path.join(folder, name), "w").write("escaped")
        except OSError:
            pass
