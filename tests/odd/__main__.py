"""Right notebooks, each edited at random one to three times: is a point or a line lost?

    python -m tests.odd [--count 3000] [--seconds 540] [--again]

Notebook number N is always the same one. What was tried stands in build/odd-notebooks.txt: a run
that was stopped, or had no more seconds, goes on there the next time; --again begins anew. The
last one writes the count into docs/instructor-guide.md.
"""

import argparse
import os
import sys
import time
from concurrent.futures import ProcessPoolExecutor

from tqdm import tqdm

from autograder import course
from bench.document import write

from .edits import EDITS
from .trial import chosen, prepare, tried

TRIED = course.ROOT / "build" / "odd-notebooks.txt"
GUIDE = course.ROOT / "docs" / "instructor-guide.md"
_BATCH = 20


def main():
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--count", type=int, default=3000)
    parser.add_argument("--seconds", type=float, default=540)
    parser.add_argument("--again", action="store_true")
    options = parser.parse_args()
    TRIED.parent.mkdir(exist_ok=True)
    if options.again:
        TRIED.unlink(missing_ok=True)
    known = _tried()
    todo = [number for number in range(options.count) if number not in known]
    _try(todo, options.count, time.monotonic() + options.seconds)
    known = _tried()
    lost = {number: said for number, said in known.items() if said}
    for number, said in sorted(lost.items()):
        print(f"{number} ({', '.join(chosen(number)[0])}): {said}")
    print(f"{len(known):,} of {options.count:,} notebooks were tried; {len(lost)} lost something")
    if len(known) >= options.count == 3000:
        write("odd-notebooks", f"{len(known):,} notebooks were tried, with {len(EDITS)} kinds of "
              f"edits; {len(lost) or 'none'} lost a point or a line.", GUIDE)
    return 1 if lost else 0


def _tried():
    """{number: "" or what was lost} of the notebooks that were tried."""
    if not TRIED.exists():
        return {}
    lines = [line.partition(" ") for line in TRIED.read_text().splitlines()]
    return {int(number): said for number, _, said in lines}


def _try(todo, count, end):
    with (open(TRIED, "a") as file, tqdm(total=count, initial=count - len(todo), unit="notebook")
          as bar, ProcessPoolExecutor(os.cpu_count(), initializer=prepare) as pool):
        for begin in range(0, len(todo), _BATCH):
            if time.monotonic() > end:
                return
            batch = todo[begin:begin + _BATCH]
            for number, said in zip(batch, pool.map(tried, batch, chunksize=5), strict=True):
                file.write(f"{number} {said}\n")
                bar.update()
            file.flush()


if __name__ == "__main__":
    sys.exit(main())
