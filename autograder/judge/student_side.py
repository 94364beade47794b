"""The student's process as the judge sees it: one that can die and be brought back."""

import re
import time
from functools import partial

from autograder.judge.outputs import Outputs, error_output
from autograder.sandbox.session import SessionDead, StudentObject
from course_lib.judging.explain import tries
from course_lib.judging.student_call import Remote
from course_lib.student_error import StudentError, StudentStopped

# A function that had to be stopped this often is not called again: every test cell of an endless
# loop would otherwise cost a full time limit.
MAX_STOPS = 2
# The notices of autograder/sandbox/inside/left_out.py.
_LEFT_OUT = re.compile(r"\((\w{1,40}) is not there in grading; the course needs NumPy alone\)\]",
                       re.ASCII)
NO_NETWORK = "there is no network in grading"
# What is said about one submission: a function that fails in every call says it once.
MAX_EVENTS = 100


class StudentSide:
    """Runs a submission's own cells and hands out its functions.

    When the process dies, the cell or call that killed it is remembered and left out, a new
    process repeats the others, and grading goes on. `events` says in sentences what happened,
    the Stopwatch `watch` where the time went. `files` {name: bytes} lie in every new process's
    folder. From the first cell on the submission has `submission_seconds`, whatever is asked of
    it and however often it is brought back.
    """

    def __init__(self, sandbox, watch, files=None):
        self.sandbox = sandbox
        self.watch = watch
        self.files = files or {}
        self.session = None
        self.done = []
        self.stops = {}
        self.events = []
        self.lost = False  # True if a process ended because what it was forked from did
        # Goes on with every cell and every process: what a name stands for may be another thing.
        self.moment = 0
        self._outputs = Outputs()
        self._displays = {}
        self._end = time.monotonic() + sandbox.limits.submission_seconds

    def run(self, cell_id, source):
        """Run one cell; returns its outputs. Never raises for what the cell does."""
        self.moment += 1
        try:
            reply = self._alive().run(source)
        except StudentError as error:
            self._tell(cell_id, error.message)
            return [error_output(error)]
        self.done.append(source)
        outputs, cut = self._outputs.cleaned(reply.get("outputs"))
        self._show(outputs, reply.get("updates"))
        if cut:
            self._tell(cell_id, cut)
        raised = {output.get("ename"): output.get("evalue") for output in outputs}
        if "ModuleNotFoundError" in raised:
            self._tell(cell_id, _missing(raised["ModuleNotFoundError"]))
        for sentence in _left_out(outputs):
            self._tell(cell_id, sentence)
        if "MemoryError" in raised:
            self._tell(cell_id, self.memory_sentence)
        if "TimeLimit" in raised:
            self._tell(cell_id, "stopped when the time limit was reached")
        if not reply.get("succeeded") and not raised.keys() - {None}:
            # Student code can keep its error from being shown, but not from being told.
            outputs.append(error_output(StudentError(["Error"], "the cell failed")))
        return outputs

    def _show(self, outputs, updates):
        """Show in the outputs of earlier cells what was updated, and remember displays of this."""
        new = {display_id: output for display_id, output in updates.items()
               if display_id in self._displays and isinstance(output, dict)
               and output.get("output_type") == "display_data"} if isinstance(
                   updates, dict) else {}
        # In one go, as a cell's outputs are: the limits are for all of them. Of each comes one.
        cleaned = self._outputs.cleaned(list(new.values()))[0] if new else []
        for display_id, output in zip(new, cleaned, strict=False):
            for one in self._displays[display_id] if "data" in output else ():
                one.update(data=output["data"], metadata=output["metadata"])
        for output in outputs:
            display_id = output.pop("display_id", None)
            if display_id is not None:
                self._displays.setdefault(display_id, []).append(output)

    def lookup(self, names):
        """{name: value} of what the student has defined; functions come guarded."""
        if not names:
            return {}
        try:
            found = self._alive().names(names)
        except StudentError:
            return {}
        return {name: GuardedFunction(self, name, value) if isinstance(value, StudentObject)
                else value for name, value in found.items()}

    def close(self):
        if self.session:
            self.lost = self.lost or self.session.is_lost()
            self.session.close()
            self.session = None

    @property
    def memory_sentence(self):
        return f"it asked for more than the {self.sandbox.limits.memory / 2**30:g} GiB of memory"

    def say(self, sentence):
        """Note what happened, once."""
        if sentence not in self.events and len(self.events) < MAX_EVENTS:
            self.events.append(sentence)

    def _tell(self, cell_id, sentence):
        own = cell_id.startswith("own-")
        self.say(f"{'an own cell' if own else f'cell “{cell_id}”'}: {sentence}")

    def _alive(self):
        """The running session; after a death, a fresh one in which the good cells ran again."""
        while not self.session or not self.session.settle():
            if time.monotonic() > self._end:
                limit = self.sandbox.limits.submission_seconds
                raise StudentStopped(f"the {limit:g} seconds for the whole notebook were used up")
            self.close()
            self.moment += 1
            with self.watch.time("the student's process: start and end"):
                self.session = self.sandbox.open()
                self.session.end = self._end
            self._write_files()
            self._repeat()
        return self.session

    def _write_files(self):
        try:
            self.session.write_files(self.files)
        except SessionDead:
            raise
        except StudentError as error:
            self.say(f"the files beside the notebook were not there: {error.message}")

    def _repeat(self):
        """Run the cells that ran before in a fresh session, up to one that ends it."""
        for source in list(self.done):
            try:
                self.session.run(source)
            except SessionDead:
                if time.monotonic() > self._end:
                    return
                # It ran once and dies now: do without it, rather than without all the others.
                self.done.remove(source)
                self.say("a cell that ran before ended the process when repeated")
                return
            except StudentError:
                pass


