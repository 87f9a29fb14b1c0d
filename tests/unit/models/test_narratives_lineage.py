import pytest

from models.clusterer import NarrativeClusterer
from models.lineage import LineageEvent
from models.mentions import DAY_MS
from models.narratives import REPORT_EVERY_MS
from tests.support.chatter import MINUTE_MS, NOON_MS, SECOND_MS, make_mention
from tests.support.told import Town, posts_of


@pytest.fixture
def town():
    return Town()


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


def test_a_narrative_takes_over_the_story_of_one_that_is_merged_into_it(town):
    for number in range(4):
        town.post(1, NOON_MS + number)
        town.post(2, NOON_MS + number, story=7)
    town.clusterer.merge(2, 1, NOON_MS + 4)
    town.narratives.follow_lineage(NOON_MS + 4)
    asked = []
    town.narratives.advance(NOON_MS + REPORT_EVERY_MS, asked.append, lambda _: 0.0, lambda _: 0.0, town.is_held)
    assert asked == [7]
