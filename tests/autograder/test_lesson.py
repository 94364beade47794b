"""A lesson source is read as written, and a malformed one is one clear line."""

import re

import numpy as np
import pytest

from autograder.errors import GradingError
from autograder.lessons import names
from autograder.lessons.given import answer_of
from autograder.lessons.lesson import read_all, read_lesson

GOOD = '''\
# %% [markdown]
# # A title

# %% setup
import numpy as np

# %% [markdown]
# Some text.

# %% answer: neuron
def neuron(x_patch, w, b):
    ### BEGIN SOLUTION
    return float((x_patch * w).sum() + b)
    ### END SOLUTION

# %% check: neuron
check("neuron", neuron)

# %% test: neuron values, 2 points
score = test("neuron", neuron, group="values", points=2)
### BEGIN HIDDEN TESTS
score = score.on_hidden_cases(seed=1)
### END HIDDEN TESTS
score

# %% essay: why, 3 points [markdown]
# Because.
'''


def lesson_file(tmp_path, text):
    path = tmp_path / "01_tiny.py"
    path.write_text(text)
    return path


def test_roles_names_points_and_ids(tmp_path):
    lesson = read_lesson(lesson_file(tmp_path, GOOD))
    assert (lesson.name, lesson.title, lesson.max_points) == ("01_tiny", "A title", 5)
    assert [(c.id, c.role, c.name, c.group, c.points, c.line) for c in lesson.cells] == [
        ("start-text-1", "story", "", "", 0, 1),
        ("setup", "setup", "", "", 0, 4),
        ("setup-text-1", "story", "", "", 0, 7),
        ("answer-neuron", "answer", "neuron", "", 0, 10),
        ("check-neuron", "check", "neuron", "", 0, 16),
        ("test-neuron-values", "test", "neuron", "values", 2, 19),
        ("essay-why", "essay", "why", "", 3, 26),
    ]


MALFORMED = [
    ("# %% answer: neuron", "# %% anwser: neuron", 10, "unknown role “anwser”"),
    ("# %% setup", "# %%", 4, "unknown role"),
    ("values, 2 points", "values", 19, "points missing"),
    ("why, 3 points", "why", 26, "points missing"),
    ("# %% check: neuron", "# %% check: neuron, 2 points", 16, "earns no points"),
    ("# %% check: neuron", "# %% check: newron", 16, "undeclared exercise “newron”"),
    ("# %% test: neuron values", "# %% test: newron values", 19, "title and call differ"),
    ("group=\"values\"", "group=\"stride\"", 19, "title and call differ"),
    ("neuron values, 2", "neuron a, b, 2", 19, "commas stand before the points only"),
    ("points=2", "points=3", 19, "title and call differ"),
    ("# %% check: neuron", "# %% setup", 16, "duplicate title “setup”, first used in line 4"),
    ("neuron values, 2", "neuron, 2", 19, "names no group"),
    ("### BEGIN HIDDEN TESTS\n", "", 19, "no ### BEGIN HIDDEN TESTS"),
    ("    ### BEGIN SOLUTION\n", "", 10, "no ### BEGIN SOLUTION"),
    ("import numpy as np", "import numpy as", 5, "syntax error"),
    ("# %% essay: why, 3 points [markdown]", "# %% essay: why, 3 points", 26, "takes [markdown]"),
    ("# # A title", "# A title", 1, "no “# Title” heading"),
    ("# %% [markdown]\n# # A title", "x = 1\n# %% [markdown]\n# # A title", 1, "text before"),
    ("# %% test: neuron values, 2 points\nscore", "# %% try: it\nscore", 10, "no test for"),
]


@pytest.mark.parametrize("old, new, line, sentence", MALFORMED, ids=[m[3] for m in MALFORMED])
def test_a_malformed_lesson_is_one_line_naming_file_and_line(tmp_path, old, new, line, sentence):
    assert old in GOOD
    with pytest.raises(GradingError) as caught:
        read_lesson(lesson_file(tmp_path, GOOD.replace(old, new, 1)))
    message = str(caught.value)
    assert "\n" not in message
    assert re.match(rf"01_tiny\.py:{line}: ", message), message
    assert sentence in message


