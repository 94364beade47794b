"""Outputs that come from a student's process, cut down to what the notebook format allows."""

import bleach
from bleach.css_sanitizer import CSSSanitizer

_TAGS = set(
    "a b br caption code details div em figure figcaption h1 h2 h3 h4 h5 h6 hr i img li ol p pre s "
    "small span strong sub summary sup table tbody td tfoot th thead tr u ul svg g path rect "
    "circle line text polyline polygon".split()
)
_ATTRIBUTES = {
    "*": ["class", "style", "title", "role", "aria-label", "scope", "align", "colspan", "rowspan",
          "border", "fill", "stroke", "stroke-width", "d", "x", "y", "x1", "x2", "y1", "y2", "cx",
          "cy", "r", "points", "width", "height", "viewBox", "transform"],
    "a": ["href"],
    "img": ["src", "alt"],
}


def error_output(error):
    """A cell's output that tells a StudentError in one line."""
    text = f"{error.kinds[0]}: {error.message}"
    return {"output_type": "error", "ename": error.kinds[0], "evalue": error.message,
            "traceback": [text]}


def clean_outputs(outputs):
    """The outputs that the student's process claims, cut down to the notebook format."""
    clean = []
    for output in outputs if isinstance(outputs, list) else []:
        kind = output.get("output_type") if isinstance(output, dict) else None
        if kind == "stream":
            name = "stderr" if output.get("name") == "stderr" else "stdout"
            clean.append({"output_type": kind, "name": name, "text": str(output.get("text"))})
        elif kind in ("display_data", "execute_result"):
            data = output.get("data")
            data = {str(mime): _harmless(str(mime), value) for mime, value in data.items()
                    if _is_kept(str(mime), value)} if isinstance(data, dict) else {}
            entry = {"output_type": kind, "data": data, "metadata": {}}
            if kind == "execute_result":
                entry["execution_count"] = None
            clean.append(entry)
        elif kind == "error":
            lines = output.get("traceback")
            clean.append({
                "output_type": kind, "ename": str(output.get("ename")),
                "evalue": str(output.get("evalue")),
                "traceback": [str(line) for line in lines] if isinstance(lines, list) else [],
            })
    return clean


def _is_kept(mime, value):
    return "javascript" not in mime and (isinstance(value, str) or mime.endswith("json"))


def _harmless(mime, value):
    """HTML without scripts: the pages it lands on are opened by the instructor."""
    if mime not in ("text/html", "image/svg+xml"):
        return value
    return bleach.clean(value, _TAGS, _ATTRIBUTES, {"data", "http", "https", "mailto"}, strip=True,
                        css_sanitizer=CSSSanitizer())
