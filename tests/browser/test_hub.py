"""A real JupyterHub with the configuration that the course ships: who sees which menus, the
exchange by its buttons, formgrader and the essay page behind the hub. `make hub-test` runs it.
"""

import importlib.util
import os
import re
import shutil
import socket
import subprocess
import sys

import nbformat
import pytest

from autograder import course
from autograder.commands import main
from autograder.lessons.sample import submission
from tests.autograder.essays.a_class import LESSON as ESSAYS
from tests.autograder.essays.a_class import graded_class, points

from .conftest import ROOT, SCREENSHOTS, wait_until_it_answers, words_in_menus

PROXY = (shutil.which("configurable-http-proxy")
         or shutil.which("configurable-http-proxy", path=ROOT / "build" / "hub" / "node_modules"
                         / ".bin"))
pytestmark = [
    pytest.mark.system,
    pytest.mark.skipif(not importlib.util.find_spec("jupyterhub") or not PROXY, reason=(
        "JupyterHub or its proxy is not installed; make hub-test installs and tries them")),
]
LESSON = "01_spatial_arithmetic"
TEACHERS = ("Formgrader", "Create assignment", "Course List")
STUDENTS = ("Assignment List", "Validate")
# Logging in and starting servers without accounts of the machine, for a test alone.
FOR_A_TEST = """
c.JupyterHub.authenticator_class = "dummy"
c.Authenticator.allow_all = True
c.JupyterHub.spawner_class = "simple"
c.SimpleLocalProcessSpawner.home_dir_template = "{homes}/{{username}}"
c.Spawner.args = ["--allow-root", "--LabApp.news_url=None"]
c.JupyterHub.bind_url = "http://127.0.0.1:{ports[0]}"
c.JupyterHub.hub_bind_url = "http://127.0.0.1:{ports[1]}"
c.ConfigurableHTTPProxy.api_url = "http://127.0.0.1:{ports[2]}"
c.ConfigurableHTTPProxy.command = ["{proxy}"]
"""


class Hub:
    """A running hub: its address, its users' homes, and how one logs in."""

    def __init__(self, url, homes):
        self.url, self.homes = url, homes

    def log_in(self, page, user):
        """JupyterLab of a user, in a browser that knew nobody before."""
        page.context.clear_cookies()
        page.goto(f"{self.url}/hub/login")
        page.fill("#username_input", user)
        page.fill("#password_input", "any")
        page.click("#login_submit")
        page.wait_for_selector(".jp-LabShell", timeout=180_000)
        page.wait_for_selector(".jp-DirListing-content", timeout=180_000)
        return f"{self.url}/user/{user}"


def free_ports(count):
    probes = [socket.socket() for _ in range(count)]
    for probe in probes:
        probe.bind(("127.0.0.1", 0))
    ports = [probe.getsockname()[1] for probe in probes]
    for probe in probes:
        probe.close()
    return ports


@pytest.fixture(scope="module", params=[False, True], ids=["lms", "exchange"])
def hub(request, tmp_path_factory):
    """The Hub, and whether its students use the exchange."""
    folder = tmp_path_factory.mktemp("hub")
    homes, ports = folder / "homes", free_ports(3)
    homes.mkdir()
    text = (ROOT / "setup" / "jupyterhub_config.py").read_text()
    text, count = re.subn(r'(?m)^(\w+_PYTHON) = ".*"', rf'\1 = "{sys.executable}"', text)
    assert count == 2
    text, count = re.subn(r"(?m)^EXCHANGE = \w+", f"EXCHANGE = {request.param}", text)
    assert count == 1
    (folder / "config.py").write_text(
        text + FOR_A_TEST.format(homes=homes, ports=ports, proxy=PROXY))
    with open(folder / "hub.log", "w") as log:
        process = subprocess.Popen(
            [sys.executable, "-m", "jupyterhub", "-f", "config.py"], cwd=folder, stdout=log,
            stderr=subprocess.STDOUT,
            env={**os.environ, "PATH": f"{os.path.dirname(sys.executable)}:{os.environ['PATH']}"})
    url = f"http://127.0.0.1:{ports[0]}"
    try:
        wait_until_it_answers(f"{url}/hub/health", lambda: process.poll() is None,
                              (folder / "hub.log").read_text)
        yield Hub(url, homes), request.param
    finally:
        # The hub stops its users' servers and the proxy, too.
        process.terminate()
        process.wait(60)


def test_students_see_no_instructors_menus(hub, page):
    hub, exchange = hub
    url = hub.log_in(page, "ada")
    if not exchange:
        page.get_by_role("heading", name="Welcome").first.wait_for(timeout=180_000)
        assert (hub.homes / "ada" / "my_lessons" / LESSON / f"{LESSON}.ipynb").exists()
    words = words_in_menus(page)
    assert "Open from Path" in words
    for word in TEACHERS:
        assert word.lower() not in words.lower()
    assert ("Assignment List" in words) == exchange
    page.screenshot(path=SCREENSHOTS / f"hub-student-{'exchange' if exchange else 'lms'}.png")
    for there in ("formgrader", "formgrader/api/assignments", "essays/?path=", "course_list"):
        assert page.request.get(f"{url}/{there}").status == 404
    # Nobody enters somebody else's server.
    assert page.request.get(f"{hub.url}/user/teacher/lab").status in (403, 404)


