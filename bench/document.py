"""What was measured goes into a document, between marks."""

from pathlib import Path

DOCUMENT = Path(__file__).parent.parent / "docs" / "performance.md"


def write(name, text, document=DOCUMENT):
    """Put the text between the marks of that name in the document."""
    begin, end = f"<!-- measured {name}: begin -->", f"<!-- measured {name}: end -->"
    before, _, rest = document.read_text(encoding="utf-8").partition(begin)
    after = rest.partition(end)[2]
    document.write_text(f"{before}{begin}\n{text}\n{end}{after}", encoding="utf-8")
