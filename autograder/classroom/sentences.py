"""What an instructor tells all students who are wrong in the same way: CLASS/sentences.toml.

A table for each group, named as the class report names it. Whoever joins the group later is told
the same.
"""

import json
import re
import tomllib
from pathlib import Path

from autograder.errors import GradingError
from course_lib.whole_files import write_whole

FILE = "sentences.toml"
_HEAD = ("# What all students who are wrong in the same way read on their feedback pages.\n"
         "# Write it with: convnets say CLASS GROUP \"...\" (the class report names the groups),\n"
         "# or here; then: convnets pages CLASS\n")
_NAME = re.compile(r"[A-Za-z_]\w*-[0-9a-f]{8}")


def read_sentences(class_dir):
    """{group: sentence}. Raises GradingError for a file that cannot be read."""
    path = Path(class_dir) / FILE
    if not path.exists():
        return {}
    try:
        found = tomllib.loads(path.read_text(encoding="utf-8-sig"))
    except (OSError, UnicodeDecodeError, tomllib.TOMLDecodeError) as error:
        raise GradingError(f"{FILE} cannot be read ({error}); mend it, or move it away") from None
    sentences = {}
    for group, table in found.items():
        said = table.get("say") if isinstance(table, dict) else None
        if not isinstance(said, str):
            raise GradingError(f"{FILE}: [{group}] needs a line like: say = \"Look at the "
                               "border.\"")
        if said.strip():
            sentences[group] = said.strip()
    return sentences


def say(class_dir, group, sentence, about=""):
    """Keep the sentence for a group; an empty one takes it back.

    about  a comment that reminds of what the group is

    Raises GradingError for what is no group's name, or a file that cannot be read.
    """
    if not _NAME.fullmatch(group):
        raise GradingError(f"{group!r} is no name of a group; the class report shows them, such as "
                           "zero_pad-1a2b3c4d")
    read_sentences(class_dir)
    path = Path(class_dir) / FILE
    text = path.read_text(encoding="utf-8-sig") if path.exists() else _HEAD
    line = f"say = {json.dumps(' '.join(sentence.split()), ensure_ascii=False)}"
    known = re.compile(rf'^(\[{group}\][^\n]*\n(?:[ \t]*(?:#[^\n]*)?\n)*)say *= *"(?!"")[^\n]*',
                       re.M)
    if known.search(text):
        text = known.sub(lambda found: found[1] + line, text)
    elif group in tomllib.loads(text):
        raise GradingError(f"{FILE}: the entry [{group}] is written in a way that only you should "
                           "change; edit the file")
    else:
        comment = f"  # {' '.join(about.split())}" if about else ""
        text = f"{text.rstrip()}\n\n[{group}]{comment}\n{line}\n"
    write_whole(path, text.encode("utf-8", "replace"))
    return path
