"""All packages that each visit needs, in one file that a browser reads without Python.

To unpack two dozen wheels took Python half a CPU second of each visit, most of it for a thousand
small files. Of this file each is a view (pages/python.js). Compressed as one, it is smaller, too.
"""

import gzip
import hashlib
import json
import zipfile

# It tells its content, and no server takes it for something to unpack on the way.
NAME = "packages-{}.bin"


def in_order(wanted, entries):
    """The names of packages and of what they need, each after its own needs.

    wanted   names
    entries  {name: entry of Pyodide's lock file}
    """
    found = {}
    for name in wanted:
        found |= dict.fromkeys([*in_order(entries[name]["depends"], entries), name])
    return [*found]


def write(wheels, folder):
    """Write what is in the wheels at these paths as one file into `folder`; returns its path.

    Four bytes with the length of a list, the list ([[path below site-packages, bytes], ...] in
    JSON), then the files; all of it compressed with gzip.
    """
    files = {}
    for path in wheels:
        with zipfile.ZipFile(path) as archive:
            files |= {name: archive.read(name) for name in archive.namelist()
                      if ".data/" not in name}
    listed = json.dumps([[name, len(data)] for name, data in files.items()]).encode()
    data = gzip.compress(b"".join([len(listed).to_bytes(4, "little"), listed, *files.values()]),
                         mtime=0)
    target = folder / NAME.format(hashlib.sha256(data).hexdigest()[:10])
    target.write_bytes(data)
    return target


def read(path):
    """{path below site-packages: bytes} of a file that `write` has written."""
    data = gzip.decompress(path.read_bytes())
    at = 4 + int.from_bytes(data[:4], "little")
    files = {}
    for name, size in json.loads(data[4:at]):
        files[name], at = data[at:at + size], at + size
    return files
