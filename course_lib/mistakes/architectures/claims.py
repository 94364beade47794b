"""Wrong ways of judging what others claim about networks."""

from course_lib.judging.exercise import Misconception


def judged_claims(is_wrong, entry=lambda number, right, claimed: (number, right)):
    """Claims listed by a rule: is_wrong(right number, claimed number, tolerance)."""

    def wrong(claims, tolerance, measures):
        found = []
        for number, (_, quantity, net, claimed) in enumerate(claims):
            right = measures[quantity](net)
            if is_wrong(right, claimed, tolerance):
                found.append(entry(number, right, claimed))
        return found

    return wrong


def off(right, claimed, tolerance):
    return abs(claimed - right) > tolerance * right


CLAIM_MISTAKES = (
    Misconception("rounded numbers called wrong",
                  "You list every claim that is not exact. A rounded number is no mistake: allow "
                  "for the tolerance, which is a part of the right number: 0.02 of 1,000 is 20.",
                  judged_claims(lambda right, claimed, tolerance: claimed != right)),
    Misconception("first one only",
                  "You stop at the first wrong claim. Is there a return inside your loop?",
                  lambda *case: judged_claims(off)(*case)[:1]),
    Misconception("too large only",
                  "You find the claims that are too large. One can be wrong in the other "
                  "direction, too.",
                  judged_claims(lambda right, claimed, t: claimed - right > t * right)),
    Misconception("too small only",
                  "You find the claims that are too small. One can be wrong in the other "
                  "direction, too.",
                  judged_claims(lambda right, claimed, t: right - claimed > t * right)),
    Misconception("right claims listed",
                  "You list the claims that are right.",
                  judged_claims(lambda *claim: not off(*claim))),
    Misconception("tolerance of the claim",
                  "You allow for a share of the claimed number. The tolerance is a share of the "
                  "right one.",
                  judged_claims(lambda right, claimed, tolerance: (
                      abs(claimed - right) > tolerance * claimed))),
    Misconception("tolerance of both",
                  "Your tolerance is a share of both numbers, of their mean or of the larger one. "
                  "It is one of the right number.",
                  judged_claims(lambda right, claimed, tolerance: (
                      abs(claimed - right) > tolerance * (claimed + right) / 2)),
                  (judged_claims(lambda right, claimed, tolerance: (
                      abs(claimed - right) > tolerance * max(claimed, right))),)),
    Misconception("exactly at the limit",
                  "You also list a claim that is off by just as much as it may be. With tolerance "
                  "0 that is a claim without any error.",
                  judged_claims(lambda right, claimed, tolerance: (
                      abs(claimed - right) >= tolerance * right))),
    Misconception("claimed number given",
                  "Beside each claim you give the number that it claims. Give the right one.",
                  judged_claims(off, lambda number, right, claimed: (number, claimed))),
    Misconception("difference given",
                  "Beside each claim you give by how much it is off. Give the right number.",
                  judged_claims(off, lambda number, right, claimed: (
                      number, abs(claimed - right))),
                  (judged_claims(off, lambda number, right, claimed: (number, claimed - right)),
                   judged_claims(off, lambda number, right, claimed: (
                       number, right - claimed)))),
    Misconception("counted from 1",
                  "You number the claims from 1. As everywhere in Python, the first is number 0.",
                  judged_claims(off, lambda number, right, claimed: (number + 1, right))),
    Misconception("number of an equal claim",
                  "A claim that comes twice has the same number twice: index finds the first of "
                  "equal entries. What does your loop know of the place it is at?",
                  lambda claims, *case: [(claims.index(claims[number]), right) for number, right in
                                         judged_claims(off)(claims, *case)]),
    Misconception("2 % always",
                  "Your limit is 2 %, whatever the tolerance is.",
                  judged_claims(lambda right, claimed, t: abs(claimed - right) > 0.02 * right)),
    Misconception("ratio for difference",
                  "You compare a ratio with the tolerance: that of a right claim is 1, and not 0. "
                  "By how much is the claim off?",
                  judged_claims(lambda right, claimed, t: claimed / right > t)),
    Misconception("last claim alone",
                  "You know the last claim alone. Where does your list start to be empty?",
                  lambda *case: [one for one in judged_claims(off)(*case)
                                 if one[0] == len(case[0]) - 1]),
)
