// A bar at the foot of every notebook: where the work lives, its file, the way back.
(() => {
  const bar = document.createElement("footer");
  bar.id = "course-bar";
  const download = document.createElement("button");
  download.textContent = "Download";
  download.title = "Save this notebook as a file: hand it in, or keep it";
  const start = document.createElement("a");
  start.href = "../index.html";
  start.textContent = "Lessons";
  const said = document.createElement("output");
  said.textContent = "Kept in this browser only. A cell does not end? Kernel, Restart Kernel.";
  bar.append(download, start, said);
  document.body.append(bar);

  const shown = app => app.shell.currentWidget?.context?.path
    || new URLSearchParams(location.search).get("path");

  download.addEventListener("click", async () => {
    try {
      const app = window.jupyterapp;
      const path = app && shown(app);
      if (!path) {
        said.textContent = "Open a notebook first, then download it.";
        return;
      }
      await app.shell.currentWidget?.context?.save();
      const file = await app.serviceManager.contents.get(path, { content: true });
      const text = typeof file.content === "string"
        ? file.content : JSON.stringify(file.content, null, 1) + "\n";
      const link = document.createElement("a");
      link.href = URL.createObjectURL(new Blob([text], { type: "application/octet-stream" }));
      link.download = path.split("/").pop();
      link.click();
      setTimeout(() => URL.revokeObjectURL(link.href), 60000);
      said.textContent = `${link.download} was downloaded.`;
    } catch (error) {
      said.textContent = `Not downloaded (${error.message}). In the file list, right-click on the `
        + "file and choose Download.";
    }
  });
})();
