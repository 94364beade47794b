"""Wheels and standard library as the site carries them: less than was published, compiled ahead.

What was fetched has been checked by its hash (parts.py). Then tests, type stubs, sample data and
the like are left out, and modules become bytecode: compiling them in each visitor's browser took
three quarters of the time that imports take.
"""

import hashlib
import json
import re
import shutil
import subprocess
import sys
import tempfile
import zipfile
from fnmatch import fnmatch
from pathlib import Path

from autograder.errors import GradingError
from browser import parts

# Of Python 3.12, which Pyodide of this version is. Bytecode of another would not be read.
MAGIC = (3531).to_bytes(2, "little") + b"\r\n"
# Where the modules lie in the browser.
_PACKAGES, _STANDARD = "/lib/python3.12/site-packages", "/lib/python312.zip"
STANDARD = "python_stdlib.zip"
# What a verdict or a traceback may show lines of keeps its source.
WITH_SOURCE = ("course_lib/*",)
LEFT_OUT = (
    "*/tests/*", "*.dist-info/RECORD", "numpy/*.pyi", "matplotlib/*.pyi", "mpl_toolkits/*.pyi",
    "*.a", "*.h", "*.pxd", "*.pyx", "*.exe", "numpy/f2py/*", "numpy/_core/_simd.*",
    "numpy/_core/_[oru]*_tests.*", "numpy/_core/_struct_ufunc_tests.*",
    "numpy/linalg/lapack_lite.*", "matplotlib/_ttconv.*", "PIL/_imagingm*",
    "matplotlib/mpl-data/sample_data/*", "matplotlib/mpl-data/images/*",
    "matplotlib/mpl-data/fonts/afm/*", "matplotlib/mpl-data/fonts/pdfcorefonts/*",
    *(f"matplotlib/mpl-data/fonts/ttf/DejaVu{name}.ttf" for name in (
        "Sans-BoldOblique", "SansMono-Bold*", "SansMono-Oblique", "Serif*")),
    "matplotlib/mpl-data/fonts/ttf/STIX*Bol*.ttf",
    *(f"matplotlib/backends/{name}*" for name in (
        "web_backend/", "backend_gtk", "backend_qt", "backend_tk", "backend_wx", "backend_webagg",
        "backend_nbagg", "backend_macosx", "backend_cairo", "backend_pgf", "backend_ps",
        "backend_pdf", "_backend_pdf", "_backend_gtk", "_backend_tk", "qt_")),
    "matplotlib/sphinxext/*", "matplotlib/testing/*", "mpl_toolkits/axisartist/*",
    "IPython/sphinxext/*", "IPython/testing/plugin/*", "IPython/terminal/[!_p]*",
    "IPython/terminal/p[!t]*", "IPython/terminal/ptu*", "dateutil/zoneinfo/*.tar.gz",
    "pydoc_data/*", "ensurepip/*", "PIL/_webp*", "PIL/_imagingtk*", "PIL/_imagingcms*",
    "encodings/mac_*", "encodings/cp[57689]*", "encodings/cp1[01]*", "encodings/*_jisx*",
    "encodings/iso8859_[2-9]*", "encodings/iso8859_1[0-9]*", "encodings/koi8*",
    "pygments/lexers/*")
KEPT_ALL_THE_SAME = tuple(f"pygments/lexers/{name}.py" for name in (
    "__init__", "_mapping", "python", "special"))
_FONTS = "matplotlib/fontlist.json"
# IPython imports this at each start, and with it its whole terminal, which a browser has not.
_TERMINAL = "IPython/terminal/embed.py"
_NO_TERMINAL = """
def embed(**keywords):
    raise RuntimeError("there is no terminal in a browser")
"""
# What takes long at each start and serves nobody there: {module: ((what stands there once, what
# stands there then), ...)}.
_CHANGES = {
    # A docstring for the method `set` of each of a hundred classes: a sixth of all imports' time.
    "matplotlib/artist.py": (("        cls._update_set_signature_and_docstring()\n", ""),),
    # The history of earlier sessions, which the kernel in a browser keeps none of.
    "IPython/core/history.py": (("\nimport sqlite3\n", """
class sqlite3:
    Connection = DatabaseError = IntegrityError = OperationalError = type("Never", (Exception,), {})
"""),),
    # micropip is loaded once something is installed.
    "piplite/piplite.py": (
        ("from unittest.mock import patch\n", ""),
        ("""import micropip
from micropip.package_index import ProjectInfo
from micropip.package_index import query_package as _MP_QUERY_PACKAGE
from micropip.package_index import fetch_string_and_headers as _MP_FETCH_STRING
""", """
async def _begin():
    global micropip, patch, ProjectInfo, _MP_QUERY_PACKAGE, _MP_FETCH_STRING
    import pyodide_js
    await pyodide_js.loadPackage("micropip")
    from unittest.mock import patch
    import micropip
    from micropip.package_index import ProjectInfo
    from micropip.package_index import query_package as _MP_QUERY_PACKAGE
    from micropip.package_index import fetch_string_and_headers as _MP_FETCH_STRING

"""),
        (") -> ProjectInfo:", "):"),
        ("""with a patch to get data from local indexes\"\"\"
""", """with a patch to get data from local indexes\"\"\"
    await _begin()
""")),
}
# What no lesson imports is not worth the room that its bytecode takes.
AS_SOURCE = (
    "unittest/async_case.py", "multiprocessing/*", "xml/etree/*", "xml/sax/*",
    "xml/dom/[ep]*", "xmlrpc/*", "wsgiref/*", "mailbox.py", "_pyio.py", "_pydatetime.py",
    "numpy/polynomial/*", "numpy/testing/*", "pygments/styles/*", "pygments/formatters/*",
    "mpl_toolkits/axes_grid1/*", "PIL/*Plugin.py", "PIL/PdfParser.py",
    "matplotlib/animation.py", "matplotlib/_type1font.py", "contourpy/util/*",
    "packaging/licenses/*", "tqdm/contrib/*", "asyncio/windows*", "asyncio/proactor*")
