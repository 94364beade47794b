"""Text of an essay that stands in another cell than the essay's: it waits for a person, too."""

from nbformat import from_dict

from autograder.judge.kept_lines import added_text
from autograder.judge.prose_in_code import words_to_people
from autograder.judge.which_cell import is_prose, is_written

_ELSEWHERE = "*This cell was left empty. What follows was written in another cell of the notebook.*"
_MISSING = "*This cell was missing. Its text may stand in another cell of the notebook.*"


def gather_essays(entries, template):
    """Bring text to the essays that are empty; returns the ids of those that got some.

    An empty essay gets what was written between the essay before it and the essay after it, else
    whatever was written anywhere. Where an essay's cell is missing and another essay has text, the
    one may stand in the other: that waits as well. Nothing is taken away from where it stands.
    """
    essays = [at for at, entry in enumerate(entries)
              if entry.id and template.roles[entry.id] == "essay"]
    empty = [at for at in essays if _is_empty(entries[at], template)]
    if not empty:
        return []
    texts = {at: text for at, entry in enumerate(entries) if at not in essays
             for text in [_written(entry, template)] if text}
    helped = []
    for at in empty:
        before = max((one for one in essays if one < at), default=-1)
        after = min((one for one in essays if one > at), default=len(entries))
        near = [one for one in texts if before < one < after] or sorted(texts)
        entry = entries[at]
        if near:
            entry.cell.source = "\n\n".join([_ELSEWHERE, *(texts[one] for one in near)])
            _bring_pictures(entry.cell, [entries[one].cell for one in near])
        elif entry.put_back and len(empty) < len(essays):
            entry.cell.source = _MISSING
        else:
            continue
        helped.append(entry.id)
    return helped


def _is_empty(entry, template):
    text = entry.cell.source
    return not text.strip() or template.is_released(entry.id, text)


def _written(entry, template):
    """What a student wrote for a person to read in a cell that is no essay; "" if nothing."""
    cell = entry.cell
    if entry.put_back or template.is_of_the_course(cell.source):
        return ""
    if entry.id is None:
        return _prose(cell, template)
    if template.kinds[entry.id] == "markdown" and not template.is_released(entry.id, cell.source):
        text = added_text(cell.source, template, entry.id)
        return text if is_written(text) else ""
    if template.roles[entry.id] in ("answer", "given", "try"):
        return _prose(cell, template)
    return ""


def _prose(cell, template):
    """The cell, if it is text for a person, or what of its code is."""
    return cell.source if is_prose(cell) else words_to_people(cell, template)


def _bring_pictures(cell, others):
    """Pictures pasted into the other cells go along with their text."""
    for other in others:
        if isinstance(other.get("attachments"), dict):
            cell.setdefault("attachments", from_dict({})).update(other.attachments)
