"""What a verdict says of a mistake that nobody has listed: observations, never a guess."""

import re
import time
from dataclasses import dataclass, replace

import numpy as np

from course_lib import worlds
from course_lib.callees import called
from course_lib.judging.compare import difference, show
from course_lib.judging.explain import manner, stops, sums
from course_lib.judging.explain.rules import find_rule
from course_lib.judging.explain.shrinking import smallest
from course_lib.judging.explain.tries import Enough, Player, trying
from course_lib.judging.explain.when import when_wrong
from course_lib.judging.student_call import copied
from course_lib.student_error import StudentError

# What an explanation may cost beside the verdict itself: calls, seconds to find out when. In
# grading calls cross a boundary, and the sums are left out.
IN_NOTEBOOK, IN_GRADING = (200, 0.5), (120, 2.5)
# Beyond that, for the smallest case.
RESERVE, RESERVED_SECONDS = 80, 0.4
# So many further tries where all of the fixed ones were right.
MORE = 60
HELPER_CALLS, MOST_MANNERS, MOST_AT_HAND = 60, 2, 8


@dataclass(frozen=True)
class Explanation:
    """What was observed on small public tries, beyond the first wrong case.

    tries     how many there were
    pattern   a letter for each of the fixed ones (and of MORE, if those are right), the same for
              all who are wrong in the same way: "." right, "v" value, "s" shape, "x" stopped, ...
    signature like `pattern`, with a digest of what was computed where it was wrong
    rule      when it was wrong ("pad is 0"; "always"), or ""
    when      sentences
    case      (label, text) pairs about the smallest case: a line to copy, yours, expected
    yours, differs, right
              what the first wrong number is made of, how it differs, and what it should be made of
    name      the misconception whose algorithm goes wrong and stops just as the function does
    shapes    in what way the shapes were wrong (one of the sentences), or ""
    found     the Rule itself, or None
    size      how large the smallest case is: its numbers
    calls     how often the student's functions were called
    seconds   of this process that it took
    """

    tries: int
    pattern: str
    rule: str = ""
    when: tuple[str, ...] = ()
    case: tuple[tuple[str, str], ...] = ()
    yours: str = ""
    differs: str = ""
    right: str = ""
    name: object = None
    manner: tuple[str, ...] = ()
    found: object = None
    size: int = 0
    calls: int = 0
    signature: str = ""
    seconds: float = 0.0

    def lines(self):
        """The explanation as lines of text. The right sum gives a formula away: see `more`."""
        lines = [*self.when, *(f"{label}: {text}" for label, text in self.case)]
        if self.yours:
            lines.append("What this number is made of: check.more() says it; it shows the right "
                         "sum, too")
        return lines

    def more(self):
        """What is folded in: the sums of the first wrong number of the smallest case."""
        return "\n".join(text for text in (self.yours, self.right, self.differs) if text)


def explain(exercise, functions, stopped="", grading=False, kind="", line=None):
    """The Explanation of what is wrong with the functions, or None if no small try shows it.

    stopped  of what kind the exception is that the verdict is about, or "": the smallest case is
             of this kind, if there is one, and stops in this `line` (number, text)
    kind     of what kind the difference is that it is about, as in `compare.Difference`
    grading  across the boundary, within fewer calls and without sums
    """
    world = worlds.find(exercise.name)
    if world is None:
        return None
    budget = IN_GRADING if grading else IN_NOTEBOOK
    tries, _ = world.tries, world.in_order  # made once, and before the clock runs
    start = time.process_time()
    player = Player(world, exercise, functions, *budget)
    with trying():
        found = _explained(player, tries, functions, grading, (stopped, line, kind))
    return found and replace(found, seconds=time.process_time() - start)


