# Settings of every class that nbgrader handles in this environment: pages with students' work are
# cleaned, submissions with links are refused. A class's own settings come on top.
from autograder.stock import shipped

shipped(get_config())  # noqa: F821 (nbgrader defines it)
