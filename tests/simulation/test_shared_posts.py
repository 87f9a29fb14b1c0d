"""One thing in three communities at once: a story, of which each alert names the others, and copies of one post."""

import msgspec

from models.configuration import CoreSettings
from models.message import AlertMessage
from models.post import encode_post
from streams.pipeline import Pipeline
from tests.support.chatter import HOUR_MS, LAUNCH_MS, SECOND_MS, by_time, chatter, launch, make_post

COMMUNITIES = ["amazon", "facebook", "google"]


def everywhere(posts):
    return [msgspec.structs.replace(post, communities=COMMUNITIES) for post in posts]


def copies(count=500):
    text = "Stocks of the guru: get the free list of shares that double by Friday"
    return everywhere(
        make_post(f"spam{n}", f"RT @guru: {text}", LAUNCH_MS + n * SECOND_MS, author=f"bot{n}", is_repost=True)
        for n in range(count)
    )


def alerts_of(*groups):
    talk = [
        [
            msgspec.structs.replace(post, communities=[name], id=f"{name}{post.id}")
            for post in chatter(54, seed=seed, from_ms=LAUNCH_MS - 52 * HOUR_MS)
        ]
        for seed, name in enumerate(COMMUNITIES)
    ]
    messages = []
    pipeline = Pipeline(CoreSettings(), on_message=messages.append, on_dead_letter=lambda *_: None)
    for post in by_time(*talk, *groups):
        pipeline.feed(encode_post(post), None)
    pipeline.finish()
    alerts = [message for message in messages if isinstance(message, AlertMessage)]
    return [alert for alert in alerts if alert.onset_ms >= LAUNCH_MS]  # what chatter does by chance is not meant


def test_a_post_that_is_copied_500_times_is_no_story_anywhere():
    assert not alerts_of(copies())


def test_the_alerts_of_one_story_name_the_communities_of_one_another():
    alerts = alerts_of(everywhere(launch()))
    assert {alert.community for alert in alerts} == {*COMMUNITIES}
    for alert in alerts:
        others = [name for name in COMMUNITIES if name != alert.community]
        assert alert.evidence.shared_posts == dict.fromkeys(others, 1.0)
        assert f"100% also in {others[0]} and 100% also in {others[1]}" in alert.summary


def test_a_few_words_of_their_own_beside_500_copies_are_a_small_alert_that_says_so():
    texts = ["who is this guru of stocks", "friday list of that guru again", "guru in all my mentions today"]
    own = everywhere(make_post(f"own{n}", text, LAUNCH_MS + n, author=f"someone{n}") for n, text in enumerate(texts))
    alerts = alerts_of(copies(), own)
    last = {alert.community: alert for alert in alerts}
    assert last.keys() == {*COMMUNITIES}
    for alert in last.values():
        assert alert.severity <= 2
        assert alert.evidence.top_text_share > 0.9
        assert "of them copies of one text" in alert.summary
        assert alert.evidence.shared_posts.keys() == {*COMMUNITIES} - {alert.community}
        assert not alert.evidence.robustness.without_copies.passes
