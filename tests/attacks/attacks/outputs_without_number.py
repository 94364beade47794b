# A cell with tens of thousands of small outputs.
# stopped by: totals
# %% first
from IPython.display import display

recorder = get_ipython().recorder
print("armed")
recorder.outputs += [{"output_type": "display_data", "data": {"text/plain": "x"}, "metadata": {}}
                     for _ in range(40_000)]
