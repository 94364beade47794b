"""Grading a class: collect the submissions, grade them in parallel, record, report."""
