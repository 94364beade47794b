"""A class folder with stored Rows and no grading behind them."""

import zlib

from autograder import course
from autograder.lessons.lesson import read_lesson
from autograder.results import likeness
from autograder.results.row import Row
from autograder.results.stored import store, store_code

LESSON = "02_convolution_forward"
SOURCE = read_lesson(course.SOLUTIONS / f"{LESSON}.py")
TESTS = [(cell.name, cell.group) for cell in SOURCE.cells if cell.role == "test"]
CASE = [["Smallest case", "zero_pad(np.array([[[[1.]]]]), 1)"], ["Yours there", "0"]]
LONG = "def conv_forward_naive(x, w, b, conv_param):\n" + "".join(
    f"    v{n} = np.sum(x[{n}] * w[:, {n}]) + b[{n}] * conv_param['pad']\n" for n in range(9)
) + "    return v0\n"


def way(number, exercise="zero_pad", mistake="", rule="pad is not 0"):
    return {"exercise": exercise, "id": f"{exercise}-{number:08x}", "mistake": mistake,
            "rule": rule, "when": [f"It was wrong exactly when {rule}."], "case": CASE}


def row(student, lost=0, **more):
    """A Row in which the first `lost` tests are lost, by turns in each way there is."""
    ways = ("wrong", "error", "not attempted")
    outcomes = [{"exercise": exercise, "group": group, "mistake": "",
                 "outcome": ways[n % 3] if n < lost else "passed"}
                for n, (exercise, group) in enumerate(TESTS)]
    return Row(student, LESSON, **({"score": 26.0 - lost, "max_score": 29.0,
                                    "outcomes": outcomes} | more))


def a_class(class_dir, *rows, roster=""):
    """Store the Rows as runs do; returns the class's folder."""
    for one in rows:
        (class_dir / "submitted" / one.student / one.lesson).mkdir(parents=True)
        store(class_dir, one)
    if roster:
        (class_dir / "roster.csv").write_text(
            "id,first_name,last_name,section\n" + roster, encoding="utf-8")
    return class_dir


def wrote(class_dir, student, source):
    """Keep functions of a student's, as grading does."""
    store_code(class_dir, student, LESSON, [
        {"name": one.name, "long": one.is_long, "source": text,
         "symbols": [zlib.crc32(symbol.encode()) for symbol in one.symbols]}
        for one, text in likeness.pieces(source)])
