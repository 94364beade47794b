# Output without end, in many ways.
# stopped by: limits
# %% first
import sys

from IPython.display import display

print("armed")
for number in range(20000):
    print("x" * 1000)
    print("y" * 1000, file=sys.stderr)
    display(number)
"z" * 10**7
