"""What `check` says of wrong answers: names, rules, smallest cases, and what they cost.

A sample of the mutants of every exercise goes through `check`; a rule is then tried on fresh larger
cases, and all right answers that there are have to stay without an explanation.
"""

import importlib
import statistics
import sys
from dataclasses import dataclass, replace
from pathlib import Path

import numpy as np
from tqdm import tqdm

from course_lib import exercises, worlds
from course_lib.check import checked
from course_lib.explanation import explain
from course_lib.judging.explain.tries import Player, trying
from course_lib.judging.verdict import NOT_ATTEMPTED
from quality.answers import answering, answers
from quality.mutate import mutants
from quality.processes import Stopped, results

SAMPLE = 6  # mutants of each exercise, evenly spread over its list
FRESH = 50  # larger cases at random that a rule has to be right about
_RIGHT = Path(__file__).resolve().parents[1] / "tests" / "course_lib" / "exercises"


@dataclass
class Told:
    """What was told of one wrong function.

    only   whether a sentence says when; `sums`, whether one says what a number is made of;
           `manner`, whether one says in what way it was wrong each time; `line`, whether the line
           that stops is shown with what stands in it in the smallest case
    true   on how many of FRESH cases the rule was right; None without a rule
    size   numbers in the smallest case
    known  whether it is a misconception, and no mutant
    """

    exercise: str
    label: str
    name: str
    rule: str = ""
    only: bool = False
    sums: bool = False
    manner: bool = False
    line: bool = False
    size: int = 0
    true: int | None = None
    seconds: float = 0.0
    calls: int = 0
    known: bool = False

    @property
    def specific(self):
        """Beyond "always wrong": a name, when, what a number is made of, in what way, the line."""
        return bool(self.name or self.when or self.sums or self.manner or self.line)

    @property
    def when(self):
        return self.only or self.rule not in ("", "always")

    @property
    def by_line(self):
        return self.line and not (self.name or self.when or self.sums or self.manner)


