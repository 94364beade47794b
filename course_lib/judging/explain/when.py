"""When it was wrong, in sentences: a rule for all that is wrong, and one for each symptom."""

from course_lib.judging.compare import is_plural
from course_lib.judging.explain.rules import find_rule, only_when

MOST_SYMPTOMS = 4


def _symptoms(outcome):
    """What is wrong in one try, as keys: an exception's name, or a result and how it is wrong."""
    if "stop" in outcome:
        return [("stop", outcome["stop"])]
    return [(what, kind if kind in _HOW else "") for what, kind in outcome.items()]


def _words(symptom):
    what, how = symptom
    if what == "results" and how == "missing":
        return "it returned None"
    if what == "stop":
        return f"it stopped with {how}"
    if what == "refusal":
        return "it accepted what has to be refused"
    if what == "results":
        return "it returned another number of results"
    words = _HOW[how]
    return f"{what} {words.replace('was ', 'were ') if is_plural(what) else words}"


# How a result was wrong, where a word says more than "wrong".
_HOW = {"": "was wrong", "shape": "had the wrong shape", "missing": "was None",
        "lacking": "lacked a value"}


def _asked(player, symptoms, tries):
    """Whether a try asks for the one result that was wrong; None if anything else was, and where
    some tries ask for a refusal, which is no result."""
    if any(map(player.refused, tries)):
        return None
    names = {what for what, _ in symptoms}
    name = names.pop() if len(names) == 1 else ""

    def asked(t):
        due = player.expected(t)[name]
        return not (type(due) is int and due == 0)

    return asked if name in player.exercise.judged else None


def when_wrong(player, tries):
    """(sentences, the Rule for all that is wrong or None, its words, number of tries)."""
    world = player.world
    rule, played = find_rule(player, tries, bool)
    symptoms = list(dict.fromkeys(s for outcome in player.known.values()
                                  for s in _symptoms(outcome)))
    subject = _words(symptoms[0]) if len(symptoms) == 1 else "it was wrong"
    count = len({world.key(t) for t in played})
    start = f"In {count} small tries"
    words = ""
    if rule is None:
        sentences = []
        only = only_when(player, played)
        if only:
            start = f"In {len(player.known)} small tries"
            sentences = [f"{start} {subject} only when {only[0]}: {only[1]} times of {only[2]}."]
    elif rule.kind == "always":
        words = "always"
        sentences = [f"In each of {count} small tries {subject}, the simplest of them, too."]
    else:
        asked = _asked(player, symptoms, tries)
        told = rule.without(world, asked, played) if asked else rule
        words = told.words(world) if told else "always"
        sentences = [f"{start} {subject} exactly when {words}." if told else
                     f"In {sum(map(asked, played))} small tries that ask for it {subject} each "
                     "time."]
    refusals = any(map(player.refused, tries))
    if len(symptoms) <= MOST_SYMPTOMS and (len(symptoms) > 1 or refusals and rule is None):
        detail = list(_by_symptom(player, played, symptoms, rule, refusals))
        start = "In detail: " if sentences else f"In {len(player.known)} small tries "
        sentences += [f"{start}{'; '.join(detail)}."] if detail else []
    return sentences, rule, words, count


def _says_all(player, rule, shows, tries):
    """True if the rule of all that is wrong says of these tries when they show one symptom."""
    return all(rule.holds(player.world, t) == shows(player.of(t)) for t in tries)


def _by_symptom(player, played, symptoms, whole, refusals):
    for symptom in symptoms:
        def shows(outcome, symptom=symptom):
            return symptom in _symptoms(outcome)

        stop = symptom[0] == "stop"
        # What has to be refused and what has not are two questions, each with a rule of its own.
        due = {player.refused(t) for t in played if shows(player.of(t))} if refusals else {}
        asked = due.copy().pop() if len(due) == 1 else None

        def known(t, stop=stop, asked=asked):
            # Where it stopped, nobody knows what the results would have been.
            return (stop or "stop" not in player.of(t)) and (
                asked is None or player.refused(t) == asked)

        if whole and whole.kind != "always" and not stop and _says_all(
                player, whole, shows, filter(known, played)):
            continue
        rule, tries = find_rule(player, played, shows, known, pairs=False)
        if rule is None or rule.kind == "always" and stop and asked is None:
            continue
        words = "it accepted a case" if asked and symptom[0] == "refusal" else _words(symptom)
        where = {None: "", True: "of what has to be refused, ",
                 False: "where there is nothing to refuse, "}[asked]
        stopped = not stop and any("stop" in player.of(t) for t in tries if (
            asked is None or player.refused(t) == asked))
        if rule.kind != "always":
            if rule != whole:
                where += "where it did not stop, " if stopped and not where else ""
                asked_for = _asked(player, [symptom], tries)
                told = rule.without(player.world, asked_for, tries) if asked_for else rule
                when = (f"exactly when {told.words(player.world)}" if told else
                        "each time that it was asked for")
                yield f"{where}{words} {when}"
        elif stopped:
            yield f"{where}{words} whenever it did not stop"
        elif whole is None or whole.kind != "always" or where:
            yield f"{where}{words} each time"
