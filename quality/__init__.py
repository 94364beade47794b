"""How good the grader is, measured: run `python -m quality` or `make mutants`."""
