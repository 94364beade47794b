"""The one word that opens the lessons: makes or updates a folder of one's own, starts JupyterLab.

    convnets-lessons [FOLDER] [JupyterLab's own options]
"""

import json
import os
import shutil
import sys
import tempfile
import urllib.request
import webbrowser
from pathlib import Path

from course_lib import lessons_folder

_HERE = Path(__file__).resolve().parent
# In an installed package the lessons are inside; in a checkout of the course, beside course_lib.
PACKAGED, CHECKED_OUT = _HERE / "lessons", _HERE.parent.parent / "assignments"
SETTINGS = _HERE / "settings"
WELCOME = _HERE / "welcome.ipynb"
GUIDE = "student-guide.md"
# Of nbgrader's: where it is installed, a learner's JupyterLab goes without. With the exchange of a
# classroom server students fetch, validate and hand in; the rest is for teachers even there.
_TEACHERS = ("formgrader", "course_list")
_EXCHANGE = ("assignment_list", "validate_assignment")
NO_BROWSER = "--no-browser"
# A lesson with all its pictures takes a few MB, and Jupyter writes some files of its own.
LITTLE_ROOM = 50 * 2**20


def released_lessons():
    """The folder with the released lessons. Raises FileNotFoundError if the package has none."""
    for folder in (PACKAGED, CHECKED_OUT):
        if any(folder.glob("*/*.ipynb")):
            return folder
    raise FileNotFoundError("this installation has no lessons in it; install it again")


def bring_up_to_date(folder):
    """Lessons, welcome notebook and student guide into a learner's folder; returns sentences."""
    said = lessons_folder.update(released_lessons(), folder)
    guides = (_HERE / GUIDE, _HERE.parent.parent / "docs" / GUIDE)
    for page in (WELCOME, *[guide for guide in guides if guide.exists()][:1]):
        said += lessons_folder.update_page(page, folder)
    return said


def arguments(folder, *more, exchange=False):
    """JupyterLab's arguments for a learner's folder; `more` are passed on.

    exchange  True: nbgrader's exchange stays switched on, for a classroom server
    """
    off = {f"nbgrader.server_extensions.{name}": exchange and name in _EXCHANGE
           for name in (*_TEACHERS, *_EXCHANGE)}
    # The course's own for teachers: nbgrader's may be missing, on which they build.
    off |= {"jupyterlab_jupytext": False, "autograder.essays": False,
            "autograder.stock.formgrader": False}
    as_root = ["--allow-root"] if hasattr(os, "geteuid") and os.geteuid() == 0 else []
    return [f"--ServerApp.root_dir={folder}", f"--LabApp.app_settings_dir={SETTINGS}",
            f"--LabApp.default_url=/lab{'' if exchange else f'/tree/{WELCOME.name}'}",
            f"--ServerApp.jpserver_extensions={off}", "--LabApp.news_url=None",
            "--LabApp.check_for_updates_class=jupyterlab.NeverCheckForUpdate",
            *as_root, *more]


def cannot_be_saved_in(folder):
    """Why nothing can be saved in a folder, or "". Lessons that are up to date need no writing."""
    try:
        with tempfile.NamedTemporaryFile(dir=folder) as probe:
            probe.write(b" " * 4096)
    except OSError as error:
        return error.strerror or str(error)
    return ""


def running_on(folder):
    """The address of a JupyterLab that this user has open on a folder already, or ""."""
    from jupyter_server.serverapp import list_running_servers

    for server in list_running_servers():
        if Path(server.get("root_dir", "")).resolve() == folder and _answers(server["url"]):
            token = f"?token={server['token']}" if server.get("token") else ""
            return f"{server['url']}lab/tree/{WELCOME.name}{token}"
    return ""


def _answers(url):
    """True if a Jupyter server answers at an address of this machine; a killed one does not."""
    try:
        direct = urllib.request.build_opener(urllib.request.ProxyHandler({}))
        with direct.open(f"{url}api", timeout=3) as answer:
            return "version" in json.load(answer)
    except (OSError, ValueError):
        return False


def one_thread():
    """For the kernels that are started from here, if nothing else is set already.

    The lessons' matrix products are thin: where other programs are at work, or other students,
    several threads wait for each other and take eight times as long as one.
    """
    os.environ.setdefault("OPENBLAS_NUM_THREADS", "1")


def main(argv=None):
    """Open the lessons; returns the exit status."""
    said = sys.argv[1:] if argv is None else list(argv)
    if said and said[0] in ("-h", "--help"):
        print(__doc__.strip())
        print("\nFOLDER is where your work is kept: the folder of lessons that you are in, or else "
              "my_lessons.\nIt is made the first time; later a new release of the course adds to "
              "it and changes nothing\nthat you wrote.")
        return 0
    named = bool(said) and not said[0].startswith("-")
    folder = Path(said[0]).resolve() if named else _own_folder()
    try:
        for sentence in bring_up_to_date(folder):
            print(sentence)
    except OSError as error:
        print(f"error: {folder} could not be made or brought up to date ({error}); name another "
              "folder, one you may write to", file=sys.stderr)
        return 2
    why = cannot_be_saved_in(folder)
    if why:
        print(f"error: nothing can be saved in {folder} ({why}); make room, or see to it that you "
              "may write there, or name another folder", file=sys.stderr)
        return 2
    free = shutil.disk_usage(folder).free
    if free < LITTLE_ROOM:
        print(f"note: the disk has {free / 2**20:.0f} MB left. When it is full nothing can be "
              "saved: make room")
    return _open(folder, said[named:])


def _own_folder():
    """Whoever is in their lessons, or in one of them, wants these, not blank ones inside."""
    here = Path.cwd()
    return next((folder for folder in (here, here.parent)
                 if (folder / lessons_folder.RELEASED).is_dir()), here / "my_lessons")


def _open(folder, options):
    # A grammar of web addresses that jsonschema compiles for over a second, if it is there; nothing
    # in JupyterLab asks whether an address follows it.
    sys.modules.setdefault("rfc3987_syntax", None)
    shown = NO_BROWSER not in options
    address = running_on(folder)
    if address and set(options) <= {NO_BROWSER}:
        print(f"your work is in {folder}; JupyterLab runs there already:\n{address}", flush=True)
        if shown:
            webbrowser.open(address)
        return 0
    if address:
        print(f"note: another JupyterLab runs on this folder, {address}\nDo not open a lesson in "
              "both.")
    starts = "opens in the browser in a few seconds" if shown else "starts"
    print(f"your work is in {folder}; JupyterLab {starts}.\nNo page? Copy the address below that "
          "begins with http://127.0.0.1 into your browser. Ctrl+C ends it.", flush=True)
    one_thread()
    # Kernels answer to missing names in a sentence from their start on: see `missing_names`.
    os.environ["JUPYTER_PATH"] = os.pathsep.join(
        filter(None, (str(SETTINGS), os.environ.get("JUPYTER_PATH"))))
    from jupyterlab.labapp import LabApp

    LabApp.launch_instance(arguments(folder, *options))
    return 0


def run():
    """The console script."""
    sys.exit(main())


if __name__ == "__main__":
    run()
