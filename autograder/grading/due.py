"""Due dates: from a class's settings into nbgrader's gradebook, and out of it again.

nbgrader keeps one date for each lesson and does not know who gave it. What our runs wrote there is
remembered beside their results: a date that was set in formgrader is neither taken for ours nor
lost without a word.
"""

import datetime
import json
from pathlib import Path

from autograder.results.stored import FOLDER
from autograder.text import some
from course_lib.whole_files import remove_unfinished, write_whole

FILE = ".due.json"


def in_utc(moment):
    """The moment as nbgrader stores it: in UTC, without saying so."""
    return moment.astimezone(datetime.UTC).replace(tzinfo=None)


def set_due(gradebook, class_dir, lesson, settings, say):
    """Give a lesson in an OpenGradebook the due date that the class's settings name.

    Where they name none any more, the one that they named goes. `say` is called with a sentence
    about every date that somebody may miss.
    """
    due = settings.due(lesson)
    wanted = in_utc(due) if due else None
    with gradebook.transaction():
        known = gradebook.find_assignment(lesson).duedate
    ours = _remembered(class_dir).get(lesson, [])
    is_ours = known is None or known.isoformat() in ours
    if known != wanted and (wanted or is_ours):
        # Remembered first: however this run ends, the next one knows the date for ours.
        _remember(class_dir, lesson, [*ours, *_texts(wanted)])
        with gradebook.transaction():
            gradebook.find_assignment(lesson).duedate = wanted
        if wanted is None:
            say(f"{lesson}: class.toml names no due date any more, so {_local(known, settings)} "
                "does not count any more")
        elif not is_ours:
            say(f"{lesson}: due {_local(wanted, settings)}, as class.toml says; the gradebook had "
                f"{_local(known, settings)}")
    elif known != wanted and ours:
        say(f"{lesson}: class.toml names no due date any more, but {_local(known, settings)} was "
            "set elsewhere since (formgrader?) and counts; clear it there if it should not")
    if ours != _texts(wanted):
        _remember(class_dir, lesson, _texts(wanted))
    for sentence in _idle_extensions(lesson, settings, None if is_ours else known):
        say(sentence)


def time_given(settings, student, lesson, due):
    """What the settings give a student beyond a lesson's due date, as a timedelta; zero for none.

    due  the date in the gradebook, which may have been set in formgrader, or None
    """
    until = settings.extensions.get(student, {}).get(lesson)
    nothing = datetime.timedelta()
    return max(nothing, in_utc(until) - due) if until and due else nothing


def _idle_extensions(lesson, settings, elsewhere):
    """Sentences about extensions that give nobody anything.

    elsewhere  the due date that counts where the settings name none, or None
    """
    named = {student: until[lesson] for student, until in settings.extensions.items()
             if lesson in until}
    if not named or settings.due(lesson):
        return
    idle = sorted(who for who in named if not time_given(settings, who, lesson, elsewhere))
    if idle and elsewhere is None:
        yield (f"{lesson}: it has no due date, so nothing comes late, and the extension of "
               f"{some(idle)} changes nothing; write due = \"...\" for it in class.toml")
    elif idle:
        yield (f"{lesson}: the extension of {some(idle)} ends before the due date, "
               f"{_local(elsewhere, settings)}, which was set elsewhere (formgrader?); that date "
               "counts for them, too")


def _texts(moment):
    return [moment.isoformat()] if moment else []


def _local(moment, settings):
    """A moment of the gradebook in the class's zone."""
    local = moment.replace(tzinfo=datetime.UTC).astimezone(settings.timezone)
    return f"{local:%Y-%m-%d %H:%M} ({settings.timezone.key})"


def _remembered(class_dir):
    """{lesson: dates, as text, that runs have written into the gradebook}; {} if it is not known.
    """
    try:
        return dict(json.loads((Path(class_dir) / FOLDER / FILE).read_text(encoding="utf-8")))
    except (OSError, ValueError, TypeError):
        return {}


def _remember(class_dir, lesson, dates):
    folder = Path(class_dir) / FOLDER
    folder.mkdir(parents=True, exist_ok=True)
    remove_unfinished(folder, FILE.lstrip("."))
    write_whole(folder / FILE, json.dumps(_remembered(class_dir) | {lesson: dates}))
