"""Measured tables go into docs/performance.md, between marks."""

from pathlib import Path

DOCUMENT = Path(__file__).parent.parent / "docs" / "performance.md"


def write(name, text):
    """Put the text between the marks of that name."""
    begin, end = f"<!-- measured {name}: begin -->", f"<!-- measured {name}: end -->"
    before, _, rest = DOCUMENT.read_text(encoding="utf-8").partition(begin)
    after = rest.partition(end)[2]
    DOCUMENT.write_text(f"{before}{begin}\n{text}\n{end}{after}", encoding="utf-8")
