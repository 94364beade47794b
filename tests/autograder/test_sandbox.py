"""The student's process: what crosses, what is bounded, and what does not exist in there."""

import contextlib
import os
import socket
import subprocess
import sys
import time
from dataclasses import replace
from pathlib import Path

import numpy as np
import psutil
import pytest

from autograder.errors import GradingError
from autograder.sandbox import machine, walls
from autograder.sandbox.session import SessionDead
from autograder.sandbox.walls import BubblewrapSandbox, UnsafeSandbox
from course_lib.judging.explain import tries
from course_lib.judging.limits import TimeIsUp, time_limit
from course_lib.student_error import StudentError, StudentStopped
from tests.autograder.conftest import LIMITS
from tests.thorough import some

pytestmark = pytest.mark.system


@pytest.fixture(scope="module", params=some([BubblewrapSandbox, UnsafeSandbox], 2))
def sandbox(request):
    sandbox = request.param(LIMITS)
    yield sandbox
    sandbox.close()


@pytest.fixture
def session(sandbox):
    session = sandbox.open()
    yield session
    session.close()


def printed(session, source):
    reply = session.run(source)
    return "".join(o.get("text", "") for o in reply["outputs"] if o["output_type"] == "stream")


def test_an_array_lies_in_memory_as_it_did(session):
    session.run("def strides(x):\n    return x.strides")
    strides = session.names({"strides"})["strides"]
    x = np.zeros((2, 3))
    assert strides(x) == (24, 8) and strides(x.T) == (8, 24)


def test_functions_values_and_changed_arrays_cross(session):
    session.run("import numpy as np\n"
                "class Cache: pass\n"
                "def forward(x, scale=1):\n    c = Cache(); c.x = x; x[0] = 9\n"
                "    return x * scale, c\n"
                "def backward(d, c):\n    return d + c.x\n"
                "size = 55")
    found = session.names({"forward", "backward", "size", "missing"})
    assert set(found) == {"forward", "backward", "size"} and found["size"] == 55
    x = np.arange(3.0)
    out, cache = found["forward"](x, scale=2)
    assert out.tolist() == [18, 2, 4]
    assert x.tolist() == [9, 1, 2], "what the student changes in place is changed for the caller"
    assert found["backward"](np.ones(3), cache).tolist() == [10, 2, 3]


def test_a_file_that_a_cell_writes_is_read_in_the_next_one(session):
    session.run("with open('notes.txt', 'w') as notes:\n    notes.write('kept')")
    assert printed(session, "print(open('notes.txt').read())") == "kept\n"


def test_a_function_of_the_judges_can_be_called_back(session):
    session.run("def derivative(f, x, h=1e-5):\n    return (f(x + h) - f(x - h)) / (2 * h)")
    derivative = session.names({"derivative"})["derivative"]
    assert derivative(lambda x: x**2, np.array([1.0, 3.0])) == pytest.approx([2, 6])

    def refuse(x):
        raise ValueError("no such x")

    with pytest.raises(StudentError, match="no such x"):
        derivative(refuse, np.ones(2))


def test_classes_and_methods_cross(session):
    session.run("class Net:\n    def __init__(self, k):\n        self.params = {'w': k}\n"
                "    def loss(self, x):\n        return x * self.params['w']")
    net = session.names({"Net"})["Net"](3)
    assert net.loss(2) == 6
    assert net.params == {"w": 3}


def test_an_exception_tells_type_message_and_the_students_line(session):
    session.run("def broken(x):\n    y = x + 1\n    return y[7]")
    with pytest.raises(IndexError) as caught:
        session.names({"broken"})["broken"](np.zeros(2))
    assert caught.value.kinds[0] == "IndexError"
    assert caught.value.lines[-1] == (3, "return y[7]")


def test_output_is_recorded_in_the_notebooks_form(session):
    reply = session.run("import matplotlib.pyplot as plt\nprint('one')\nplt.plot([1, 2])\n"
                        "plt.show()\n1 + 1")
    kinds = [(o["output_type"], o.get("name")) for o in reply["outputs"]]
    assert kinds == [("stream", "stdout"), ("display_data", None), ("execute_result", None)]
    assert "image/png" in reply["outputs"][1]["data"]
    assert reply["outputs"][2]["data"]["text/plain"] == "2"


def test_widgets_and_plots_survive_without_a_front_end(session):
    reply = session.run("import ipywidgets\nipywidgets.interact(lambda k: print(k), k=(0, 3))")
    assert reply["succeeded"], reply["outputs"]


def test_an_endless_cell_is_stopped_and_the_state_kept(session):
    session.run("kept = 7")
    session.limits = replace(LIMITS, cell_seconds=2)
    with_loop = session.run("while True: pass")
    assert "time limit" in with_loop["outputs"][-1]["evalue"]
    assert session.names({"kept"}) == {"kept": 7}


def test_an_endless_call_is_stopped_and_the_state_kept(session):
    session.run("def f():\n    while True: pass\ndef g(): return 1")
    found = session.names({"f", "g"})
    with pytest.raises(StudentStopped, match="within 1 seconds"):
        found["f"]()
    assert found["g"]() == 1


