import pytest

from models.detector import LEARNING_MS, LENGTHS_MS, SILENT_MS, VOICES_MIN, Detector
from models.mentions import DAY_MS, MentionWindow
from models.significance import size_for, surprise
from tests.support.chatter import HOUR_MS, MINUTE_MS, NOON_MS, make_mention

NOW_MS = NOON_MS + 55 * MINUTE_MS


def filled(*mentions, **caps):
    """Returns a detector and its window, which holds these posts."""
    window = MentionWindow(**caps)
    for mention in sorted(mentions, key=lambda mention: mention.event_time_ms):
        window.add(mention, mention.event_time_ms)
    return Detector(window, NOON_MS), window


def burst(count, *, minutes_each=1, **changes):
    """Returns posts of one word, the latest now."""
    return [
        make_mention(number, ["zeppelin"], NOW_MS - number * minutes_each * MINUTE_MS, **changes)
        for number in range(count)
    ]


def score_of(*mentions, **caps):
    detector, window = filled(*mentions, **caps)
    scores = detector.score(window.mentions[-1], NOW_MS)
    return {score.term: score for score in scores}


def test_a_community_is_silent_for_three_hours_and_learning_for_a_day():
    detector, _ = filled()
    assert detector.is_silent(NOON_MS + SILENT_MS - 1)
    assert not detector.is_silent(NOON_MS + SILENT_MS)
    assert detector.is_learning(NOON_MS + LEARNING_MS - 1)
    assert not detector.is_learning(NOON_MS + LEARNING_MS)


def test_a_score_can_be_computed_again_from_what_it_says():
    score = score_of(*burst(6), make_mention(50, ["ferry"], NOW_MS - 1))["zeppelin"]
    assert (score.voices, score.authors, score.texts, score.posts) == (6, 6, 6, 6)
    assert (score.at_ms, score.volume) == (NOW_MS, 7.0)
    assert score.significance == surprise(score.voices, score.share * score.volume, score.size)


def test_the_window_is_the_one_where_voices_surprise_most():
    quick = score_of(*burst(6), *(make_mention(60 + n, ["ferry"], NOON_MS + n * MINUTE_MS) for n in range(40)))
    slow = score_of(*burst(6, minutes_each=3))
    assert quick["zeppelin"].length_ms == LENGTHS_MS[0]
    assert slow["zeppelin"].length_ms == LENGTHS_MS[1]


def test_a_window_ends_with_now_and_leaves_out_what_is_exactly_its_length_ago():
    on_the_edge = make_mention(99, ["zeppelin"], NOW_MS - LENGTHS_MS[0])
    longer = score_of(*burst(VOICES_MIN - 1), on_the_edge)["zeppelin"]
    assert (longer.length_ms, longer.posts, longer.volume) == (LENGTHS_MS[1], VOICES_MIN, VOICES_MIN)


def test_copies_of_one_text_count_as_one_voice():
    own = [make_mention(10 + number, ["zeppelin"], NOW_MS - number) for number in range(VOICES_MIN - 1)]
    score = score_of(*own, *burst(8, text_class=5))["zeppelin"]
    assert (score.authors, score.texts, score.voices) == (8 + VOICES_MIN - 1, VOICES_MIN, VOICES_MIN)
    assert score_of(*burst(50, text_class=5)) == {}


def test_reposts_of_unseen_authors_are_voices_too():
    texts = [make_mention(n, ["zeppelin"], NOW_MS - n, author=f"a{n % 2}", is_repost=True) for n in range(1, 6)]
    score = score_of(*texts, make_mention(9, ["zeppelin"], NOW_MS, author="ann"))["zeppelin"]
    assert (score.authors, score.texts, score.reposted_texts, score.voices) == (3, 6, 5, 5)


