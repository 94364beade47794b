"""What the verdicts of one submission said, as plain data for the class report."""

import zlib

from course_lib.judging.verdict import ERROR, NOT_ATTEMPTED, PASSED


class Heard:
    """A listener of the judge.

    misconceptions  {(exercise, misconception): sentence} of the known mistakes that were made
    outcomes        what each test cell came to: dicts with exercise, group, outcome ("passed",
                    "wrong", "not attempted", "error") and mistake (a misconception's name or "")
    ways            in what way exercises were wrong on the small public tries: dicts with
                    exercise, id (the same for all students who are wrong in the same way),
                    mistake, rule, when (sentences), case ([label, text] pairs of the smallest)
    """

    def __init__(self):
        self.misconceptions, self.outcomes = {}, []
        self._ways, self._now = {}, []

    def __call__(self, verdict):
        self._now.append(verdict)
        if verdict.misconception:
            self.misconceptions[verdict.exercise, verdict.misconception] = verdict.hint
        found = verdict.explanation
        if found:
            self._ways[verdict.exercise] = {
                "exercise": verdict.exercise,
                "id": way_id(verdict.exercise, found.signature),
                "mistake": verdict.misconception or "", "rule": found.rule,
                "when": list(found.when), "case": [list(pair) for pair in found.case]}

    @property
    def ways(self):
        return list(self._ways.values())

    def before_cell(self):
        self._now = []

    def after_test(self, exercise, group, outputs):
        """Note what a test cell came to, of which the judge has told since `before_cell`."""
        told = [one for one in self._now if (one.exercise, one.group) == (exercise, group)]
        lost = next((one for one in told if one.outcome != PASSED), None)
        if told:
            outcome = lost.outcome if lost else PASSED
        else:
            # No verdict: the function is not there, or something else than a function is.
            missing = any(output.get("ename") == "NameError" for output in outputs)
            outcome = NOT_ATTEMPTED if missing else ERROR
        self.outcomes.append({
            "exercise": exercise, "group": group, "outcome": outcome,
            "mistake": (lost.misconception or "") if lost else ""})


def way_id(exercise, signature):
    """A short name for all who are wrong in the same way, the same in every run."""
    return f"{exercise}-{zlib.crc32(signature.encode()):08x}"
