"""What of this machine exists inside the sandbox: Python, the packages notebooks need, libraries.

All of it is a list of what is allowed. Packages: those in PACKAGES and what they require by their
own metadata. Shared libraries: those that these packages and Python ask for by name. So a library
that would compute a layer is not there, be it installed for Python, by the system or by hand.
"""

import csv
import functools
import mmap
import os
import platform
import re
import shutil
import struct
import subprocess
import sys
import sysconfig
from importlib import metadata
from pathlib import Path, PurePosixPath

from packaging.requirements import Requirement
from packaging.utils import canonicalize_name

from autograder.errors import GradingError

PACKAGES = ("numpy", "matplotlib", "matplotlib-inline", "pillow", "ipython", "ipywidgets", "tqdm")
# Loaded by the C library itself, by name, when a thread ends or an exception crosses C++.
_BY_NAME = ("libgcc_s.so.1",)
# Modules of Python's own that need a screen or a directory service, and a dozen libraries for it.
_WINDOWS = ("_tkinter.", "nis.")
_PLACES = ("/lib64", "/usr/lib64", "/lib", "/usr/lib", "/usr/local/lib")
# Links at the root of a system whose /lib lies in /usr; fonts and languages are data.
_LINKS = ("/lib", "/lib32", "/lib64", "/libx32")
_DATA = ("/etc/ld.so.cache", "/usr/share/fonts", "/usr/lib/locale/C.utf8",
         "/usr/lib/locale/C.UTF-8")
_DYNAMIC, _LOAD, _INTERPRETER = 2, 1, 3
_NEEDED, _STRINGS, _RPATH, _RUNPATH = 1, 5, 15, 29


def python():
    """The interpreter itself, not the link in a virtual environment, as an absolute path."""
    return os.path.realpath(getattr(sys, "_base_executable", None) or sys.executable)


@functools.cache
def packages():
    """{name of a file or folder: where it lies} of everything that may be imported inside.

    Raises GradingError if one of PACKAGES is not installed.
    """
    found, seen, waiting = {}, set(), list(PACKAGES)
    while waiting:
        name = canonicalize_name(waiting.pop())
        if name in seen:
            continue
        seen.add(name)
        try:
            distribution = metadata.distribution(name)
        except metadata.PackageNotFoundError:
            if name in PACKAGES:
                raise GradingError(f"the package {name} is not installed; install the course "
                                   "again") from None
            continue  # a requirement for other systems
        for text in distribution.requires or ():
            wanted = Requirement(text)
            if wanted.marker is None or wanted.marker.evaluate({"extra": ""}):
                waiting.append(wanted.name)
        for top in _tops(distribution):
            place = os.path.realpath(distribution.locate_file(top))
            if os.path.exists(place):
                found[top] = place
    return found


def _tops(distribution):
    """The names in a packages folder that belong to a distribution."""
    # Its `files` looks for each of thousands on the disk.
    record = distribution.read_text("RECORD")
    paths = ([row[0] for row in csv.reader(record.splitlines()) if row] if record
             else [str(path) for path in distribution.files or ()])
    if paths:
        tops = {PurePosixPath(path).parts[0] for path in paths}
        return sorted(tops - {"..", "__pycache__"} - {top for top in tops if top.endswith(".pth")})
    names = (distribution.read_text("top_level.txt") or distribution.metadata["Name"]).split()
    return [top for name in names for top in (name, f"{name}.py")]


@functools.cache
def system():
    """(links, binds) of what Python and the packages need: {path: its target}, {path: source}."""
    stdlib = os.path.realpath(os.path.dirname(os.__file__))
    dynamic = os.path.realpath(sysconfig.get_config_var("DESTSHARED") or f"{stdlib}/lib-dynload")
    binds = {python(): python(), stdlib: stdlib}
    if os.path.isdir(dynamic) and not dynamic.startswith(stdlib + os.sep):
        binds[dynamic] = dynamic
    trees = [dynamic, *packages().values()]
    waiting = [python(), *(str(path) for tree in trees for path in _extensions(tree))]
    listed, seen = _listed(), set()
    machine = _elf(python())[0]
    inside = (stdlib + os.sep, *(place + os.sep for place in packages().values()))
    waiting += [path for name in _BY_NAME for path in listed.get(name, ())[:1]]
    while waiting:
        path = waiting.pop()
        if path in seen:
            continue
        seen.add(path)
        kind, loader, names, folders = _elf(path)
        if kind != machine:
            continue
        if not path.startswith(inside):
            binds[_without_links(path)] = os.path.realpath(path)
        for name in [*names, *([loader] if loader else [])]:
            found = _resolved(name, folders, listed, machine)
            if found:
                waiting.append(found)
    binds |= {path: path for path in _DATA if os.path.exists(path)}
    links = {path: os.readlink(path) for path in _LINKS if os.path.islink(path)}
    return links, binds


