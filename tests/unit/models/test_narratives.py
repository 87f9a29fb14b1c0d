from types import SimpleNamespace

import msgspec
import pytest

from models.clusterer import NarrativeClusterer
from models.lineage import LineageEvent
from models.mentions import DAY_MS
from models.narratives import REPORT_EVERY_MS, Narratives, NarrativesState
from models.windows import SLICE_MS
from tests.support.chatter import COMMUNITY, HOUR_MS, MINUTE_MS, NOON_MS, SECOND_MS, make_mention

LENGTHS_MS = (5 * MINUTE_MS, HOUR_MS, DAY_MS)


class ScriptedClusterer:
    """A clusterer that does as it is told: the first term of a post is the number of its micro-cluster."""

    def __init__(self):
        self.merged = {}
        self.events = []

    def assign(self, terms, event_time_ms, key):  # noqa: ARG002
        return int(terms[0]) if terms else -1

    def resolve(self, micro_cluster_id):
        return self.merged.get(micro_cluster_id, micro_cluster_id)

    def drain_lineage(self):
        events, self.events = self.events, []
        return events

    def leading_terms(self, micro_cluster_id, count):
        return [(f"term{number}-of-{micro_cluster_id}", 0.1) for number in range(count)]

    def merge(self, micro_cluster_id, into, at_ms):
        self.merged[micro_cluster_id] = into
        self.events.append(LineageEvent("merged", micro_cluster_id, into, at_ms))

    def split(self, micro_cluster_id, split_from, at_ms):
        self.events.append(LineageEvent("split", micro_cluster_id, None, at_ms, split_from))

    def fade(self, micro_cluster_id, at_ms):
        self.events.append(LineageEvent("faded", micro_cluster_id, None, at_ms))


class Town:
    """Narratives, with time that is advanced point by point."""

    def __init__(self, clusterer=None, life=0):
        self.clusterer = clusterer or ScriptedClusterer()
        self.narratives = Narratives(COMMUNITY, self.clusterer, LENGTHS_MS, life)
        self.posts = 0
        self.taken_back = set()

    def is_held(self, term):
        return term not in self.taken_back

    def post(self, cluster, at_ms, author=None, **changes):
        """Returns what is told up to a post and with it."""
        return self.say([str(cluster)], at_ms, author, **changes)

    def say(self, terms, at_ms, author=None, **changes):
        """Returns the same of a post with these terms."""
        messages = self.pass_time(at_ms)
        self.posts += 1
        narrative = self.narratives.assign(terms, at_ms, f"4/test/p{self.posts}")
        author = author or f"author{self.posts}"
        mention = make_mention(self.posts, at_ms=at_ms, author=author, narrative=narrative, **changes)
        self.narratives.touch(mention, at_ms)
        return messages + self.narratives.follow_lineage(at_ms)

    def pass_time(self, until_ms):
        messages = []
        while (due_ms := self.narratives.next_due_ms) is not None and due_ms <= until_ms:
            messages += self.narratives.advance(
                due_ms, lambda _: None, lambda length_ms: 2 * length_ms / HOUR_MS, lambda _: 0.25, self.is_held
            )
        return messages


@pytest.fixture
def town():
    return Town()


def posts_of(town, cluster, count, at_ms=NOON_MS):
    return [message for number in range(count) for message in town.post(cluster, at_ms + number)]


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


def test_a_merged_narrative_says_good_bye_and_its_counts_live_on(town):
    posts_of(town, 1, 3)
    posts_of(town, 2, 4, NOON_MS + 10)
    older, younger = town.pass_time(NOON_MS + MINUTE_MS)
    town.clusterer.merge(2, 1, NOON_MS + 2 * MINUTE_MS)
    (gone,) = town.post(2, NOON_MS + 2 * MINUTE_MS, author="author1")
    assert (gone.narrative_id, gone.is_gone, gone.lineage.merged_into) == (
        younger.narrative_id,
        True,
        older.narrative_id,
    )
    (trend,) = town.pass_time(NOON_MS + 3 * MINUTE_MS)
    assert (trend.narrative_id, trend.windows[1].authors, trend.windows[1].posts) == (older.narrative_id, 7, 8)
    assert len(town.narratives) == 1


