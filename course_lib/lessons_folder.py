"""A learner's own folder of lessons: made from the released ones, never overwritten by them.

    python -m course_lib.lessons_folder assignments my_lessons

The first call copies the lessons. Later calls bring in what a new release of the course changed:
cells that nobody touched are brought up to date, new cells are added, and everything that a person
wrote stays, as do cells of one's own. Where the two cannot be told apart, the notebook is left as
it is and the new one is put beside it as NAME.new.ipynb. What was changed is printed, and a copy
of the notebook from before lies in the hidden folder .before/.
"""

import copy
import hashlib
import itertools
import json
import sys
from pathlib import Path

from course_lib.whole_files import now_for_a_name, write_whole

# In the learner's folder: the released notebooks that the learner's own ones come from; copies of
# notebooks from before something was brought in.
RELEASED, _BEFORE = ".released", ".before"
# The key of a released notebook's metadata that holds the digest of its cells.
MARK = "convnets_by_hand"


class _CannotMerge(Exception):
    """The message says why, as the end of a sentence."""


def digest(notebook):
    """A digest of what stands in a notebook's cells: their order, ids, types, text, attachments.

    notebook  as read from JSON, or an nbformat notebook
    """
    cells = [[cell.get("id"), cell.get("cell_type"), _source(cell), cell.get("attachments") or {}]
             for cell in notebook["cells"]]
    text = json.dumps(cells, sort_keys=True, ensure_ascii=False)
    return hashlib.sha256(text.encode("utf-8", "replace")).hexdigest()


def is_as_released(data):
    """True if the bytes of a notebook's file hold what the course released, never run or changed.

    Told by the digest that the build put into the notebook's metadata.
    """
    notebook = _read(data)
    if notebook is None:
        return False
    told = notebook.get("metadata", {}).get(MARK)
    if not isinstance(told, dict) or told.get("released") != digest(notebook):
        return False
    return not any(cell.get("outputs") or cell.get("execution_count")
                   for cell in notebook["cells"])


def update(released, folder):
    """Bring a learner's folder up to date with the folder `released`; returns sentences.

    Both hold NAME/NAME.ipynb for each lesson. Nothing that a person wrote is changed or removed.
    """
    released, folder = Path(released), Path(folder)
    said = []
    for source in sorted(released.glob("*/*.ipynb")):
        if source.stem == source.parent.name:
            folder.joinpath(source.parent.name).mkdir(parents=True, exist_ok=True)
            sentence = _bring_in(source, folder / source.parent.name / source.name, folder)
            if sentence:
                said.append(sentence)
    return said


def update_page(source, folder):
    """Bring a notebook or text that is no lesson up to date in a learner's folder, likewise."""
    source, folder = Path(source), Path(folder)
    folder.mkdir(parents=True, exist_ok=True)
    mine = folder / source.name
    if source.suffix == ".ipynb":
        sentence = _bring_in(source, mine, folder)
        return [sentence] if sentence else []
    base, new = folder / RELEASED / source.name, source.read_bytes()
    base.parent.mkdir(exist_ok=True)
    before = base.read_bytes() if base.exists() else None
    if mine.exists() and mine.read_bytes() not in (before, new):
        if before == new:
            return []
        write_whole(base, new)
        return [f"{source.name}: yours was changed by you and stays; the course's new one is "
                f"{RELEASED}/{source.name}"]
    if mine.exists() and before == new:
        return []
    write_whole(mine, new)
    write_whole(base, new)
    return [] if before is not None else [f"{source.name}: new in {folder.name}/"]


