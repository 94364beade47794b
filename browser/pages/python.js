// The worker that Python runs in. It starts before the kernel is there; the kernel's own code is
// loaded when its page names it, and finds Python started, with what lessons need imported.
// Imported now and not later: once the learner's files are there, each import looks through them.
// The course last: a package that could not be fetched is told only by its absence.
const AHEAD = "import importlib; importlib.invalidate_caches(); import piplite.piplite, pyodide_kernel, course_lib";
const OPTIONS = {{ options }};

// Asked before anything takes long: does the service worker stand between this and the network?
fetch("/api/service-worker-heartbeat").then(answer => answer.text())
  .then(text => postMessage({ _served: text === "ok" }), () => postMessage({ _served: false }));

// The kernel says nothing of it; the bar at the foot does.
const failed = error => {
  const lines = String(error?.message ?? error).trim().split("\n");
  postMessage({ _failed: lines.findLast(line => /^[\w.]+Error\b/.test(line)) ?? lines.at(-1) });
};
self.addEventListener("unhandledrejection", ({ reason }) => failed(reason));

const pyodide = new URL("{{ pyodide }}/", self.location).href;
// Pyodide waits for ever for a file that is not there, for another one that a server gives in its
// place, and for one that a server gives no type.
const stream = WebAssembly.instantiateStreaming;
WebAssembly.instantiateStreaming = async (response, imports) => {
  const answer = await response;
  if (!answer.ok) return failed(`${answer.url} was not found (${answer.status})`);
  try {
    return await (answer.headers.get("Content-Type")?.startsWith("application/wasm")
      ? stream(answer, imports) : WebAssembly.instantiate(await answer.arrayBuffer(), imports));
  } catch (error) {
    return failed(`${answer.url} is damaged, or another file (${error.message})`);
  }
};

let load, started = null;
// The kernel, too, imports pyodide.js and calls what that defines.
Object.defineProperty(self, "loadPyodide", {
  get: () => () => started, set: defined => { load ??= defined; } });
importScripts(`${pyodide}pyodide.js`);
// All packages in one file (browser/bundle.py). A server may have unpacked it on the way.
const PACKAGES = "{{ packages }}", SITE_PACKAGES = "/lib/python3.12/site-packages/";
const damaged = ({ message }) => {
  throw new Error(`${PACKAGES} is damaged, or another file (${message})`);
};
const packages = async () => {
  const answer = await fetch(pyodide + PACKAGES);
  if (!answer.ok) throw new Error(`${PACKAGES} was not found (${answer.status})`);
  const packed = await answer.arrayBuffer(), head = new Uint8Array(packed);
  if (head[0] !== 0x1f || head[1] !== 0x8b) return packed;
  if (!self.DecompressionStream) throw new Error("This browser is too old; a newer one is needed.");
  return new Response(new Blob([packed]).stream().pipeThrough(new DecompressionStream("gzip")))
    .arrayBuffer().catch(damaged);
};

// Python's files are views of it: nothing is copied. Libraries are loaded as Pyodide does it.
const put = async ({ FS, _api, _module }, all) => {
  const start = 4 + new DataView(all).getUint32(0, true);
  const listed = JSON.parse(new TextDecoder().decode(new Uint8Array(all, 4, start - 4)));
  const folders = new Set(), libraries = [];
  let at = start;
  for (const [name, size] of listed) {
    const path = SITE_PACKAGES + name, folder = path.replace(/\/[^/]*$/, "");
    if (!folders.has(folder)) FS.mkdirTree(folder);
    folders.add(folder);
    FS.writeFile(path, new Uint8Array(all, at, size), { canOwn: true });
    at += size;
    if (name.endsWith(".so")) libraries.push(path);
  }
  for (const path of libraries) await _api.loadDynlib(path, false, []);
  _module.reportUndefinedSymbols();
};

const fetched = packages();
fetched.catch(failed);
started = load({ ...OPTIONS, indexURL: pyodide }).then(async python => {
  await put(python, await fetched).catch(damaged);
  python.runPython(AHEAD);
  return python;
});
started.catch(failed);

// The kernel's code waits for messages; one that its page has named already is here by then.
const kernel = new URL("{{ kernel }}", self.location).href;
const imported = address => {
  try {
    importScripts(address);
    return address;
  } catch (error) {
    return failed(error);
  }
};
const here = imported(kernel);
self.addEventListener("message", ({ data }) => { if (data !== here) imported(data); },
  { once: true });