def _explained(player, tries, functions, grading, told_of):
    world = player.world
    try:
        pattern = player.pattern(tries)
        if not pattern.strip("."):
            # What shows in somewhat larger cases alone: pad 2 with four rows in a window, say.
            tries = [*tries, *world.further[:MORE]]
            pattern = player.pattern(tries)
    except Enough:
        return None
    if not pattern.strip("."):
        return None
    told = {"tries": len(tries), "pattern": pattern, "signature": player.signature(tries)}
    rule = None
    try:
        told["name"] = _same_stops(player, tries)
        when, rule, told["rule"], told["tries"] = when_wrong(player, tries)
        told["manner"] = _manner(player)
        told["when"] = (*when, *told["manner"], *_whose(player, functions))
    except Enough:
        pass
    player.budget += RESERVE
    player.allow(RESERVED_SECONDS)
    try:
        t = smallest(player, _wanted(player, *told_of), rule)
        if t is not None:
            told |= {"case": _case(player, t), "size": world.numbers(t)}
            if not grading:
                told |= _made_of(player, t, tries)
    except Enough:
        pass
    return Explanation(**told, found=rule, calls=player.used)


def _manner(player):
    """What all that went wrong has in common: at most two sentences."""
    told = [text for name, found in player.wrong.items()
            for text in manner.sentences(name, found)]
    return tuple([*filter(None, [stops.sentence(player.stops)]), *told][:MOST_MANNERS])


def _whose(player, functions):
    """A sentence if a function that makes the cache, or that this one calls, is wrong itself."""
    from course_lib import exercises

    helper = player.world.helper
    others = [(other, given, "which this one calls")
              for other, given in called(player.exercise, functions[0])]
    if helper is not None and len(functions) > 1 and worlds.find(helper) is not None:
        others = [(exercises.find(helper), functions[1:], "which makes the cache"),
                  *(one for one in others if one[0].name != helper)]
    for other, given, why in others:
        found = _wrong_itself(player, other, given)
        if found:
            return [f"Your {other.name}, {why}, is wrong itself: {found}. Begin with it."]
    return []


def _wrong_itself(player, other, functions):
    """In how many small tries of its own another answer is wrong, and when, in words; or ""."""
    mine = Player(worlds.find(other.name), other, functions, HELPER_CALLS, 0.3)
    tries = mine.world.tries
    rule = None
    try:
        if not mine.pattern(tries).strip("."):
            return ""
        rule, _ = find_rule(mine, tries, bool)
    except Enough:
        if not any(mine.known.values()):
            return ""
    finally:
        player.used += mine.used
        player.budget += mine.used
    wrong = sum(map(bool, mine.known.values()))
    words = "" if rule is None or rule.kind == "always" else (
        f", exactly when {rule.words(mine.world)}")
    return f"in {wrong} of {len(mine.known)} small tries of its own{words}"


# A name for what stops


def _same_stops(player, tries):
    """The misconception whose algorithm is right, wrong and stops in the same tries, or None."""
    outcomes = [player.of(t) for t in tries]
    if not any("stop" in outcome for outcome in outcomes):
        return None
    # Where the function stops comes first: most algorithms are out after one look.
    order = sorted(range(len(tries)), key=lambda k: "stop" not in outcomes[k])
    found = [m for m in player.exercise.misconceptions
             if all(_as(player, tries[k], m) == outcomes[k] for k in order)]
    return found[0] if len(found) == 1 else None


def _as(player, t, misconception):
    """The outcome of a wrong algorithm."""
    try:
        given = player.exercise.expected(copied(player.world.arguments(t)), misconception.wrong)
    except Exception as error:
        return {"stop": type(error).__name__}
    due = player.expected(t)
    if isinstance(due, ValueError):
        return {} if isinstance(given, ValueError) else {"refusal": "error"}
    if isinstance(given, ValueError):
        return {"stop": type(given).__name__}
    found = {name: difference(name, given[name], due[name]) for name in due}
    return {name: one.kind for name, one in found.items() if one}


# The smallest case


def _wanted(player, stopped, line, kind):
    """What the smallest case has to show: what the verdict is about, if a small try does."""
    def stops_there(outcome):
        return stops_so(outcome) and outcome["stop"].line == line

    def is_so(outcome):
        return "stop" not in outcome and kind in outcome.values()

    def stops_so(outcome):
        return outcome.get("stop") == stopped

    def stops(outcome):
        return "stop" in outcome

    def is_value(outcome):
        return "stop" not in outcome and any(k in ("value", "nan") for k in outcome.values())

    def returns(outcome):
        return outcome and "stop" not in outcome

    for wanted in (stops_there, stops_so, stops, is_value) if stopped else (
            is_so, is_value, returns):
        if any(map(wanted, player.known.values())):
            return wanted
    return bool


