"""A JupyterHub for the course, to copy and fill in: docs/class/7-server.md tells the whole of it.

Who is named here as an instructor gets the course's environment with nbgrader's menus and the essay
page; everybody else gets the students' environment, in which nothing grades.
"""

import os

c = get_config()  # noqa: F821 (JupyterHub defines it)

INSTRUCTORS = {"teacher"}
INSTRUCTORS_PYTHON = "/opt/convnets/course/.venv/bin/python"
STUDENTS_PYTHON = "/opt/convnets/students/bin/python"
# True: students fetch and submit by nbgrader's exchange. False: they hand in through an LMS.
EXCHANGE = False

# What a user's server writes is nobody else's to read.
os.umask(0o077)


def by_role(spawner):
    if spawner.user.name in INSTRUCTORS:
        spawner.cmd = [INSTRUCTORS_PYTHON, "-m", "jupyterhub.singleuser"]
    else:
        spawner.cmd = [STUDENTS_PYTHON, "-m", "course_lib.lab.hub",
                       *(["--exchange"] if EXCHANGE else [])]


c.Spawner.pre_spawn_hook = by_role
# On a busy machine the first server of the day takes its time.
c.Spawner.start_timeout = 120
c.Spawner.http_timeout = 120
