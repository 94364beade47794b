"""The wrong algorithms that people write; a module has the name of its exercises' module."""
