"""What the table says of one submission."""

from dataclasses import asdict, dataclass, field, fields

from autograder.text import one_line


@dataclass
class Row:
    """What the table says of one submission. `score` is None where nothing could be graded.

    problem   why it was not graded
    troubles  what went wrong after it was graded: the points stand
    close     which of its functions are close to the reference
    outcomes, ways  what tests came to, and how exercises were wrong: autograder/judge/heard.py
    late      seconds between the due date and the hand-in, 0 if it was in time
    points_waiting  what essays that nobody has graded may add at most
    unchanged  True if an earlier run graded it and nothing that counts has changed since
    """

    student: str
    lesson: str
    score: float | None = None
    max_score: float = 0.0
    essays_waiting: int = 0
    before: float | None = None
    remarks: list = field(default_factory=list)
    events: list = field(default_factory=list)
    misconceptions: dict = field(default_factory=dict)
    problem: str = ""
    troubles: list = field(default_factory=list)
    close: list = field(default_factory=list)
    outcomes: list = field(default_factory=list)
    ways: list = field(default_factory=list)
    late: float = 0.0
    points_waiting: float = 0.0
    page: str = ""
    spent: dict = field(default_factory=dict)
    unchanged: bool = False

    def __post_init__(self):
        # Names and words of strangers stand in these.
        self.problem = one_line(self.problem)
        self.remarks, self.events = ([one_line(said) for said in some]
                                     for some in (self.remarks, self.events))

    @property
    def seconds(self):
        """Seconds of wall time that grading took."""
        return sum(self.spent.values())

    @property
    def share(self):
        """The points as a share of those that are graded: essays that wait count as nothing, not
        as zero. None where nothing is graded."""
        possible = self.max_score - self.points_waiting
        return self.score / possible if self.score is not None and possible > 0 else None

    @property
    def changed(self):
        return self.before is not None and self.before != self.score

    @property
    def happened(self):
        """What there is to say about the submission, the gravest first, each thing once."""
        if self.problem:
            return [self.problem]
        said = list(dict.fromkeys([*self.troubles, *self.events, *self.remarks]))
        if self.essays_waiting:
            said.append("1 essay waits" if self.essays_waiting == 1 else
                        f"{self.essays_waiting} essays wait")
        return said

    def line(self):
        """The row as one line of a log."""
        points = "not graded" if self.problem else f"{self.score:g}/{self.max_score:g} points"
        before = f" (before: {self.before:g})" if self.changed else ""
        took = "not run again" if self.unchanged else f"{self.seconds:.2f} s"
        return "; ".join([f"{self.student}/{self.lesson}: {points}{before}, {took}",
                          *self.happened])

    def data(self):
        """The row as plain data, for JSON."""
        mistakes = [{"exercise": exercise, "name": name, "sentence": sentence}
                    for (exercise, name), sentence in self.misconceptions.items()]
        return asdict(self) | {"misconceptions": mistakes, "page": str(self.page),
                               "seconds": self.seconds}

    @classmethod
    def from_data(cls, data):
        """The Row that `data()` was made of. TypeError or KeyError for data of another kind."""
        mistakes = {(one["exercise"], one["name"]): one["sentence"]
                    for one in data["misconceptions"]}
        known = {field.name for field in fields(cls)} & data.keys()
        return cls(**{name: data[name] for name in known} | {"misconceptions": mistakes})
