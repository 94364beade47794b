"""The quality of the grader, measured.

    python -m quality               mutants and misconceptions; fails if one gets through, or if
                                    docs/grader-quality.md says something else
    python -m quality --seeds 100   steady verdicts: the same score for every hidden seed
    python -m quality --explanations  what `check` says of a sample of the mutants; the figures
                                    depend a little on the machine and are not compared
    python -m quality --interactions   mutants that are wrong only where two conditions meet
    --sample N                      with --explanations: of N mutants of each exercise
    --every N                       a quick look at every Nth mutant and misconception, that
                                    compares nothing with the page
    --write                         put what was measured into docs/grader-quality.md
    --lesson NAME                   one lesson alone, printed
"""

import argparse
import sys

from quality import explained, page
from quality.answers import lesson_names
from quality.interactions import interactions
from quality.meeting import meetings
from quality.score import score
from quality.steady import steadiness


def main():
    parser = argparse.ArgumentParser(prog="python -m quality", description=__doc__,
                                     formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--lesson", choices=lesson_names(), help="measure one lesson alone")
    parser.add_argument("--seeds", type=int, default=0, help="number of hidden seeds to try")
    parser.add_argument("--explanations", action="store_true", help="measure what check says")
    parser.add_argument("--interactions", action="store_true",
                        help="measure mutants that are wrong only where two conditions meet")
    parser.add_argument("--sample", type=int, default=explained.SAMPLE,
                        help="with --explanations: mutants of each exercise, evenly spread over "
                             "its list (%(default)s)")
    parser.add_argument("--every", type=int, help="take every Nth mutant")
    parser.add_argument("--write", action="store_true", help="write docs/grader-quality.md")
    parser.add_argument("--processes", type=int, default=2)
    options = parser.parse_args()
    if options.write and (options.lesson or options.every):
        parser.error("--write takes all lessons and mutants; leave --lesson and --every away")
    lessons = [options.lesson] if options.lesson else lesson_names()
    if options.explanations:
        told, false_names, (alarms, right) = explained.explained(
            lessons, options.processes, options.sample)
        section, text = "explanations", explained.text(told, false_names, alarms, right,
                                                       options.sample)
        troubles = [*false_names, *alarms]
        options.lesson = options.lesson or (None if options.write else "all")
    elif options.seeds:
        found = steadiness(lessons, options.seeds, options.processes)
        section, text = "seeds", page.seeds_text(found)
        troubles = [f"{one.exercise}, {one.submission}: not the same for every seed"
                    for one in found if not one.steady]
    elif options.interactions:
        found = interactions(lessons, options.processes, options.every or 1)
        section, text = "interactions", page.interactions_text(found)
        met = meetings(lessons)
        troubles = [f"{one.name}: only {one.met} of {one.pairs} pairs of conditions meet"
                    for one in met if one.met < one.pairs]
        troubles += [f"{one.name}: {one.surviving} interaction mutants survive; "
                     f"python -m quality.further {one.name} finds cases that catch them"
                     for one in found if one.surviving]
        options.lesson = options.lesson or ("a sample" if options.every else None)
        troubles += _stored("conditions", page.conditions_text(met), options)
    else:
        scores = score(lessons, options.processes, options.every or 1)
        section, text = "mutants", page.mutants_text(scores)
        troubles = list(_troubles(scores, all_mutants=not options.every))
        options.lesson = options.lesson or ("a sample" if options.every else None)
    troubles += _stored(section, text, options)
    for trouble in troubles:
        print(trouble, file=sys.stderr)
    return bool(troubles)


def _troubles(scores, all_mutants=True):
    for one in scores:
        for label in one.survivors:
            yield f"{one.lesson} {one.name}: not caught: {label}"
        for label in one.stale if all_mutants else ():
            yield (f"{one.lesson} {one.name}: listed in quality/equivalent.py, but caught or "
                   f"gone: {label}")
        for name, trouble in one.misconceptions.items():
            if trouble:
                yield f"{one.lesson} {one.name}: misconception “{name}” {trouble}"


def _stored(section, text, options):
    """Write or print the page's section; what is wrong with the stored one."""
    if options.lesson:
        print(text.splitlines()[0] if options.lesson == "a sample" else text)
        return []
    whole = page.PAGE.read_text(encoding="utf-8")
    if options.write:
        page.PAGE.write_text(page.replaced(section, whole, text), encoding="utf-8")
    elif page.stored(section, whole) != text:
        return ["docs/grader-quality.md is out of date; run with --write"]
    print(text.splitlines()[0])
    return []


if __name__ == "__main__":
    sys.exit(main())
