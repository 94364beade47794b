"""The version of nbgrader's tables, without the program that nbgrader starts to learn it.

Here, as in paths.py, nbgrader is imported by who calls: its import takes a second.
"""

import functools
from pathlib import Path


@functools.cache
def schema_version():
    """The version that nbgrader's migrations lead to, which every new gradebook is marked with."""
    import nbgrader.api
    from alembic.script import ScriptDirectory

    return ScriptDirectory(str(Path(nbgrader.api.__file__).parent / "alembic")).get_current_head()


def use_schema_version():
    """From now on no gradebook that this process makes starts a program of two seconds for it."""
    import nbgrader.api

    nbgrader.api.get_alembic_version = schema_version
