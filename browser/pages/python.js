// The worker that Python runs in. It starts before the kernel is there; the kernel's own code is
// loaded when its page names it, and finds Python started, with what lessons need imported.
// Imported now and not later: once the learner's files are there, each import looks through them.
// The course last: a package that could not be fetched is told only by its absence.
const AHEAD = "import piplite.piplite, pyodide_kernel, course_lib";
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
// Pyodide waits for ever for a file that is not there, and for one that a server gives no type.
const stream = WebAssembly.instantiateStreaming;
WebAssembly.instantiateStreaming = async (response, imports) => {
  const answer = await response;
  if (!answer.ok) return failed(`${answer.url} was not found (${answer.status})`);
  return answer.headers.get("Content-Type")?.startsWith("application/wasm")
    ? stream(answer, imports) : WebAssembly.instantiate(await answer.arrayBuffer(), imports);
};

let load, started = null;
// The kernel, too, imports pyodide.js and calls what that defines.
Object.defineProperty(self, "loadPyodide", {
  get: () => () => started, set: defined => { load ??= defined; } });
importScripts(`${pyodide}pyodide.js`);
started = load({ ...OPTIONS, indexURL: pyodide }).then(python => {
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