def test_a_word_that_its_author_repeats_is_scored_only_in_a_text_that_is_new():
    told = [*burst(4), *(make_mention(10 + n, ["zeppelin"], NOW_MS - n, text_class=5) for n in range(3))]
    for text_class, is_scored in ((5, False), (6, True)):
        again = make_mention(20, ["zeppelin"], NOW_MS + 1, author="author0", text_class=text_class)
        detector, window = filled(*told, again)
        assert window.mentions[-1].repeats == ["zeppelin"]
        scores = detector.score(window.mentions[-1], NOW_MS + 1)
        assert [(score.authors, score.texts) for score in scores] == [(7, 6)] * is_scored


def test_a_word_with_too_few_voices_is_not_scored():
    assert score_of(*burst(VOICES_MIN - 1)) == {}
    assert set(score_of(*burst(VOICES_MIN))) == {"zeppelin"}


def test_a_word_met_as_often_as_usual_is_not_scored():
    detector, window = filled(*burst(4))
    window.terms["zeppelin"].seen.add(5_000, NOW_MS)
    window.seen.add(10_000, NOW_MS)
    for _ in range(10_000):
        window.volume.add(NOON_MS)
    assert detector.score(window.mentions[-1], NOW_MS) == []


def test_windows_that_reach_behind_the_oldest_post_kept_are_not_scored():
    mentions = [make_mention(n, ["zeppelin"], NOW_MS - n * 2 * MINUTE_MS) for n in range(10)]
    score = score_of(*mentions, posts_max=8)["zeppelin"]
    assert score.length_ms == LENGTHS_MS[0]
    crowded = [make_mention(n, ["zeppelin"], NOW_MS - n * MINUTE_MS) for n in range(10)]
    assert score_of(*crowded, posts_max=3) == {}


def test_a_new_word_has_a_small_share_that_grows_with_what_is_seen():
    detector, window = filled(*burst(3))
    term = window.terms["zeppelin"]
    window.seen.add(1_800, NOW_MS)
    assert detector.share_of(term, NOW_MS) == pytest.approx(0.3 / 2_000)
    term.seen.add(20, NOW_MS)
    assert detector.share_of(term, NOW_MS) == pytest.approx(20.3 / 2_000)


def test_what_has_become_usual_since_yesterday_counts_at_once():
    detector, window = filled(*burst(3))
    term = window.terms["zeppelin"]
    window.seen.add(100_000, NOW_MS)
    now_ms = NOW_MS + 5 * DAY_MS
    term.seen.add(500, now_ms)
    window.seen.add(1_000, now_ms)
    recent = window.seen.recent
    assert detector.share_of(term, now_ms) == pytest.approx(500 / (recent + 200))
    assert detector.share_of(term, now_ms) > 10 * 500.3 / (window.seen.long + 200)


def test_in_a_lull_the_volume_is_a_share_of_what_is_usual_at_this_hour():
    detector, window = filled(make_mention(1, at_ms=NOW_MS))
    for minute in range(7 * 24 * 60):
        # An hour with many posts, then an hour with few, and so on.
        for _ in range(1 if minute // 60 % 2 else 5):
            window.volume.add(NOON_MS + minute * MINUTE_MS)
    now_ms = NOON_MS + 7 * DAY_MS + HOUR_MS // 2
    assert window.volume.per_ms(now_ms) > 1.4 * window.volume.per_ms(now_ms + HOUR_MS)
    for number in range(2, 2 + VOICES_MIN):
        window.add(make_mention(number, ["zeppelin"], now_ms), now_ms)
    (score,) = detector.score(window.mentions[-1], now_ms)
    assert score.volume == pytest.approx(detector.least_per_ms(now_ms) * score.length_ms)
    assert detector.least_per_ms(now_ms) == pytest.approx(0.3 * window.volume.per_ms(now_ms))


def test_a_burst_of_hundreds_of_posts_is_looked_at_in_part():
    mentions = [make_mention(number, ["zeppelin"], NOW_MS - number) for number in range(300)]
    score = score_of(*mentions)["zeppelin"]
    assert (score.posts, score.voices) == (300, 200)
    assert score.size == size_for(0)
