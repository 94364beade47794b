"""Mutants change one place of the solution, in the way that their name says."""

import pytest

from quality.mutate import mutants

ANSWER = '''
def f(x, H, W, stride, pad):
    """A docstring with 1 number."""
    before = 1 + 1
    ### BEGIN SOLUTION
    {}
    ### END SOLUTION
    return before + 1
'''


def of(line, operator):
    """What the mutants of one kind make of a line."""
    found = [m for m in mutants(ANSWER.format(line)) if m.operator == operator]
    return [m.label.partition(" -> ")[2] for m in found]


@pytest.mark.parametrize(
    ("operator", "line", "changed"),
    [
        ("off by one", "y = x[2]", ["y = x[3]", "y = x[1]"]),
        ("off by one", "y = x[H:]", ["y = x[H + 1:]", "y = x[H - 1:]"]),
        ("off by one", "y = range(H)", ["y = range(H + 1)", "y = range(H - 1)"]),
        ("swapped", "y = x[H, W]", ["y = x[W, H]", "y = x[W, W]", "y = x[H, H]"]),
        ("swapped", "H, W = x", ["W, H = x"]),
        ("swapped", "y = x.max(axis=(2, 3))", ["y = x.max(axis=(3, 2))"]),
        ("swapped", "y = x['pool_height']", ["y = x['pool_width']"]),
        ("dropped term", "y = H - W", ["y = H", "y = W"]),
        ("dropped term", "y = H // stride", ["y = H"]),
        ("dropped term", "y = x[::stride]", ["y = x[:]"]),
        ("dropped term", "y = x.max(axis=1)", ["y = x.max()"]),
        ("dropped term", "y = H < 1 or W < 1", ["y = W < 1", "y = H < 1"]),
        ("doubled term", "y = H + pad", ["y = 2 * H + pad", "y = H + 2 * pad"]),
        ("doubled term", "y = H * pad", []),
        ("wrong sign", "y = H - W", ["y = H + W"]),
        ("wrong sign", "x -= pad", ["x += pad"]),
        ("wrong sign", "y = -H", ["y = H"]),
        ("operator exchanged", "y = H // stride", ["y = H % stride", "y = H / stride"]),
        ("operator exchanged", "y = H * stride", ["y = H + stride"]),
        ("ceil for floor", "y = H // stride", ["y = -(-H // stride)"]),
        ("overwritten", "x[0] += pad", ["x[0] = pad"]),
        ("constant for a variable", "y = x[0] + pad", ["y = x[0] + 1"]),
        ("constant for a variable", "y = [x[k] for k in x]", ["y = [x[0] for k in x]",
                                                              "y = [x[k] for k in 1]"]),
        ("comparison changed", "y = H < W", ["y = H <= W", "y = H >= W"]),
        ("comparison changed", "y = H == W", ["y = H != W"]),
        ("function exchanged", "y = x.sum()", ["y = x.mean()"]),
        ("function exchanged", "y = x.copy()", ["y = x"]),
        ("dropped statement", "x[0] = 5", ["pass"]),
        ("dropped statement", "y = 5", []),
        ("wrong return", "return H, W", ["return", "return (W, W)", "return (H, H)"]),
    ],
)
def test_each_kind_of_mistake(operator, line, changed):
    assert sorted(of(line, operator)) == sorted(changed)


def test_the_value_of_a_mutant_is_what_its_name_says():
    source = ANSWER.format("return (H - W + 2 * pad) // stride + 1")
    values = {}
    for mutant in mutants(source):
        space = {}
        exec(mutant.source, space)
        values[mutant.label.partition(" -> ")[2]] = space["f"](0, 9, 3, 2, 1)
    assert values["return (H - W) // stride + 1"] == 4
    assert values["return (H - W + 2 * pad) // stride"] == 4
    assert values["return (H - W + 2 * pad) // stride + 2"] == 6
    assert values["return (H + W + 2 * pad) // stride + 1"] == 8
    assert values["return (H - W + 2 * pad) % stride + 1"] == 1


def test_only_the_solution_is_changed_and_messages_are_left_alone():
    source = ANSWER.format('if H < 1:\n        raise ValueError(f"{H + 1} is small")')
    found = mutants(source)
    assert {m.operator for m in found} == {"off by one", "comparison changed", "swapped",
                                           "constant for a variable", "dropped statement"}
    assert all("before = 1 + 1" in m.source and "return before + 1" in m.source for m in found)
    assert all("small" in m.source for m in found if m.operator != "dropped statement")


def test_mutants_differ_from_each_other_and_have_names_of_their_own():
    found = mutants(ANSWER.format("y = H + H\n    y = H + H"))
    for texts in ([m.source for m in found], [m.label for m in found]):
        assert len(set(texts)) == len(texts)
    assert any(m.label.endswith("(place 2)") for m in found)
