# Scripts in every kind of output that a page may show.
# stopped by: cleaned
# %% first
from IPython.display import HTML, SVG, Javascript, Latex, Markdown, display

EVIL = "<script>escaped()</script><img src=x onerror=escaped()><a href='javascript:escaped()'>x"
for kind in (HTML, Markdown, Latex, Javascript):
    display(kind(EVIL))
display({"text/html": EVIL, "image/svg+xml": f"<svg onload='escaped()'>{EVIL}</svg>",
         "application/javascript": "escaped()", "text/vnd.mermaid": EVIL,
         "image/png": "\"><script>escaped()</script>", "text/markdown": EVIL}, raw=True)
print("armed")
