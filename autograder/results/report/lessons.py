"""What the class report says of each lesson: who handed in, how the points are spread, and which
exercises to teach again."""

import statistics
from dataclasses import dataclass, field

from course_lib.judging.verdict import ERROR, NOT_ATTEMPTED, PASSED, WRONG

BANDS = 10
# In the order in which they are drawn.
OUTCOMES = (PASSED, WRONG, ERROR, NOT_ATTEMPTED)
_WORDS = {PASSED: "right", WRONG: "wrong", ERROR: "stopped with an error",
          NOT_ATTEMPTED: "not attempted"}
_CLASSES = {PASSED: "right", WRONG: "wrong", ERROR: "error", NOT_ATTEMPTED: "blank"}


@dataclass
class Tile:
    """A group of an exercise: how many tests came to what."""

    group: str
    counts: dict = field(default_factory=lambda: dict.fromkeys(OUTCOMES, 0))

    @property
    def total(self):
        return sum(self.counts.values())

    @property
    def lost(self):
        """The share of students who have it not right."""
        return 1 - self.counts[PASSED] / self.total if self.total else 0.0

    @property
    def heat(self):
        """0 (all right) to 5 (nobody)."""
        return min(5, round(self.lost * 5 + 0.4)) if self.lost else 0

    @property
    def words(self):
        said = [f"{count} {_WORDS[what]}" for what, count in self.counts.items() if count]
        return ", ".join(said)

    @property
    def bars(self):
        """[(class, from, width)] of a bar that is 100 wide."""
        at, made = 0.0, []
        for what, count in self.counts.items():
            width = 100 * count / (self.total or 1)
            made.append((_CLASSES[what], round(at, 2), round(width, 2)))
            at += width
        return made


@dataclass
class ExerciseView:
    """An exercise: its Tiles in the lesson's order, and how many students lost something in it."""

    name: str
    tiles: dict = field(default_factory=dict)
    losers: set = field(default_factory=set)
    students: set = field(default_factory=set)

    @property
    def share(self):
        return len(self.losers) / len(self.students) if self.students else 0.0


@dataclass
class LessonView:
    """A lesson's numbers. `missing` counts students of the class who handed in nothing of it."""

    name: str
    title: str
    handed_in: int
    late: int
    missing: int
    failed: int
    mean: float | None
    median: float | None
    bands: list
    waiting: int
    waiting_essays: int
    exercises: list

    @property
    def again(self):
        """The exercises in which most students lost something, at most three."""
        ordered = sorted((one for one in self.exercises if one.losers),
                         key=lambda one: (-one.share, one.name))
        return ordered[:3]


def lesson_view(lesson, rows, class_size):
    """The LessonView of a lesson, from all Rows of the class."""
    mine = [row for row in rows if row.lesson == lesson.name]
    graded = [row for row in mine if row.share is not None]
    shares = [row.share for row in graded]
    bands = [[0, 0] for _ in range(BANDS)]
    for row in graded:
        band = bands[max(0, min(BANDS - 1, int(row.share * BANDS + 1e-9)))]
        band[bool(row.essays_waiting)] += 1
    return LessonView(
        lesson.name, lesson.title, len(mine), sum(row.late > 0 for row in mine),
        max(0, class_size - len({row.student for row in mine})),
        sum(bool(row.problem) for row in mine),
        statistics.fmean(shares) if shares else None,
        statistics.median(shares) if shares else None, bands,
        sum(bool(row.essays_waiting) for row in mine), sum(row.essays_waiting for row in mine),
        _exercises(lesson, mine))


def _exercises(lesson, rows):
    views = {}
    for cell in lesson.cells:
        if cell.role == "test":
            view = views.setdefault(cell.name, ExerciseView(cell.name))
            view.tiles[cell.group] = Tile(cell.group)
    for row in rows:
        for one in row.outcomes:
            view = views.get(one["exercise"])
            tile = view.tiles.get(one["group"]) if view else None
            if tile is None or one["outcome"] not in tile.counts:
                continue  # graded with other exercises than the class has now
            tile.counts[one["outcome"]] += 1
            view.students.add(row.student)
            if one["outcome"] != PASSED:
                view.losers.add(row.student)
    return [view for view in views.values() if view.students]
