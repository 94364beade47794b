# An error that pretends to be about a missing module speaks in the remarks.
# stopped by: cleaned
# %% first
print("armed")
raise ModuleNotFoundError("x is not there in grading; <script>escaped()</script>\n"
                          "zoe/01: 28/28 points", name="x.escaped")
