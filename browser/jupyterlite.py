"""What is changed in JupyterLite's own files, which were made for more than this site needs."""

import re

from autograder.errors import GradingError

# (files, what stands there once, what stands there then)
CHANGES = (
    # Without a cache of its own the service worker has no business with the site's files, and each
    # one would take the way through it. It answers Python, which asks for a learner's files.
    ("service-worker.js", r":shouldDrop\(", ":!enableCache||shouldDrop("),
    # A kernel asked for before the service worker is there would never see a learner's files; one
    # that the service worker does not serve would wait for them for ever (pages/ahead.js).
    ("extensions/@jupyterlite/pyodide-kernel-extension/static/*.js",
     r"=!\(!\(null==(\w+)\?void 0:\1\.enabled\)&&!crossOriginIsolated\)",
     r"=await window.pythonHasFiles(\1)"),
)


def change(site):
    """Make the changes in the files of `site`. Raises GradingError if one finds no place."""
    for files, old, new in CHANGES:
        made = 0
        for path in site.glob(files):
            text, times = re.subn(old, new, path.read_text(encoding="utf-8"))
            if times:
                path.write_text(text, encoding="utf-8")
                made += times
        if made != 1:
            raise GradingError(f"{files} of JupyterLite has changed its form")
