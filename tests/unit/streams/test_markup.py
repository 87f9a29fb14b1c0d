import pytest

from streams.markup import NOTHING, URL_LENGTH_MAX, Html, fill, join, web_address


@pytest.mark.parametrize(
    ("text", "shown"),
    [
        ("<script>alert(1)</script>", "&lt;script&gt;alert(1)&lt;/script&gt;"),
        ('"><img src=x onerror=alert(1)>', "&quot;&gt;&lt;img src=x onerror=alert(1)&gt;"),
        ("' onclick='x", "&#x27; onclick=&#x27;x"),
        ("&amp;", "&amp;amp;"),
        ("{other} {0.__class__}", "{other} {0.__class__}"),
        ("cheap \u202egnp.exe\u202c", "cheap gnp.exe"),
        ("two\nlines\x00", "two lines"),
        ("日本語 👩\u200d🚀", "日本語 👩\u200d🚀"),
    ],
)
def test_text_from_outside_stays_text(text, shown):
    assert fill('<p title="{text}">{text}</p>', text=text) == f'<p title="{shown}">{shown}</p>'


def test_markup_is_not_escaped_again():
    inner = fill("<b>{text}</b>", text="<")
    assert fill("<p>{inner}</p>", inner=inner) == "<p><b>&lt;</b></p>"
    assert isinstance(join([inner, inner], ", "), Html)
    assert join([inner, NOTHING, inner], ", ") == "<b>&lt;</b>, , <b>&lt;</b>"


def test_what_is_cut_out_of_markup_is_text_again():
    assert fill("{part}", part=fill("<b>")[1:]) == "b&gt;"


@pytest.mark.parametrize("url", ["https://example.org", "http://example.org:8080/a?b=c&d=é#e", "HTTPS://X.org/"])
def test_web_addresses_are_linked(url):
    assert web_address(url) == url


@pytest.mark.parametrize(
    "url",
    [
        None,
        "",
        "javascript:alert(1)",
        "java\tscript:alert(1)",
        " https://example.org",
        "https://example.org\u202e/moc.elpmaxe",
        "data:text/html,<script>alert(1)</script>",
        "//example.org",
        "/etc/passwd",
        "https:///path",
        "https://[broken",
        "https://example.org/" + "a" * URL_LENGTH_MAX,
    ],
)
def test_nothing_else_is(url):
    assert web_address(url) is None
