"""The autograder: builds the course's notebooks and grades a class of submissions."""

import os
import sys

# jsonschema, which nbformat asks whether a notebook is one, would compile grammars of web addresses
# first. That takes longer than to look through a class of 300, and no schema of a notebook names
# such an address.
sys.modules.setdefault("rfc3987_syntax", None)

# A process of grading for each core, and NumPy's matrix products take as many threads again: they
# wait for each other, and a thin product takes eight times as long. This holds from NumPy's first
# import on.
os.environ.setdefault("OPENBLAS_NUM_THREADS", "1")
