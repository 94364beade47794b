"""A toy that shows how `check` speaks; no exercise of any lesson."""

from course_lib.judging.exercise import Exercise, Misconception

add_one = Exercise(
    name="add_one",
    reference=lambda number: number + 1,
    groups={"positive": lambda rng: [(1,), (41,)], "negative": lambda rng: [(-1,), (-7,)]},
    describe=lambda number: f"number = {number}",
    misconceptions=(Misconception(
        "sign lost", "Your results are the ones for numbers without their sign. What happens to a "
        "number below 0 in your function?", lambda number: abs(number) + 1),),
)
