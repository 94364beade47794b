"""The wrong algorithms that people write, each under the name of its exercises' module."""