def test_a_folder_without_lessons_is_refused(tmp_path):
    with pytest.raises(GradingError, match="no lesson"):
        read_all(tmp_path)


TAKEN = '''\
# %% [markdown]
# # A second lesson

# %% given: neuron from 01_tiny
from autograder.lessons.given import answer_of
neuron = answer_of("01_tiny", "neuron")
'''
CALLED = '''
# %% answer: twice
def twice(x):
    ### BEGIN SOLUTION
    return neuron(x, x, 0)
    ### END SOLUTION

# %% test: twice all, 1 point
score = test("twice", twice, group="all", points=1)
### BEGIN HIDDEN TESTS
score = score.on_hidden_cases(seed=2)
### END HIDDEN TESTS
'''


def second_lesson(tmp_path, text):
    lesson_file(tmp_path, GOOD + CALLED)
    path = tmp_path / "02_second.py"
    path.write_text(text)
    return path


def test_a_given_cell_takes_an_earlier_answer_with_what_it_calls(tmp_path):
    cell = read_lesson(second_lesson(tmp_path, TAKEN)).cells[1]
    assert (cell.id, cell.role, cell.name) == ("given-neuron", "given", "neuron")
    assert cell.source == "def neuron(x_patch, w, b):\n    return float((x_patch * w).sum() + b)"
    both = read_lesson(second_lesson(tmp_path, TAKEN.replace("neuron", "twice"))).cells[1].source
    assert re.findall(r"def (\w+)", both) == ["neuron", "twice"] and "SOLUTION" not in both


@pytest.mark.parametrize("old, new, sentence", [
    ("01_tiny", "01_tidy", "no lesson is called “01_tidy”; before this one there are: 01_"),
    ("neuron", "neurone", "01_tiny has no answer “neurone”; it has: neuron, twice"),
    ("01_tiny", "02_second", "02_second does not come before this lesson"),
    ("neuron = ", "neuron = 1 + ", "the build writes this cell"),
])
def test_a_given_cell_that_cannot_be_taken_is_one_line(tmp_path, old, new, sentence):
    with pytest.raises(GradingError) as caught:
        read_lesson(second_lesson(tmp_path, TAKEN.replace(old, new)))
    message = str(caught.value)
    assert re.match(r"02_second\.py:4: ", message) and sentence in message
    assert "\n" not in message


def test_a_given_function_works_in_plain_python():
    conv = answer_of("02_convolution_forward", "conv_forward_naive")
    out, _ = conv(np.ones((1, 1, 3, 3)), np.ones((1, 1, 2, 2)), np.zeros(1),
                  {"stride": 1, "pad": 0})
    assert out.tolist() == [[[[4, 4], [4, 4]]]]


def test_a_lesson_that_did_not_change_is_read_once(tiny_path, tmp_path):
    path = tmp_path / "01_tiny.py"
    path.write_text(tiny_path.read_text())
    first = read_lesson(path)
    assert read_lesson(path) is first
    path.write_text(tiny_path.read_text().replace("# # Tiny", "# # Other"))
    assert read_lesson(path).title == "Other"


def test_what_was_read_of_strangers_is_not_kept_for_ever():
    names.forget_much()
    for number in range(30):
        assert names.defined(f"x{number} = 1\n" + "y = 1\n" * 5_000) == {f"x{number}", "y"}
        names.needed(f"x{number} = 1\n" + "y = 1\n" * 5_000)
    names.forget_much()
    assert names.parsed.cache_info().currsize == names.needed.cache_info().currsize == 0
    names.defined("course = 1")
    names.forget_much()
    assert names.parsed.cache_info().currsize == 1, "the course's cells stay"
