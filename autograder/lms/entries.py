"""The files of an export: a zip, a folder or single files, read one at a time.

A zip within a zip or folder is looked into, as if it were a folder of its name. A zip comes from
outside: nothing is unpacked, names lead nowhere, and sizes have an end.
"""

import io
import unicodedata
import zipfile
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path, PurePosixPath

from autograder.errors import GradingError
from autograder.text import one_line

MAX_FILES = 20_000
MAX_BYTES = 200 * 2**20
# A student's zip in Canvas's zip in a folder; whatever lies deeper is nobody's work.
_MAX_DEPTH = 3
_JUNK = {"__macosx", ".ds_store", "desktop.ini", "thumbs.db", ".ipynb_checkpoints", "__pycache__"}


@dataclass(frozen=True)
class Entry:
    """One file: its path in the export, with /, its size in bytes, and how to read it."""

    path: str
    size: int
    read: Callable[[], bytes]

    @property
    def name(self):
        return PurePosixPath(self.path).name

    @property
    def folders(self):
        return PurePosixPath(self.path).parts[:-1]


def entries(path):
    """(entries, sentences): the files of an export, without what systems leave lying about.

    Sentences name files that were passed over for another reason. Raises GradingError for what
    cannot be read at all.
    """
    path = Path(path)
    if not path.exists():
        raise GradingError(f"there is no {path}; name the zip or folder that the system gave you")
    if path.is_dir():
        found = [(file.relative_to(path).as_posix(), file) for file in sorted(path.rglob("*"))
                 if file.is_file() or file.is_symlink()]
        kept, said = _kept([(name, None if file.is_symlink() else file.stat().st_size,
                             file.read_bytes) for name, file in found])
    elif zipfile.is_zipfile(path):
        kept, said = _of_zip(path, path.name)
    else:
        kept, said = _kept([(path.name, path.stat().st_size, path.read_bytes)])
    if not kept and not said:
        raise GradingError(f"{path} holds no files; is it the right one?")
    return _looked_into(kept, said, 1)


def _looked_into(found, said, depth):
    """The entries, with those of the zips among them in their place."""
    kept = []
    for entry in found:
        if not entry.name.lower().endswith(".zip"):
            kept.append(entry)
            continue
        if depth == _MAX_DEPTH:
            said.append(f"{entry.path}: is a zip within zips; unpack it by hand")
            continue
        try:
            inside, more = _of_zip(io.BytesIO(entry.read()), entry.path)
            if sum(one.size for one in inside) > MAX_BYTES:
                raise GradingError(f"{entry.path}: unpacks to more than {MAX_BYTES >> 20} MiB; "
                                   "not read")
        except GradingError as error:
            said.append(str(error))
            continue
        said += [f"{entry.path}/{sentence}" for sentence in more]
        inside = [Entry(f"{entry.path}/{one.path}", one.size, one.read) for one in inside]
        if not inside and not more:
            said.append(f"{entry.path}: is an empty zip")
        if len(kept) + len(inside) > MAX_FILES:
            said.append(f"{entry.path}: holds too many files; not read")
            continue
        inside, said = _looked_into(inside, said, depth + 1)
        kept += inside
    return kept, said


def _of_zip(file, name):
    try:
        archive = zipfile.ZipFile(file)
        infos = [info for info in archive.infolist() if not info.is_dir()]
    except Exception as error:
        raise GradingError(f"{name} is a damaged zip ({one_line(error, 100)}); download it again"
                           ) from None
    if len(infos) > MAX_FILES:
        raise GradingError(f"{name} holds {len(infos)} files, more than {MAX_FILES}; is it "
                           "the right one?")

    def reader(info):
        def read():
            try:
                with archive.open(info) as file:
                    # No more than the zip's list says: that is what was looked at.
                    content = file.read(info.file_size)
            except Exception as error:
                # A zip of a student's own: its decoders raise what they like (zlib.error, ...).
                raise GradingError(f"{one_line(info.filename)} in {name} cannot be read "
                                   f"({one_line(error, 100)}); download the zip again, without a "
                                   "password") from None
            return content
        return read

    # A link in a zip is a small file with a mode of its own: it is no work of a student.
    return _kept([(_decoded(info), None if info.external_attr >> 28 == 0xA else info.file_size,
                   reader(info)) for info in infos])


def _decoded(info):
    """A name as it was meant: many programs write UTF-8 and do not say so."""
    if info.flag_bits & 0x800:
        return info.filename
    try:
        return info.filename.encode("cp437").decode("utf-8")
    except UnicodeError:
        return info.filename


def _kept(files):
    kept, said = [], []
    for name, size, read in files:
        name = unicodedata.normalize("NFC", name.replace("\\", "/")).strip("/")
        parts = PurePosixPath(name).parts
        if any(part.lower() in _JUNK or part.startswith(("._", "~$")) for part in parts):
            continue
        if ".." in parts or not name.isprintable():
            said.append(f"{ascii(name)}: such a name is not read; rename it and collect it again")
        elif size is None:
            said.append(f"{name}: is a link, not a file; ask for the file itself")
        elif size > MAX_BYTES:
            said.append(f"{name}: {size >> 20} MiB, more than {MAX_BYTES >> 20}; not read")
        else:
            kept.append(Entry(name, size, read))
    return kept, said
