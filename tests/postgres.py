"""A real PostgreSQL server on this machine."""

import contextlib
import glob
import os
import pwd
import shutil
import socket
import subprocess
import time


def _program(name):
    """A server program of Debian's postgresql package, which does not put it on the PATH."""
    found = sorted(glob.glob(f"/usr/lib/postgresql/*/bin/{name}"))
    assert found, f"{name} is missing: make test installs the Debian package postgresql"
    return found[-1]


@contextlib.contextmanager
def server():
    """Yields the address of an empty database on a server of its own."""
    # The server refuses to run as root; Debian's package makes a user for it.
    other = {"user": "postgres", "group": "postgres", "extra_groups": []}
    as_user = {} if os.getuid() else other
    folder = subprocess.check_output(["mktemp", "-d", "/tmp/postgres-XXXXXX"], text=True).strip()
    if as_user:
        os.chown(folder, pwd.getpwnam("postgres").pw_uid, -1)
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]
    subprocess.run([_program("initdb"), "-D", f"{folder}/data", "-U", "teacher", "--auth=trust"],
                   check=True, capture_output=True, cwd=folder, **as_user)
    process = subprocess.Popen(
        [_program("postgres"), "-D", f"{folder}/data", "-p", str(port), "-k", folder,
         "-c", "listen_addresses=127.0.0.1", "-c", "fsync=off"],
        stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL, cwd=folder, **as_user)
    try:
        create = [_program("createdb"), "-h", "127.0.0.1", "-p", str(port), "-U", "teacher",
                  "grades"]
        until = time.monotonic() + 30
        while subprocess.run(create, capture_output=True).returncode:
            assert time.monotonic() < until and process.poll() is None, "the server did not start"
            time.sleep(0.2)
        yield f"postgresql+psycopg://teacher@127.0.0.1:{port}/grades"
    finally:
        process.terminate()
        process.wait()
        shutil.rmtree(folder, ignore_errors=True)
