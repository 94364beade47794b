// A bar at the foot of every notebook: its file, an end for a cell that runs too long, the way
// back; and what Python is doing, in words that a screen reader hears.
(() => {
  const WORDS = {
    loading: "Python is starting. Read on meanwhile.",
    idle: "Kept in this browser only: download before you clear its data.",
    busy: "Running. Too long? Press Stop: what you wrote stays.",
    unstarted: "Python did not start. Reload the page; what you wrote stays. It said: ",
    dead: "Python has ended. Press Restart, then run the cells from the top.",
    blank: "This page did not load whole. Reload it; what you wrote stays. It said: ",
    file: "Opened as a file this page cannot run lessons: they need a web server.",
    walled: "The frame around this page lets no lesson run. Open this address in a tab: ",
    damaged: "This notebook is damaged; nothing was changed. Set aside keeps its text, and opens the lesson.",
    absent: "There is no notebook of this name here. Choose one under Lessons.",
    twice: "Open in another tab, too. Work in one of them, and close the other.",
    failed: "Not saved: the browser has no room, or refused. Download now.",
    refused: "Not kept: this browser stores nothing here. Download before you leave.",
  };
  const PATIENCE = 5000;   // ms until a request to stop counts as unheard
  const ASIDE = "convnets-by-hand aside"; // what to say after the page was loaded anew
  const REQUEST = ".stop"; // course_lib/lab/in_browser.py looks for it

  const bar = document.createElement("footer");
  bar.id = "course-bar";
  const add = (tag, text, title) => {
    const made = document.createElement(tag);
    made.textContent = text;
    if (title) made.title = title;
    bar.append(made);
    return made;
  };
  const lessons = add("a", "Lessons", "All lessons");
  lessons.href = "../index.html";
  const own = add("a", "Own tab", "Open this notebook in a tab of its own, and work there");
  own.href = location.href;
  own.target = "_blank";
  own.rel = "noopener";
  own.hidden = window.top === window;
  // A frame may be forbidden to open tabs, and says nothing of it.
  own.addEventListener("click", event => {
    event.preventDefault();
    const tab = window.open(own.href);
    if (tab) tab.opener = null;
    else say(`The frame around this page opens no tabs. Copy this address into one: ${own.href}`);
  });
  const download = add("button", "Download", "This notebook as a file: to hand in, or to keep");
  const stop = add("button", "Stop", "End the cell that runs; what you wrote stays");
  const restart = add("button", "Restart", "Start Python afresh; what you wrote stays");
  restart.hidden = true;
  const aside = add("button", "Set aside", "Keep the damaged text as a file, and open the lesson");
  aside.hidden = true;
  const said = add("output", WORDS.loading);
  document.body.append(bar);

  const app = () => window.jupyterapp;
  const widget = () => app()?.shell.currentWidget;
  const session = () => widget()?.sessionContext;
  const status = () => session()?.session?.kernel?.status;
  const named = new URLSearchParams(location.search).get("path");
  const path = () => widget()?.context?.path || named;
  // JupyterLab with its list of files closes a notebook that it cannot read.
  const damaged = () => [...window.courseDamaged].find(
    one => one === path() || location.pathname.includes("/lab/"));
  let absent = false, twice = false, failed = false, refused = false, unsaved = false;

  const state = () => {
    // From a file, or in a frame's sandbox without allow-same-origin, nothing can be fetched.
    if (window.origin === "null") return location.protocol === "file:" ? "file" : "walled";
    const now = status();
    if (!app() && window.labFailed || !window.pythonHasFiles || !window.courseDamaged) return "blank";
    if (damaged()) return "damaged";
    if (now === "dead" || now === "busy") return now;
    // JupyterLab may show no notebook at all.
    const none = app() && !named && !session();
    if (now !== "idle" && !none)
      return absent ? "absent" : window.pythonFailed ? "unstarted" : "loading";
    return failed ? "failed" : refused ? "refused" : twice ? "twice" : "idle";
  };

  let shown = "loading", since = Date.now(), told = 0;
  const say = window.courseSays = text => { said.textContent = text; told = Date.now(); };
  try {
    if (sessionStorage.getItem(ASIDE)) say(sessionStorage.getItem(ASIDE));
    sessionStorage.removeItem(ASIDE);
  } catch { /* a frame that may store nothing */ }
  const watched = new WeakSet();
  setInterval(() => {
    const context = widget()?.context;
    if (context?.saveState && !watched.has(context)) {
      watched.add(context);
      context.saveState.connect((_, how) => { if (how !== "started") failed = how === "failed"; });
    }
    const now = state();
    if (now !== shown) { shown = now; since = Date.now(); }
    // A short run says nothing, and what was just said is left to be read.
    if (now === "busy" && Date.now() - since < 3000) return;
    const words = WORDS[now] + ({ unstarted: window.pythonFailed, blank: window.labFailed || "ahead.js was not found",
      walled: location.href }[now] ?? "");
    if (Date.now() - told < 8000 || said.textContent === words) return;
    said.textContent = words;
    restart.hidden = now !== "dead";
    aside.hidden = now !== "damaged";
  }, 500);

  download.addEventListener("click", async () => {
    try {
      if (!app() || !(damaged() ?? path())) return say("Open a notebook first, then download it.");
      // What cannot be saved can still be downloaded.
      const context = damaged() ? null : widget()?.context, wanted = damaged() ?? path();
      context?.save().catch(() => {});
      const content = context ? context.model.toJSON()
        : (await app().serviceManager.contents.get(wanted, { content: true })).content;
      const text = typeof content === "string"
        ? content : JSON.stringify(content, null, 1) + "\n";
      const link = document.createElement("a");
      link.href = URL.createObjectURL(new Blob([text], { type: "application/octet-stream" }));
      link.download = wanted.split("/").pop();
      link.click();
      setTimeout(() => URL.revokeObjectURL(link.href), 60000);
      unsaved = false;
      // A frame may be forbidden to download, too: nobody learns whether it was.
      say(`${link.download} was downloaded.${own.hidden ? "" : " No file? The frame around this "
        + "page forbids it: press Own tab, and copy your answers there."}`);
    } catch (error) {
      say(`Not downloaded (${error.message}). In the list of files, open the file's menu and `
        + "choose Download.");
    }
  });

  const waited = async (milliseconds, reached) => {
    const end = Date.now() + milliseconds;
    while (Date.now() < end && !reached()) await new Promise(after => setTimeout(after, 200));
    return reached();
  };

  // To save a file that is not there yet would leave a second one, "untitled.", beside it.
  const write = async (contents, content) => {
    if (!await contents.get(REQUEST, { content: false }).catch(() => null)) {
      const made = await contents.newUntitled({ type: "file", ext: ".txt" });
      await contents.rename(made.path, REQUEST);
    }
    await contents.save(REQUEST, { type: "file", format: "text", content });
  };

  async function ask() {
    if (state() === "loading") return say("Python is still starting: nothing runs yet.");
    if (state() !== "busy") return say("Nothing is running.");
    say("Stopping.");
    const contents = app().serviceManager.contents;
    try {
      // The folder tells whose cell is meant: Python may run in other tabs, too.
      const folder = `/drive/${path()}`.replace(/\/[^/]*$/, "");
      await write(contents, `${Date.now()} ${folder}`);
      const heard = await waited(PATIENCE, () => state() !== "busy");
      // Emptied, never deleted: Python would wait for ever for a file that it has seen before.
      await write(contents, " ");
      if (heard) return say("Stopped. What you wrote is still there.");
    } catch { /* then only a restart helps */ }
    restart.hidden = false;
    say("It does not listen. Press Restart: what you wrote stays, then run from the top.");
    restart.focus();
  }
  stop.addEventListener("click", ask);

  restart.addEventListener("click", async () => {
    restart.hidden = true;
    say("Python starts afresh.");
    try {
      await widget().context?.save();
      await session().restartKernel();
      say("Python is fresh. Run the cells from the top: menu Run.");
    } catch (error) {
      say(`Not restarted (${error.message}). Reload the page: what you wrote is saved.`);
    }
  });

  aside.addEventListener("click", async () => {
    try {
      sessionStorage.setItem(ASIDE, await window.courseSetAside(damaged()));
      location.reload();
    } catch (error) {
      say(`Not set aside (${error.message}). Nothing was changed: press Download, and keep that.`);
    }
  });

  // JupyterLab's own ways to interrupt do nothing here; they get the same.
  const INTERRUPT = new Set(["kernelmenu:interrupt", "notebook:interrupt-kernel"]);
  const began = setInterval(() => {
    if (!app()?.commands || !app().serviceManager) return;
    clearInterval(began);
    app().commands.commandExecuted.connect((_, done) => { if (INTERRUPT.has(done.id)) ask(); });
    if (named) app().serviceManager.contents.get(named, { content: false })
      .catch(() => { absent = true; });
  }, 500);

  // A phone may close a page that is out of sight without asking.
  document.addEventListener("visibilitychange", () => {
    if (document.hidden && !damaged() && widget()?.context?.model?.dirty) widget().context.save();
  });

  // Some private windows, and frames in pages of others, are refused all storage. JupyterLite then
  // keeps files in memory; whoever leaves with what is in no file is asked whether to.
  const refuse = () => { refused = true; };
  try {
    const trial = indexedDB.open("convnets-by-hand-trial");
    trial.onsuccess = () => trial.result.close();
    trial.onerror = refuse;
  } catch { refuse(); }
  document.addEventListener("input", () => { unsaved = true; }, true);
  window.addEventListener("beforeunload", event => {
    if (refused && unsaved) event.preventDefault();
  });

  // What is written in one of two tabs is not in the other: who comes second is told so. The lock
  // ends with its tab.
  const claim = options => navigator.locks.request(`convnets ${named}`, options, async lock => {
    twice = !lock;
    await (lock ? new Promise(() => {}) : claim({}));
  });
  if (named && navigator.locks) claim({ ifAvailable: true }).catch(() => {});
})();
