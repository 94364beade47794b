"""Show the site on this machine: python -m browser.serve [FOLDER] [--port N]."""

import functools
import gzip
import http.server
import sys
from pathlib import Path

import click

from browser.build import TARGET

PACKED = (".wasm", ".js", ".mjs", ".json", ".html", ".css", ".ipynb", ".zip", ".svg")


class Handler(http.server.SimpleHTTPRequestHandler):
    """Files, compressed where that helps.

    Without the headers for shared memory: with them this release of the kernel never answers.
    """

    protocol_version = "HTTP/1.1"
    extensions_map = {**http.server.SimpleHTTPRequestHandler.extensions_map,
                      ".wasm": "application/wasm", ".mjs": "text/javascript",
                      ".ipynb": "application/json"}

    def end_headers(self):
        path = self.path.partition("?")[0]
        # Pyodide, wheels and JupyterLite's hashed files never change under their path.
        lasting = "/build/" in path or path.endswith((".wasm", ".asm.js", ".whl", ".bin"))
        self.send_header("Cache-Control", "max-age=31536000" if lasting else "no-cache")
        super().end_headers()

    def do_GET(self):
        path = Path(self.translate_path(self.path))
        unpacked = (path.suffix not in PACKED or not path.is_file()
                    or "gzip" not in self.headers.get("Accept-Encoding", "")
                    or "If-Modified-Since" in self.headers)
        if unpacked:
            super().do_GET()
            return
        changed = path.stat().st_mtime
        data = packed(path, changed)
        self.send_response(200)
        self.send_header("Content-Type", self.guess_type(str(path)))
        self.send_header("Content-Encoding", "gzip")
        self.send_header("Content-Length", str(len(data)))
        self.send_header("Last-Modified", self.date_time_string(changed))
        self.send_header("Vary", "Accept-Encoding")
        self.end_headers()
        self.wfile.write(data)

    def log_message(self, *arguments):
        pass


@functools.lru_cache(maxsize=2000)
def packed(path, changed):
    return gzip.compress(path.read_bytes(), 5)


class Server(http.server.ThreadingHTTPServer):
    """Does not speak of visitors who leave before a file has ended."""

    daemon_threads = True

    def handle_error(self, request, client_address):
        if not isinstance(sys.exc_info()[1], ConnectionError):
            super().handle_error(request, client_address)


def server(folder, port=0):
    """A server of `folder` on this machine alone; port 0: a free one."""
    handler = functools.partial(Handler, directory=str(folder))
    return Server(("127.0.0.1", port), handler)


@click.command()
@click.argument("folder", type=click.Path(path_type=Path), default=TARGET)
@click.option("--port", default=8000)
def main(folder, port):
    """Show the site in FOLDER."""
    if not (folder / "index.html").is_file():
        raise SystemExit(f"error: {folder} holds no site; build it with make site")
    try:
        serving = server(folder, port)
    except OSError as error:
        raise SystemExit(f"error: port {port} is not free ({error}); name another: "
                         "make serve ARGS='--port 8001'") from None
    print(f"http://127.0.0.1:{port}/ (end with Ctrl-C)", flush=True)
    try:
        serving.serve_forever()
    except KeyboardInterrupt:
        pass


if __name__ == "__main__":
    main()
