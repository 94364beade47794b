"""Property tests with fresh examples, again and again: python -m tests.search SECONDS [PATH...]

What is found is kept by hypothesis in .hypothesis/ and comes first in the next search.
"""

import re
import subprocess
import sys
import time

HOW_TO_KEEP = """
How to keep what was found: “Failing test case” above (older releases of hypothesis: “Falsifying
example”) names the arguments. Put them above the test, below its @given, without the fixtures:

    @example(seed=520, count=1, minor=0)

Then the test fails in make test too. Mend what it found, and leave the @example there for good."""


def search(seconds, paths):
    """Run the property tests with new examples until the time is up; returns the exit status."""
    until = time.monotonic() + seconds
    for number in range(1, 10**9):
        left = until - time.monotonic()
        if left <= 0:
            break
        print(f"search {number}: {left:.0f} seconds left", flush=True)
        command = [sys.executable, "-m", "pytest", "-q", "-x", "-m", "hypothesis", "--no-header",
                   "--hypothesis-profile=search", f"--hypothesis-seed={time.time_ns() % 2**32}",
                   "-p", "no:cacheprovider", *paths]
        process = subprocess.Popen(command, stdout=subprocess.PIPE, stderr=subprocess.STDOUT,
                                   text=True)
        try:
            said, _ = process.communicate(timeout=left)
        except subprocess.TimeoutExpired:
            process.kill()
            process.communicate()
            break
        if process.returncode:
            print(said)
            if re.search("Failing test case|Falsifying example", said):
                print(HOW_TO_KEEP)
            return 1
    print(f"nothing found in {seconds:g} seconds")
    return 0


if __name__ == "__main__":
    sys.exit(search(float(sys.argv[1]), sys.argv[2:]))