def _left_out(outputs):
    """What a person should hear of lines that were left out, in the grader's own words."""
    text = "\n".join(output["text"] for output in outputs if output["output_type"] == "stream")
    for name in dict.fromkeys(_LEFT_OUT.findall(text)[:10]):
        yield _missing(f"{name} is not there in grading;")
    if f"({NO_NETWORK})]" in text:
        yield NO_NETWORK


def _missing(message):
    """What to say of an import that failed, in the grader's own words."""
    found = re.match(r"(\w{1,40}) is not there in grading;", message, re.ASCII)
    if not found:
        return "it imports a module that does not exist"
    return f"{found[1]} is not there in grading; the course needs NumPy alone"


class GuardedFunction(Remote):
    """A student's function or object, by name, that is given up after MAX_STOPS stops."""

    def __init__(self, side, name, target):
        self._side, self._name, self._target = side, name, target
        self.__name__ = name

    @property
    def identity(self):
        """What tells whether it is the very function of another cell: no cell of the student's and
        no new process came between."""
        return self._side.moment, self._target.number

    def __call__(self, *args, **kwargs):
        return self._guarded(partial(self._target, *args, **kwargs))

    def several(self, arguments):
        return [partial(self._guarded, call) for call in self._target._several(arguments)]

    def _guarded(self, call):
        """What a call returns, timed; what stops it is told and counted."""
        stops = self._side.stops
        if stops.get(self._name, 0) >= MAX_STOPS:
            raise StudentStopped(f"{self._name} had to be stopped before; it was not called again")
        try:
            with self._side.watch.time("the student's functions, called by the course's cells"):
                return call()
        except StudentStopped as error:
            if tries.under_way:
                # A try of `check`'s own costs nothing: what earns points is called as before.
                raise
            stops[self._name] = stops.get(self._name, 0) + 1
            self._side.say(f"{self._name}: {error.message}")
            raise
        except MemoryError:
            self._side.say(f"{self._name}: {self._side.memory_sentence}")
            raise
        except StudentError as error:
            if "ModuleNotFoundError" in error.kinds:
                self._side.say(f"{self._name}: {_missing(error.message)}")
            raise

    def __getattr__(self, name):
        return getattr(self._target, name)

    def __repr__(self):
        return repr(self._target)
