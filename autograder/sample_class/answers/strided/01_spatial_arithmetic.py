# Full marks: the same answers as `loops`.
# base: loops