def covered():
    """Folders of other packages below what is mounted: nothing is in them inside."""
    stdlib = os.path.realpath(os.path.dirname(os.__file__))
    return [f"{stdlib}/{name}" for name in ("site-packages", "dist-packages")
            if os.path.isdir(f"{stdlib}/{name}")]


def _extensions(tree):
    return [tree] if os.path.isfile(tree) else [
        path for path in Path(tree).rglob("*.so*")
        if path.is_file() and not path.name.startswith(_WINDOWS)]


def _without_links(path):
    """The path with its folder, but not its own name, resolved."""
    return os.path.join(os.path.realpath(os.path.dirname(path)), os.path.basename(path))


def _listed():
    """{library: [paths]} as the loader's own cache has them."""
    command = shutil.which("ldconfig", path=f"{os.environ.get('PATH', '')}:/sbin:/usr/sbin")
    if not command:
        return {}
    said = subprocess.run([command, "-p"], capture_output=True, text=True).stdout
    found = {}
    for name, path in re.findall(r"^\s+(\S+) \(.*\) => (\S+)$", said, re.MULTILINE):
        found.setdefault(name, []).append(path)
    return found


def _resolved(name, folders, listed, machine):
    """Where the loader would find a library, or None."""
    here = [name] if "/" in name else [f"{folder}/{name}" for folder in folders]
    multiarch = f"/usr/lib/{platform.machine()}-linux-gnu"
    there = [f"{folder}/{name}" for folder in (multiarch, *_PLACES)]
    for path in (*here, *listed.get(name, ()), *there):
        if os.path.isfile(path) and _elf(path)[0] == machine:
            return os.path.normpath(path)
    return None


def _view(path):
    """A file's bytes, of which only those that are looked at are read."""
    with open(path, "rb") as file:
        return mmap.mmap(file.fileno(), 0, access=mmap.ACCESS_READ)


@functools.cache
def _elf(path):
    """(machine, loader, libraries by name, folders to look in) of a program or library.

    Read after the ELF-64 specification (System V ABI, chapters 4 and 5); (None, None, [], [])
    for any other file.
    """
    try:
        data = _view(path)
        if data[:6] != b"\x7fELF\x02\x01":
            return None, None, [], []
        (machine,) = struct.unpack_from("<H", data, 18)
        (table,) = struct.unpack_from("<Q", data, 32)
        size, count = struct.unpack_from("<HH", data, 54)
        parts = [struct.unpack_from("<IIQQQQ", data, table + i * size) for i in range(count)]
        loads = [(address, at, length) for kind, _, at, address, _, length in parts
                 if kind == _LOAD]
        loader = next((data[at:at + length].rstrip(b"\0").decode()
                       for kind, _, at, _, _, length in parts if kind == _INTERPRETER), None)
        entries = [struct.unpack_from("<qQ", data, place)
                   for kind, _, at, _, _, length in parts if kind == _DYNAMIC
                   for place in range(at, at + length, 16)]
        strings = next((value for tag, value in entries if tag == _STRINGS), None)
        if strings is None:
            return machine, loader, [], []
        base = next(strings - address + at for address, at, length in loads
                    if address <= strings < address + length)

        def text(offset):
            end = data.find(b"\0", base + offset)
            if end < 0:
                raise ValueError("a name without an end")
            return data[base + offset:end].decode()

        names = [text(value) for tag, value in entries if tag == _NEEDED]
        folders = [folder for tag, value in entries if tag in (_RPATH, _RUNPATH)
                   for folder in text(value).split(":")]
    except (OSError, ValueError, struct.error, StopIteration):
        return None, None, [], []
    origin = os.path.dirname(os.path.realpath(path))
    return machine, loader, names, [folder.replace("$ORIGIN", origin).replace("${ORIGIN}", origin)
                                    for folder in folders if folder]
