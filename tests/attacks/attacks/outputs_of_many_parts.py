# Data of an output with many thousands of small parts, of many kinds.
# stopped by: totals
# %% first
from IPython.display import display

print("armed")
display({"application/json": [{"k": [[]]}] * 10_000, "text/plain": "x"}, raw=True)
display({f"application/x{n}+json": [n] for n in range(4_000)}, raw=True)
