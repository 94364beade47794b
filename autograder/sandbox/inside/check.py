"""Stands in for course_lib.check inside the sandbox: the real one runs on the judge's side."""


def check(name, *functions):
    """A student's own call of `check` gives no verdict here; the course's cells do."""
    print(f"check: “{name}” is judged in the course's own cells.")


def test(name, *functions, group, points):
    """A student's own copy of a test cell earns nothing; the course's own cell does."""
    print(f"test: “{name}”, {group}, is judged in the course's own cell.")
    return Score(name, group, points)


class Score(str):
    """What a cell sees that shows or prints a score: where to find it.

    Its number is that of right work, so that a cell which asks for that much goes on as in Jupyter.
    """

    def __new__(cls, name, group, points):
        return super().__new__(cls, f"judged in the course's own cell: {name}, {group}")

    def __init__(self, name, group, points):
        self.group, self.points, self.earned = group, points, float(points)

    def __float__(self):
        return self.earned

    __repr__ = str.__str__


# pytest would take the function for a test of its own wherever it is imported.
test.__test__ = False
