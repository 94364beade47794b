# Writes C and looks for anything that would compile or run it.
# stopped by: list
# %% found zero_pad
import os
import subprocess
import sysconfig


def found():
    open("pad.c", "w").write("int pad(void) { return 1; }")
    for command in (["cc"], ["gcc"], ["clang"], ["tcc"], ["/usr/bin/gcc"], ["/usr/bin/python3"],
                    [sysconfig.get_config_var("CC") or "cc"]):
        try:
            if not subprocess.run([*command, "-shared", "pad.c"]).returncode:
                return command
        except OSError:
            pass
    return any("gcc" in names or "cc1" in names for _, _, names in os.walk("/usr"))
