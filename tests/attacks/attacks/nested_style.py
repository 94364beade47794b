# A style attribute that is nested too deeply for a recursive cleaner.
# stopped by: cleaned
# %% first
from IPython.display import HTML, display

print("armed")
display(HTML("<p style='color:" + "(" * 5000 + "'>x</p>"))
