# Data of an output that is nested hundreds of times.
# stopped by: cleaned
# %% first
from IPython.display import display

deep = 1
for _ in range(800):
    deep = [deep]
print("armed")
display({"application/json": deep, "text/plain": "x"}, raw=True)
