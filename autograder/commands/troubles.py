"""What a machine refuses (a full disk, a read-only folder, a locked database), in one sentence."""

import errno
import shutil
import sys

_FULL = "the disk is full; make room and type it again: what was there before is still there"


def sentence(error):
    """One sentence for an OSError or an error of a database; None for any other exception."""
    if isinstance(error, shutil.Error) and error.args and isinstance(error.args[0], list):
        # Of a folder that was copied: (from, to, why) for each file that was not.
        source, target, why = error.args[0][0]
        return _FULL if f"[Errno {errno.ENOSPC}]" in str(why) else f"{target}: {why}"
    if isinstance(error, OSError):
        if error.errno in (errno.ENOSPC, errno.EDQUOT):
            return _FULL
        where = f"{error.filename}: " if error.filename else ""
        return f"{where}{error.strerror or error}"
    reason = _of_database(error)
    if reason is None:
        return None
    if "full" in reason or "disk I/O" in reason:
        return _FULL
    if "locked" in reason:
        return "another program holds the gradebook; close it (formgrader? a grading run?) and " \
               "type it again"
    if "readonly" in reason:
        return "the gradebook cannot be written; make it and its folder writable and type it again"
    return f"the gradebook's database says: {reason}"


def _of_database(error):
    """What the database said, where an exception comes from it; nothing is imported for that."""
    known = sys.modules.get("sqlalchemy.exc")
    while known and error is not None:
        if isinstance(error, known.DBAPIError):
            return " ".join(str(error.orig).split())
        error = error.__cause__ or error.__context__
    return None
