"""python -m autograder WORD: the same as convnets WORD."""

import sys

from autograder.commands import main

if __name__ == "__main__":
    sys.exit(main())