def test_an_answer_that_was_given_up_is_no_answer_to_what_comes_next(sandbox):
    session = sandbox.open()
    session.run("def endless():\n    while True:\n        pass\n\ndef f(x):\n    return x")
    endless, f = map(session.names(["endless", "f"]).get, ("endless", "f"))
    with pytest.raises(TimeIsUp), time_limit(0.2):
        endless()
    with pytest.raises(SessionDead, match="given up"):
        f(1)
    assert not session.settle()
    session.close()


def test_a_try_of_an_explanation_ends_in_its_own_time_and_the_state_is_kept(session, monkeypatch):
    monkeypatch.setattr(tries, "CALL_SECONDS", 0.2)
    session.run("x = 1\ndef f(x):\n    while x:\n        pass\n    return x")
    f = session.names(["f"])["f"]
    with tries.trying(), pytest.raises(StudentStopped, match="within 0.2 seconds"):
        f(1)
    assert f(0) == 0 and session.names(["x"]) == {"x": 1}


def test_a_loop_that_disarms_the_soft_limit_is_killed_from_outside(session):
    session.run("import signal\ndef f():\n    signal.setitimer(signal.ITIMER_REAL, 0)\n"
                "    while True: pass")
    with pytest.raises(SessionDead, match="stopped after"):
        session.names({"f"})["f"]()
    with pytest.raises(SessionDead):
        session.run("1")


def test_memory_is_bounded(session):
    reply = session.run("hog = []\nwhile True: hog.append(bytearray(10**8))")
    assert reply["outputs"][-1]["ename"] == "MemoryError"
    assert printed(session, "del hog; print('alive')") == "alive\n"


def test_a_process_that_ends_is_noticed(session):
    with pytest.raises(SessionDead, match="ended"):
        session.run("import os; os._exit(0)")
    assert not session.is_lost(), "by itself"


def test_the_kernel_ends_a_students_process_before_any_of_ours(session):
    session.run("import ctypes; ctypes.CDLL(None).prctl(15, b'hungry', 0, 0, 0)")
    [theirs] = [one.pid for one in psutil.Process().children(recursive=True)
                if one.name() == "hungry"]
    assert Path(f"/proc/{theirs}/oom_score_adj").read_text() == "1000\n"
    assert Path("/proc/self/oom_score_adj").read_text() < "1000"


def test_a_flood_of_output_is_cut(session):
    reply = session.run("for i in range(10**5): print('x' * 100)")
    assert sum(len(str(o)) for o in reply["outputs"]) < 5e6
    assert "cut off" in str(reply["outputs"][-1])[-200:]


@pytest.mark.parametrize("source", [
    "sock.sendall(b'\\0' * 12)", "sock.sendall(b'garbage that is no frame at all')",
    "sock.sendall(b'\\0' * 7 + b'\\xff' + b'\\0' * 300)",
])
def test_garbage_on_the_socket_is_told_and_harmless(session, source):
    with pytest.raises(SessionDead, match="unreadable"):
        session.run(
            "import gc, socket\n"
            "sock = next(o for o in gc.get_objects() if isinstance(o, socket.socket))\n" + source)


def test_a_reply_larger_than_the_limit_is_an_error_of_the_students(session):
    session.run("import numpy as np\ndef f(): return np.zeros(10**7)")
    with pytest.raises(StudentError, match="MiB"):
        session.names({"f"})["f"]()


@pytest.mark.parametrize("kind", [BubblewrapSandbox, UnsafeSandbox])
def test_the_reference_is_withheld_even_without_walls(kind):
    with contextlib.closing(kind(LIMITS)) as sandbox:
        session = sandbox.open()
        for module in ("reference", "exercises", "arithmetic", "gradients", "judging"):
            reply = session.run(f"import course_lib.{module}")
            assert reply["outputs"][-1]["ename"] in ("ModuleNotFoundError", "ImportError"), module
        session.close()


def test_the_visible_part_of_the_course_is_a_list_of_what_is_allowed():
    visible = {target for target in walls.VISIBLE.values() if target.startswith("course_lib/")}
    assert visible == {"course_lib/__init__.py", "course_lib/student_error.py",
                       "course_lib/advice.py", "course_lib/check.py", "course_lib/study.py",
                       "course_lib/data", "course_lib/missing_names.py",
                       "course_lib/not_yet.py", "course_lib/pictures", "course_lib/widgets"}
    hidden = {p.stem for p in (walls._ROOT / "course_lib").iterdir()} - {
        Path(v).stem for v in visible}
    assert {"reference", "exercises", "mistakes", "judging", "networks"} <= hidden


def test_without_bubblewrap_grading_stops_with_a_sentence(monkeypatch):
    monkeypatch.setattr(walls.shutil, "which", lambda name: None)
    with pytest.raises(GradingError, match="install it .*--unsafe"):
        BubblewrapSandbox()


def test_a_forking_process_that_died_is_started_again(walled):
    walled.open().close()
    walled._zygote.popen.kill()
    walled._zygote.popen.wait()
    session = walled.open()
    try:
        assert printed(session, "print(6 * 7)") == "42\n"
    finally:
        session.close()


