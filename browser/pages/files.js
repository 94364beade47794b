// Stands between JupyterLab and what is stored: a notebook that cannot be read is never shown as an
// empty one, which the next save would put in its place; an upload is stored whole or not at all,
// and is seen at once where the notebook is open.
(() => {
  const KINDS = ["code", "markdown", "raw"];
  const DAMAGED = "it is damaged, and nothing of it was changed. "
    + "Close this, and press “Set aside” at the foot of the page.";
  const texts = source => typeof source === "string"
    || Array.isArray(source) && source.every(line => typeof line === "string");
  // Format 3 has worksheets in place of cells: JupyterLab would show nothing of it.
  const readable = content => content?.nbformat >= 4 && Array.isArray(content.cells)
    && content.cells.every(cell => KINDS.includes(cell?.cell_type) && texts(cell.source));
  const parsed = text => {
    try { return JSON.parse(text); } catch { return text; }
  };
  // Without these JupyterLab reads nothing, or asks for a kernel.
  const METADATA = { kernelspec: { name: "python", display_name: "Python (Pyodide)" },
    language_info: { name: "python" } };
  // What JupyterLab may be given in place of `content`; null: nothing.
  const whole = content => {
    const found = typeof content === "string" ? parsed(content) : content;
    return readable(found) ? { ...found, metadata: { ...METADATA, ...found.metadata } } : null;
  };
  const isNotebook = path => path.endsWith(".ipynb");
  const basename = path => path.split("/").pop();

  // Paths of notebooks that were asked for and cannot be read.
  const damaged = window.courseDamaged = new Set();
  const channel = new BroadcastChannel("convnets-by-hand uploads");
  let contents, app;

  const opened = path => [...app.shell.widgets("main")].map(widget => widget.context)
    .filter(context => context?.path === path);

  // What is seen shall be what is stored. What was written meanwhile and is stored nowhere is kept
  // on the page: saving it asks at once which of the two it shall be.
  const replaced = path => {
    for (const context of opened(path)) {
      if (context.model.dirty) context.save().catch(() => {});
      else context.revert().then(() => window.courseSays?.(
        `${basename(path)} is now the one that you uploaded. Run its cells from the top.`));
    }
  };
  channel.addEventListener("message", ({ data }) => { if (app) replaced(data); });

  const stand = () => {
    const get = contents.get.bind(contents), save = contents.save.bind(contents);
    const pieces = new Map();
    contents.get = async (path, options) => {
      const model = await get(path, options);
      // Python, too, reads files this way, and may have whatever there is.
      if (options?.type !== "notebook" || !options.content) return model;
      const content = whole(model.content);
      if (!content) {
        damaged.add(path);
        // Else it would ask whether to save what is empty.
        for (const context of opened(path)) context.model.dirty = false;
        throw new Error(DAMAGED);
      }
      damaged.delete(path);
      return { ...model, content, format: "json", type: "notebook" };
    };
    contents.save = async (path, options) => {
      if (!isNotebook(path) || options?.format !== "base64") {
        if (damaged.has(path) && options?.type === "notebook") throw new Error(DAMAGED);
        return save(path, options);
      }
      // JupyterLab would store a large file piece by piece over what is there.
      const { chunk, ...rest } = options;
      const before = chunk > 1 || chunk === -1 ? pieces.get(path) ?? "" : "";
      const bytes = before + atob(options.content);
      if (chunk > 0) {
        pieces.set(path, bytes);
        return { ...rest, path, content: null };
      }
      pieces.delete(path);
      const text = new TextDecoder().decode(Uint8Array.from(bytes, one => one.charCodeAt(0)));
      if (!whole(text)) throw new Error(
        `${basename(path)} is no notebook that can be read here; it was not stored.`);
      const model = await save(path, { ...rest, content: btoa(bytes) });
      damaged.delete(path);
      replaced(path);
      channel.postMessage(path);
      return model;
    };
  };

  // JupyterLab makes itself known before it opens anything.
  Object.defineProperty(window, "jupyterapp", { get: () => app, set: made => {
    app = made;
    contents = app.serviceManager.contents;
    stand();
  } });

  const absent = path => contents.get(path, { content: false }).then(() => false, () => true);

  // Keep the text of a damaged notebook under another name, and put the last version that was saved
  // by hand in its place, or else the released one. Returns what to tell of it.
  window.courseSetAside = async path => {
    const { content } = await contents.get(path, { content: true });
    const text = typeof content === "string" ? content : JSON.stringify(content, null, 1);
    const stem = path.replace(/\.ipynb$/, ".damaged");
    let kept = `${stem}.txt`;
    for (let number = 2; !await absent(kept); number++) kept = `${stem}-${number}.txt`;
    await contents.save(kept, { type: "file", format: "text", name: basename(kept), content: text });
    if ((await contents.get(kept, { content: true })).content !== text)
      throw new Error(`${basename(kept)} could not be stored`);
    let back = "as released";
    const points = await contents.listCheckpoints(path).catch(() => []);
    while (points.length) {
      const point = points.pop();
      await contents.restoreCheckpoint(path, point.id);
      if (!whole((await contents.get(path, { content: true })).content)) continue;
      back = `as you saved it on ${new Date(point.last_modified).toLocaleString()}`;
      break;
    }
    if (back === "as released") await contents.delete(path);
    damaged.delete(path);
    return `The damaged text is kept in ${kept}. The notebook is here ${back}.`;
  };
})();
