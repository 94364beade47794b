"""The lock: the versions that were tested together, for Python 3.11 to 3.14.

python setup/lock.py             add what pyproject.toml newly names, keep all other versions
python setup/lock.py --upgrade   the newest versions within the bounds of pyproject.toml
python setup/lock.py --differences   what is installed here in other versions than the lock names
"""

import importlib.metadata
import subprocess
import sys
import sysconfig
from pathlib import Path

from packaging.requirements import Requirement
from packaging.utils import canonicalize_name

ROOT = Path(__file__).resolve().parent.parent
LOCK = ROOT / "setup" / "lock.txt"
PYTHONS = ("3.11", "3.12", "3.13", "3.14")


def requirements():
    """Every line of the lock as a Requirement."""
    lines = (line.partition("#")[0].strip() for line in LOCK.read_text().splitlines())
    return [Requirement(line) for line in lines if line]


def pinned():
    """{name: version} of what the lock names for the Python that runs this."""
    return {canonicalize_name(entry.name): str(entry.specifier).removeprefix("==")
            for entry in requirements() if not entry.marker or entry.marker.evaluate()}


def differences():
    """[(name, version in the lock or None, version installed)] of what is installed here."""
    locked = pinned()
    # The environment's own folders: setuptools puts packages that it brings along on sys.path.
    folders = {sysconfig.get_path("purelib"), sysconfig.get_path("platlib")}
    found = {canonicalize_name(package.name): package.version
             for package in importlib.metadata.distributions(path=sorted(folders))}
    return [(name, locked.get(name), version) for name, version in sorted(found.items())
            if name not in ("pip", "convnets-by-hand", "uv") and locked.get(name) != version]


def compile_lock(*arguments):
    uv = Path(sys.executable).with_name("uv")
    subprocess.run([uv, "pip", "compile", "pyproject.toml", "--all-extras", "--quiet",
                    "--no-emit-index-url", "--no-annotate", *arguments], cwd=ROOT, check=True)


def refresh(*arguments):
    """Write the lock; then make sure that every Python finds a ready-made package of each."""
    # One version for all Pythons wherever there is one: what is tested with one is used with all.
    compile_lock("--universal", "--fork-strategy", "fewest", "--python-version", PYTHONS[0],
                 "--custom-compile-command", "make lock", "--output-file", LOCK, *arguments)
    for python in PYTHONS:
        compile_lock("--constraint", LOCK, "--python-version", python, "--only-binary", ":all:",
                     "--output-file", "/dev/null")
        print(f"Python {python}: every package is there, ready made")


def main(arguments):
    if "--differences" in arguments:
        for name, locked, installed in differences():
            print(f"  {name} {locked or 'not in the lock'} -> {installed}")
        return
    try:
        refresh(*arguments)
    except subprocess.CalledProcessError as error:
        sys.exit(f"error: the lock was not written (uv ended with {error.returncode}, and says why "
                 "above); is the network there?")


if __name__ == "__main__":
    main(sys.argv[1:])