def test_a_narrative_that_was_gone_comes_back_with_what_is_merged_into_it(town):
    posts_of(town, 1, 3)
    older = town.pass_time(NOON_MS + 2 * DAY_MS)[0]
    later_ms = NOON_MS + 2 * DAY_MS
    posts_of(town, 2, 4, later_ms)
    town.pass_time(later_ms + MINUTE_MS)
    town.clusterer.merge(2, 1, later_ms + 2 * MINUTE_MS)
    (gone,) = town.post(3, later_ms + 2 * MINUTE_MS)
    assert gone.lineage.merged_into == older.narrative_id
    town.post(1, later_ms + 3 * MINUTE_MS)
    trend = town.pass_time(later_ms + 4 * MINUTE_MS)[-1]
    assert (trend.narrative_id, trend.windows[1].authors) == (older.narrative_id, 5)


def test_a_narrative_whose_micro_cluster_faded_says_good_bye(town):
    posts_of(town, 1, 3)
    town.pass_time(NOON_MS + MINUTE_MS)
    town.clusterer.fade(1, NOON_MS + 2 * MINUTE_MS)
    (gone,) = town.post(2, NOON_MS + 2 * MINUTE_MS)
    assert (gone.is_gone, gone.lineage.merged_into) == (True, None)


def split_in_two(town, at_ms=NOON_MS + 2 * MINUTE_MS):
    """Tell of a narrative, split it, and tell of the part; returns the messages on the whole and on the part."""
    posts_of(town, 1, 4)
    whole = town.pass_time(NOON_MS + MINUTE_MS)
    town.clusterer.split(2, 1, at_ms)
    told = town.post(1, at_ms) + town.pass_time(at_ms + MINUTE_MS)
    assert {trend.narrative_id for trend in told} == {whole[0].narrative_id}
    part = posts_of(town, 2, 3, at_ms + 2 * MINUTE_MS) + town.pass_time(at_ms + 3 * MINUTE_MS)
    return whole, part


def test_a_part_that_is_split_off_is_a_narrative_of_its_own_that_says_of_which(town):
    (whole,), (part,) = split_in_two(town)
    assert whole.lineage.split_from is None
    assert part.narrative_id != whole.narrative_id
    assert part.lineage.split_from == whole.narrative_id
    assert (part.first_seen_ms, part.last_seen_ms) == (NOON_MS + 2 * MINUTE_MS, NOON_MS + 4 * MINUTE_MS + 2)
    assert (part.windows[1].authors, part.windows[1].posts) == (3, 3)
    assert part.terms[0] == "term0-of-2"


def test_each_message_on_a_part_says_what_it_was_split_from(town):
    (whole,), (part,) = split_in_two(town)
    later = [trend for trend in town.pass_time(NOON_MS + 3 * DAY_MS) if trend.narrative_id == part.narrative_id]
    assert [trend.is_gone for trend in later] == [False, True]
    assert {trend.lineage.split_from for trend in later} == {whole.narrative_id}


def test_the_part_and_the_whole_are_told_apart_for_ever(town):
    (whole,), (part,) = split_in_two(town)
    later_ms = NOON_MS + 2 * DAY_MS
    town.pass_time(later_ms)
    again = posts_of(town, 1, 3, later_ms) + posts_of(town, 2, 3, later_ms) + town.pass_time(later_ms + MINUTE_MS)
    assert {trend.narrative_id: trend.lineage.split_from for trend in again} == {
        whole.narrative_id: None,
        part.narrative_id: whole.narrative_id,
    }


def test_the_id_of_a_part_is_the_same_for_the_same_posts_and_another_in_another_life():
    ids = [split_in_two(Town(life=life))[1][0].narrative_id for life in (0, 0, 1)]
    assert ids[0] == ids[1] != ids[2]


