"""What the make words install with: python setup/install.py [--newest] WHAT...

pip, held to the versions of setup/lock.txt (--newest: to the bounds of pyproject.toml alone), that
says how far it is. Needs nothing but Python; goes into the environment of the Python that runs it.
"""

import re
import subprocess
import sys
import sysconfig
import time
from pathlib import Path
from threading import Thread

HERE = Path(__file__).resolve().parent
SITE = Path(sysconfig.get_path("purelib"))


class Progress:
    """One line that says how far pip is: rewritten on a terminal, a new one at times elsewhere."""

    def __init__(self):
        self.seen, self.total, self.before = 0, 0, self.installed()
        self.printed, self.width = time.monotonic(), 0

    @staticmethod
    def installed():
        return len(list(SITE.glob("*.dist-info")))

    def read(self, line):
        if line.startswith("Collecting "):
            self.seen += 1
        elif line.startswith("Installing collected packages:"):
            self.total, self.before = line.count(",") + 1, self.installed()

    def words(self):
        if self.total:
            done = min(max(self.installed() - self.before, 0), self.total)
            return f"setting up: {done} of {self.total} packages installed"
        return f"setting up: {self.seen} packages found"

    def show(self):
        if sys.stdout.isatty():
            text = self.words()
            print("\r" + text.ljust(self.width), end="", flush=True)
            self.width = len(text)
        elif time.monotonic() - self.printed > 5:
            self.printed = time.monotonic()
            print(self.words(), flush=True)

    def end(self):
        if self.width:
            print("\r" + " " * self.width + "\r", end="", flush=True)


def pip(*arguments):
    """Run `pip install` with a line of progress. Where it fails, say what it said, and stop."""
    command = [sys.executable, "-m", "pip", "install", "--disable-pip-version-check",
               "--progress-bar", "off", *arguments]
    process = subprocess.Popen(command, stdout=subprocess.PIPE, stderr=subprocess.STDOUT,
                               text=True, errors="replace")
    progress, lines = Progress(), []

    def read():
        for line in process.stdout:
            lines.append(line.rstrip())
            progress.read(line)

    reader = Thread(target=read)
    reader.start()
    while reader.is_alive():
        progress.show()
        reader.join(0.2)
    progress.end()
    if process.wait() != 0:
        print("\n".join(trouble(lines, process.returncode)), file=sys.stderr)
        sys.exit(1)


def trouble(lines, status):
    """Why pip stopped, as lines for the person who waits; `lines` are all that it said."""
    # Without a network pip ends by blaming the versions that are asked for: it has found none.
    if any("connection broken by" in line or "Could not fetch URL" in line for line in lines):
        return ["error: the packages could not be fetched, no server answered; is the network "
                "there? Then call the same word again"]
    told = [line for line in lines if re.match(r"\s*error", line, re.IGNORECASE)] or lines[-20:]
    return [*told, f"error: the packages could not be installed (pip ended with {status}); what "
            "it says stands above. If that can be mended, call the same word again"]


def main(arguments):
    newest = "--newest" in arguments
    what = [argument for argument in arguments if argument != "--newest"]
    held = (["--upgrade", "--upgrade-strategy", "eager"] if newest
            else ["--constraint", str(HERE / "lock.txt")])
    # What builds the course comes first, so that its version is held too.
    pip(*held, "hatchling")
    pip(*held, "--no-build-isolation", *what)
    print("setting up: done", flush=True)


if __name__ == "__main__":
    main(sys.argv[1:])