def array_text(value):
    """A value as a line of Python: arrays by their numbers, if they are few."""
    if isinstance(value, np.ndarray):
        if value.size > 40:
            return f"an array of shape {value.shape}"
        if value.dtype.kind in "biu":
            return f"np.array({value.tolist()})"
        text = np.array2string(value.astype(float), separator=", ", precision=6,
                               suppress_small=True, max_line_width=10**6)
        return f"np.array({' '.join(text.split())})"
    return str(value)


def line(world, t):
    """The line that calls the student's function for a case."""
    texts = {name: array_text(value) for name, value in (t | world.words(t)).items()}
    return world.call.format(**texts)


def _shown(value):
    if isinstance(value, np.ndarray) and value.size <= 40 and value.dtype.kind in "biuf":
        return array_text(value).removeprefix("np.array(").removesuffix(")")
    if isinstance(value, dict):
        return ", ".join(f"{name} {_shown(one)}" for name, one in value.items())
    if isinstance(value, float) and value.is_integer():
        return f"{value:.1f}" if abs(value) < 1e6 else show(value)
    if isinstance(value, (tuple, list)) and 0 < len(value) < 10 and any(
            isinstance(one, float) for one in value):
        # 2.0 is told from 2: that may be all that is wrong.
        text = ", ".join(map(_shown, value)) + "," * (type(value) is tuple and len(value) == 1)
        return f"({text})" if isinstance(value, tuple) else f"[{text}]"
    return show(value)


def at_line(error):
    """What stands in the line in which an exception was raised, as (label, text) pairs."""
    if not error.lines:
        return []
    number, text = error.lines[-1]
    named = set(re.findall(r"\w+", text))
    found = [f"{name} {short}" for name, short in error.shapes if name in named][:MOST_AT_HAND]
    return [(f"At line {number} there", ", ".join(found))] if found else []


def _case(player, t):
    """(label, text) pairs: what to copy, what it gives, what it should give."""
    facts = [("Smallest case", line(player.world, t))]
    due = player.expected(t)
    try:
        results = player.results(t)
    except StudentError as error:
        facts.append(("Yours there", error.message if error.is_sentence else
                      f"stops with {error}"))
        facts += at_line(error)
        results = None
    else:
        if results is None or isinstance(due, ValueError):
            facts.append(("Yours there", show(player.returned)))
    if isinstance(due, ValueError):
        return (*facts, ("Expected there", f"ValueError: {due}"))
    # Where it stopped, every result is due that the case asks for: 0 stands for the others.
    asked = [name for name, value in due.items() if not (type(value) is int and value == 0)] or due
    wrong = [name for name in (asked if results is None else due)
             if results is None or difference(name, results[name], due[name])]
    if not wrong:
        return ()  # right this time: what is unset or kept from before cannot be shown
    named = len(due) > 1
    for label, values in (("Yours there", results), ("Expected there", due)):
        if values is not None:
            facts.append((label, "; ".join(
                (f"{name} = " if named else "") + _shown(values[name]) for name in wrong)))
    return tuple(facts)


def _made_of(player, t, tries):
    """What the first wrong number of the smallest case is made of, as fields of Explanation."""
    world = player.world
    outcome = player.outcome(t)
    for name, kind in outcome.items():
        if kind not in ("value", "nan", "type"):
            continue
        if world.formula:
            found = sums.formula(player, [*tries, *world.further], name)
            if found:
                yours, right = map(sums.formula_text, found)
                where = "where it does not refuse, " if any(map(player.refused, tries)) else ""
                return {"yours": f"{where}yours is {yours}",
                        "right": f"expected: {right}"}
        elif name in world.terms:
            found = sums.wrong_sum(player, t, name)
            if found:
                yours, differs, right = sums.sentences(found, t)
                return {"yours": yours, "differs": differs, "right": right}
        elif world.different and "x" in t:
            found = sums.followed(player, t, name)
            if found:
                return {"yours": found[0], "right": found[1]}
    return {}
