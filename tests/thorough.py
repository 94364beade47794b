"""What `make test` tries of many alike, and `make thorough` tries all of.

`make test` has a quarter of an hour on two cores. Where hundreds of things are tried in the same
way it takes some of them, always the same; with THOROUGH=1 in the environment it takes them all.
"""

import os

THOROUGH = bool(os.environ.get("THOROUGH"))


def some(of_all, every=3):
    """All of a sequence in `make thorough`, else every third (or `every`) of it."""
    return list(of_all) if THOROUGH else list(of_all)[::every]


# The visible cases, and hidden ones of so many seeds.
SEEDS = (None, 1, 2, 3) if THOROUGH else (None, 1)
MANY_SEEDS = (None, *range(8)) if THOROUGH else (None, 0, 1)
