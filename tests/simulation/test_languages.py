"""Posts in nine languages, and in several at once, from their arrival to what people are told."""

from collections import Counter

import pytest

from models.clusterers import restore_clusterer
from models.mutes import HeldMute
from models.terms import pairs_of, stop_words
from models.tracker import CommunityTracker
from models.wordforms import word_form
from tests.support.chatter import (
    COMMUNITY,
    DISORDER_MS,
    LAUNCH_MS,
    MINUTE_MS,
    SETTINGS,
    alerts_of,
    arrive,
    by_time,
    follow,
    make_post,
    state_of,
    trends_of,
)
from tests.support.languages import (
    ARABIC,
    CHINESE,
    GERMAN,
    JAPANESE,
    KOREAN,
    LANGUAGES,
    MIXED_LAUNCH,
    SPANISH,
    chatter_of,
    neighbourhood,
)

each = pytest.mark.parametrize("speech", LANGUAGES, ids=lambda speech: speech.lang)
declared_or_not = pytest.mark.parametrize("declared", [True, False], ids=["declared", "undeclared"])

MOST = 2 / 3
FOR_GOOD = [HeldMute(0, None, None)]
PUNCTUATION = str.maketrans(dict.fromkeys("¿?,.:!؟،।@#_'’", " "))


def terms_told(messages):
    return [term for message in messages for term in message.terms]


def shared_micro_cluster(tracker):
    """Returns which part of the launch's posts is in one micro-cluster, merges followed, and how much chatter is."""
    state = state_of(tracker)
    resolve = restore_clusterer(state.clusterer).resolve
    held = Counter(resolve(post.narrative) for post in state.window.mentions if "-launch" in post.key)
    [(best, count)] = held.most_common(1)
    chatter = sum(resolve(post.narrative) == best for post in state.window.mentions if "-chat" in post.key)
    return count / held.total(), chatter


@declared_or_not
@each
def test_a_launch_is_told_once_by_the_words_that_a_reader_would_name_it_by(speech, declared):
    tracker, messages = follow(neighbourhood(speech, declared=declared))
    alerts = alerts_of(messages)
    assert [alert.type for alert in alerts] == ["opened"] + ["updated"] * (len(alerts) - 1)
    assert len({alert.alert_id for alert in alerts}) == 1
    assert alerts[0].at_ms - LAUNCH_MS < 10 * MINUTE_MS
    for alert in alerts:
        assert alert.terms[0] in speech.subject
    assert set(alerts[-1].terms) & speech.subject >= set(speech.named)
    assert alerts[-1].headline.startswith(f"{speech.title} in islanders: ")
    share, chatter = shared_micro_cluster(tracker)
    assert share >= MOST
    assert chatter == 0


def told_of_the_launch(messages):
    """Returns the terms of each message about the launch: of its alert, and of the narratives in it."""
    alerts = alerts_of(messages)
    trends = [trend for trend in trends_of(messages) if trend.alert_id == alerts[0].alert_id and trend.terms]
    assert trends
    return [message.terms for message in [*alerts, *trends]]


@each
def test_no_stop_word_is_told(speech):
    _, messages = follow(neighbourhood(speech))
    stops = stop_words(speech.lang)
    assert not {term for terms in told_of_the_launch(messages) for term in terms if word_form(term) in stops}


@each
def test_no_stop_word_leads_where_no_language_is_declared(speech):
    _, messages = follow(neighbourhood(speech, declared=False))
    stops = stop_words(speech.lang)
    assert not {term for terms in told_of_the_launch(messages) for term in terms[:2] if word_form(term) in stops}


