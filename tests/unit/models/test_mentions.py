import msgspec
import pytest

from models.mentions import (
    DAY_MS,
    FORGOTTEN_BELOW,
    HALF_LIFE_MS,
    HOUR_MS,
    MINUTE_MS,
    RECENT_HALF_LIFE_MS,
    TEXTS_MAX,
    WINDOW_MS,
    Faded,
    MentionWindow,
    WindowState,
)
from tests.support.chatter import NOON_MS, make_mention


def window_of(*mentions, **caps):
    window = MentionWindow(**caps)
    for mention in mentions:
        window.add(mention, max(mention.event_time_ms, NOON_MS))
    return window


def test_counts_fade_to_half_in_their_half_lives():
    faded = Faded(at_ms=NOON_MS)
    faded.add(8, NOON_MS)
    faded.fade(NOON_MS + RECENT_HALF_LIFE_MS)
    assert faded.recent == pytest.approx(4)
    faded.fade(NOON_MS + HALF_LIFE_MS)
    assert faded.long == pytest.approx(4)


def test_counts_do_not_fade_towards_the_past():
    faded = Faded(8.0, 8.0, NOON_MS)
    faded.add(1, NOON_MS - HOUR_MS)
    assert faded == Faded(9.0, 9.0, NOON_MS)


def test_a_post_is_in_the_window_for_an_hour_and_then_in_the_baseline():
    window = window_of(make_mention(1, ["ferry"]))
    window.expire(NOON_MS + WINDOW_MS - 1)
    assert (len(window.mentions), window.seen.long, window.terms["ferry"].seen.long) == (1, 0.0, 0.0)
    window.expire(NOON_MS + WINDOW_MS)
    assert (len(window.mentions), window.seen.long, window.terms["ferry"].seen.long) == (0, 1.0, 1.0)
    assert window.terms["ferry"].mentions == []


def test_an_author_enters_the_baseline_once_an_hour():
    window = window_of(
        make_mention(1, ["ferry"], author="ann"),
        make_mention(2, ["ferry", "late"], NOON_MS + 50 * MINUTE_MS, author="ann"),
        make_mention(3, ["ferry"], NOON_MS + 55 * MINUTE_MS, author="bob"),
    )
    assert [mention.repeats for mention in window.mentions] == [[], ["ferry"], []]
    window.expire(NOON_MS + 2 * HOUR_MS)
    assert window.terms["ferry"].seen.long == pytest.approx(2, rel=1e-3)
    assert window.terms["late"].seen.long == pytest.approx(1, rel=1e-3)
    assert window.seen.long == pytest.approx(3, rel=1e-3)


def test_an_author_who_comes_back_after_an_hour_is_no_repeat():
    window = window_of(make_mention(1, author="ann"), make_mention(2, at_ms=NOON_MS + WINDOW_MS, author="ann"))
    assert [mention.repeats for mention in window.mentions] == [[]]


def test_a_late_post_stands_where_its_time_puts_it():
    window = window_of(make_mention(1), make_mention(3, at_ms=NOON_MS + 2), make_mention(2, at_ms=NOON_MS + 1))
    assert [mention.key for mention in window.mentions] == ["4/test/p1", "4/test/p2", "4/test/p3"]
    assert window.terms["ferry"].mentions == window.mentions


def test_posts_of_one_moment_stand_in_the_order_of_arrival():
    window = window_of(make_mention(2), make_mention(1), make_mention(3))
    assert [mention.key for mention in window.mentions] == ["4/test/p2", "4/test/p1", "4/test/p3"]


def test_a_removed_post_leaves_no_trace():
    first = make_mention(1, author="ann")
    window = window_of(first, make_mention(2, author="bob"))
    assert window.get("4/test/p1") is first
    window.remove(first)
    assert window.get("4/test/p1") is None
    window.add(make_mention(3, author="ann"), NOON_MS)
    assert window.mentions[-1].repeats == []
    window.expire(NOON_MS + WINDOW_MS)
    assert window.terms["ferry"].seen.long == 2.0


def test_volumes_are_those_of_windows_that_end_now():
    window = window_of(*(make_mention(number, at_ms=NOON_MS + number * MINUTE_MS) for number in range(10)))
    now_ms = NOON_MS + 9 * MINUTE_MS
    assert window.volumes(now_ms, (1, MINUTE_MS, MINUTE_MS + 1, 5 * MINUTE_MS, HOUR_MS)) == [1, 1, 2, 5, 10]


def test_beyond_its_posts_the_oldest_leave_early_and_the_window_is_not_covered():
    window = window_of(*(make_mention(number, at_ms=NOON_MS + number) for number in range(5)), posts_max=3)
    assert [mention.key for mention in window.mentions] == ["4/test/p2", "4/test/p3", "4/test/p4"]
    assert window.covered_from_ms == NOON_MS + 2
    assert window.seen.long == pytest.approx(2)


