import pytest
from rich.cells import cell_len

from models.message import Clocks, Expected, Observed, Window
from streams.terminal import moment, render_alert
from tests.support.messages import MINUTE_MS, NOON_MS, make_alert, make_evidence, make_sample


def test_an_alert_reads_as_somebody_at_seven_in_the_morning_needs_it():
    assert render_alert(make_alert(), 90) == (
        """\
2026-01-05 12:00 UTC · severity 7 of 10 · NEW · “ferry tornavik cancelled” in islanders:
14 authors in 15 min where about one is usual
  So far 16 posts by 14 authors in 9 min, 12% reposts, 12 distinct texts.

  Usual       about 0.9 in 15 minutes (0 to 3 in nine windows of ten)
  Observed    14 authors with 16 posts in 15 minutes, up to 12:00 UTC, 16 times as many
  About       ferry, tornavik, cancelled, #noboat
  Posts       11:56 harbour.walker: The ferry to Tornavik is cancelled again, third time…
              https://social.example/harbour.walker/p1
              11:56 lena: No boat, no school
  Carried by  harbour.walker (2 posts), lena (1 post), 12 others; 12% reposts, 10%
              near-copies
  First       harbour.walker (11:51), lena (12:00); 3 of 14 authors are new here
  Clocks      first post 11:51, could fire from 11:58, fired 12:00 UTC
  How sure    if all went as usual, chance would do this about once in 200 billion such
              windows
  Budget      balanced: at most 3 a week in this community when nothing happens
  Alert       a1:1
"""
    )


@pytest.mark.parametrize(
    ("changes", "kind"),
    [
        ({}, "· NEW ·"),
        ({"revision": 3}, "· UPDATE 2 ·"),
        ({"revision": 4, "type": "resolved", "reason": "over"}, "· OVER ·"),
        ({"revision": 4, "type": "resolved", "reason": "merged", "into": "a0"}, "· JOINED ANOTHER ALERT ·"),
        ({"revision": 4, "type": "retracted", "reason": "deleted"}, "· TAKEN BACK ·"),
    ],
)
def test_the_first_line_says_what_the_message_does(changes, kind):
    assert kind in render_alert(make_alert(**changes)).splitlines()[0]


def test_what_is_over_is_told_in_short():
    assert "How sure" not in render_alert(make_alert(revision=2, type="resolved", reason="over"))


def test_the_community_is_named_once():
    assert render_alert(make_alert()).count("islanders") == 1
    assert "islanders: Ferries" in render_alert(make_alert(headline="Ferries"))


@pytest.mark.parametrize("width", [0, 40, 61, 110, 500])
def test_no_line_is_wider_than_the_terminal_but_for_links(width):
    message = make_alert(summary="wörd 日本語 " * 40, headline="h" * 300)
    lines = render_alert(message, width).splitlines()
    widest = max(cell_len(line) for line in lines if "https://" not in line)
    assert widest <= min(max(width, 40), 110)


def test_a_link_is_never_cut():
    url = "https://social.example/" + "x" * 200
    message = make_alert(evidence=make_evidence(samples=[make_sample(url=url)]))
    assert url in render_alert(message, 60)


@pytest.mark.parametrize("url", ["javascript:alert(1)", "file:///etc/passwd", "", None])
def test_only_web_addresses_are_shown_as_links(url):
    message = make_alert(evidence=make_evidence(samples=[make_sample(url=url)]))
    assert "//" not in render_alert(message).replace("https://social.example", "")
    assert "alert(1)" not in render_alert(message)


def test_hostile_text_cannot_act_upon_the_terminal():
    evil = "\x1b[2J\u202e\n\x07\x9b31m"
    sample = make_sample(text=f"post{evil}", author=f"author{evil}", url=f"https://x.example/{evil}")
    message = make_alert(
        headline=f"headline{evil}",
        community=f"community{evil}",
        summary=f"summary{evil}",
        terms=[f"term{evil}"],
        evidence=make_evidence(samples=[sample]),
    )
    text = render_alert(message)
    assert not set(text) & set("\x1b\u202e\x07\x9b")
    assert text.count("\n") == render_alert(
        make_alert(headline="h", evidence=make_evidence(samples=[make_sample()]))
    ).count("\n")


def test_colour_is_added_only_if_asked_for():
    assert "\x1b[" not in render_alert(make_alert())
    assert "\x1b[31m" in render_alert(make_alert(severity=9), colour=True)
    assert "\x1b[36m" in render_alert(make_alert(severity=1), colour=True)


@pytest.mark.parametrize(
    ("significance", "words"),
    [
        (0.0, "about once in 1 such"),
        (2.3, "about once in 200 such"),
        (3.99, "about once in 10,000 such"),
        (5.9, "about once in 800,000 such"),
        (5.99, "about once in 1 million such"),
        (9.3, "about once in 2 billion such"),
        (12.0, "less than once in a trillion such"),
        (250.0, "less than once in a trillion such"),
    ],
)
def test_surprise_is_put_in_plain_words(significance, words):
    assert words in " ".join(render_alert(make_alert(significance=significance)).split())


def test_almost_nothing_is_no_base_for_so_many_times():
    text = render_alert(make_alert(expected=Expected(0.004, 0, 0), ratio=3500.0))
    assert "almost none in 15 minutes (0 to 0" in text
    assert "times as many" not in text


def test_unknown_authors_are_not_made_up():
    evidence = make_evidence(authors_known=False, leading_authors=[], samples=[make_sample(author=None)])
    text = render_alert(make_alert(evidence=evidence))
    assert "11:56 The ferry" in text
    assert "authors who are not named" in text
    assert "14 authors with" not in text


@pytest.mark.parametrize(
    ("length_ms", "words"),
    [(5 * MINUTE_MS, "5 minutes"), (60 * MINUTE_MS, "1 hour"), (1440 * MINUTE_MS, "1 day"), (1500, "1500 ms")],
)
def test_windows_are_named_in_the_largest_unit_that_fits(length_ms, words):
    message = make_alert(window=Window(NOON_MS - length_ms, length_ms), observed=Observed(1, 1))
    assert f"1 post in {words}, up to 12:00 UTC" in render_alert(message)


def test_a_domain_among_the_terms_loses_its_mark():
    assert "About       news.example" in render_alert(make_alert(terms=["/news.example"]))


def test_times_are_utc():
    assert moment(NOON_MS) == "2026-01-05 12:00 UTC"


def test_what_a_message_does_not_tell_takes_no_line():
    clocks = Clocks(NOON_MS, NOON_MS, NOON_MS)
    text = render_alert(make_alert(evidence=make_evidence(first_authors=[], new_authors=None, clocks=clocks)))
    assert "First " not in text
    assert "first post 12:00, fired 12:00 UTC" in text
    assert "lena (12:00)\n" in render_alert(make_alert(evidence=make_evidence(new_authors=None)))
    assert "1 of 14 authors is new here" in render_alert(make_alert(evidence=make_evidence(new_authors=1)))
