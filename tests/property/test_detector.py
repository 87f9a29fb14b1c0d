"""What holds for every score: further authors never make a burst less surprising, copies never change it."""

from hypothesis import assume, given, settings
from hypothesis import strategies as st

from models.detector import LENGTHS_MS, SILENT_MS, VOICES_MIN, Detector
from models.mentions import MentionWindow
from tests.support.chatter import (
    LAUNCH_MS,
    MINUTE_MS,
    NOON_MS,
    alerts_of,
    by_time,
    chatter,
    follow,
    launch,
    make_mention,
    make_post,
)

# An example follows some hours of posts.
few = settings(max_examples=20)

NOW_MS = NOON_MS + SILENT_MS
BUSY_POSTS = 32
"""Of a word that comes more often in an hour only every fourth post is looked at."""

minutes = st.integers(0, 59)
others = st.lists(minutes, max_size=60)
"""When posts without the word came, in minutes before now."""

bursts = st.lists(st.tuples(minutes, st.integers(0, 12), st.integers(0, 12), st.booleans()), min_size=1, max_size=40)
"""Posts with the word: minutes before now, author, text class, whether it is a repost."""

baselines = st.tuples(st.integers(0, 3_000), st.integers(3_000, 30_000))


def score(burst, quiet, baseline):
    """Returns what a word scores whose last post is by somebody new; None for nothing."""
    window = MentionWindow()
    posts = [
        make_mention(number, ["zeppelin"], NOW_MS - ago * MINUTE_MS, author=f"a{who}", text_class=text, is_repost=is_it)
        for number, (ago, who, text, is_it) in enumerate([*burst, (0, "last", 99, False)])
    ]
    posts += [make_mention(1_000 + number, ["ferry"], NOW_MS - ago * MINUTE_MS) for number, ago in enumerate(quiet)]
    for mention in sorted(posts, key=lambda mention: (mention.event_time_ms, "zeppelin" in mention.terms)):
        window.add(mention, mention.event_time_ms)
    seen, of = baseline
    window.terms["zeppelin"].seen.add(seen, NOW_MS)
    window.seen.add(of, NOW_MS)
    last = next(mention for mention in window.mentions if mention.author == "alast")
    return next(iter(Detector(window, NOON_MS).score(last, NOW_MS)), None)


def significance(*given_):
    found = score(*given_)
    return 0.0 if found is None else found.significance


@given(bursts, others, baselines, minutes)
def test_one_more_author_with_a_text_of_their_own_never_makes_a_burst_less_surprising(burst, quiet, baseline, ago):
    more = [*burst, (ago, "new", 50, False)]
    if len(more) < BUSY_POSTS:
        assert significance(more, quiet, baseline) >= significance(burst, quiet, baseline) - 1e-9


@given(bursts, others, baselines, st.data())
def test_one_more_copy_by_an_author_of_the_burst_changes_nothing(burst, quiet, baseline, data):
    ago, who, text, is_repost = data.draw(st.sampled_from(burst))
    more = [*burst, (ago, who, text, is_repost)]
    if len(burst) + 1 >= VOICES_MIN and len(more) < BUSY_POSTS:
        assert significance(more, quiet, baseline) == significance(burst, quiet, baseline)


@given(st.integers(1, 28), others, baselines, minutes)
def test_a_text_passed_on_by_any_number_of_accounts_adds_nothing_to_the_voices_there_are(count, quiet, baseline, ago):
    told = [(5, number, number, False) for number in range(VOICES_MIN)]
    copied = [(5, VOICES_MIN, 77, False), (5, VOICES_MIN + 1, 77, True)]
    wave = [(min(5, ago), f"copy{number}", 77, True) for number in range(count)]
    if len(told) + len(copied) + len(wave) < BUSY_POSTS:
        assert significance([*told, *copied, *wave], quiet, baseline) == significance([*told, *copied], quiet, baseline)


def rises(word, posts):
    """Returns whether a word comes often enough for an alert within the longest window, if only by chance."""
    times_ms = [post.created_at for post in posts if word in post.text.split()]
    return any(last - first < LENGTHS_MS[-1] for first, last in zip(times_ms, times_ms[VOICES_MIN - 1 :], strict=False))


@few
@given(st.integers(0, 1_000), st.integers(10, 40), st.sampled_from(["zeppelin", "ferry"]))
def test_no_alert_without_a_rise(seed, posts_per_hour, word):
    # A word that half of all posts have, after four hours as before.
    steady = [
        make_post(f"steady{number}", f"{word} {post.text}", post.created_at, author=f"b{number}")
        for number, post in enumerate(chatter(6, seed=seed + 1_001, posts_per_hour=posts_per_hour))
    ]
    posts = by_time(chatter(6, seed=seed, posts_per_hour=posts_per_hour), steady)
    assume(not any(rises(other, posts) for other in {text for post in posts for text in post.text.split()} - {word}))
    assert alerts_of(follow(posts)[1]) == []


@few
@given(st.integers(0, 1_000))
def test_the_same_chatter_with_a_rise_gives_one(seed):
    posts = by_time(chatter(4.5, seed=seed), launch())
    after = make_post("after", "good night", LAUNCH_MS + 20 * MINUTE_MS)
    assert [alert.type for alert in alerts_of(follow([*posts, after])[1])][:1] == ["opened"]
