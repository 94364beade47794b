"""Lines for a shell, a screen or a debugger: left out with a notice, and the cell goes on."""

import pytest

from autograder.judge.student_side import StudentSide
from autograder.sandbox.walls import BubblewrapSandbox, Limits
from autograder.stopwatch import Stopwatch
from course_lib.student_error import StudentError

LINES = """\
!ls
!pip install numpy
files = !ls
%pip install numpy
%conda install numpy
%matplotlib qt
%matplotlib widget
%matplotlib
import matplotlib; matplotlib.use("TkAgg")
plt.switch_backend("QtAgg")
breakpoint()
import pdb; pdb.set_trace()
from IPython.core.debugger import set_trace; set_trace()
name = input("name? ")
n = int(input())
%debug
%pdb on
%load_ext nonsense
%nonsense 3
%cd /nowhere
?np
np?
np.pad??
import os; os.system("ls")
import subprocess; subprocess.run(["pip", "install", "numpy"])
subprocess.check_output("ls", shell=True)
import tkinter; tkinter.Tk()
from getpass import getpass; getpass()
import ipdb; ipdb.set_trace()
from pudb import set_trace; set_trace()
import IPython; IPython.embed()
import code; code.interact(local=locals())
from google.colab import drive; drive.mount("/content/drive")
import seaborn as sns
import urllib.request; urllib.request.urlopen("http://localhost:9")
import socket; socket.create_connection(("example.org", 80))""".splitlines()
# In these nothing is left out.
QUIET = ["%matplotlib inline", "%timeit -n1 -r1 1", "%config InlineBackend.figure_format = 'png'",
         "import matplotlib; matplotlib.use('agg')", "%precision 3", "%time x = 1",
         "%who", "%env A=1", "%load_ext autoreload", "%autoreload 2"]


@pytest.fixture(scope="module")
def student():
    sandbox = BubblewrapSandbox(Limits(cell_seconds=60, call_seconds=30))
    student = StudentSide(sandbox, Stopwatch())
    student.run("own-0", "import numpy as np\nimport matplotlib.pyplot as plt")
    yield student
    student.close()
    sandbox.close()


def defines(student, source):
    """(whether the cell with a definition below `source` defined it, what it showed)."""
    student.run("own-0", "globals().pop('below', None)")
    outputs = student.run("own-1", f"{source}\ndef below(): return 7")
    text = "".join(output.get("text", output.get("ename", "")) for output in outputs)
    found = student.lookup({"below"})
    return "below" in found and found["below"]() == 7, text


@pytest.mark.parametrize("line", LINES)
def test_a_definition_below_such_a_line_survives_and_a_notice_says_what_is_missing(student, line):
    done, text = defines(student, line)
    assert done, text
    assert "/nowhere" in line or "left out in grading" in text or "not there in grading" in text


@pytest.mark.parametrize("lines, said", [
    ("from google.colab import files\nfiles.upload()", "google is not there in grading"),
    ("import pandas as pd\nframe = pd.DataFrame()", "pandas is not there in grading"),
    ("import urllib.request as u\nu.urlopen('http://a.b')", "there is no network")])
def test_what_a_students_machine_has_and_grading_has_not_is_said(lines, said):
    sandbox = BubblewrapSandbox(Limits(cell_seconds=60, call_seconds=30))
    student = StudentSide(sandbox, Stopwatch())
    student.run("own-1", lines + "\ndef f():\n    return 7")
    assert student.lookup({"f"})["f"]() == 7
    student.close()
    sandbox.close()
    assert len(student.events) == 1 and said in student.events[0]


@pytest.mark.parametrize("lines", [
    "n = input('pad? ')\nn = int(n)\nm = 10 // (n + 1)", "files = !ls\nprint(files[0])",
    "import subprocess\ndone = subprocess.run(['ls'])\ndone.stdout.decode()",
    "data = !cat x\ndef first(): return data[0]\nfirst()"])
def test_what_follows_from_an_answer_that_nobody_gave_is_left_out_too(student, lines):
    done, text = defines(student, lines)
    assert done, text
    assert "left out in grading: the rest of this line" in text


def test_an_error_of_the_students_own_ends_its_cell_after_a_line_was_left_out(student):
    assert not defines(student, "answer = input()\nrows = []\nrows[3]")[0]


@pytest.mark.parametrize("line", QUIET)
def test_what_works_in_grading_is_left_in(student, line):
    done, text = defines(student, line)
    assert done and "left out" not in text


@pytest.mark.parametrize("head", ["%%time", "%%capture", "%%nonsense", "%%memit", "%%debug"])
def test_a_cell_below_a_magic_runs(student, head):
    assert defines(student, head)[0]


def test_a_cell_for_another_program_is_left_out_whole(student):
    outputs = student.run("own-1", "%%bash\nls")
    assert "left out in grading: %%bash" in outputs[0]["text"]


def test_an_error_of_the_students_own_stays_an_error(student):
    done, text = defines(student, "1 / 0")
    assert not done and "ZeroDivisionError" in text


@pytest.mark.parametrize("body", [
    "import multiprocessing\n    return multiprocessing.Pool(2).map(abs, [1])",
    "from concurrent.futures import ProcessPoolExecutor\n"
    "    with ProcessPoolExecutor(2) as pool: return list(pool.map(abs, [1]))",
    "import multiprocessing\n    p = multiprocessing.Process(target=abs)\n    p.start()",
    "import subprocess\n    return subprocess.run(['ls'])",
    "import os\n    return os.fork()"])
def test_a_function_that_needs_processes_is_told_so(student, body):
    student.run("own-2", f"def parallel():\n    {body}")
    with pytest.raises(StudentError, match="no other programs or processes can be started"):
        student.lookup({"parallel"})["parallel"]()


def test_a_function_with_a_breakpoint_in_it_returns(student):
    student.run("own-3", "def watched():\n    breakpoint()\n    return 5")
    assert student.lookup({"watched"})["watched"]() == 5