# Imported at each start of Python, or with the first picture: to compile anew what is imported then
# took half a second of each visit.
BYTECODE_ALL_THE_SAME = (
    "pygments/styles/_*", "pygments/formatters/_*", "pygments/formatters/html.py",
    "pygments/formatters/terminal256.py",
    *(f"PIL/{name}ImagePlugin.py" for name in ("Bmp", "Gif", "Jpeg", "Png", "Ppm")))
# Whose docstrings a learner may ask for; the rest goes without.
_READ = "course_lib|numpy|ipywidgets|tqdm"
_COMPILE = """
import compileall, py_compile, re
for folder, prefix in {folders!r}.items():
    for optimize, rx in (0, f"{{folder}}/(?!({read})/)"), (2, f"{{folder}}/({read})/"):
        compileall.compile_dir(folder, quiet=2, force=True, rx=re.compile(rx), optimize=optimize,
            stripdir=folder, prependdir=prefix,
            invalidation_mode=py_compile.PycInvalidationMode.UNCHECKED_HASH)
"""
# The same by the Pyodide that the site carries, where Node.js is.
_NODE = """
const [core, folder, code] = process.argv.slice(1);
const { loadPyodide } = await import(core + "/pyodide.mjs");
const python = await loadPyodide({ indexURL: core + "/" });
python.FS.mkdirTree(folder);
python.FS.mount(python.FS.filesystems.NODEFS, { root: folder }, folder);
python.runPython(code);
"""


def carried(wheels, kept, core):
    """Write wheels and standard library as they are carried into `kept`; returns {name: path}.

    wheels  the wheels, and python_stdlib.zip, as they were published
    core    {name: path} of Pyodide's core, which compiles where no Python 3.12 is here

    What an earlier call wrote is used again. Raises GradingError if compiling fails.
    """
    folder = Path(kept) / "carried"
    compiler = _compiler()
    recipe = hashlib.sha256(Path(__file__).read_bytes() + str(bool(compiler)).encode()).hexdigest()
    ready = {path.name: folder / f"{_digest(path)[:16]}-{recipe[:8]}" / path.name
             for path in map(Path, wheels)}
    lacking = [path for path in map(Path, wheels) if not ready[path.name].is_file()]
    if lacking:
        with tempfile.TemporaryDirectory() as scratch:
            scratch = Path(scratch).resolve()
            folders = {path: scratch / ("standard" if path.name == STANDARD else "packages")
                       for path in lacking}
            names = {path: _unpacked(path, folder) for path, folder in folders.items()}
            if compiler:
                _compiled(compiler, scratch, core)
            for path, members in names.items():
                _pack(folders[path], members, ready[path.name])
    for path in folder.iterdir():
        if path not in {one.parent for one in ready.values()}:
            shutil.rmtree(path)
    return ready


def compiles():
    """True if modules can be compiled ahead on this machine."""
    return bool(_compiler())


def entry(path, depends=(), imports=()):
    """Pyodide's lock entry of the wheel at `path`."""
    name, version = Path(path).name.split("-")[:2]
    return {"name": name.lower().replace("_", "-"), "version": version,
            "file_name": Path(path).name, "sha256": _digest(path), "depends": list(depends),
            "imports": list(imports), "install_dir": "site", "package_type": "package",
            "unvendored_tests": False}


def named_by_content(path):
    """The name of a wheel with a build number that tells its content.

    So no cache between a server and a browser hands out an older one, whose hash would be wrong.
    """
    name, version, *tags = Path(path).name.split("-")
    return "-".join([name, version, f"0{_digest(path)[:10]}", *tags])


def _digest(path):
    return hashlib.sha256(Path(path).read_bytes()).hexdigest()