@declared_or_not
@each
def test_what_is_told_are_words_as_the_posts_write_them(speech, declared):
    _, messages = follow(neighbourhood(speech, declared=declared))
    written = " ".join([*speech.launch, *speech.openings, *speech.endings]).casefold()
    told = {term for terms in told_of_the_launch(messages) for term in terms}
    if speech in (JAPANESE, CHINESE):
        assert told <= speech.subject
    elif speech is KOREAN:
        assert all(f" {term}" in f" {written.translate(PUNCTUATION)}" for term in told)
    else:
        assert told <= {*written.translate(PUNCTUATION).split()}


@each
def test_narratives_are_told_by_the_same_words(speech):
    _, messages = follow(neighbourhood(speech))
    [alert, *_] = alerts_of(messages)
    own = [trend for trend in trends_of(messages) if trend.alert_id == alert.alert_id and trend.terms]
    assert own
    best = max(own, key=lambda trend: (trend.windows[1].posts, trend.at_ms))
    assert set(best.terms[:3]) & speech.subject
    assert best.headline == " ".join(best.terms[:3])


@pytest.mark.parametrize("speech", [JAPANESE, CHINESE, ARABIC], ids=lambda speech: speech.lang)
def test_no_term_is_told_as_overlapping_pieces(speech):
    _, messages = follow(neighbourhood(speech))
    for message in [*alerts_of(messages), *trends_of(messages)]:
        assert not any(one != other and one in other for one in message.terms for other in message.terms)


@each
def test_a_tracker_that_is_restored_tells_the_same(speech):
    posts = neighbourhood(speech)
    _, whole = follow(posts)
    told, tracker = [], CommunityTracker(COMMUNITY, SETTINGS)
    for number, framed in enumerate(arrive(posts)):
        if number % 7 == 0:
            tracker = CommunityTracker.restore(tracker.snapshot(), SETTINGS)
        told += tracker.offer(framed, framed.reached_ms - DISORDER_MS)
    assert told == whole


def test_what_is_written_from_right_to_left_stands_apart_in_a_headline():
    _, messages = follow(neighbourhood(ARABIC))
    for alert in alerts_of(messages):
        head, _, tail = alert.headline.partition("\u2069")
        assert head.startswith("“\u2068")
        assert tail.startswith("” in islanders: ")


def test_a_community_of_many_languages_hears_of_what_they_share():
    chatter = by_time(*(chatter_of(speech, 5, seed=seed, posts_per_hour=6) for seed, speech in enumerate(LANGUAGES)))
    launch = [
        make_post(f"mixed-launch{number}", text, LAUNCH_MS + number * MINUTE_MS, author=f"fan{number}", lang=lang)
        for number, (lang, text) in enumerate(MIXED_LAUNCH)
    ]
    _, messages = follow(by_time(chatter, launch))
    alerts = alerts_of(messages)
    assert len({alert.alert_id for alert in alerts}) == 1
    assert {alert.terms[0] for alert in alerts} == {"nimbra5"}
    assert alerts[-1].headline.startswith("“Nimbra5")
    assert len(alerts[-1].evidence.languages) >= 5


def test_a_name_without_blanks_can_be_muted_as_it_is_told():
    _, messages = follow(neighbourhood(CHINESE))
    name = alerts_of(messages)[0].terms[0]
    tracker, _ = follow([])
    for pair in pairs_of(name):
        tracker.mutes.words[pair] = FOR_GOOD
    _, messages = follow(neighbourhood(CHINESE), tracker)
    told = terms_told(alerts_of(messages)) + terms_told(trends_of(messages))
    assert not any(pair in term for term in told for pair in pairs_of(name))


@pytest.mark.parametrize("speech", [SPANISH, GERMAN], ids=lambda speech: speech.lang)
def test_a_mute_reaches_a_word_however_it_is_accented(speech):
    _, messages = follow(neighbourhood(speech))
    name = alerts_of(messages)[-1].terms[0]
    tracker, _ = follow([])
    tracker.mutes.words[word_form(name)] = FOR_GOOD
    _, messages = follow(neighbourhood(speech), tracker)
    assert name not in terms_told(alerts_of(messages)) + terms_told(trends_of(messages))
