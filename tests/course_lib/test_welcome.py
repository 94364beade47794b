"""The welcome notebook: fresh, running, and found where JupyterLab opens."""

import http.server
import json
import sys
import threading
from types import SimpleNamespace

import pytest

from autograder import course
from autograder.lessons import welcome as building
from autograder.lessons.build import METADATA
from autograder.lessons.lesson import read_all
from course_lib import exercises, lessons_folder
from course_lib.lab import environment, hub
from course_lib.lab import open as opening


def cells(path):
    return [cell for cell in json.loads(path.read_text(encoding="utf-8"))["cells"]]


def test_it_is_what_its_source_gives():
    made = building.welcome(read_all(course.SOLUTIONS), METADATA)
    assert opening.WELCOME.read_bytes() == made, "run make build and commit the notebook"


def test_it_is_no_lesson_and_its_toy_is_no_exercise():
    assert "welcome" not in [lesson.name for lesson in read_all(course.SOLUTIONS)]
    assert exercises.find("add_one").name == "add_one" and "add_one" not in exercises.names()


def test_it_links_the_lessons_in_order_with_their_minutes_and_the_guide(tmp_path):
    opening.bring_up_to_date(tmp_path / "mine")
    story = "\n".join("".join(cell["source"]) for cell in cells(tmp_path / "mine/welcome.ipynb"))
    places = []
    for lesson in read_all(course.SOLUTIONS):
        link = f"({lesson.name}/{lesson.name}.ipynb), about "
        places.append(story.index(link))
        assert (tmp_path / "mine" / lesson.name / f"{lesson.name}.ipynb").exists()
    assert places == sorted(places) and "(student-guide.md)" in story
    guide = tmp_path / "mine" / "student-guide.md"
    assert guide.read_text() == (course.ROOT / "docs" / "student-guide.md").read_text()
    assert opening.bring_up_to_date(tmp_path / "mine") == []


def test_its_cells_show_the_three_outcomes(monkeypatch, tmp_path):
    shown, space = [], {}
    opening.bring_up_to_date(tmp_path / "mine")
    monkeypatch.chdir(tmp_path / "mine")
    monkeypatch.setattr("IPython.display.display", lambda one: shown.append(one))
    for cell in cells(tmp_path / "mine" / "welcome.ipynb"):
        if cell["cell_type"] == "code":
            exec("".join(cell["source"]), space)
    assert [verdict.outcome for verdict in shown] == ["not attempted", "wrong", "passed"]
    assert "sign" in shown[1].hint
    assert environment.look().right


def test_a_new_release_brings_new_pages_and_keeps_what_was_written(tmp_path):
    source, folder = tmp_path / "guide.md", tmp_path / "mine"
    source.write_text("one")
    assert lessons_folder.update_page(source, folder) == ["guide.md: new in mine/"]
    source.write_text("two")
    lessons_folder.update_page(source, folder)
    assert (folder / "guide.md").read_text() == "two"
    (folder / "guide.md").write_text("my notes")
    assert lessons_folder.update_page(source, folder) == []
    source.write_text("three")
    (said,) = lessons_folder.update_page(source, folder)
    assert "yours was changed by you and stays" in said
    assert (folder / "guide.md").read_text() == "my notes"
    assert lessons_folder.update_page(source, folder) == []


@pytest.mark.parametrize("fault, said", [
    ("missing", "numpy: cannot be imported.*pip install \"numpy>=2.0\""),
    ("old", "numpy: 1.26.4.*older than 2.0.*--upgrade"),
    ("broken", "numpy: fails when it is imported .RuntimeError.*--force-reinstall"),
    ("python", "Python: 3.9.1.*needs Python 3.11 or newer"),
    ("lessons", "lessons: 0 in .*convnets-lessons or make lab"),
    ("folder", "your folder: cannot be written to.*convnets-lessons FOLDER"),
])
def test_each_fault_of_the_environment_comes_with_a_cure(monkeypatch, tmp_path, fault, said):
    import re

    tmp_path.joinpath("01_a").mkdir()
    tmp_path.joinpath("01_a", "01_a.ipynb").write_text("{}")
    real = environment.importlib.import_module

    def importing(name):
        if name == "numpy" and fault == "missing":
            raise ModuleNotFoundError("No module named 'numpy'")
        if name == "numpy" and fault == "broken":
            raise RuntimeError("a library is missing")
        if name == "numpy" and fault == "old":
            return type("numpy", (), {"__version__": "1.26.4"})
        return real(name)

    monkeypatch.setattr(environment.importlib, "import_module", importing)
    if fault == "python":
        monkeypatch.setattr(sys, "version_info", (3, 9, 1))
    if fault == "lessons":
        tmp_path.joinpath("01_a", "01_a.ipynb").unlink()
    if fault == "folder":
        monkeypatch.setattr(environment.os, "access", lambda path, mode: False)
    report = environment.look(tmp_path)
    assert not report.right and re.search(said, repr(report), re.DOTALL)
    assert sum(bool(fact.cure) for fact in report.facts) == 1
    assert "1 thing to put right" in report._repr_mimebundle_()["text/html"]


