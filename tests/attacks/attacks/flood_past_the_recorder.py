# The recorder inside is told to keep everything, and the reply grows as far as a frame may.
# stopped by: limits
# %% first
import gc

from autograder.sandbox.inside import recorder

recorder.MAX_OUTPUT = 10**12
print("armed")
print("x" * (50 * 2**20))
