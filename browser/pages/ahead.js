// Starts Python while JupyterLab's own code still loads; the kernel is handed it when it asks.
(() => {
  // Half an upload, or a connection that broke: JupyterLab then shows an empty page and no word.
  window.labFailed = "";
  window.addEventListener("error", ({ target }) => {
    if (target instanceof HTMLScriptElement) window.labFailed ||= `${target.src} was not found`;
  }, true);
  window.addEventListener("unhandledrejection", ({ reason }) => {
    const message = String(reason?.message ?? reason);
    if (/module script|imported module|loading chunk/i.test(message))
      window.labFailed ||= message.split("\n")[0];
  });

  const KERNEL = "/pyodide-kernel-extension/";
  const { src } = document.currentScript;
  const PYTHON = new URL(`python.js${new URL(src).search}`, src);
  const PATIENCE = 8000; // ms until the service worker counts as absent
  const files = navigator.serviceWorker;
  const Real = window.Worker;
  // served: a promise of whether Python sees the site's files; known: what was found before
  let python = null, served, known = null;

  const begun = () => {
    if (python) return python;
    python = new Real(PYTHON);
    window.pythonFailed = "";
    served = new Promise(told => {
      python.addEventListener("message", ({ data }) => {
        if (data && "_served" in data) told(data._served);
        window.pythonFailed ||= data?._failed;
      });
      python.addEventListener("error", event => {
        told(false);
        window.pythonFailed ||= event.message || "a file of the site was not found";
      });
    });
    return python;
  };

  window.Worker = new Proxy(Real, {
    construct(target, [url, ...options], made) {
      if (!String(url).includes(KERNEL)) return Reflect.construct(target, [url, ...options], made);
      const given = begun();
      python = null; // the next kernel, after a restart, gets another
      given.postMessage(String(url));
      return given;
    },
  });

  // The kernel asks this (browser/jupyterlite.py): are the site's files there for Python? It reads
  // them through the service worker, and would wait for ever if that is not between them.
  window.pythonHasFiles = async manager => {
    // At a restart at once: JupyterLab takes a kernel that is away for a moment for lost.
    if (known !== null) return known;
    // JupyterLite may register anew on a second visit: who is served already need not wait for it.
    if (manager && python && await served) return known = true;
    if (!files || !manager || await manager.ready.then(() => false, () => true))
      return known = false;
    const late = new Promise(after => setTimeout(after, PATIENCE));
    await Promise.race([files.ready, late]);
    begun();
    if (await served) return known = true;
    // It began before the service worker did.
    python.terminate();
    python = null;
    begun();
    return known = await served;
  };

  // Who comes for the first time shall read soon: JupyterLab is fetched first.
  if (files?.controller) return void begun();
  const waiting = setInterval(() => {
    if (!window.jupyterapp || !files?.controller) return;
    clearInterval(waiting);
    begun();
  }, 50);
})();