def _bring_in(source, mine, folder):
    """One notebook; returns sentences, or nothing if there is nothing to say."""
    name, new = source.stem, source.read_bytes()
    base = folder / RELEASED / f"{name}.ipynb"
    base.parent.mkdir(exist_ok=True)
    worked_on = not is_as_released(new)
    if not mine.exists():
        write_whole(mine, new)
        if worked_on:
            return (f"{name}: your work in {source.parent.parent.name}/ was copied; go on in "
                    f"{folder.name}/")
        renamed = _under_another_name(mine, base)
        write_whole(base, new)
        return f"{name}: new in {folder.name}/" + (
            f"; {renamed.name} beside it stays as you have it" if renamed else "")
    if worked_on:
        if new == mine.read_bytes():
            return None
        return (f"{name}: the notebook in {source.parent.parent.name}/ was worked on, too; that "
                f"work is not in {folder.name}/. Copy it yourself if you need it")
    if base.exists() and base.read_bytes() == new:
        return None
    current = mine.read_bytes()
    if _read(current) and digest(_read(current)) == digest(_read(new)):
        write_whole(base, new)
        return None
    if not base.exists() and is_as_released(current):
        write_whole(base, current)  # nobody has written anything into it
    try:
        merged, kept, changed = _merged(_read(current), base, _read(new))
    except _CannotMerge as error:
        return _put_beside(mine, base, new, str(error))
    said = []
    if changed:
        counted = f"{changed} cell" + ("s" if changed > 1 else "")
        said.append(f"{name}: {counted} brought up to date; what you wrote is as it was (before: "
                    f"{_save_copy(mine, folder, current)})")
        write_whole(mine, _text(merged))
    if kept:
        said.append(_put_beside(mine, base, new, "you and the course both changed "
                                f"{', '.join(kept)}, which stays as you have it"))
    write_whole(base, new)
    return "\n".join(filter(None, said))


def _under_another_name(mine, base):
    """The learner's notebook of this lesson that lies beside under a name of its own, or None."""
    lesson = _read(base.read_bytes()) if base.exists() else None
    ids = {cell.get("id") for cell in lesson["cells"]} if lesson else set()
    for path in sorted(mine.parent.glob("*.ipynb")):
        found = _read(path.read_bytes()) if path != mine else None
        if found and len(ids & {cell.get("id") for cell in found["cells"]}) > len(ids) / 2:
            return path
    return None


def _put_beside(mine, base, new, why):
    """Write the new release beside the learner's notebook, once."""
    offered = base.with_suffix(".offered")
    told = hashlib.sha256(new).hexdigest()
    if offered.exists() and offered.read_text() == told:
        return None
    names = itertools.chain(["new"], (f"new-{n}" for n in itertools.count(2)))
    beside = next(path for path in (mine.with_suffix(f".{word}.ipynb") for word in names)
                  if not path.exists())
    write_whole(beside, new)
    write_whole(offered, told.encode())
    return (f"{mine.stem}: the course's new version lies beside yours as {beside.name}, because "
            f"{why}")


def _merged(mine, base_path, new):
    """(notebook, titles of cells that both sides changed, how many cells of the learner's change).

    Raises _CannotMerge where it cannot be told what the learner changed.
    """
    if mine is None:
        raise _CannotMerge("it cannot be read as a notebook")
    old = _read(base_path.read_bytes()) if base_path.exists() else None
    if old is None:
        raise _CannotMerge("nobody knows which version it began with")
    olds, news, mines = _by_id(old), _by_id(new), _by_id(mine)
    if olds is None or mines is None:
        raise _CannotMerge("its cells have lost their ids")
    order = [cell_id for cell_id in mines if cell_id in olds]
    if order != [cell_id for cell_id in olds if cell_id in mines] or (
            [c for c in olds if c in news] != [c for c in news if c in olds]):
        raise _CannotMerge("cells were moved")
    both, cells, changed = [], [], 0
    follows = _own_cells(mines, olds, news)
    cells += follows.pop(None, [])
    for cell_id in _all_course_cells(olds, news):
        theirs, was, now = mines.get(cell_id), olds.get(cell_id), news.get(cell_id)
        chosen = _chosen(theirs, was, now)
        if theirs and was and now and not _same(theirs, was) and not _same(was, now) and (
                not _same(theirs, now)):
            both.append(cell_id)
        if chosen:
            cells.append(chosen)
        changed += (theirs is None) != (chosen is None) or bool(
            theirs and chosen and not _same(theirs, chosen))
        cells += follows.pop(cell_id, [])
    result = copy.deepcopy(mine)
    result["cells"] = cells
    result["metadata"] = {**mine.get("metadata", {}), MARK: new["metadata"].get(MARK, {})}
    return result, both, changed


