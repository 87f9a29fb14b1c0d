from types import SimpleNamespace

import msgspec
import pytest

from models.mentions import DAY_MS
from models.narratives import REPORT_EVERY_MS, NarrativesState
from models.windows import SLICE_MS
from tests.support.chatter import COMMUNITY, HOUR_MS, MINUTE_MS, NOON_MS, SECOND_MS, make_mention
from tests.support.told import LENGTHS_MS, Town, posts_of


@pytest.fixture
def town():
    return Town()


def test_a_narrative_is_told_at_the_next_point_of_the_grid(town):
    posts_of(town, 1, 3, NOON_MS + 1)
    (trend,) = town.pass_time(NOON_MS + MINUTE_MS)
    assert trend.at_ms == NOON_MS + REPORT_EVERY_MS
    assert (trend.community, trend.state, trend.rank, trend.is_gone) == (COMMUNITY, "quiet", 1, False)
    assert (trend.first_seen_ms, trend.last_seen_ms) == (NOON_MS + 1, NOON_MS + 3)
    assert trend.terms == [f"term{number}-of-1" for number in range(5)]
    assert trend.headline == "term0-of-1 term1-of-1 term2-of-1"


def test_a_post_on_a_point_of_the_grid_is_told_at_the_next(town):
    posts_of(town, 1, 2, NOON_MS - 9)
    town.post(1, NOON_MS)
    (trend,) = town.pass_time(NOON_MS + MINUTE_MS)
    assert trend.at_ms == NOON_MS + REPORT_EVERY_MS


def test_each_window_has_its_counts_and_what_is_usual(town):
    for minutes, author in ((0, "ann"), (30, "bob"), (58, "ann"), (59, "cleo"), (59, "cleo")):
        town.post(1, NOON_MS + minutes * MINUTE_MS, author)
    (trend,) = town.pass_time(NOON_MS + HOUR_MS)
    windows = [(window.length_ms, window.authors, window.posts, window.expected_authors) for window in trend.windows]
    assert windows == [(LENGTHS_MS[0], 2, 3, 0.042), (HOUR_MS, 3, 5, 0.5), (DAY_MS, 3, 5, 12.0)]


def test_at_most_one_message_a_narrative_comes_in_ten_seconds(town):
    messages = [m for n in range(120) for m in town.post(1, NOON_MS + n * SECOND_MS)]
    assert len(messages) >= 10
    assert all(message.at_ms % REPORT_EVERY_MS == 0 for message in messages)
    assert len({message.at_ms for message in messages}) == len(messages)


def test_narratives_of_one_or_two_authors_are_not_told(town):
    for number in range(9):
        town.post(1, NOON_MS + number, author=f"author{number % 2}")
    assert town.pass_time(NOON_MS + 3 * DAY_MS) == []


def test_a_narrative_is_told_when_its_hour_has_run_empty_and_when_it_is_gone(town):
    posts_of(town, 1, 3)
    told, empty, gone = town.pass_time(NOON_MS + 3 * DAY_MS)
    assert [window.authors for window in told.windows] == [3, 3, 3]
    assert [window.authors for window in empty.windows] == [0, 0, 3]
    assert HOUR_MS <= empty.at_ms - NOON_MS <= HOUR_MS + 2 * SLICE_MS
    assert gone.at_ms == NOON_MS + 2 + DAY_MS
    assert (gone.is_gone, gone.narrative_id, gone.windows) == (True, told.narrative_id, [])
    assert len(town.narratives) == 0
    assert town.narratives.next_due_ms is None