def _is_one_of(patterns, name):
    return any(fnmatch(name, pattern) for pattern in patterns)


def _is_left_out(name):
    return _is_one_of(LEFT_OUT, name) and name not in KEPT_ALL_THE_SAME


def _is_source(name):
    return _is_one_of(AS_SOURCE, name) and not _is_one_of(BYTECODE_ALL_THE_SAME, name)


def _unpacked(path, folder):
    """Unpack what is carried of a wheel into `folder`; returns the names."""
    with zipfile.ZipFile(path) as archive:
        names = [name for name in archive.namelist()
                 if not name.endswith("/") and not _is_left_out(name)]
        folder.mkdir(exist_ok=True)
        archive.extractall(folder, names)
    for name in _CHANGES.keys() & set(names):
        _change(folder / name, _CHANGES[name])
    if _FONTS in names:
        _mend_fonts(folder)
    if "IPython/terminal/__init__.py" in names:
        (folder / _TERMINAL).write_text(_NO_TERMINAL, encoding="utf-8")
        names.append(_TERMINAL)
    return names


def _change(path, changes):
    text = path.read_text(encoding="utf-8")
    for old, new in changes:
        if old not in text:
            raise GradingError(f"{path.name} of {path.parent.name} has changed its form")
        text = text.replace(old, new)
    path.write_text(text, encoding="utf-8")


def _mend_fonts(folder):
    """This wheel's list of fonts names a version that its matplotlib does not read.

    So each visit would look for fonts anew and say so below a cell.
    """
    manager = (folder / "matplotlib/font_manager.py").read_text(encoding="utf-8")
    found = re.search(r"^    __version__ = (\d+)$", manager, re.MULTILINE)
    if found is None:
        raise GradingError("matplotlib's font_manager.py has changed its form")
    fonts = json.loads((folder / _FONTS).read_text(encoding="utf-8"))
    fonts |= {"_version": int(found[1]), "afmlist": [], "ttflist": [
        font for font in fonts["ttflist"]
        if (folder / "matplotlib/mpl-data" / font["fname"]).is_file()]}
    (folder / _FONTS).write_text(json.dumps(fonts), encoding="utf-8")


def _compiler():
    """"python" or "node" and its command, whichever can compile here; None if neither can."""
    asked = "import importlib.util as u, sys; sys.stdout.buffer.write(u.MAGIC_NUMBER)"
    for command in filter(None, (sys.executable, shutil.which("python3.12"))):
        if subprocess.run([command, "-c", asked], capture_output=True).stdout == MAGIC:
            return "python", command
    node = shutil.which("node")
    return ("node", node) if node else None


def _compiled(compiler, scratch, core):
    """Compile all modules below `scratch`, each under the name that it has in the browser."""
    kind, command = compiler
    code = _COMPILE.format(read=_READ, folders={
        str(scratch / "packages"): _PACKAGES, str(scratch / "standard"): _STANDARD})
    if kind == "python":
        call = [command, "-W", "ignore", "-c", code]
    else:
        lies = scratch / "core"
        lies.mkdir()
        for name, path in core.items():
            shutil.copy(path, lies / name)
        (lies / "pyodide-lock.json").write_text(
            json.dumps({"info": parts.LIST["info"], "packages": {}}))
        call = [command, "--input-type=module", "-e", _NODE, str(lies), str(scratch), code]
    done = subprocess.run(call, capture_output=True, text=True)
    if done.returncode or not any(scratch.rglob("*.pyc")):
        raise GradingError("the site's modules could not be compiled: "
                           f"{(done.stderr.strip().splitlines() or ['no reason given'])[-1]}")


def _pack(folder, names, target):
    """Write the wheel of `names` below `folder`, with bytecode where there is some."""
    target.parent.mkdir(parents=True, exist_ok=True)
    with tempfile.TemporaryDirectory(dir=target.parent, prefix=".pack-") as scratch:
        fresh = Path(scratch) / target.name
        with zipfile.ZipFile(fresh, "w", zipfile.ZIP_DEFLATED, compresslevel=9) as archive:
            for name in sorted(names):
                path = folder / name
                compiled = next(path.parent.glob(f"__pycache__/{path.stem}.cpython-312*.pyc"),
                                path) if path.suffix == ".py" else path
                has_code = compiled != path and not _is_source(name)
                keeps = _is_one_of(WITH_SOURCE, name)
                if keeps or not has_code:
                    archive.writestr(zipfile.ZipInfo(name), path.read_bytes(),
                                     zipfile.ZIP_DEFLATED)
                if has_code:
                    lies = (compiled.relative_to(folder) if keeps
                            else Path(name).with_suffix(".pyc"))
                    archive.writestr(zipfile.ZipInfo(lies.as_posix()), compiled.read_bytes(),
                                     zipfile.ZIP_DEFLATED)
        fresh.replace(target)