def test_kernels_multiply_in_one_thread_also_on_a_hub_unless_somebody_has_said_otherwise(
        tmp_path, monkeypatch):
    for before, after in ((None, "1"), ("4", "4")):
        monkeypatch.delenv("OPENBLAS_NUM_THREADS", raising=False)
        monkeypatch.setenv("JUPYTERHUB_DEFAULT_URL", "/lab")
        if before:
            monkeypatch.setenv("OPENBLAS_NUM_THREADS", before)
        hub.hub_arguments(tmp_path, exchange=False)
        assert opening.os.environ["OPENBLAS_NUM_THREADS"] == after


def test_a_learners_jupyterlab_goes_without_each_extension_that_the_course_has_for_teachers(
        tmp_path):
    """Where only the learner's packages are, starting one prints a traceback."""
    ours = [path for place in ("stock/etc", "essays/config")
            for path in (course.ROOT / "autograder" / place).glob("*.json")]
    names = [name for path in ours for name in
             json.loads(path.read_text())["ServerApp"]["jpserver_extensions"]]
    assert len(names) >= 2
    for exchange in (False, True):
        off = next(word for word in opening.arguments(tmp_path, exchange=exchange)
                   if "jpserver_extensions" in word)
        assert [name for name in names if f"'{name}': False" not in off] == []


@pytest.fixture
def started(monkeypatch):
    """What JupyterLab is started with, by the word that opens the lessons; nothing runs yet."""
    labapp = pytest.importorskip("jupyterlab.labapp")
    words = []
    monkeypatch.setattr(labapp.LabApp, "launch_instance", words.append)
    monkeypatch.setattr("jupyter_server.serverapp.list_running_servers", lambda: [])
    monkeypatch.setenv("JUPYTER_PATH", "")
    return words


def test_a_second_start_leads_to_the_jupyterlab_that_runs_already(
        started, monkeypatch, tmp_path, capsys):
    class Answer(http.server.BaseHTTPRequestHandler):
        def do_GET(self):
            self.send_response(200)
            self.end_headers()
            self.wfile.write(b'{"version": "2"}')

        def log_message(self, *words):
            pass

    opened, folder = [], tmp_path / "meine Lösungen"
    monkeypatch.setattr(opening.webbrowser, "open", opened.append)
    monkeypatch.setenv("http_proxy", "http://127.0.0.1:9")
    with http.server.HTTPServer(("127.0.0.1", 0), Answer) as server:
        threading.Thread(target=server.serve_forever, daemon=True).start()
        url = f"http://127.0.0.1:{server.server_port}/"
        running = [{"root_dir": str(folder), "url": "http://127.0.0.1:9/", "token": "dead"},
                   {"root_dir": str(tmp_path), "url": url, "token": "another"},
                   {"root_dir": str(folder), "url": url, "token": "t"}]
        monkeypatch.setattr("jupyter_server.serverapp.list_running_servers", lambda: running)
        address = f"{url}lab/tree/welcome.ipynb?token=t"
        assert opening.main([str(folder)]) == 0 == opening.main([str(folder), "--no-browser"])
        assert opened == [address] and not started
        assert f"JupyterLab runs there already:\n{address}" in capsys.readouterr().out
        assert opening.main([str(folder), "--port=1"]) == 0 and len(started) == 1
        assert "Do not open a lesson in both" in capsys.readouterr().out
        server.shutdown()


def test_in_ones_own_lessons_no_blank_ones_are_made(started, monkeypatch, tmp_path, capsys):
    for place in (tmp_path, tmp_path / "my_lessons", tmp_path / "my_lessons/01_spatial_arithmetic"):
        monkeypatch.chdir(place)
        assert opening.main(["--no-browser"]) == 0
        assert f"your work is in {tmp_path / 'my_lessons'};" in capsys.readouterr().out
    assert not list((tmp_path / "my_lessons").glob("**/my_lessons")) and len(started) == 3


def test_where_nothing_can_be_saved_or_soon_no_more_a_line_says_so(
        started, monkeypatch, tmp_path, capsys):
    assert opening.main([str(tmp_path / "mine"), "--no-browser"]) == 0
    said = capsys.readouterr().out
    assert "JupyterLab starts.\nNo page? Copy the address" in said and "MB left" not in said
    monkeypatch.setattr(opening.shutil, "disk_usage", lambda path: SimpleNamespace(free=3 * 2**20))
    assert opening.main([str(tmp_path / "mine")]) == 0 and len(started) == 2
    assert "note: the disk has 3 MB left" in capsys.readouterr().out

    def full(dir):
        raise OSError(28, "No space left on device")

    monkeypatch.setattr(opening.tempfile, "NamedTemporaryFile", full)
    assert opening.main([str(tmp_path / "mine")]) == 2 and len(started) == 2
    assert "error: nothing can be saved in" in capsys.readouterr().err


def test_jupyterlab_does_not_compile_what_it_never_asks_for(started, monkeypatch, tmp_path):
    monkeypatch.delitem(sys.modules, "rfc3987_syntax", raising=False)
    assert opening.main([str(tmp_path / "mine")]) == 0
    [words] = started
    assert f"--ServerApp.root_dir={tmp_path / 'mine'}" in words
    assert sys.modules["rfc3987_syntax"] is None
