"""Seeds of further cases that catch the interaction mutants which no visible case catches.

    python -m quality.further NAME ...   prints seeds to add to `further` of the conditions of
                                         these exercises, or of all

A case that a seed draws catches a mutant for every two conditions that hold for it. Of the seeds
that quality.interactions draws from, those are taken, one after the other, that catch the most of
what is left.
"""

import sys
from collections import Counter

from tqdm import tqdm

from quality.answers import answers, lesson_names
from quality.interactions import TIMES, fails, further_cases, interactions
from quality.mutate import mutants
from quality.processes import Stopped, results

CPU_SECONDS = 120


def further(names, processes=2, times=TIMES):
    """{exercise: seeds} for those in which interaction mutants survive. Shows progress bars."""
    lessons = lesson_names()
    found = {one.name: one for one in interactions(lessons, processes, times=times, only=names)
             if one.surviving}
    items = []
    for answer in (a for lesson in lessons for a in answers(lesson) if a.name in found):
        pairs = {}
        for pair, labels in found[answer.name].survivors.items():
            for label in labels:
                pairs.setdefault(label, set()).add(frozenset(pair))
        items += [(answer, mutant, pairs[mutant.label]) for mutant in mutants(answer.source)
                  if mutant.label in pairs]
    caught = {name: {} for name in found}
    for index, seeds in tqdm(results(_catching, items, processes, CPU_SECONDS), total=len(items),
                             desc="seeds", unit="mutant"):
        answer, mutant, _ = items[index]
        for pair, those in ([] if isinstance(seeds, Stopped) else seeds):
            caught[answer.name][mutant.label, pair] = those
    return {name: _cover(sets) for name, sets in caught.items()}


def _catching(item):
    """[(pair, the seeds whose cases catch a mutant there)]"""
    answer, mutant, pairs = item
    functions = answer.functions(answer.space(mutant.source))
    found = {pair: set() for pair in pairs}
    for seed, case, meeting in further_cases(answer, pairs):
        those = meeting & pairs
        if those and fails(answer.exercise, functions, case):
            for pair in those:
                found[pair].add(seed)
    return list(found.items())


def _cover(sets):
    """Few seeds of which each set has one: greedily, the one that is in the most sets first."""
    left, seeds = list(sets.values()), []
    while left:
        best = Counter(seed for one in left for seed in one).most_common(1)[0][0]
        seeds.append(best)
        left = [one for one in left if best not in one]
    return sorted(seeds)


def main():
    for name, seeds in further(sys.argv[1:] or None).items():
        print(f"{name}: further=({', '.join(map(str, seeds))},)")


if __name__ == "__main__":
    main()
