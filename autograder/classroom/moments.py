"""Times that people and systems write without a zone: meant in the class's zone, never guessed."""

from autograder.errors import GradingError


def in_zone(moment, zone, where):
    """A datetime as an aware one: its own zone's, or `zone`'s where it names none.

    Raises GradingError, beginning with `where`, in the night in which the clock of `zone` is
    changed: such a time is two moments, or none.
    """
    if moment.tzinfo:
        return moment
    first, second = (moment.replace(tzinfo=zone, fold=fold) for fold in (0, 1))
    if first.utcoffset() != second.utcoffset():
        raise GradingError(f"{where}: on that night the clock is changed in {zone.key}, and "
                           f"{moment:%Y-%m-%d %H:%M} is no single moment; write it with its "
                           f"offset, like {first.isoformat(timespec='minutes')}")
    return first
