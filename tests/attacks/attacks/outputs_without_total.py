# Many cells, each of which shows as much as a cell may.
# stopped by: totals
# %% first
from autograder.sandbox.inside import recorder

recorder.MAX_OUTPUT = 10**9
print("armed", "x" * (7 * 2**20))
# %% first
from autograder.sandbox.inside import recorder

recorder.MAX_OUTPUT = 10**9
print("armed", "x" * (7 * 2**20))
# %% first
from autograder.sandbox.inside import recorder

recorder.MAX_OUTPUT = 10**9
print("armed", "x" * (7 * 2**20))
# %% first
from autograder.sandbox.inside import recorder

recorder.MAX_OUTPUT = 10**9
print("armed", "x" * (7 * 2**20))
# %% first
from autograder.sandbox.inside import recorder

recorder.MAX_OUTPUT = 10**9
print("armed", "x" * (7 * 2**20))
