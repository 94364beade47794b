"""The files that run in the browser: each is listed in parts.json, and used if its hash is right.

Sources are tried in turn: the files kept from before (build/site-parts), the folder or address
that SITE_PARTS names, then packages that pip and npm fetch. None of them has to be trusted.
"""

import hashlib
import http.client
import json
import os
import shutil
import subprocess
import sys
import tarfile
import tempfile
import urllib.error
import urllib.request
import zipfile
import zlib
from pathlib import Path

from tqdm import tqdm

from autograder.errors import GradingError
from course_lib.whole_files import write_whole

LIST = json.loads(Path(__file__).with_name("parts.json").read_text(encoding="utf-8"))
ENTRIES = {**LIST["packages"], **LIST["pip"]}
# {file name: SHA-256} of everything that is needed.
NEEDED = {**LIST["core"], **{entry["file_name"]: entry["sha256"] for entry in ENTRIES.values()}}
VARIABLE = "SITE_PARTS"
# Where they are kept for the next build.
KEPT = Path(__file__).parents[1] / "build" / "site-parts"
SECONDS = 600
# How the names of archives end that may hold them.
ARCHIVES = (".whl", ".zip", ".tar", ".tgz", ".tar.gz", ".tar.bz2", ".tar.xz")


def right(path, needed=None):
    """True if the file at `path` is there and is the listed one."""
    path = Path(path)
    expected = (needed or NEEDED)[path.name]
    return path.is_file() and hashlib.sha256(path.read_bytes()).hexdigest() == expected


def fetch(kept=KEPT, needed=None, sources=None):
    """Bring the needed files into the folder `kept`; returns {file name: path}.

    needed   {file name: SHA-256}; all that parts.json lists unless given
    sources  functions of (missing names, scratch folder) that yield files and archives

    Raises GradingError if a file is found nowhere, or only with another hash.
    """
    needed, kept = needed or NEEDED, Path(kept)
    kept.mkdir(parents=True, exist_ok=True)
    wrong = set()

    def missing():
        return [name for name in needed if not right(kept / name, needed)]

    sources = list(_sources() if sources is None else sources)
    for source in tqdm(sources, desc="parts", unit="source", disable=not missing()):
        if not missing():
            break
        with tempfile.TemporaryDirectory(dir=kept, prefix=".fetch-") as scratch:
            for name, data in _files(source(missing(), Path(scratch))):
                if name not in needed:
                    continue
                if hashlib.sha256(data).hexdigest() != needed[name]:
                    wrong.add(name)
                    continue
                write_whole(kept / name, data)
    lacking = missing()
    if lacking:
        refused = sorted(wrong & set(lacking))
        raise GradingError(
            f"{len(lacking)} of the site's {len(needed)} parts were found nowhere (the first: "
            f"{lacking[0]})" + (f"; {refused[0]} was refused, its hash is wrong" if refused else "")
            + f"; is the network there? Or set {VARIABLE} to a folder or an address that has "
            f"the files of Pyodide {LIST['info']['version']}")
    return {name: kept / name for name in needed}


def _sources():
    named = os.environ.get(VARIABLE)
    yield from [lambda missing, scratch: _named(named, missing, scratch)] if named else []
    for entry in LIST["sources"]:
        yield lambda missing, scratch, entry=entry: _from_client(entry, missing, scratch)


def _named(place, missing, scratch):
    """Files of the folder or address that the instructor names."""
    if "://" not in place:
        yield from sorted(path for path in Path(place).rglob("*") if path.is_file()
                          and (path.name in missing or path.name.endswith(ARCHIVES)))
        return
    for name in missing:
        try:
            with urllib.request.urlopen(f"{place.rstrip('/')}/{name}", timeout=60) as answer:
                (scratch / name).write_bytes(answer.read())
        except urllib.error.HTTPError:
            continue  # it has other files, perhaps
        except (OSError, ValueError, http.client.HTTPException):
            return    # nobody is there: to wait as long for each file would take half an hour
        yield scratch / name


def _from_client(entry, missing, scratch):
    """The archive that pip or npm fetches; nothing if it does not answer."""
    own = LIST["pip"].get(entry["for"])
    if own and own["file_name"] not in missing:
        return
    if entry["client"] == "npm":
        if not set(missing) & set(LIST["core"]) or not shutil.which("npm"):
            return
        command = ["npm", "pack", "--silent", entry["package"]]
    else:
        command = [sys.executable, "-m", "pip", "download", "--quiet", "--no-deps",
                   "--only-binary=:all:", "--disable-pip-version-check", entry["package"]]
    try:
        subprocess.run(command, cwd=scratch, timeout=SECONDS, capture_output=True, check=True)
    except (OSError, subprocess.SubprocessError):
        return
    yield from sorted(scratch.iterdir())


def _files(paths):
    """(name, bytes) of each file, and of each file in an archive."""
    for path in paths:
        yield path.name, path.read_bytes()
        if path.name in NEEDED:
            continue
        try:
            yield from _members(path)
        except (OSError, EOFError, RuntimeError, zipfile.BadZipFile, tarfile.TarError, zlib.error):
            continue  # half an archive, or none


def _members(path):
    """(name, bytes) of the needed files in an archive."""
    if zipfile.is_zipfile(path):
        with zipfile.ZipFile(path) as archive:
            for member in archive.infolist():
                if Path(member.filename).name in NEEDED:
                    yield Path(member.filename).name, archive.read(member)
    elif tarfile.is_tarfile(path):
        with tarfile.open(path) as archive:
            for member in archive.getmembers():
                if member.isfile() and Path(member.name).name in NEEDED:
                    yield Path(member.name).name, archive.extractfile(member).read()


if __name__ == "__main__":
    try:
        fetch()
    except GradingError as error:
        raise SystemExit(f"error: {error}") from None
