"""Text from outside is cut, stands on its line, and shows every sign that it holds."""

import re
import unicodedata

from hypothesis import example, given
from hypothesis import strategies as st

from autograder.text import (
    in_a_spreadsheet,
    in_markdown,
    in_order,
    is_visible,
    name_problem,
    one_line,
    several_lines,
)

TURNED = "abc\u202edlo\u2066x\u2069"
UNSEEN = "a\u200b\ufeff\u00ad\u2060\u3164\u115f\u2800\U000e0061b"


@given(st.text())
@example("eve: 1/2 points\n2026-01-01T00:00:00Z zoe/02: 9/9 points")
@example("\x1b[2J\x1b]0;title\x07\x9b31m\r")
@example("a\u2028b\u2029c\x85d\x0be")
@example(TURNED)
@example(UNSEEN)
@example("\ud800")
@example("x" + "\u0301" * 500)
def test_one_line_is_one_visible_line(text):
    line = one_line(text)
    line.encode()
    assert len(line.splitlines()) <= 1
    assert not any(unicodedata.category(sign) in ("Cc", "Cs", "Cn", "Co") for sign in line)
    assert not set(line) & set("\u202e\u2066\u2069\u200b\ufeff\u3164\u2028\u00a0")
    assert one_line(line) == line or len(text) > 250, "shown twice it is the same"


def test_long_text_is_cut_and_says_so():
    assert one_line("x" * 10_000, 20) == "x" * 20 + " [...]"
    assert len(several_lines("x\n" * 10**6)) < 11_000
    assert not re.search("\u0301{5}", one_line("x" + "\u0301" * 500)), "marks pile up over lines"


def test_several_lines_keep_line_ends_and_colours_only_where_they_are_shown():
    text = "\x1b[31mred\x1b[0m\ttab\r\nnext\x1b[2J\rover\u202e"
    assert several_lines(text) == "red\ttab\nnext\\x1b[2J\nover\\u202e"
    assert several_lines(text, colours=True).startswith("\x1b[31mred\x1b[0m\ttab\nnext\\x1b[2J")


def test_honest_words_in_any_script_stay():
    for text in ("naïve façade", "Łukasz", "김민수", "محمد", "می\u200cخواهم", "क्\u200dष",
                 "👩\u200d🔬 ok", "x² ≤ ∑ wᵢ"):
        assert one_line(text) == several_lines(text) == in_order(text) == text
    assert is_visible("Łukasz") and not is_visible(TURNED) and not is_visible("a\nb")
    assert one_line("a\u00a0b") == "a b"


def test_a_spreadsheet_gets_no_formula():
    for text in ("=cmd|' /C calc'!A0", "+1+1", "-2-1", "@SUM(A1)", " =1", "\t=1", "\r\n=1",
                 "\uff1d1+1"):
        assert in_a_spreadsheet(text) == f"'{text}"
        assert "formula" in name_problem(text.strip())
    for value in ("ada", "a=b", "-2", "+1.5", 7, None, "'=1"):
        assert in_a_spreadsheet(value) == value, "numbers stay numbers"
    assert in_a_spreadsheet(2.50) == "2.5"


def test_markdown_of_a_stranger_means_nothing():
    from nbconvert.filters.markdown_mistune import markdown2html_mistune

    text = "# x [a](http://b.c) ![i](http://d) `c` *e* <b>f</b> $y$ http://g.h \\ | ~~z~~ &lt;"
    page = markdown2html_mistune(in_markdown(text))
    assert "<a" not in page and "<img" not in page and "<em>" not in page and "<h1" not in page
    assert "<b>" not in page and "<del>" not in page and "<code>" not in page