def explained(lessons, processes=2, sample=SAMPLE):
    """(Told for each mutant and misconception that `check` finds wrong, false names, false alarms).
    """
    items = []
    for answer in (a for lesson in lessons for a in answers(lesson)):
        answer.space()
        every = list(mutants(answer.source))
        count = min(sample, len(every))
        items += [(answer, every[k * len(every) // count]) for k in range(count)]
        items += [(answer, m) for m in answer.exercise.misconceptions]
    told, false_names = [], []
    with tqdm(total=len(items), desc="explanations", unit="mutant", smoothing=0) as bar:
        done = {}
        for index, found in results(_told, items, processes):
            done[index] = found
            bar.update()
        for index, found in sorted(done.items()):
            wrong = items[index][1]
            if isinstance(found, Stopped) or found is None:
                continue
            if hasattr(wrong, "wrong"):
                if found.name not in ("", wrong.name):
                    false_names.append(f"{found.exercise}: “{wrong.name}” is told “{found.name}”")
            told.append(found)
    return told, false_names, false_alarms()


def _told(item):
    """Told, or None if `check` passes the function, or its cell stops."""
    answer, wrong = item
    if hasattr(wrong, "wrong"):
        exercise, functions = answering(answer.exercise, wrong.wrong), (answer.space,)
    else:
        exercise = answer.exercise
        try:
            functions = answer.functions(answer.space(wrong.source))
        except Exception:
            return None
    verdict = checked(exercise, functions)
    if verdict.passed or verdict.outcome == NOT_ATTEMPTED:
        return None
    label = wrong.name if hasattr(wrong, "wrong") else wrong.label
    told = Told(answer.name, label, verdict.misconception or "", known=hasattr(wrong, "wrong"))
    found = verdict.explanation
    if found is None:
        return told
    return replace(
        told, rule=found.rule, only=any(" when " in sentence for sentence in found.when),
        sums=bool(found.yours), manner=bool(found.manner),
        line=any(label.startswith("At line ") for label, _ in found.case),
        size=found.size, calls=found.calls,
        true=_true(exercise, functions, found), seconds=found.seconds)


def _true(exercise, functions, found):
    """On how many fresh larger cases a rule says what happens; None without a rule."""
    world = worlds.find(exercise.name)
    if not found.found:
        return None
    rng = np.random.default_rng(2024)
    player = Player(world, exercise, functions, FRESH + 5, 60)
    with trying():
        tries = [world.with_arrays(world.draw(rng, larger=True)) for _ in range(FRESH)]
        return sum(bool(player.outcome(t)) == found.found.holds(world, t) for t in tries)


def false_alarms():
    """(the right answers of all styles that are called wrong, how many there are)."""
    right = right_answers()
    return alarms(right), len(right)


def alarms(right):
    """Those of (exercise, functions) that get an explanation, as sentences."""
    return [f"{name}: a right answer is called wrong" for name, functions in right
            if explain(exercises.find(name), functions) is not None]


def right_answers():
    """(exercise, functions) of all right answers that the tests know."""
    sys.path.insert(0, str(_RIGHT))
    try:
        tests = importlib.import_module("test_more_right_answers")
    finally:
        sys.path.remove(str(_RIGHT))
    tables = [tests.ANSWERS, tests.arithmetic.EVERY]
    tables += [module.ANSWERS for module in (tests.forward, tests.backward, tests.sharing,
                                             tests.pooling, tests.convnet, tests.architectures)]
    found = [(name, answer) for table in tables for name, answer in _pairs(table)]
    found += _pairs([(n, one) for n, styles in tests.fast.ANSWERS.items() for one in styles])
    return [(name, tuple(answer) if isinstance(answer, (tuple, list)) else (answer,))
            for name, answer in found]


def _pairs(table):
    return [(row[0], row[1] if len(row) == 2 else tuple(row[1:])) for row in table]


def _share(part, whole):
    return f"{part} of {whole} ({100 * part / max(1, whole):.0f} %)"


def _spread(values, unit=""):
    values = sorted(values) or [0]
    p90 = values[min(len(values) - 1, int(0.9 * len(values)))]
    return f"{statistics.median(values):.0f}{unit}, {p90:.0f}{unit}, {values[-1]:.0f}{unit}"


def text(told, false_names, called_wrong, right, sample=SAMPLE):
    """The measured part of the page about explanations. Times are those of one machine."""
    known = [one for one in told if one.known and one.true is not None]
    told = [one for one in told if not one.known]
    rules = [one for one in told if one.rule]
    exact = [one for one in rules if one.rule != "always"]
    tested = [one for one in told if one.true is not None]
    lines = [
        f"Of {len(told)} mutants that `check` finds wrong (up to {sample} of each exercise):", "",
        f"- told a name: {_share(sum(bool(o.name) for o in told), len(told))};",
        f"- a rule that no try broke: {_share(len(rules), len(told))}, "
        f"{len(exact)} of them other than “always”;",
        f"- **something specific**: **{_share(sum(o.specific for o in told), len(told))}**. "
        f"These are told a name ({sum(bool(o.name) for o in told)}), a rule other than “always” "
        f"for all or one of the results ({sum(o.when for o in told)}), what a number is made of "
        f"({sum(o.sums for o in told)}), in what way it was wrong each time "
        f"({sum(o.manner for o in told)}), or, where it stops, what stands in that line in the "
        f"smallest case ({sum(o.line for o in told)}; {sum(o.by_line for o in told)} have nothing "
        "else);",
        f"- rules that are right about {FRESH} of {FRESH} fresh larger cases: "
        f"**{_share(sum(o.true == FRESH for o in tested), len(tested))}**; of those that are told "
        f"of misconceptions {_share(sum(o.true == FRESH for o in known), len(known))};",
        f"- a smallest case with a line to copy: "
        f"{_share(sum(bool(o.size) for o in told), len(told))};",
        f"- numbers in the smallest case (median, 90 %, most): "
        f"{_spread([o.size for o in told if o.size])};",
        f"- calls of the student's functions: {_spread([o.calls for o in told if o.calls])};",
        f"- milliseconds on top: {_spread([1000 * o.seconds for o in told if o.seconds])};",
        f"- names that are false: {len(false_names)}; right answers called wrong: "
        f"{len(called_wrong)} of {right}."]
    return "\n".join([*lines, "", table(told)])


def table(told):
    """The figures of each exercise."""
    found = {}
    for one in told:
        row = found.setdefault(one.exercise, [0] * 5)
        for k, value in enumerate((True, one.name, one.rule, one.specific, one.size)):
            row[k] += bool(value)
    heads = ("exercise", "mutants", "a name", "a rule", "something specific", "a smallest case")
    lines = [heads, ["---"] + ["--:"] * 5, *((f"`{name}`", *row) for name, row in found.items())]
    return "\n".join("| " + " | ".join(map(str, line)) + " |" for line in lines)
