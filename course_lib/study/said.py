"""What these words show: plain text, and the same as HTML in the style of a verdict."""

import html
from dataclasses import dataclass


@dataclass(frozen=True)
class Said:
    """A heading in bold, paragraphs, and blocks of code with a title each, side by side."""

    heading: str
    paragraphs: tuple = ()
    code: tuple = ()

    def __repr__(self):
        parts = [self.heading, *self.paragraphs]
        parts += [f"--- {title} ---\n{source}" for title, source in self.code]
        return "\n\n".join(parts)

    def _repr_mimebundle_(self, **kwargs):
        return {"text/plain": repr(self), "text/html": self.html()}

    def html(self):
        parts = [f"<div><b>{html.escape(self.heading)}</b></div>"]
        parts += [f"<p>{html.escape(text)}</p>" for text in self.paragraphs]
        blocks = "".join(
            f'<div style="flex:1 1 24em;min-width:0"><div><b>{html.escape(title)}</b></div>'
            '<pre style="white-space:pre-wrap;overflow-wrap:anywhere;text-align:left">'
            f"{html.escape(source)}</pre></div>"
            for title, source in self.code)
        if blocks:
            parts.append(f'<div style="display:flex;flex-wrap:wrap;gap:16px">{blocks}</div>')
        return ('<div role="status" style="border-left:4px solid #8250df;padding:2px 12px;'
                f'margin:4px 0">{"".join(parts)}</div>')


def show(shown):
    """Show below the cell. IPython is imported here: the library itself needs NumPy."""
    from IPython.display import display

    display(shown)
