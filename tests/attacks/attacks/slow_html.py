# HTML that takes a cleaning program minutes, though it is small.
# stopped by: limits
# %% first
from IPython.display import HTML, display

print("armed")
display(HTML("<div>" * 40000))
display(HTML("<p " + " ".join(f"a{i}=1" for i in range(60000)) + ">"))
