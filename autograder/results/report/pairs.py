"""Pairs of students whose code is alike: a reason to ask, never a verdict.

Functions are compared in the normal form of results/likeness.py, by the share of symbols that they
have in common in the same order (rapidfuzz's Indel similarity). A pair is named if a function of
the same name is THRESHOLD alike in both, and
- it has at least MIN_STATEMENTS statements and MIN_SYMBOLS symbols: everybody's short loops are
  alike;
- it was not given to all students;
- at most COMMON of the class's versions of it are that alike: what many write is a common way.

tests/autograder/results/test_pairs.py measures false alarms on the right answers that the course's
tests hold (tests/course_lib/exercises/*_styles.py), a function within another left out:
FALSE_ALARMS pairs are named, and no more if short functions were compared. These answers were
written to differ from each other, so a class whose lesson shows one way of doing it will have more.
"""

from dataclasses import dataclass

from rapidfuzz.distance import Indel

from autograder.results.stored import stored_code

THRESHOLD = 0.95
# Of the versions of a function in the class; a pair is always fewer than that.
COMMON, AT_LEAST = 0.1, 3
MAX_PAIRS = 30
FALSE_ALARMS = (0, 2659)


@dataclass(frozen=True)
class Pair:
    """Two students with (name, likeness, one's source, other's source) of what is alike."""

    lesson: str
    one: str
    other: str
    alike: tuple

    @property
    def likeness(self):
        return max(share for _, share, *_ in self.alike)


def pairs(class_dir, rows):
    """(the Pairs of a class, most alike first, number that is not shown)."""
    written = {}
    for row in rows:
        if row.problem:
            continue
        for function in stored_code(class_dir, row.student, row.lesson):
            if function["long"]:
                written.setdefault((row.lesson, function["name"]), {})[row.student] = function
    found = {}
    for (lesson, name), versions in written.items():
        for one, other, share in alike(versions):
            found.setdefault((lesson, one, other), []).append(
                (name, share, versions[one]["source"], versions[other]["source"]))
    made = [Pair(*key, tuple(value)) for key, value in found.items()]
    made.sort(key=lambda pair: (-len(pair.alike), -pair.likeness, pair.one, pair.other))
    return made[:MAX_PAIRS], max(0, len(made) - MAX_PAIRS)


def alike(versions):
    """[(student, student, likeness)] of one function; `versions` is {student: dict with symbols}.
    """
    students = sorted(versions)
    found = []
    for i, one in enumerate(students):
        for other in students[i + 1:]:
            share = Indel.normalized_similarity(
                versions[one]["symbols"], versions[other]["symbols"], score_cutoff=THRESHOLD)
            if share >= THRESHOLD:
                found.append((one, other, share))
    friends = {}
    for one, other, _ in found:
        friends.setdefault(one, set()).add(other)
        friends.setdefault(other, set()).add(one)
    most = max(AT_LEAST, COMMON * len(students))
    return [pair for pair in found
            if max(len(friends[pair[0]]), len(friends[pair[1]])) + 1 <= most]
