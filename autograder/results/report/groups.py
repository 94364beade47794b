"""Students who are wrong in the same way, and the mistakes of a class by name or by rule."""

from dataclasses import dataclass, field

from autograder.classroom.sentences import read_sentences
from autograder.errors import GradingError
from autograder.results.stored import stored, stored_code


@dataclass
class Group:
    """Students whose functions compute the same wrong results on all small public tries.

    id        its name, the same in every run
    mistake   the misconception, "" where nobody has listed it
    rule, when, case  what a verdict says of it: judge/heard.py
    students  their ids
    told      the sentence that the instructor has written for them
    """

    id: str
    exercise: str
    lesson: str
    mistake: str
    rule: str
    when: list
    case: list
    sentence: str = ""
    students: list = field(default_factory=list)
    told: str = ""


def groups(rows, sentences=()):
    """The Groups of a class, the largest first."""
    found, told = {}, dict(sentences)
    for row in rows:
        for way in row.ways:
            group = found.setdefault(way["id"], Group(
                way["id"], way["exercise"], row.lesson, "", "", [], []))
            # Within its budget one run may have found less than another.
            group.mistake = group.mistake or way["mistake"]
            group.rule = group.rule or way["rule"]
            group.when = group.when or way["when"]
            group.case = group.case or way["case"]
            group.sentence = group.sentence or row.misconceptions.get(
                (way["exercise"], way["mistake"]), "")
            if row.student not in group.students:
                group.students.append(row.student)
            group.told = told.get(group.id, "")
    return sorted(found.values(), key=lambda one: (-len(one.students), one.id))


def named(rows):
    """Mistakes with a name: (exercise, name, sentence, students), the most frequent first."""
    made = {}
    for row in rows:
        for (exercise, name), sentence in row.misconceptions.items():
            made.setdefault((exercise, name, sentence), set()).add(row.student)
    ordered = sorted(made.items(), key=lambda entry: (-len(entry[1]), entry[0]))
    return [(*what, sorted(students)) for what, students in ordered]


def rules(found):
    """Where nothing is named: (exercise, "", rule, students), the most frequent first."""
    made = {}
    for group in found:
        if not group.mistake and group.rule:
            made.setdefault((group.exercise, "", group.rule), set()).update(group.students)
    ordered = sorted(made.items(), key=lambda entry: (-len(entry[1]), entry[0]))
    return [(*what, sorted(students)) for what, students in ordered]


def find_group(class_dir, name):
    """The Group of that name among what runs stored. Raises GradingError if there is none."""
    found = {one.id: one for one in groups(stored(class_dir))}
    if name not in found:
        known = ", ".join(list(found)[:5]) or "none yet; grade the class first"
        raise GradingError(f"no group is called {name!r}; the largest are: {known}")
    return found[name]


def draft(class_dir, name):
    """A group as the text of a misconception for the course. Raises GradingError.

    The wrong algorithm is the shortest function that a student of the group wrote, without the
    student's name.
    """
    group = find_group(class_dir, name)
    written = [one["source"] for student in group.students
               for one in stored_code(class_dir, student, group.lesson)
               if one["name"] == group.exercise and one["source"]]
    source = min(written, key=len, default=f"def {group.exercise}(*args):\n    ...")
    told = (read_sentences(class_dir).get(name) or group.sentence
            or "Say what is happening and where to look.")
    case = [f"{label}: {text}" for label, text in group.case]
    facts = "\n".join(f"# {line}" for text in (*group.when, *case) for line in text.split("\n"))
    return f'''"""Draft of a misconception: {len(group.students)} students, {group.exercise}."""

from course_lib.judging.exercise import Misconception

{facts}
# One student's function. It must take what the exercise's reference takes, and return what that
# returns; write it again in your own words before it goes into course_lib/mistakes/.


{source}


DRAFT = Misconception(
    {(group.mistake or group.rule or "name it")!r},
    {told!r},
    {group.exercise})
'''