def _chosen(theirs, was, now):
    """The cell that stays: the learner's where they changed it, otherwise the course's, or None."""
    if theirs is None:
        # A cell of the course that the learner deleted stays away.
        return None if was else copy.deepcopy(now)
    if was and _same(theirs, was):
        if now is None:
            return None
        if not _same(was, now):
            return copy.deepcopy(now)
    kept = copy.deepcopy(theirs)
    if now and "nbgrader" in now.get("metadata", {}):
        kept.setdefault("metadata", {})["nbgrader"] = copy.deepcopy(now["metadata"]["nbgrader"])
    return kept


def _own_cells(mines, olds, news):
    """{id of the course's cell before them, or None: the learner's own cells behind it}."""
    follows, last = {}, None
    for cell_id, cell in mines.items():
        if cell_id in olds or cell_id in news:
            last = cell_id
        else:
            follows.setdefault(last, []).append(copy.deepcopy(cell))
    return follows


def _all_course_cells(olds, news):
    """Ids of both versions: the new order, each dropped cell behind the one it stood behind."""
    order, last = list(news), None
    for cell_id in olds:
        if cell_id not in news:
            order.insert(order.index(last) + 1 if last else 0, cell_id)
        last = cell_id
    return order


def _by_id(notebook):
    """{id: cell} in their order; None if a cell has no id or two have the same."""
    cells = {cell.get("id"): cell for cell in notebook["cells"]}
    return None if None in cells or len(cells) < len(notebook["cells"]) else cells


def _same(one, other):
    """True if nobody wrote anything between the two: line ends and blanks there are no change."""
    return (one.get("cell_type"), _plain(one), one.get("attachments") or {}) == (
        other.get("cell_type"), _plain(other), other.get("attachments") or {})


def _plain(cell):
    return "\n".join(line.rstrip() for line in _source(cell).splitlines()).rstrip()


def _source(cell):
    source = cell.get("source", "")
    return source if isinstance(source, str) else "".join(source)


def _read(data):
    """The notebook in a file's bytes; None if it is none of format 4."""
    try:
        notebook = json.loads(data.decode("utf-8"))
        if notebook["nbformat"] == 4 and all(isinstance(c, dict) for c in notebook["cells"]):
            return notebook
    except (ValueError, KeyError, TypeError, RecursionError):
        pass
    return None


def _text(notebook):
    """The notebook's file as Jupyter writes it."""
    return (json.dumps(notebook, indent=1, sort_keys=True, ensure_ascii=False,
                       separators=(",", ": ")) + "\n").encode()


def _save_copy(mine, folder, current):
    """Keep a copy of the notebook as it is now; returns its path within the folder."""
    (folder / _BEFORE).mkdir(exist_ok=True)
    target = folder / _BEFORE / f"{mine.stem}.{now_for_a_name()}.ipynb"
    write_whole(target, current)
    return target.relative_to(folder.parent).as_posix()


def main(argv=None):
    """Update a folder and print what was done; returns the exit status."""
    arguments = sys.argv[1:] if argv is None else argv
    if len(arguments) != 2:
        print("error: name the folder of the released lessons and your own", file=sys.stderr)
        return 2
    released, folder = map(Path, arguments)
    if not any(released.glob("*/*.ipynb")):
        print(f"error: there are no lessons in {released}", file=sys.stderr)
        return 2
    try:
        said = update(released, folder)
    except OSError as error:
        print(f"error: {folder} could not be brought up to date: {error}", file=sys.stderr)
        return 2
    for sentence in said:
        print(sentence)
    return 0


if __name__ == "__main__":
    sys.exit(main())
