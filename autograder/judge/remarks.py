"""The sentences about what was done to a notebook: a kind of change in one sentence, not in forty.

Students and instructors read them; a cell that equals what the course once released was not changed
by the student and is not said to be.
"""

import nbformat

from autograder.text import in_markdown

# A remark names so many cells and counts the others.
_NAMED = 6


class Remarks:
    """What there is to say about a notebook, each kind in one sentence.

    texts  (id, text as handed in) of the lesson's cells in the notebook
    old    those of them that are of an older release
    changed  {where the lines that were added stand now: ids of the course's cells}
    """

    def __init__(self, template, texts):
        self.template = template
        self.texts = texts
        self.said = []
        self.old = []
        self.changed = {}

    def add(self, sentence):
        self.said.append(sentence)

    def each(self, one, many, ids, what="cell"):
        """A sentence about some cells, if there are any."""
        if ids:
            names = ", ".join(f"“{cell_id}”" for cell_id in ids[:_NAMED])
            if len(ids) > _NAMED:
                names += f" and {len(ids) - _NAMED} more"
            self.add(f"{what} {names} {one}" if len(ids) == 1 else f"{what}s {names} {many}")

    def lost(self, count):
        cells = "a cell" if count == 1 else f"{count} cells"
        self.add(f"{cells} of the lesson had lost the id; what it was is known from text, function "
                 "or place")

    def missing(self, ids, entries):
        """What was put back, except what the student's release of the lesson did not have."""
        template, record = self.template, self.template.record
        newest = max((record.release_of(i, text) or 0 for i, text in self.texts), default=0)
        newer = [i for i in ids if (record.first_release(i) or newest) > newest] if newest else []
        self._old_release(newer)
        ids = [i for i in ids if i not in newer]
        moved = [i for i in ids if any(entry.id == i and entry.cell.source.startswith("# ")
                                       and template.roles[i] in ("answer", "given")
                                       for entry in entries)]
        locked = [i for i in ids if i not in moved and template.roles[i] not in ("answer", "essay")]
        empty = [i for i in ids if i not in moved and i not in locked]
        self.each("was missing; it was put back", "were missing; they were put back", locked)
        self.each("was missing; it was put back empty", "were missing; they were put back empty",
                  empty)
        self.each("was missing; what it was for is defined in another cell, and that counts",
                  "were missing; what they were for is defined in other cells, and that counts",
                  moved)

    def _old_release(self, newer):
        if not self.old and not newer:
            return
        template, name = self.template, self.template.lesson.name
        count = len(self.old)
        if not newer and all(template.is_but_for_points(i, text) for i, text in self.old):
            self.add(f"the notebook has other points than {name} has today; today's counted")
            return
        parts = [f"{count} {'cell differs' if count == 1 else 'cells differ'}"] if count else []
        parts += [f"{len(newer)} {'is' if len(newer) == 1 else 'are'} new"] if newer else []
        self.add(f"the notebook was made from an older release of {name} ({' and '.join(parts)}); "
                 "it was graded with the cells and the points of today")

    def sentences(self):
        return list(dict.fromkeys(self.said))


def with_remarks(notebook, sentences):
    """The executed notebook, with what happened to it said in a cell of its own on top."""
    said = list(dict.fromkeys(sentences))
    if not said:
        return notebook
    # Some of it is the student's words: nothing in them is a heading, a link or a picture.
    lines = "\n".join(f"- {in_markdown(sentence)}" for sentence in said)
    cell = nbformat.v4.new_markdown_cell(f"**Remarks of the grader**\n\n{lines}", id="remarks",
                                         metadata={"said": said})
    notebook.cells.insert(0, cell)
    return notebook
