"""The measurement of what `check` says: it sees names, rules and false alarms where they are."""

from dataclasses import replace

import pytest

from quality import explained
from quality.answers import answers
from quality.mutate import mutants


@pytest.fixture(scope="module")
def told():
    answer = next(a for a in answers("04_parameter_sharing") if a.name == "params_shared")
    answer.space()
    found = [explained._told((answer, mutant)) for mutant in mutants(answer.source)]
    return [one for one in found if one]


def test_each_wrong_mutant_has_its_figures(told):
    assert len(told) > 5 and all(0 < one.size and 0 < one.calls < 400 for one in told)
    assert any(one.name for one in told) and any(one.rule == "D is more than 1" for one in told)
    exact = [one for one in told if one.rule]
    assert exact and all(one.true == explained.FRESH for one in exact)


def test_the_page_says_what_was_measured(told):
    text = explained.text(told, [], [], 226)
    assert f"Of {len(told)} mutants" in text and "right answers called wrong: 0 of 226" in text
    assert f"| `params_shared` | {len(told)} |" in text and "misconceptions 0 of 0" in text
    known = replace(told[0], known=True, true=explained.FRESH)
    text = explained.text([*told, known, replace(known, true=49)], [], [], 226)
    assert f"Of {len(told)} mutants" in text and "of misconceptions 1 of 2 (50 %)" in text


def test_no_right_answer_of_any_style_is_called_wrong():
    right = explained.right_answers()
    assert len(right) > 300 and len({name for name, _ in right}) > 50
    fast = {"conv_forward_naive", "params_shared", "zero_pad", "max_pool_forward_naive", "ConvNet",
            "wrong_claims", "numerical_gradient"}
    some = [(name, functions) for name, functions in right if name in fast]
    assert explained.alarms(some) == []
