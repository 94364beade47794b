"""What was measured goes into a document, between marks."""

from pathlib import Path

DOCUMENT = Path(__file__).parent.parent / "docs" / "performance.md"


def write(name, text, document=DOCUMENT):
    """Put the text between the marks of that name in the document."""
    marks = f"<!-- measured {name}: begin -->", f"<!-- measured {name}: end -->"
    whole = document.read_text(encoding="utf-8")
    document.write_text(replaced(whole, marks, f"\n{text}\n"), encoding="utf-8")


def stored(whole, marks):
    """What stands between two marks of a text; "" if they are not there."""
    begin, end = marks
    return whole.partition(begin)[2].partition(end)[0].strip()


def replaced(whole, marks, text):
    """The whole with another text between two marks. Raises ValueError if it has no such marks."""
    begin, end = marks
    before, found, rest = whole.partition(begin)
    if not found or end not in rest:
        raise ValueError(f"the page has no lines “{begin}” and “{end}”; put them back")
    return f"{before}{begin}{text}{end}{rest.partition(end)[2]}"
