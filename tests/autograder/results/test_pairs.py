"""Alike code: copies are named, right answers written apart are not."""

import itertools
import re

from rapidfuzz.distance import Indel

from autograder import course
from autograder.results import likeness
from autograder.results.report import pairs

from .a_class import LONG, a_class, row, wrote

STYLES = sorted((course.ROOT / "tests" / "course_lib" / "exercises").glob("*_styles.py"))


def versions(**sources):
    return {name: {"symbols": likeness.functions(source)[0].symbols}
            for name, source in sources.items()}


def test_the_measured_rate_of_false_alarms():
    """The figures of the module's docstring: pairs of right functions in one file."""
    count = named = 0
    for path in STYLES:
        written = likeness.pieces(path.read_text())
        for (one, whole), (other, part) in itertools.combinations(written, 2):
            if part in whole:
                continue  # a function within a function
            count += 1
            named += Indel.normalized_similarity(one.symbols, other.symbols) >= pairs.THRESHOLD
    # More answers may have been added since.
    assert count >= pairs.FALSE_ALARMS[1] * 0.9
    assert named <= pairs.FALSE_ALARMS[0]


def test_a_copy_under_other_names_is_found_and_shown_side_by_side(tmp_path):
    names = [f"s{n}" for n in range(8)]
    class_dir = a_class(tmp_path, *map(row, names))
    for n, name in enumerate(names):
        wrote(class_dir, name, "def conv_forward_naive(x):\n" + "".join(
            f"    for i in range({k}):\n        x = x + {n} * {k}\n" * (n + 1)
            for k in range(4)) + "    return x\n")
    wrote(class_dir, "s1", LONG)
    renamed = re.sub(r"\bv(\d)", r"mine_\1", LONG)
    wrote(class_dir, "s5", renamed.replace("    return", "    # ours\n    return"))
    found, more = pairs.pairs(class_dir, [row(name) for name in names])
    assert [(pair.one, pair.other) for pair in found] == [("s1", "s5")] and more == 0
    name, share, one, other = found[0].alike[0]
    assert share == 1.0 and "v0" in one and "mine_0" in other


def test_what_many_write_is_a_common_way():
    everybody = versions(**{f"s{n}": LONG for n in range(10)})
    assert pairs.alike(everybody) == []
    two = versions(ada=LONG, bob=LONG, eve="def f(x):\n    return x")
    assert [pair[:2] for pair in pairs.alike(two)] == [("ada", "bob")]