def test_what_finds_no_room_is_not_followed():
    posts = [make_mention(number, [f"word{number}", "ferry"], NOON_MS + number) for number in range(6)]
    window = window_of(*posts, terms_max=4)
    assert list(window.terms) == ["word0", "ferry", "word1", "word2"]
    assert [mention.terms for mention in window.mentions][3:] == [["ferry"]] * 3
    assert window.terms_dropped == 3


def test_terms_have_room_by_their_bytes_as_well():
    posts = [make_mention(number, [f"{number:060}", "ferry"], NOON_MS + number) for number in range(6)]
    window = window_of(*posts, terms_bytes_max=200)
    assert list(window.terms) == [f"{0:060}", "ferry", f"{1:060}", f"{2:060}"]
    assert [mention.terms for mention in window.mentions][3:] == [["ferry"]] * 3
    later_ms = NOON_MS + WINDOW_MS + 6
    window.add(make_mention(9, [f"{9:060}"], later_ms), later_ms)
    assert f"{9:060}" in window.terms
    assert sum(map(len, window.terms)) <= 200
    assert window.terms_dropped == 3


def test_endless_names_take_up_more_of_the_window():
    def held(name):
        window = window_of(*(make_mention(number, author=name) for number in range(30)), bytes_max=10_000)
        return len(window.mentions)

    assert held("x" * 200) == 30
    assert held("x" * 800) < 10_000 / 1_100


def test_terms_without_a_post_make_room_least_seen_first():
    window = MentionWindow(terms_max=4)
    for number in range(8):
        window.add(make_mention(number, ["often"] if number else ["often", "rare"]), NOON_MS)
    later_ms = NOON_MS + WINDOW_MS + 1
    window.add(make_mention(11, ["new", "newer"], later_ms), later_ms)
    window.add(make_mention(12, ["newest"], later_ms), later_ms)
    assert set(window.terms) == {"often", "new", "newer", "newest"}
    assert window.terms_dropped == 0


def test_a_term_not_met_for_long_is_forgotten():
    window = window_of(*(make_mention(number, ["often"]) for number in range(4)), make_mention(9, ["once"]))
    days = 1
    while "once" in window.terms:
        days += 1
        window.expire(NOON_MS + days * DAY_MS)
    assert 2 ** (-(days * DAY_MS) / HALF_LIFE_MS) < FORGOTTEN_BELOW
    assert "often" in window.terms


def test_no_cap_is_exceeded_whatever_comes():
    window = MentionWindow(posts_max=20, terms_max=30)
    for number in range(500):
        terms = [f"word{number * step % 97}" for step in (1, 5, 7)]
        at_ms = NOON_MS + number * 3 * MINUTE_MS // 2
        window.add(make_mention(number, list(dict.fromkeys(terms)), at_ms), at_ms)
        assert len(window.mentions) <= 20
        assert len(window.terms) <= 30


def test_a_snapshot_goes_on_as_the_original_does():
    window = window_of(*(make_mention(n, ["ferry", f"word{n % 3}"], NOON_MS + n, author=f"a{n % 4}") for n in range(9)))
    window.terms["ferry"].story = 7
    encoded = msgspec.msgpack.encode(window.snapshot())
    again = MentionWindow()
    again.restore(msgspec.msgpack.decode(encoded, type=WindowState))
    assert msgspec.msgpack.encode(again.snapshot()) == encoded
    for one in (window, again):
        one.remove(one.get("4/test/p3"))
        one.add(make_mention(20, ["ferry"], NOON_MS + 30 * MINUTE_MS, author="a1"), NOON_MS + 30 * MINUTE_MS)
        one.expire(NOON_MS + WINDOW_MS + 5)
    assert msgspec.msgpack.encode(again.snapshot()) == msgspec.msgpack.encode(window.snapshot())


def test_the_volume_is_learnt_from_posts_that_have_left_once_their_hour_is_over():
    window = window_of(*(make_mention(number, at_ms=NOON_MS + number * MINUTE_MS) for number in range(60)))
    window.expire(NOON_MS + 2 * HOUR_MS - 1)
    assert (window.volume.posts, window.volume.learnt) == (60, 0)
    window.expire(NOON_MS + 2 * HOUR_MS)
    assert (window.volume.posts, window.volume.learnt, window.volume.level) == (0, 1, 60.0)
    again = MentionWindow()
    again.restore(window.snapshot())
    assert again.volume == window.volume


def test_the_latest_texts_of_a_term_are_told_once_a_class_of_near_copies():
    window = MentionWindow()
    for number in range(30):
        window.add(make_mention(number, ["ferry"], NOON_MS + number, text_class=number // 2), NOON_MS + number)
    texts = window.texts_of("ferry")
    assert len(texts) == TEXTS_MAX // 2
    assert texts[-1] == "post 29 about ferry"
    assert window.texts_of("boat") == []
