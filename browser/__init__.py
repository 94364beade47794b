"""The course as a static site that runs in a browser: JupyterLite, Pyodide and the lessons."""
