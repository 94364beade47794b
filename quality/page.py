"""docs/grader-quality.md: the measured part of the page stands between markers."""

from collections import Counter
from pathlib import Path

from bench import document
from quality.steady import FLOAT32, RIGHT

PAGE = Path(__file__).resolve().parents[1] / "docs" / "grader-quality.md"


def stored(section, text):
    """What stands between the markers of a section (such as "mutants") in the page's text."""
    return document.stored(text, _markers(section))


def replaced(section, text, new):
    """The page's text with another text between the markers of a section."""
    return document.replaced(text, _markers(section), f"\n\n{new}\n\n")


def _markers(section):
    return f"<!-- {section}: measured -->", f"<!-- {section}: end -->"


def _table(heads, rows):
    lines = [heads, ["---"] + ["--:"] * (len(heads) - 1), *rows]
    return "\n".join("| " + " | ".join(map(str, line)) + " |" for line in lines)


# Mutants


def exercise_row(score):
    """A score's row in the table of exercises."""
    several = len(score.groups) > 1
    one = sum(score.losing_alone.values()) if several else "–"
    every = sum(len(g) == len(score.groups) for g in score.lost.values()) if several else "–"
    return (f"{score.lesson[:2]} `{score.name}`", score.mutants, len(score.equivalent),
            len(score.lost), score.by_error, len(score.groups), one, every, score.named,
            len(score.misconceptions), score.diagnosed)


def mutants_text(scores):
    """The measured part about mutants."""
    rows = [exercise_row(score) for score in scores]
    columns = list(zip(*rows, strict=True))[1:]
    totals = [sum(cell for cell in column if cell != "–") for column in columns]
    survivors = sum(len(s.survivors) for s in scores)
    mutants, equivalent, caught = totals[:3]
    parts = [
        f"**{caught:,} of {mutants - equivalent:,} mutants lose points** "
        f"({100 * caught / (mutants - equivalent):.1f} %); {equivalent} others are equivalent, "
        f"{survivors} survive. **{totals[-1]} of {totals[-2]} misconceptions** lose points and are "
        "told their own sentence and no other.",
        _table(("exercise", "mutants", "equivalent", "caught", "by an error alone", "groups",
                "lose one group", "lose all", "told a sentence", "misconceptions", "told right"),
               [*rows, ("**all**", *(f"**{n:,}**" for n in totals))]),
        _survivors(scores), "### By kind of mistake", _by_operator(scores),
        "### By group of cases", _by_group(scores)]
    return "\n\n".join(parts)


def _survivors(scores):
    lines = ["### What survives, and what is told wrong", ""]
    for score in scores:
        lines += [f"- `{score.name}`: `{label}`" for label in score.survivors]
        lines += [f"- `{score.name}`, misconception “{name}”: {trouble}"
                  for name, trouble in score.misconceptions.items() if trouble]
    return "\n".join(lines if len(lines) > 2 else [*lines, "Nothing."])


def _by_operator(scores):
    def count(labels):
        return Counter(label.split(":")[0] for label in labels)

    caught = count(label for s in scores for label in s.lost)
    equivalent = count(label for s in scores for label in s.equivalent)
    survivors = count(label for s in scores for label in s.survivors)
    every = caught + equivalent + survivors
    return _table(("kind", "mutants", "equivalent", "caught"),
                  [(name, every[name], equivalent[name], caught[name]) for name in sorted(every)])


def _by_group(scores):
    return _table(("exercise and group", "mutants that lose it", "and no other"),
                  [(f"{s.lesson[:2]} `{s.name}`, {group}", s.losing[group], s.losing_alone[group])
                   for s in scores for group in s.groups])


# Conditions and interactions


def conditions_text(found):
    """The measured part about conditions that meet, and about what a single mistake costs."""
    pairs, met = sum(one.pairs for one in found), sum(one.met for one in found)
    triples, three = sum(one.triples for one in found), sum(one.met_triples for one in found)
    rows = [(f"{one.lesson[:2]} `{one.name}`", one.cases, one.pairs, one.met, one.triples,
             one.met_triples, one.points, one.worst, one.worst_name or "–")
            for one in found]
    return "\n\n".join((
        f"**{met:,} of {pairs:,} pairs of conditions** meet in a visible case and in a hidden one; "
        f"**{three:,} of {triples:,} triples** meet in one of the two.",
        _table(("exercise", "cases", "pairs", "met", "triples", "met", "points",
                "dearest mistake", "which"), rows)))


def interactions_text(found):
    """The measured part about interaction mutants."""
    caught, alike = sum(one.caught for one in found), sum(one.equivalent for one in found)
    survivors = sum(one.surviving for one in found)
    rows = [(f"{one.lesson[:2]} `{one.name}`", one.pairs, one.caught, one.equivalent,
             one.surviving) for one in found]
    lines = [f"- `{one.name}`, {' and '.join(pair)}: `{label}`" for one in found
             for pair, labels in one.survivors.items() for label in labels]
    more = [f"- and {len(lines) - 40} more"] if len(lines) > 40 else []
    return "\n\n".join((
        f"**{caught:,} of {caught + survivors:,} interaction mutants lose points** "
        f"({100 * caught / (caught + survivors):.2f} %); {alike:,} others are right wherever the "
        f"two conditions meet, {survivors:,} survive. They are made of every mutant and every two "
        "conditions, and visible cases alone are asked.",
        _table(("exercise", "pairs", "caught", "equivalent", "survive"), rows),
        "\n".join([*lines[:40], *more]) or "None survives."))


# Seeds


def seeds_text(found):
    """The measured part about steady verdicts."""
    names = list(dict.fromkeys((one.lesson, one.exercise) for one in found))
    rows = []
    for lesson, name in names:
        mine = [one for one in found if (one.lesson, one.exercise) == (lesson, name)]
        wrong = [one for one in mine if one.submission not in (RIGHT, FLOAT32)]
        fails = {one.submission: one.fails for one in mine}
        rows.append((f"{lesson[:2]} `{name}`", *("fails" if fails[s] else "passes" for s in
                                                 (RIGHT, FLOAT32)),
                     len(wrong), sum(one.steady for one in wrong)))
    steady = sum(one.steady for one in found)
    parts = [
        f"**{steady} of {len(found)} submissions** keep their score over {found[0].seeds} "
        "hidden seeds.",
        _table(("exercise", "right", "float32 inside", "misconceptions", "steady"), rows),
        "### Exceptions", "\n".join(_exceptions(found)) or "None."]
    return "\n\n".join(parts)


def _exceptions(found):
    for one in found:
        for group, count in one.seldom_refused.items():
            yield (f"- `{one.exercise}`: “{group}” asks for a ValueError for {count} of "
                   f"{one.seeds} seeds, and for the others it does not")
        for group, count in (one.hidden if one.fails else one.unsteady).items():
            yield (f"- `{one.exercise}`, {one.submission}: loses “{group}” for {count} of "
                   f"{one.seeds} seeds")
        if one.fails:
            yield from (f"- `{one.exercise}`, {one.submission}: loses “{group}” on the visible "
                        "cases" for group in one.visible)
