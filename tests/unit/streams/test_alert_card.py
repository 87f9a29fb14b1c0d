import msgspec
import pytest

from models.message import Budget, Clocks, Delivery, Expected, FeedbackNote, Observed, Sentiment, Voice
from streams.alert_card import alert_card, alert_facts, alert_href, community_href, moment, status_of
from tests.support.messages import NOON_MS, make_alert, make_evidence, make_sample


def test_a_card_says_what_where_when_and_how_unusual():
    card = alert_card(make_alert())
    assert "“ferry tornavik cancelled” in islanders" in card
    assert 'title="Severity 7 of 10"' in card
    assert '<time datetime="2026-01-05T12:00:00+00:00">Mon 5 Jan 2026, 12:00</time>' in card
    assert "<b>14 authors</b> in 15 min, 16 times as many as expected" in card
    assert "usually 0 to 3" in card
    assert "<bdi>#noboat</bdi>" in card
    assert "2 sample posts of 16" in card


def test_samples_are_quoted_with_their_author_and_link():
    card = alert_card(make_alert())
    assert "The ferry to Tornavik is cancelled again" in card
    assert '<a href="https://social.example/harbour.walker/p1" rel="noopener noreferrer nofollow"' in card
    assert card.count("See it") == 1


def test_nothing_in_a_post_becomes_markup():
    hostile = make_sample(
        "<script>alert(1)</script>", author='"><img src=x onerror=alert(1)>', url="javascript:alert(1)"
    )
    message = make_alert(
        'x"><script>',
        headline="<b>head</b>",
        community="<i>c</i>",
        terms=["<u>term</u>"],
        evidence=make_evidence(samples=[hostile], sources={"<s>": 1}, shared_posts={"<q>": 0.5}),
    )
    page = alert_card(message) + alert_facts(message)
    for markup in ("<script", "<img", "<b>head", "<i>c", "<u>term", "<s>", "<q>", "javascript:"):
        assert markup not in page


@pytest.mark.parametrize(("observed", "low", "high"), [(0, 0, 0), (14, 0, 0), (14, 2, 6), (3, 2, 60), (10**6, 0, 1)])
def test_the_gauge_never_leaves_its_frame(observed, low, high):
    message = make_alert(observed=Observed(observed, observed), expected=Expected(1.0, low, high))
    card = alert_card(message)
    bar = float(card.partition('class="observed" width="')[2].partition('"')[0])
    start = float(card.partition('class="usual" x="')[2].partition('"')[0])
    length = float(card.partition(f'class="usual" x="{start}" width="')[2].partition('"')[0])
    assert 0 <= bar <= 100
    assert 0 <= start <= start + length <= 100.1


def test_an_alert_without_posts_has_no_samples():
    assert "<details" not in alert_card(make_alert(evidence=make_evidence(samples=[])))


def test_posts_without_authors_are_called_posts():
    evidence = make_evidence(authors_known=False, leading_authors=[], samples=[make_sample(author=None)])
    card = alert_card(make_alert(evidence=evidence))
    assert "<b>14 posts</b>" in card
    assert "Unknown author" in card
    assert "Most active" not in card


@pytest.mark.parametrize(
    ("changes", "status"),
    [
        ({}, "New"),
        ({"type": "updated"}, "Updated"),
        ({"type": "resolved"}, "Over"),
        ({"type": "resolved", "into": "a0"}, "Joined another alert"),
        ({"type": "retracted"}, "Taken back"),
    ],
)
def test_states_are_told_in_plain_words(changes, status):
    assert status_of(make_alert(**changes)) == status


def test_facts_hold_what_the_card_leaves_out():
    message = make_alert(into="a0", delivery=Delivery(delivered_ms=NOON_MS))
    facts = alert_facts(message)
    for part in ("11.2, where 6.4 was needed", "balanced: at most 3 a week", "commuters (25%)", "a1:1"):
        assert part in facts
    assert '<a href="/alerts/a0">a0</a>' in facts
    assert "Delivered" in facts
    assert "Delivered" not in alert_facts(msgspec.structs.replace(message, delivery=msgspec.UNSET))


def test_names_in_addresses_are_quoted():
    assert alert_href("a/b?c") == "/alerts/a%2Fb%3Fc"
    assert community_href("a & b/ü") == "/?community=a+%26+b%2F%C3%BC"


def test_moments_are_in_utc():
    assert moment(0) == '<time datetime="1970-01-01T00:00:00+00:00">Thu 1 Jan 1970, 00:00</time>'


def facts(**changes):
    return alert_facts(make_alert(evidence=make_evidence(**changes)))


def test_the_facts_tell_what_an_alert_rests_on():
    page = facts()
    assert "<dt>Without its top three</dt><dd>would have fired: surprise 7.9, 9 voices</dd>" in page
    assert "<dt>Without its top five</dt><dd>would not have fired: surprise 5.2, 7 voices</dd>" in page
    assert "<dt>Without its top accounts</dt><dd>not known</dd>" in facts(robustness=None)


def test_the_facts_tell_who_came_first_and_who_is_new():
    page = facts(first_authors=[Voice("<b>", 1, NOON_MS)])
    assert "<dt>Came first</dt><dd><bdi>&lt;b&gt;</bdi>, <time" in page
    assert "<dt>New here</dt><dd>3 of 14 authors</dd>" in page
    assert "<dt>New here</dt><dd>not known</dd>" in facts(new_authors=None)


@pytest.mark.parametrize(
    ("found", "words"),
    [
        (None, "not known"),
        (Sentiment(None, 0, 0, 0, 4, "language"), "not known: no post in English"),
        (Sentiment(None, 0, 0, 0, 0, "no_posts"), "not known"),
        (Sentiment(-0.31, 1, 2, 6, 0), "-0.31 from -1 to 1: 1 positive, 2 neutral, 6 negative"),
        (Sentiment(0.5, 1, 0, 0, 2), "+0.5 from -1 to 1: 1 positive, 0 neutral, 0 negative, 2 not in English"),
    ],
)
def test_the_facts_tell_the_tone(found, words):
    assert f"<dt>Tone</dt><dd>{words}</dd>" in facts(sentiment=found)


def test_the_facts_tell_the_earliest_moment_where_it_is_known():
    assert "Earliest it could fire" in facts()
    assert "Earliest it could fire" not in facts(clocks=Clocks(NOON_MS, NOON_MS, NOON_MS))


def test_what_people_said_of_alerts_here_is_a_fact():
    assert "Feedback" not in alert_facts(make_alert())
    budget = Budget("balanced", 3.0, 1.19)
    moved = alert_facts(make_alert(budget=budget, bar=3.4, feedback=FeedbackNote(5, 4, 3.0, 7)))
    assert "<dd>Raised 3.0 to 3.4 after 4 of 5 alerts were dismissed</dd>" in moved
    assert "<dd>1.2 a week over this bar</dd>" in moved
    assert "<dd>1 of 2 alerts dismissed</dd>" in alert_facts(make_alert(bar=3.0, feedback=FeedbackNote(2, 1, 3.0, 7)))