def test_posts_put_off_the_end_of_a_narrative(town):
    posts_of(town, 1, 3)
    messages = [m for hour in range(1, 60) for m in town.post(1, NOON_MS + hour * HOUR_MS // 2, "ann")]
    assert all(not message.is_gone for message in messages)
    assert town.pass_time(NOON_MS + 4 * DAY_MS)[-1].at_ms == NOON_MS + 59 * HOUR_MS // 2 + DAY_MS


def test_narratives_are_ranked_by_the_authors_of_the_last_hour(town):
    for cluster, count in ((1, 4), (2, 9), (3, 5), (4, 5)):
        posts_of(town, cluster, count)
    assert [trend.windows[1].authors for trend in town.pass_time(NOON_MS + MINUTE_MS)] == [4, 9, 5, 5]
    places = []
    for number, cluster in enumerate((1, 2, 3, 1)):
        at_ms = NOON_MS + (2 + number) * MINUTE_MS
        town.post(cluster, at_ms)
        places += [(trend.windows[1].authors, trend.rank) for trend in town.pass_time(at_ms + MINUTE_MS - 1)]
    assert places == [(5, 2), (10, 1), (6, 2), (6, 2)]


def test_the_id_of_a_narrative_is_of_its_first_post_and_never_changes(town):
    first = {m.narrative_id for m in [*posts_of(town, 1, 3), *town.pass_time(NOON_MS + MINUTE_MS)]}
    later_ms = NOON_MS + 2 * DAY_MS
    later = {m.narrative_id for m in [*posts_of(town, 1, 3, later_ms), *town.pass_time(later_ms + MINUTE_MS)]}
    assert first == later
    assert len(first) == 1


def test_a_post_without_terms_belongs_to_no_narrative(town):
    narrative = town.narratives.assign([], NOON_MS, "4/test/p1")
    town.narratives.touch(make_mention(1, narrative=narrative), NOON_MS)
    assert (narrative, len(town.narratives)) == (-1, 0)


def test_a_story_has_the_narrative_that_holds_most_of_its_posts_the_older_of_two(town):
    ids = {}
    for cluster in (1, 2, 3):
        posts_of(town, cluster, 3)
        ids |= {trend.narrative_id: cluster for trend in town.pass_time(NOON_MS + cluster * MINUTE_MS)}
    held = [make_mention(number, narrative=cluster) for number, cluster in enumerate((3, 2, 2, 1, 3))]
    assert ids[town.narratives.id_of_most(held)] == 2
    unknown = make_mention(1, narrative=-1)
    assert town.narratives.id_of_most([unknown]) not in ids


def make_story(number, *clusters):
    return SimpleNamespace(number=number, narratives=dict.fromkeys(clusters, 1))


def test_a_narrative_is_told_of_again_when_its_story_has_changed(town):
    for number in range(4):
        town.post(1, NOON_MS + number, story=7)
    assert [message.at_ms for message in town.pass_time(NOON_MS + MINUTE_MS)] == [NOON_MS + REPORT_EVERY_MS]
    town.narratives.follow_stories([(make_story(7, 1, 2), 7), (make_story(8, 1), 8)], NOON_MS + MINUTE_MS)
    (again,) = town.pass_time(NOON_MS + 2 * MINUTE_MS)
    assert again.at_ms == NOON_MS + MINUTE_MS + REPORT_EVERY_MS


def test_a_narrative_follows_its_story_into_another(town):
    for number in range(4):
        town.post(1, NOON_MS + number, story=7)
    town.pass_time(NOON_MS + MINUTE_MS)
    town.narratives.follow_stories([(make_story(7, 1), 3)], NOON_MS + MINUTE_MS)
    asked = []
    town.narratives.advance(NOON_MS + 2 * MINUTE_MS, asked.append, lambda _: 0.0, lambda _: 0.0, town.is_held)
    assert asked == [3]


def test_a_term_of_which_no_post_is_left_is_not_told(town):
    for number in range(4):
        town.post(1, NOON_MS + number)
    town.taken_back = {"term0-of-1", "term3-of-1"}
    (message,) = town.pass_time(NOON_MS + MINUTE_MS)
    assert message.terms == ["term1-of-1", "term2-of-1", "term4-of-1"]
    assert message.headline == "term1-of-1 term2-of-1 term4-of-1"


def test_terms_are_told_as_posts_write_them(town):
    texts = {"~1": ["TERM0-of-1", "Térm1", "绿芽单车又涨价", "绿芽单车，贵", "térm1"]}
    town.clusterer.leading_terms = lambda *_: [(term, 0.1) for term in ("term1", "绿芽", "单车", "涨价")]
    for number in range(4):
        town.post(1, NOON_MS + number)
    rest = [lambda _: None, lambda _: 0.0, lambda _: 0.0, town.is_held]
    (message,) = town.narratives.advance(NOON_MS + REPORT_EVERY_MS, *rest, texts_of=lambda term: texts.get(term, []))
    assert (message.terms, message.headline) == (["térm1", "绿芽单车"], "térm1 绿芽单车")
    town.post(1, NOON_MS + REPORT_EVERY_MS)
    town.taken_back = {"芽单"}
    (message,) = town.narratives.advance(
        NOON_MS + 2 * REPORT_EVERY_MS, *rest, texts_of=lambda term: texts.get(term, [])
    )
    assert message.terms == ["térm1", "绿芽"]


def test_a_post_that_was_taken_back_counts_no_more(town):
    for number in range(4):
        town.post(1, NOON_MS + number)
    town.narratives.forget(make_mention(99, at_ms=NOON_MS, narrative=1))
    town.narratives.forget(make_mention(99, at_ms=NOON_MS, narrative=2))
    (message,) = town.pass_time(NOON_MS + MINUTE_MS)
    assert [window.posts for window in message.windows] == [3, 3, 3]


def test_what_was_never_told_takes_no_leave(town):
    posts_of(town, 1, 2)
    town.clusterer.fade(1, NOON_MS + 1)
    assert town.post(2, NOON_MS + 1) == []


def test_memory_is_that_of_the_longest_window(town):
    sizes = []
    for number in range(3_000):
        town.post(number, NOON_MS + number * 2 * MINUTE_MS)
        if number >= 20:
            town.clusterer.fade(number - 20, NOON_MS + number * 2 * MINUTE_MS)
        state = town.narratives.snapshot()
        sizes.append((len(state.live), len(state.ids), len(state.due), len(state.hour_authors)))
    assert max(sizes[1_000:]) == max(sizes[2_000:])
    assert all(size <= 2 * DAY_MS // (2 * MINUTE_MS) for size in sizes[-1])


def test_what_a_narrative_is_about_is_looked_up_again_as_it_grows(town):
    looked_up = []
    town.clusterer.leading_terms = lambda cluster, _: looked_up.append(cluster) or [("ferry", 1.0)]
    for number in range(200):
        town.post(1, NOON_MS + number * REPORT_EVERY_MS)
    assert 10 < len(looked_up) < 30


def test_a_snapshot_goes_on_as_the_original_does(town):
    posts_of(town, 1, 3)
    town.clusterer.split(2, 1, NOON_MS)
    posts_of(town, 2, 5)
    encoded = msgspec.msgpack.encode(town.narratives.snapshot())
    again = Town()
    again.posts = town.posts
    again.narratives.restore(msgspec.msgpack.decode(encoded, type=NarrativesState))
    assert msgspec.msgpack.encode(again.narratives.snapshot()) == encoded
    messages = [
        [*posts_of(one, 2, 3, NOON_MS + HOUR_MS), *one.pass_time(NOON_MS + 3 * DAY_MS)] for one in (town, again)
    ]
    assert messages[0] == messages[1] != []
