"""The autograder: builds the course's notebooks and grades a class of submissions."""

import sys

# jsonschema, which nbformat asks whether a notebook is one, would compile grammars of web addresses
# first. That takes longer than to look through a class of 300, and no schema of a notebook names
# such an address.
sys.modules.setdefault("rfc3987_syntax", None)
