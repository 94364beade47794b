"""What every widget of the course is made of: controls, a picture with alt text, a sentence."""

import html

import ipywidgets as ipy
import numpy as np
from IPython import get_ipython
from IPython.display import display

from course_lib.pictures.picture import preformatted

# A live widget hides the still before it, by style alone, so that pages without one go on showing
# the still: an exported notebook, one that is opened again. There the place of the widget, which
# would only hold an error message, is hidden instead.
_STILL = ".jp-OutputArea-child:has(.course-still)"
_NEXT = "+ .jp-OutputArea-child"
_ONE_OF_TWO = (
    f"<style>{_STILL}:has({_NEXT} .widget-vbox),"
    f"{_STILL} {_NEXT}:has(.jupyter-widgets):not(:has(.widget-vbox)){{display:none}}</style>"
)
# The input of every stepper: whole numbers, the same at any size.
_ROWS = """
2041302431
0312044130
1403210342
4120431203
3044102310
0213340124
2430121403
1302413022
4021330241
3140204312
"""
STYLE = {"description_width": "8em"}
WRAPPED = {"flex_flow": "row wrap"}


class Explorer(ipy.VBox):
    """Controls above a picture above a sentence that says the same.

    A subclass makes its controls, and `look()`, which returns (pictures, sentence) for their
    present values. `pictures` and `sentence` are those shown now.
    """

    def __init__(self, title, rows, controls):
        """rows: what is shown above the picture, a list of widgets; controls: those whose value
        changes the picture."""
        self.title = title
        self._view = ipy.HTML()
        self._words = ipy.HTML()
        self._numbers = ipy.HTML()
        self.in_words = ipy.Checkbox(description="show the numbers as text", indent=False)
        head = ipy.HTML(f"<b>{html.escape(title)}</b>")
        super().__init__(
            [head, *rows, self._view, self._words, self.in_words, self._numbers]
        )
        self._show("")
        for control in [*controls, self.in_words]:
            control.observe(self._changed, "value")

    def look(self):
        """(pictures, sentence) for the present values of the controls."""
        raise NotImplementedError

    @property
    def text(self):
        """All that the widget shows, in words."""
        return "\n\n".join([self.title, self.sentence, *self._details()])

    def _details(self):
        return [picture.details for picture in self.pictures if picture.details]

    def _changed(self, change):
        # Screen readers announce an alert when it is put into a page, but a mere live region only
        # if it was there before; "polite" lets them finish what they are saying.
        self._show(' role="alert" aria-live="polite"')

    def _show(self, role):
        self.pictures, self.sentence = self.look()
        self._view.value = self._images()
        self._words.value = f"<div{role}>{html.escape(self.sentence)}</div>"
        self._numbers.value = self._preformatted() if self.in_words.value else ""

    def _images(self):
        return "".join(f"<div>{picture.image}</div>" for picture in self.pictures)

    def _preformatted(self):
        return preformatted("\n\n".join(self._details()))

    def still(self):
        """The widget as it is now, as HTML that needs no front-end."""
        return (
            f'<div class="course-still"><b>{html.escape(self.title)}</b>{self._images()}'
            f"<div>{html.escape(self.sentence)}</div>"
            f"<details><summary>The numbers as text</summary>{self._preformatted()}</details>"
            f"<div><i>Run this cell in JupyterLab to get its controls.</i></div>"
            f"</div>{_ONE_OF_TWO}"
        )

    def _ipython_display_(self, **kwargs):
        display({"text/html": self.still(), "text/plain": self.text}, raw=True)
        # Without a kernel nothing could ever answer the controls: the still is all there is.
        if not getattr(get_ipython(), "kernel", None):
            return
        if hasattr(self, "_repr_mimebundle_"):
            display(self._repr_mimebundle_(), raw=True)
        else:
            # ipywidgets 7, which notebooks in Google Colab find installed.
            super()._ipython_display_(**kwargs)

    def __repr__(self):
        return self.text


class PresetExplorer(Explorer):
    """An Explorer with buttons for presets, each of which fills the other controls.

    A subclass gives `fill()`, which puts the values of the chosen preset into the controls, and
    the name OWN of the preset that it goes to when a control is changed by hand.
    """

    def __init__(self, title, rows, presets, own):
        """presets: made by `choice`; own: the controls that a preset fills."""
        self._presets, self._filling = presets, False
        self.fill()
        super().__init__(title, rows, [presets, *own])

    def fill(self):
        raise NotImplementedError

    def _changed(self, change):
        if self._filling:
            return
        self._filling = True
        try:
            if change["owner"] is self._presets:
                self.fill()
            elif change["owner"] is not self.in_words:
                self._presets.value = self.OWN
        finally:
            self._filling = False
        super()._changed(change)


def small_image(W):
    """W x W whole numbers from 0 to 4, W at most 10; a larger one holds the smaller ones."""
    return np.array([[int(digit) for digit in row] for row in _ROWS.split()])[:W, :W]


def whole(description, value, least, most):
    """A box for a whole number.

    Not a slider: ipywidgets gives the label of a number box, but not that of a slider, to screen
    readers.
    """
    return ipy.BoundedIntText(value, least, most, description=description, style=STYLE,
                              layout={"width": "14em"})


def in_a_row(controls):
    """Side by side; below each other where the page is too narrow or its text is enlarged."""
    return ipy.HBox(controls, layout=WRAPPED)


def choice(description, options, value):
    """One button for each option.

    Not a drop-down list: JupyterLab takes the arrow keys and letters typed on one for commands
    of the notebook, down to cutting cells.
    """
    return ipy.ToggleButtons(
        options=options, value=value, description=description,
        style={"button_width": "auto", **STYLE},
    )


class Steps(ipy.HBox):
    """Which step of a walk is shown, with buttons for the previous and the next one."""

    def __init__(self):
        self.step = whole("step", 1, 1, 1)
        self.buttons = back, forward = (
            ipy.Button(description=text, layout={"width": "11em"})
            for text in ("previous step", "next step")
        )
        back.on_click(lambda button: self.move(-1))
        forward.on_click(lambda button: self.move(1))
        super().__init__([self.step, back, forward], layout=WRAPPED)

    def move(self, by):
        """Go `by` steps on, around the end."""
        self.step.value = (self.step.value - 1 + by) % self.step.max + 1

    def place(self, rows, columns):
        """The row and column of the present step, where there are now rows x columns steps."""
        self.step.max = max(rows * columns, 1)
        self.enable(rows * columns > 1)
        return divmod(self.step.value - 1, columns)

    def enable(self, possible):
        """Let the controls be used, or not: where there is nowhere to go they should look so."""
        for control in (self.step, *self.buttons):
            control.disabled = not possible