def test_an_instructor_has_them_and_grades_essays_behind_the_hub(hub, page):
    hub, _ = hub
    class_dir = hub.homes / "teacher" / "essays"
    if not class_dir.exists():
        class_dir.mkdir(parents=True)
        graded_class(class_dir, {"ada": "An edge.", "bob": "The sum cancels."})
    url = hub.log_in(page, "teacher")
    page.wait_for_selector("text=Nbgrader", timeout=180_000)
    words = words_in_menus(page)
    for word in TEACHERS:
        assert word.lower() in words.lower()
    page.goto(f"{url}/essays/?path=essays")
    page.wait_for_selector("article.current")
    page.keyboard.press("1")
    page.keyboard.press("Enter")
    page.locator("#progress", has_text="1 of 2 answers wait").wait_for()
    assert points(class_dir)["ada"][0] == 1
    assert page.request.post(f"{url}/essays/api/grade", data={
        "path": "essays", "lesson": ESSAYS, "cell": "x", "student": "ada"}).status == 403


def words(user, folder, *more):
    done = subprocess.run([sys.executable, "-m", "nbgrader", *more], cwd=folder,
                          capture_output=True, text=True,
                          env={**os.environ, "HOME": str(folder.parent), "USER": user})
    assert done.returncode == 0, done.stderr


def test_work_goes_out_and_comes_back_by_the_buttons(hub, page):
    hub, exchange = hub
    if not exchange:
        pytest.skip("this hub's students hand in through an LMS")
    place, ada, teacher = hub.homes.parent / "exchange", hub.homes / "ada", hub.homes / "teacher"
    place.mkdir(mode=0o777)
    class_dir = teacher / "myclass"
    assert main(["start", str(class_dir)]) == 0
    if not course.SOURCE.is_dir():
        assert main(["build"]) == 0  # formgrader lists what was built
    own = class_dir / "nbgrader_config.py"
    own.write_text(own.read_text() + f'\nc = get_config()\nc.Exchange.root = "{place}"\n')
    (teacher / ".jupyter").mkdir(parents=True, exist_ok=True)
    (teacher / ".jupyter" / "nbgrader_config.py").write_text(
        re.search(r"```python\n(from pathlib.*?)```", (
            ROOT / "docs" / "class" / "8-jupyterhub.md").read_text(), re.DOTALL)[1])
    (ada / ".jupyter").mkdir(parents=True, exist_ok=True)
    (ada / ".jupyter" / "nbgrader_config.py").write_text(
        f'c = get_config()\nc.Exchange.root = "{place}"\n'
        'c.CourseDirectory.course_id = "convnets"\n')

    words("teacher", class_dir, "release_assignment", LESSON)
    url = hub.log_in(page, "ada")
    open_assignments(page)
    page.get_by_role("button", name="Fetch", exact=True).first.click()
    page.get_by_role("button", name="Submit", exact=True).first.wait_for(timeout=180_000)
    work = submission(course.SAMPLE_CLASS / "answers" / "loops" / f"{LESSON}.py")
    nbformat.write(work, ada / LESSON / f"{LESSON}.ipynb")
    page.get_by_role("button", name="Submit", exact=True).first.click()
    page.locator("text=/Submitted|Success/i").first.wait_for(timeout=180_000)
    words("teacher", class_dir, "collect", LESSON)
    assert main(["grade", str(class_dir)]) == 0
    words("teacher", class_dir, "release_feedback", LESSON)
    page.goto(f"{url}/lab?reset")
    open_assignments(page)
    page.get_by_role("button", name="Fetch Feedback").first.click()
    for _ in range(600):
        feedback = list((ada / LESSON / "feedback").rglob(f"{LESSON}.html"))
        if feedback:
            break
        page.wait_for_timeout(100)
    page.screenshot(path=SCREENSHOTS / "hub-assignments.png")
    assert "conv_output_size" in feedback[0].read_text()

    url = hub.log_in(page, "teacher")
    page.goto(f"{url}/formgrader/manage_assignments")
    page.get_by_role("link", name=LESSON).first.wait_for(timeout=180_000)
    page.screenshot(path=SCREENSHOTS / "hub-formgrader.png")
    page.get_by_role("link", name="Essays in one sitting").click()
    page.wait_for_selector("article, .empty")
    assert "/user/teacher/essays/?path=myclass" in page.url


def open_assignments(page):
    page.wait_for_selector(".lm-MenuBar-item:has-text('Nbgrader')", timeout=120_000)
    page.click(".lm-MenuBar-item:has-text('Nbgrader')")
    page.get_by_role("menuitem", name="Assignment List").click()
    page.wait_for_selector("text=Released assignments", timeout=180_000)
