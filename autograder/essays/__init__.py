"""Essays read and graded in one sitting: a page served by the Jupyter server that is there anyway.

The server extension of this package is switched on by a file that the package installs.
"""


def _jupyter_server_extension_points():
    return [{"module": "autograder.essays.server"}]
