"""Benchmarks: run `python -m bench.layers` or `make bench`."""
