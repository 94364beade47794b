"""Settings with which any class's `nbgrader autograde` runs notebooks in our sandbox.

JUPYTER_CONFIG_PATH names this folder.
"""

from autograder.stock import walled

walled(get_config())  # noqa: F821 (nbgrader defines it)