def test_a_part_of_a_part_names_the_part(town):
    _, (part,) = split_in_two(town)
    at_ms = NOON_MS + 10 * MINUTE_MS
    town.clusterer.split(3, 2, at_ms)
    town.post(2, at_ms)
    told = posts_of(town, 3, 3, at_ms + MINUTE_MS) + town.pass_time(at_ms + 2 * MINUTE_MS)
    assert told[-1].lineage.split_from == part.narrative_id


def test_a_part_that_is_merged_at_once_is_not_told(town):
    posts_of(town, 1, 4)
    town.pass_time(NOON_MS + MINUTE_MS)
    town.clusterer.split(2, 1, NOON_MS + 2 * MINUTE_MS)
    town.clusterer.merge(2, 1, NOON_MS + 2 * MINUTE_MS)
    told = town.post(1, NOON_MS + 2 * MINUTE_MS) + town.pass_time(NOON_MS + 3 * MINUTE_MS)
    assert [(trend.is_gone, trend.lineage.split_from) for trend in told] == [(False, None)]
    assert list(town.narratives.snapshot().ids) == [1]


def test_a_part_that_is_merged_says_good_bye_with_both_its_origin_and_its_end(town):
    (whole,), (part,) = split_in_two(town)
    town.clusterer.merge(2, 1, NOON_MS + 10 * MINUTE_MS)
    (gone,) = [trend for trend in town.post(1, NOON_MS + 10 * MINUTE_MS) if trend.is_gone]
    assert (gone.narrative_id, gone.lineage.split_from, gone.lineage.merged_into) == (
        part.narrative_id,
        whole.narrative_id,
        whole.narrative_id,
    )


def test_posts_of_a_part_stand_for_it(town):
    (whole,), (part,) = split_in_two(town)
    assert town.narratives.still_live(2) == 2
    held = [make_mention(number, narrative=cluster) for number, cluster in enumerate((1, 2, 2))]
    assert town.narratives.id_of_most(held) == part.narrative_id
    assert town.narratives.id_of_most(held[:1]) == whole.narrative_id


def test_a_birth_is_nothing_to_tell(town):
    town.clusterer.events.append(LineageEvent("born", 1, None, NOON_MS))
    assert town.post(1, NOON_MS) == []
    assert len(town.narratives.snapshot().ids) == 1


def test_a_narrative_that_falls_apart_in_talk_is_told_as_two():
    town = Town(NarrativeClusterer(cut_off=0.12, merge_posts=9))
    town.say(["festival", "tickets", "rain"], NOON_MS)
    talks = [["tickets", "refund", "queue"], ["rain", "mud", "tent"]]
    for number in range(16):
        town.say(talks[number % 2], NOON_MS + (1 + number) * SECOND_MS)
    told = {trend.terms[0]: trend for trend in town.pass_time(NOON_MS + 2 * MINUTE_MS)}
    assert set(told) <= {"refund", "queue", "rain", "mud", "tent"}
    (part,) = {trend.narrative_id for trend in told.values() if trend.lineage.split_from}
    (whole,) = {trend.narrative_id for trend in told.values() if not trend.lineage.split_from}
    assert {trend.lineage.split_from for trend in told.values()} == {None, whole}
    assert {term for term, trend in told.items() if trend.narrative_id == part} <= set(talks[0])


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


def test_a_narrative_takes_over_the_story_of_one_that_is_merged_into_it(town):
    for number in range(4):
        town.post(1, NOON_MS + number)
        town.post(2, NOON_MS + number, story=7)
    town.clusterer.merge(2, 1, NOON_MS + 4)
    town.narratives.follow_lineage(NOON_MS + 4)
    asked = []
    town.narratives.advance(NOON_MS + REPORT_EVERY_MS, asked.append, lambda _: 0.0, lambda _: 0.0, town.is_held)
    assert asked == [7]


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
