import unicodedata

import pytest
from hypothesis import example, given
from hypothesis import strategies as st
from rich.cells import cell_len

from streams.safe_text import cut, one_line, wrap


@pytest.mark.parametrize(
    ("text", "line"),
    [
        ("plain text, as it is", "plain text, as it is"),
        ("two\nlines\r\nand\ta tab", "two lines and a tab"),
        ("colour \x1b[31mred\x1b[0m", "colour red"),
        ("title \x1b]0;gotcha\x07here", "title here"),
        ("link \x1b]8;;http://evil.example\x1b\\click\x1b]8;;\x1b\\", "link click"),
        ("clear \x1b[2J\x1b[H\x1bcdone", "clear done"),
        ("eight bit \x9b31mred \x9d0;title\x9cend", "eight bit red end"),
        ("unfinished \x1b", "unfinished"),
        ("bell\x07 back\x08 delete\x7f null\x00", "bell back delete null"),
        ("turned \u202eround\u202c and \u2066isolated\u2069", "turned round and isolated"),
        ("marks\u200e\u200f\u061c zero\u200bwidth\ufeff", "marks zerowidth"),
        ("paragraph\u2029line\u2028next\x85end", "paragraph line next end"),
        ("family 👨\u200d👩\u200d👧 stays", "family 👨\u200d👩\u200d👧 stays"),
        ("می\u200cخواهم", "می\u200cخواهم"),
        ("café cafe\u0301", "café cafe\u0301"),
        ("z" + "\u0336" * 50 + "algo", "z" + "\u0336" * 3 + "algo"),
        ("  spaces   inside  ", "spaces inside"),
        ("日本語 العربية", "日本語 العربية"),
    ],
)
def test_hostile_text_becomes_one_harmless_line(text, line):
    assert one_line(text) == line


@given(st.text())
def test_nothing_that_a_terminal_acts_upon_is_left(text):
    line = one_line(text)
    dropped = {"Cc", "Cf", "Cn", "Co", "Cs", "Zl", "Zp"}
    assert [each for each in line if unicodedata.category(each) in dropped and each not in "\u200c\u200d"] == []
    assert one_line(line) == line


@given(st.text(), st.integers(2, 60))
def test_what_is_cut_fits(text, width):
    shortened = cut(one_line(text), width)
    assert cell_len(shortened) <= width


def test_wide_characters_count_twice():
    assert cut("日本語日本語", 7) == "日本語…"


@given(st.text(), st.integers(2, 60))
@example("🏻", 2)
@example("🏻 skins 🏻🏻 alone🏻", 4)
def test_wrapped_lines_fit_and_keep_all_words(text, width):
    words = one_line(text)
    lines = wrap(words, width)
    assert all(cell_len(line) <= width for line in lines)
    assert "".join(lines).replace(" ", "") == words.replace(" ", "")
