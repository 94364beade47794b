"""The declaration of an exercise: everything that judges an answer follows from it."""

import functools
import zlib
from collections.abc import Callable, Iterable
from dataclasses import dataclass, field

import numpy as np

from course_lib.judging.cases import QuickGenerator
from course_lib.judging.conditions import Conditions

# Added to every hidden seed. The judge sets it from the bytes of the submission, so that two
# submissions never meet the same hidden cases and numbers printed in one are of no use in the next.
_salt = 0


def set_salt(value):
    """Mix `value` (a non-negative int) into every hidden seed drawn from now on."""
    global _salt
    if _salt != int(value):
        _salt = int(value)
        _hidden.cache_clear()  # nobody meets the cases of another submission again


@dataclass(frozen=True)
class Misconception:
    """A wrong algorithm that people really use.

    `wrong` takes the arguments of the exercise's reference and returns what the mistake would
    give. `sentence` says what is happening and where to look, never the answer. The same mistake
    may give other numbers in another order of loops, say: `ways` are further algorithms for it.
    """

    name: str
    sentence: str
    wrong: Callable
    ways: tuple[Callable, ...] = ()

    @property
    def algorithms(self):
        return self.wrong, *self.ways


class Case(tuple):
    """The arguments of a case, with what algorithms of the course have given for it.

    The same cases come again: visible ones with every submission, hidden ones with every mutant
    of an answer. Functions are called on copies.
    """

    MOST = 2**16  # bytes of one value that is kept

    def known(self, function, compute):
        """compute(), from the second time on as it was; `function` is what is computed with."""
        values = self.__dict__.setdefault("values", {})
        if function in values:
            return values[function]
        value = compute()
        arrays = [one for one in value.values() if isinstance(one, np.ndarray)] if isinstance(
            value, dict) else []
        if sum(one.nbytes for one in arrays) <= self.MOST:
            for one in arrays:
                one.flags.writeable = False
            values[function] = value
        return value


def as_case(args):
    """The Case of some arguments; one that is a Case already keeps what it knows."""
    return args if isinstance(args, Case) else Case(args)


@functools.lru_cache(maxsize=512)
def _visible(draw, label):
    return tuple(map(as_case, draw(np.random.default_rng([label]))))


@functools.lru_cache(maxsize=512)
def _hidden(draw, *seed):
    return tuple(map(as_case, draw(QuickGenerator(seed))))


def call_directly(functions, *args):
    """Play a case the plain way: the student's function, called with the case's arguments."""
    return functions[0](*args)


@dataclass(frozen=True)
class Exercise:
    """One function that a student writes, and how it is judged.

    name            the function's name, as in the notebook
    reference       the right function; takes the arguments of a case and returns the judged
                    results: one value, or a tuple of them where `results` has several names.
                    Where it raises ValueError, the student's function has to raise one too
    groups          {group: draw}; `draw(rng)` yields the cases of the group, each a tuple of
                    arguments; a group is what one test cell gives points for. With an
                    attribute `hidden`, that one draws the hidden cases
    describe        says a case's shapes and settings in words; takes the arguments of a case
    results         names of what the student's function returns, in order
    judged          the names of those that are compared with the reference's results (a cache,
                    say, is the student's own business)
    play            play(functions, *args): calls the student's functions for one case and
                    returns their results; `functions[0]` is the exercise's own, the others are
                    the helpers given to `check` (a backward function needs its forward one)
    misconceptions  the known wrong algorithms, with the sentence that helps
    conditions      what may hold for a case: every two of these meet in the cases of the groups
    helpers         names of the functions or classes that `check` gets behind the exercise's own
    observe         observe(args, value): a sentence on how a wrong result differs from the right
                    one, or "". For exercises that no tiny world can be made of
    keeps           what of its input the text asks the function to leave as it was: it costs the
                    group if it does not. Elsewhere it is noted alone
    """

    name: str
    reference: Callable
    groups: dict[str, Callable[[np.random.Generator], Iterable[tuple]]]
    describe: Callable[..., str]
    results: tuple[str, ...] = ("result",)
    judged: tuple[str, ...] = field(default=None)
    play: Callable = call_directly
    misconceptions: tuple[Misconception, ...] = ()
    conditions: Conditions | None = None
    helpers: tuple[str, ...] = ()
    observe: Callable[..., str] = lambda args, value: ""
    keeps: str = ""

    def __post_init__(self):
        if self.judged is None:
            object.__setattr__(self, "judged", self.results)

    def cases(self, group, hidden_seed=None):
        """The cases of `group`: always the same visible ones, or fresh ones for a hidden seed."""
        if group not in self.groups:
            known = ", ".join(self.groups)
            raise ValueError(f"{self.name} has no group {group!r}; its groups are: {known}")
        label = zlib.crc32(f"{self.name}/{group}".encode())
        draw = self.groups[group]
        if hidden_seed is None:
            return list(_visible(draw, label))
        return list(_hidden(getattr(draw, "hidden", draw), label, hidden_seed, _salt))

    def expected(self, args, function=None):
        """{name: value} of the judged results for one case, or the ValueError that is due."""
        if function is None and isinstance(args, Case):
            return args.known(self.reference, lambda: self.expected(tuple(args)))
        try:
            value = (function or self.reference)(*args)
        except ValueError as error:
            return error.with_traceback(None)
        values = value if len(self.judged) > 1 else (value,)
        return dict(zip(self.judged, values, strict=True))
