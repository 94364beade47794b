"""The list of all attacks, docs/attacks.md: `python -m tests.attacks.catalogue` writes it."""

import re
from pathlib import Path

from . import bulky_notebooks, files, notebooks  # noqa: F401 (bulky ones join the others)
from .open import OPEN

PAGE = Path(__file__).resolve().parent.parent.parent / "docs" / "attacks.md"
# What an attack's line “stopped by” may say, and what that means.
WALLS = {
    "judge": "The verdict is made in the judge's process, which student code cannot reach.",
    "data": "Only plain data crosses: numbers, text, lists, arrays of checked type and shape.",
    "values": "The judge compares type, shape and every value, NaN and masks included.",
    "copies": "The judge compares copies of its own; changed arguments are seen and told.",
    "fresh cases": "Points come from hidden cases, drawn anew for every submission's text.",
    "quiet": "What a function prints while it is judged is thrown away.",
    "nothing": "What it looks for is not there: no course file, no process, no other submission.",
    "system calls": "The kernel refuses the call, and ends what is left with the namespace.",
    "own process": "Its own process ends; the judge starts another without that cell.",
    "not shared": "Every place that can be written is the submission's own and ends with it.",
    "list": "Inside there are the packages that notebooks need, and no other library or program.",
    "end": "One end time for all that a submission does; no question or answer moves it.",
    "totals": "Every message, value and output has a total of bytes and of parts.",
    "limits": "Time, memory and output are bounded; grading goes on without what was stopped.",
    "cleaned": "What is shown is cut to what a page may hold, and never runs there.",
    "intake": "The course's cells and all metadata are put back before anything runs.",
    "plain file": "Only a plain notebook in a student's own folder is graded; the table says why.",
    "escaped": "Names are escaped wherever they are shown, and are part of no command.",
    "ignored": "Beside a notebook only plain files of usual size count; the judge loads none.",
    "refused": "The file is refused in one line; nobody else is concerned.",
}
_HEAD = """# Attacks

Every line is a submission in `tests/attacks/`. Each is graded in a class with honest work, and has
to earn no more than the same notebook without the attack, to leave the judge's process as it was,
and to change nothing for the next submission. `make thorough` runs them all, `make test` every
third; `python -m tests.attacks.catalogue` writes this page.

What is not stopped: a copy of the reference or of a sample answer that a student pastes in earns
its points. The class report names it (`autograder/results/likeness.py` says how and how surely).

"""


def entries():
    """(kind, name, what it tries, key of WALLS) of every attack."""
    for path in sorted((Path(__file__).parent / "attacks").glob("*.py")):
        head = path.read_text(encoding="utf-8").partition("# %%")[0].replace("\n# ", " ")
        tries, _, wall = head.removeprefix("# ").partition(" stopped by: ")
        wall = wall.removesuffix(" runs twice\n").strip()
        yield "In code cells", path.stem, tries.strip(), wall
    for kind, module, usual in (("In the notebook's form", notebooks, "intake"),
                                ("By files and names", files, "plain file")):
        for name, function in module.ALL.items():
            wall = module.OTHERWISE.get(name, usual)
            yield kind, name, function.__doc__.splitlines()[0], wall


def text():
    """The page."""
    parts, kind = [_HEAD], ""
    found = list(entries())
    for entry in found:
        if entry[0] != kind:
            kind = entry[0]
            count = sum(one[0] == kind for one in found)
            parts.append(f"\n## {kind} ({count})\n\n| attack | what it tries | what stops it |\n"
                         "|---|---|---|\n")
        _, name, tries, wall = entry
        stops = f"**Open:** {OPEN[name]}." if name in OPEN else WALLS[wall]
        tries = re.sub(r"([|*<])", r"\\\1", tries)
        parts.append(f"| `{name}` | {tries} | {stops} |\n")
    return "".join(parts).replace("\n\n\n", "\n\n")


if __name__ == "__main__":
    PAGE.write_text(text(), encoding="utf-8")
    print(f"{PAGE.relative_to(PAGE.parent.parent)}: {sum(1 for _ in entries())} attacks")
