"""A student's server on JupyterHub: what the hub's spawner calls in place of jupyterhub-singleuser.

    python -m course_lib.lab.hub              the lessons in my_lessons/, without nbgrader's menus
    python -m course_lib.lab.hub --exchange   lessons come by nbgrader's exchange: Assignment List
                                              and Validate are there, an instructor's menus are not

What else stands there is passed on. docs/class/7-server.md says how a hub calls it.
"""

import os
import sys
from pathlib import Path

from course_lib.lab.open import WELCOME, arguments, bring_up_to_date, one_thread

FOLDER = "my_lessons"
# A folder of Jupyter's configuration: which of nbgrader's menus stay.
_EXCHANGE = Path(__file__).resolve().parent / "exchange"


def hub_arguments(home, exchange, *more):
    """The server's arguments for a student whose home is `home`; makes the lessons' folder."""
    one_thread()
    if not exchange:
        # The hub would open JupyterLab on an empty launcher.
        os.environ.setdefault("JUPYTERHUB_DEFAULT_URL", f"/lab/tree/{WELCOME.name}")
        folder = Path(home) / FOLDER
        for sentence in bring_up_to_date(folder):
            print(sentence, flush=True)
        return arguments(folder, *more)
    before = os.environ.get("JUPYTER_CONFIG_PATH")
    os.environ["JUPYTER_CONFIG_PATH"] = os.pathsep.join(filter(None, (str(_EXCHANGE), before)))
    return arguments(home, *more, exchange=True)


def main(argv=None):
    """Start the server; returns when it ends."""
    said = sys.argv[1:] if argv is None else list(argv)
    exchange = "--exchange" in said
    more = [word for word in said if word != "--exchange"]
    from jupyterhub.singleuser import main as serve

    sys.argv[1:] = hub_arguments(Path.home(), exchange, *more)
    return serve()


if __name__ == "__main__":
    sys.exit(main())
