"""What is changed in JupyterLite's own files, which were made for more than this site needs."""

import json
import os
import re
import shutil
import subprocess
from datetime import UTC, datetime

from autograder import course
from autograder.errors import GradingError

KERNEL = "extensions/@jupyterlite/pyodide-kernel-extension/static"
# (files, what stands there once, what stands there then)
CHANGES = (
    # Without a cache of its own the service worker has no business with the site's files, and each
    # one would take the way through it. It answers Python, which asks for a learner's files.
    ("service-worker.js", r":shouldDrop\(", ":!enableCache||shouldDrop("),
    # Where the browser knows how, nothing else even waits for it to start.
    ("service-worker.js", r"function onInstall\((\w+)\)\{",
     r'function onInstall(\1){\1.addRoutes?.({condition:{not:{urlPattern:{pathname:"*/api/*"}}},'
     r'source:"network"}).catch(()=>{});'),
    # A kernel asked for before the service worker is there would never see a learner's files; one
    # that the service worker does not serve would wait for them for ever (pages/ahead.js).
    (f"{KERNEL}/*.js",
     r"=!\(!\(null==(\w+)\?void 0:\1\.enabled\)&&!crossOriginIsolated\)",
     r"=await window.pythonHasFiles(\1)"),
    # Half a notebook or half a JSON file that Python writes was an error here, which nobody told
    # Python: it waited for ever. Now it is stored as the text that it is.
    ("build/*.js",
     r'content:"json"===(\w+)\.data\.format\?JSON\.parse\(\1\.data\.data\):\1\.data\.data,type:"file",'
     r'format:\1\.data\.format',
     r'...(given=>{try{return{content:"json"===given.format?JSON.parse(given.data):given.data,'
     r'format:given.format}}catch{return{content:given.data,format:"text"}}})(\1.data),type:"file"'),
    # Each editor of a page wrote all styles anew, and the browser then looked at the whole page: on
    # a lesson's sixty cells half a second.
    ("build/*.js", r"this\.styleTag\.textContent=(\w+);",
     r"this.styleTag.textContent!==\1&&(this.styleTag.textContent=\1);"),
)


def kernel_code(site):
    """The path within `site` of the code that the kernel loads into its worker."""
    for path in (site / KERNEL).glob("*.js"):
        found = re.search(r":new Worker\(new URL\(\w+\.p\+\w+\.u\((\d+)\)",
                          path.read_text(encoding="utf-8"))
        if found:
            (code,) = (site / KERNEL).glob(f"{found[1]}.*.js")
            return f"{KERNEL}/{code.name}?v={code.name.split('.')[1]}"
    raise GradingError("the kernel of JupyterLite has changed its form")


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
    # Not the time of this build: the same course gives the same bytes.
    released = _released()
    for path in site.glob("api/contents/**/all.json"):
        listing = json.loads(path.read_text(encoding="utf-8"))
        for entry in (listing, *listing["content"]):
            entry |= {"created": released, "last_modified": released}
        path.write_text(json.dumps(listing, indent=1), encoding="utf-8")


def _released():
    """When the lessons were changed last, as contents of Jupyter tell times."""
    seconds = os.environ.get("SOURCE_DATE_EPOCH", "")
    if not seconds and shutil.which("git"):
        seconds = subprocess.run(["git", "log", "-1", "--format=%ct", "--", course.ASSIGNMENTS],
                                 cwd=course.ROOT, capture_output=True, text=True).stdout
    if not seconds.strip():
        seconds = max(path.stat().st_mtime for path in course.ASSIGNMENTS.glob("*/*.ipynb"))
    moment = datetime.fromtimestamp(int(float(seconds)), UTC)
    return moment.isoformat().replace("+00:00", "Z")