def test_the_next_process_is_there_already_and_replaced_if_it_died(walled):
    walled.open().close()
    waiting = walled._next
    session = walled.open()
    assert session.process is waiting and walled._next is not waiting
    session.close()
    walled._next.sock.shutdown(socket.SHUT_RDWR)  # it reads the end of its socket, and ends
    session = walled.open()
    assert printed(session, "print(6 * 7)") == "42\n"
    session.close()


def test_forks_know_nothing_of_each_other(walled):
    first, second = walled.open(), walled.open()
    try:
        first.run("import numpy\nleft = 1\nnumpy.pi = 3\nopen('note', 'w').write('hello')")
        said = printed(second, "import numpy, os\nprint('left' in globals(), numpy.pi == 3, "
                               "os.listdir())")
        assert said == "False False []\n"
        draw = "import numpy; print(numpy.random.rand())"
        assert printed(first, draw) != printed(second, draw)
    finally:
        first.close()
        second.close()
    third = walled.open()
    try:
        assert printed(third, "import os; print(os.listdir())") == "[]\n"
    finally:
        third.close()


def running():
    return subprocess.run(["ps", "-e", "-o", "comm"], capture_output=True, text=True).stdout


def test_a_closed_session_leaves_no_process_behind(walled):
    name = f"spin{os.getpid()}"
    session = walled.open()
    session.run(f"import ctypes, threading\nctypes.CDLL(None).prctl(15, b{name!r}, 0, 0, 0)\n"
                "def spin():\n    while True: pass\n"
                "for _ in range(3): threading.Thread(target=spin, daemon=True).start()")
    assert name in running()
    session.close()
    until = time.monotonic() + 5  # the kernel takes a moment to end four busy threads
    while name in running() and time.monotonic() < until:
        time.sleep(0.01)
    assert name not in running()


@pytest.mark.parametrize("binds, there", [({}, True), ({"/tmp/python/lib": "/x"}, False)])
def test_a_python_that_lies_in_the_temporary_folder_is_no_link_in_its_way(monkeypatch, binds,
                                                                          there):
    links, system = machine.system()
    monkeypatch.setattr(machine, "system", lambda: (links, system | binds))
    words = BubblewrapSandbox.__new__(BubblewrapSandbox)
    words.bwrap, words.limits = "bwrap", LIMITS
    words = words._walls()
    assert ("/tmp" in words) == there


def test_what_is_installed_but_not_on_the_list_cannot_be_imported(session):
    reply = session.run("import nbgrader")
    assert "(nbgrader is not there in grading; the course needs NumPy alone)]" in (
        reply["outputs"][-1]["text"])
    session.run("def lazy():\n    import torch.nn")
    with pytest.raises(StudentError, match="torch is not there in grading"):
        session.names({"lazy"})["lazy"]()
    tried = "try:\n    import torch\nexcept ImportError:\n    print('without')"
    assert printed(session, tried) == "without\n"


def test_the_packages_inside_are_those_of_the_list_and_what_these_require():
    names = set(machine.packages())
    assert {"numpy", "matplotlib", "PIL", "IPython", "ipywidgets", "tqdm"} <= names
    assert not names & {"nbgrader", "nbformat", "jupyter_server", "tornado", "bleach", "pytest",
                        "hypothesis", "dask", "setuptools", "pip", "sqlalchemy"}


def test_a_python_that_was_called_by_a_relative_path_grades_too(tmp_path):
    """Its name, seen from elsewhere, leads nowhere: what runs inside is the resolved one."""
    (tmp_path / "elsewhere").mkdir()
    way = os.path.relpath(os.path.abspath(sys.executable), tmp_path / "elsewhere")
    source = ("import sys; from autograder.sandbox.walls import BubblewrapSandbox, UnsafeSandbox\n"
              "for kind in (BubblewrapSandbox, UnsafeSandbox):\n"
              "    sandbox = kind(); session = sandbox.open()\n"
              "    print(session.run('1 + 1')['succeeded']); session.close(); sandbox.close()")
    done = subprocess.run([way, "-c", source], cwd=tmp_path / "elsewhere", capture_output=True,
                          text=True)
    assert done.stdout.split() == ["True", "True"], done.stderr


def test_a_process_that_will_not_end_is_ended_from_outside(walled):
    """Whatever it does to its parent's death, to os._exit and to signals."""
    name = f"stay{os.getpid()}"
    session = walled.open()
    session.run(f"import ctypes, os, signal, threading\nlibc = ctypes.CDLL(None)\n"
                f"libc.prctl(15, b{name!r}, 0, 0, 0)\nlibc.prctl(1, 0, 0, 0, 0)\n"
                "os._exit = lambda code: threading.Event().wait()\n"
                "for number in range(1, 65):\n    try: signal.signal(number, signal.SIG_IGN)\n"
                "    except (OSError, ValueError): pass\n"
                "hog = bytearray(2**28)")
    assert name in running()
    session.close()
    # Nobody waits for its end: the next submission is graded meanwhile.
    until = time.monotonic() + 20
    while name in running() and time.monotonic() < until:
        time.sleep(0.02)
    assert name not in running()
