from itertools import pairwise

import msgspec
import pytest

import models.story
from models.baseline import VolumeChange
from models.detector import LEARNING_MS
from models.lifecycle import FRAGMENT_RAISE, StoriesState
from models.mentions import DAY_MS, HOUR_MS, WindowState
from models.story import OPEN_MS, STORIES_MAX
from tests.support.chatter import LAUNCH_MS, MINUTE_MS, SECOND_MS, make_mention, make_score
from tests.support.town import BAR, HIGH, LOW, Town, told


@pytest.fixture
def town():
    return Town()


def test_the_bar_here_is_the_one_that_the_tests_below_count_on(town):
    assert town.stories.bar == BAR


def test_a_burst_opens_one_story_which_gathers_the_posts_before(town):
    (opened,) = town.burst("zeppelin")
    assert told([opened]) == [("opened", "burst")]
    assert (opened.revision, opened.evidence.posts, opened.onset_ms) == (1, 6, LAUNCH_MS)
    assert town.burst("zeppelin", LAUNCH_MS + 10 * SECOND_MS, count=2) == []
    assert len(town.stories) == 1


def test_what_does_not_pass_the_bar_opens_nothing(town):
    assert town.burst("zeppelin", significance=BAR - 0.01) == []
    assert town.bars.maximum == BAR - 0.01


@pytest.mark.parametrize("changes", [{"voices": 1}, {"authors": 1}])
def test_too_few_voices_or_authors_open_nothing_and_do_not_move_the_bar(town, changes):
    mention = make_mention(1, ["zeppelin"], LAUNCH_MS)
    town.window.add(mention, LAUNCH_MS)
    assert town.stories.take(mention, [make_score("zeppelin", **changes)], LAUNCH_MS) == []
    assert town.bars.maximum == 0.0


@pytest.mark.parametrize("term", ["@ann", "/news.example", "~17"])
def test_mentions_links_and_micro_clusters_open_nothing_but_join(town, term):
    assert town.burst(term) == []
    assert town.bars.maximum == 0.0
    town.burst(f"zeppelin {term}")
    town.post(f"zeppelin {term}", LAUNCH_MS + 10 * SECOND_MS)
    assert len(town.stories) == 1
    assert town.window.terms[term].story == town.window.terms["zeppelin"].story


def test_the_first_three_hours_open_nothing():
    town = Town(started_ms=LAUNCH_MS - 3 * HOUR_MS + 10 * SECOND_MS)
    assert town.burst("zeppelin") == []
    assert told(town.burst("zeppelin", LAUNCH_MS + 20 * SECOND_MS)) == [("opened", "burst")]


def test_the_first_day_is_said_to_be_learning():
    (opened,) = Town(started_ms=LAUNCH_MS - 5 * HOUR_MS).burst("zeppelin")
    assert opened.evidence.learning
    (opened,) = Town().burst("zeppelin")
    assert not opened.evidence.learning


def test_that_the_usual_volume_had_changed_within_a_week_is_said_in_all_messages_of_a_story(town):
    volume = town.window.volume
    volume.changed_ms, volume.changed_from, volume.level, volume.factors = LAUNCH_MS - 7 * DAY_MS, 12.0, 60.0, [1.0]
    (quiet,) = town.burst("airship")
    assert quiet.evidence.volume_change is None
    volume.changed_ms += MINUTE_MS
    (opened,) = town.burst("zeppelin")
    assert opened.evidence.volume_change == VolumeChange(volume.changed_ms, 12.0, 60.0)
    assert "changed 7 days before this alert opened, from about 12 to about 60 an hour." in opened.summary
    volume.changed_ms += DAY_MS
    changes = {message.evidence.volume_change for message in town.pass_time(LAUNCH_MS + 3 * HOUR_MS)}
    assert changes == {None, opened.evidence.volume_change}


def test_a_term_in_no_story_counts_for_the_bar_and_one_in_a_story_does_not(town):
    town.burst("zeppelin", significance=1.2)
    assert town.bars.maximum == 1.2
    town.burst("zeppelin", LAUNCH_MS + MINUTE_MS)
    town.burst("zeppelin", LAUNCH_MS + 2 * MINUTE_MS)
    assert town.bars.maximum == 0.0
    town.burst("ferry", LAUNCH_MS + 3 * MINUTE_MS, significance=1.5)
    assert town.bars.maximum == 1.5


def test_what_rises_in_the_posts_of_a_story_does_not_count_for_the_bar(town):
    town.burst("zeppelin")
    town.post("zeppelin crash", LAUNCH_MS + MINUTE_MS, significance=1.5)
    assert town.bars.maximum == 0.0


def test_a_term_that_shares_posts_with_a_story_joins_it(town):
    town.burst("zeppelin ferry", significance=0.0)
    town.burst("zeppelin")
    assert town.burst("ferry", LAUNCH_MS + 20 * SECOND_MS) == []
    assert len(town.stories) == 1
    assert set(town.stories.get(1).core) == {"zeppelin", "ferry"}


def test_a_term_that_shares_few_posts_opens_a_story_of_its_own(town):
    town.burst("zeppelin")
    town.burst("zeppelin ferry", LAUNCH_MS + 10 * SECOND_MS, count=2, significance=0.0)
    assert told(town.burst("ferry", LAUNCH_MS + 20 * SECOND_MS)) == [("opened", "burst")]
    assert len(town.stories) == 2


def test_each_story_that_is_open_raises_the_bar_for_the_next(town):
    raised = BAR + FRAGMENT_RAISE
    assert town.burst("zeppelin") != []
    assert town.burst("ferry", significance=raised - 0.01) == []
    assert told(town.burst("ferry", significance=raised)) == [("opened", "burst")]
    assert town.burst("vault", significance=raised) == []
    town.pass_time(LAUNCH_MS + 3 * HOUR_MS)
    assert told(town.burst("vault", LAUNCH_MS + 3 * HOUR_MS, significance=BAR)) == [("opened", "burst")]


def test_a_term_of_which_the_posts_speak_of_a_story_joins_it_though_none_is_the_story_s(town):
    town.burst("zeppelin harbour", significance=0.0)
    (opened,) = town.post("zeppelin harbour", LAUNCH_MS + 10 * SECOND_MS)
    town.stories.get(1).about = ["zeppelin", "harbour"]
    del town.stories.get(1).core["harbour"]
    town.burst("prayers harbour", LAUNCH_MS + MINUTE_MS, count=2, significance=0.0)
    town.burst("prayers", LAUNCH_MS + 2 * MINUTE_MS, count=3)
    assert len(town.stories) == 1
    assert "prayers" in town.stories.get(1).core
    assert opened.alert_id == town.stories.get(1).alert_id


@pytest.mark.parametrize(("significance", "is_told"), [(HIGH, True), (LOW, False)])
def test_people_wait_less_to_be_told_of_a_term_that_passes_the_bar_than_of_one_that_only_leads(significance, is_told):
    town = Town()
    town.burst("zeppelin")
    town.stories.get(1).messaged_ms = LAUNCH_MS + 35 * MINUTE_MS
    messages = town.burst("zeppelin ferry", LAUNCH_MS + 40 * MINUTE_MS, count=5, significance=significance)
    assert ["ferry" in message.terms[:2] for message in messages] == [True] * is_told


def test_a_term_in_two_stories_merges_the_younger_into_the_older(town):
    (older,) = town.burst("zeppelin")
    (younger,) = town.burst("ferry")
    town.burst("zeppelin airfield", significance=0.0)
    town.burst("ferry airfield", significance=0.0)
    resolved, *_ = town.burst("airfield", LAUNCH_MS + MINUTE_MS, count=1)
    assert told([resolved]) == [("resolved", "merged")]
    assert (resolved.alert_id, resolved.into, resolved.revision) == (younger.alert_id, older.alert_id, 2)
    assert len(town.stories) == 1
    assert set(town.stories.get(1).core) == {"zeppelin", "ferry", "airfield"}
    assert town.window.terms["ferry"].story == 1


def test_a_merged_story_holds_the_posts_of_both(town):
    town.burst("zeppelin")
    town.burst("ferry")
    town.burst("zeppelin airfield", significance=0.0)
    town.burst("ferry airfield", significance=0.0)
    town.burst("airfield", LAUNCH_MS + MINUTE_MS, count=1)
    assert town.stories.get(1).posts == 25
    assert {mention.story for mention in town.window.mentions} == {1}


def test_people_are_told_again_when_a_story_has_doubled(town):
    town.burst("zeppelin")
    updates = [m for n in range(6) for m in town.post("zeppelin", LAUNCH_MS + (n + 3) * MINUTE_MS, LOW)]
    assert told(updates) == [("updated", "severity")]
    assert (updates[0].revision, updates[0].evidence.authors) == (2, 12)


def test_people_are_told_again_when_something_new_leads(town):
    (opened,) = town.burst("zeppelin")
    updates = [m for n in range(4) for m in town.post("zeppelin crash", LAUNCH_MS + (n + 3) * MINUTE_MS, LOW)]
    assert told(updates) == [("updated", "terms")]
    assert (opened.terms, updates[0].terms) == (["zeppelin"], ["zeppelin", "crash"])


def test_a_story_is_not_told_again_for_its_size_alone_before_it_has_doubled(town):
    town.burst("zeppelin")
    assert [m for n in range(5) for m in town.post("zeppelin", LAUNCH_MS + (n + 3) * MINUTE_MS, LOW)] == []


def test_between_messages_is_a_minute_and_more_as_a_story_ages(town):
    (opened,) = town.burst("zeppelin")
    messages = [opened]
    for number in range(400):
        at_ms = LAUNCH_MS + MINUTE_MS // 2 + number * 15 * SECOND_MS
        messages += town.post(f"zeppelin detail{number // 5}", at_ms, LOW)
    gaps = [later.at_ms - earlier.at_ms for earlier, later in pairwise(messages)]
    assert len(gaps) > 3
    assert min(gaps) >= MINUTE_MS
    assert all(gap >= 0.1 * (later.at_ms - opened.at_ms) for gap, later in zip(gaps, messages[1:], strict=True))


def test_revisions_count_from_one_and_message_ids_are_unique(town):
    messages = town.burst("zeppelin")
    for number in range(40):
        messages += town.post(f"zeppelin detail{number // 4}", LAUNCH_MS + (number + 2) * MINUTE_MS, LOW)
    messages += town.pass_time(LAUNCH_MS + DAY_MS)
    assert [message.revision for message in messages] == list(range(1, len(messages) + 1))
    assert len({message.message_id for message in messages}) == len(messages) >= 4
    assert {message.alert_id for message in messages} == {messages[0].alert_id}


def test_a_story_is_resolved_two_hours_after_it_was_last_held_up(town):
    town.burst("zeppelin")
    held_ms = town.stories.get(1).held_ms
    assert town.pass_time(held_ms + OPEN_MS - 1) == []
    (resolved,) = town.pass_time(held_ms + OPEN_MS)
    assert told([resolved]) == [("resolved", "over")]
    assert (resolved.at_ms, resolved.revision, len(town.stories)) == (held_ms + OPEN_MS, 2, 0)
    assert town.stories.next_change_ms(resolved.at_ms) is None


def test_the_same_word_later_opens_another_alert(town):
    (first,) = town.burst("zeppelin")
    town.pass_time(LAUNCH_MS + HOUR_MS * 3)
    (second,) = town.burst("zeppelin", LAUNCH_MS + 30 * HOUR_MS)
    assert first.alert_id != second.alert_id
    assert (second.revision, second.evidence.posts) == (1, 6)


def test_alerts_of_one_moment_and_one_narrative_have_different_ids(town):
    mentions = [make_mention(n, ["zeppelin" if n % 2 else "ferry"], LAUNCH_MS, narrative=-1) for n in range(12)]
    for mention in mentions:
        town.window.add(mention, LAUNCH_MS)
    opened = [
        town.stories.take(mention, [make_score(term)], LAUNCH_MS)[0]
        for mention, term in ((mentions[0], "ferry"), (mentions[1], "zeppelin"))
    ]
    assert len({message.alert_id for message in opened}) == 2


def test_a_story_is_retracted_when_deletions_leave_too_few_voices(town):
    (opened,) = town.burst("zeppelin")
    mentions = list(town.window.mentions)
    retracted = []
    for mention in mentions:
        town.stories.forget(mention)
        retracted += town.stories.retract(mention.story, LAUNCH_MS + HOUR_MS)
    assert told(retracted) == [("retracted", "deleted")]
    assert (retracted[0].alert_id, retracted[0].revision) == (opened.alert_id, 2)
    assert retracted[0].evidence.authors < 4
    assert len(town.stories) == 0


def test_a_story_that_began_with_fewer_voices_than_it_had_posts_is_not_retracted_for_one_of_the_others(town):
    town.burst("zeppelin", count=4)
    town.window.mentions[0].story = 99  # of another story, as up to three tenths may be
    (opened, *_) = town.burst("airship", LAUNCH_MS + MINUTE_MS, count=5)
    story = town.stories.get(town.window.terms["airship"].story)
    assert story.ground == 4
    last = town.window.mentions[-1]
    town.stories.forget(last)
    assert town.stories.retract(last.story, LAUNCH_MS + HOUR_MS) == []
    assert opened.revision == 1


def test_each_change_of_state_is_told_of_once(town):
    town.burst("zeppelin")
    changes = []
    for minute in range(140):
        now_ms = LAUNCH_MS + minute * MINUTE_MS
        town.pass_time(now_ms)
        changes += [(minute, story.state(now_ms), number) for story, number in town.stories.drain_changes(now_ms)]
    assert changes == [(0, "rising", 1), (11, "active", 1), (31, "cooling", 1), (121, "quiet", 0)]


def test_a_story_that_was_merged_goes_on_under_the_number_of_the_other(town):
    town.burst("zeppelin")
    town.burst("ferry")
    town.stories.drain_changes(LAUNCH_MS)
    town.burst("zeppelin airfield", significance=0.0)
    town.burst("ferry airfield", significance=0.0)
    town.burst("airfield", LAUNCH_MS + MINUTE_MS, count=1)
    changes = [(story.number, number) for story, number in town.stories.drain_changes(LAUNCH_MS + MINUTE_MS)]
    assert changes == [(2, 1), (1, 1)]


def test_stories_of_a_community_that_is_given_up_are_resolved(town):
    town.burst("zeppelin")
    assert told(town.stories.close(LAUNCH_MS + MINUTE_MS)) == [("resolved", "evicted")]
    assert len(town.stories) == 0


def test_a_story_after_one_that_was_retracted_takes_its_posts(town):
    town.burst("zeppelin", count=6)
    for mention in list(town.window.mentions)[:4]:
        town.stories.forget(mention)
        town.window.remove(mention)
    (retracted,) = town.stories.retract(1, LAUNCH_MS + MINUTE_MS)
    assert retracted.evidence.authors == 2
    (opened,) = town.burst("zeppelin", LAUNCH_MS + 2 * MINUTE_MS, count=3)
    assert (opened.revision, opened.evidence.authors) == (1, 5)


def test_one_post_less_of_four_is_no_reason_to_retract(town):
    town.burst("zeppelin", count=4)
    first = town.window.mentions[0]
    town.stories.forget(first)
    assert town.stories.retract(1, LAUNCH_MS + MINUTE_MS) == []


def test_a_story_of_more_authors_than_have_room_is_not_retracted_for_those_that_had(town, monkeypatch):
    monkeypatch.setattr(models.story, "AUTHORS_MAX", 6)
    town.burst("zeppelin", count=12)
    messages = []
    for mention in list(town.window.mentions):
        town.window.remove(mention)
        town.stories.forget(mention)
        messages.append(town.stories.retract(1, LAUNCH_MS + MINUTE_MS))
    assert [bool(each) for each in messages].index(True) == 9  # two of the twelve are left


def test_forgetting_a_post_of_no_story_changes_nothing(town):
    town.burst("zeppelin")
    mention = make_mention(99, ["zeppelin"])
    town.stories.forget(mention)
    assert town.stories.retract(mention.story, LAUNCH_MS) == []
    assert town.stories.get(1).posts == 6


def test_no_more_stories_are_open_than_the_cap():
    town = Town()
    for number in range(STORIES_MAX + 5):
        town.burst(f"word{number}", count=1, significance=1e6)
        assert len(town.stories) <= STORIES_MAX
    assert len(town.stories) == STORIES_MAX


def test_the_budget_stands_in_the_alert():
    (opened,) = Town(budget="fewer").burst("zeppelin")
    assert (opened.budget.setting, opened.budget.alerts_per_week) == ("fewer", 1.0)


def test_a_snapshot_goes_on_as_the_original_does(town):
    town.burst("zeppelin")
    town.burst("ferry")
    encoded = msgspec.msgpack.encode(town.stories.snapshot())
    again = Town()
    again.window.restore(msgspec.msgpack.decode(msgspec.msgpack.encode(town.window.snapshot()), type=WindowState))
    again.stories.restore(msgspec.msgpack.decode(encoded, type=StoriesState))
    assert msgspec.msgpack.encode(again.stories.snapshot()) == encoded
    assert again.pass_time(LAUNCH_MS + DAY_MS) == town.pass_time(LAUNCH_MS + DAY_MS) != []


def test_authors_who_posted_before_the_story_are_not_new_to_the_community(town):
    town.post("tea", LAUNCH_MS - 30 * MINUTE_MS, 0.0, author="ann")
    town.post("ferry", LAUNCH_MS, 0.0, author="ann")
    (opened,) = town.burst("ferry", LAUNCH_MS + MINUTE_MS)
    assert (opened.evidence.authors, opened.evidence.new_authors) == (7, 6)


def test_nobody_is_called_new_while_the_community_is_learnt():
    (opened,) = Town(started_ms=LAUNCH_MS - LEARNING_MS + HOUR_MS).burst("zeppelin")
    assert opened.evidence.new_authors is None


def test_an_alert_says_when_it_could_have_fired_first(town):
    (opened,) = town.burst("zeppelin")
    clocks = opened.evidence.clocks
    assert clocks.earliest_ms == LAUNCH_MS + 3 * SECOND_MS
    assert clocks.first_post_ms < clocks.earliest_ms < clocks.opened_ms
    (over,) = town.pass_time(LAUNCH_MS + DAY_MS)
    assert over.evidence.clocks.earliest_ms == clocks.earliest_ms


def test_what_an_alert_rests_on_is_remembered_until_a_post_is_taken_back(town):
    (opened,) = town.burst("zeppelin")
    (over,) = town.pass_time(LAUNCH_MS + DAY_MS)
    assert over.evidence.robustness == opened.evidence.robustness
    assert opened.evidence.robustness is not None
    town.burst("ferry")
    town.stories.forget(town.window.terms["ferry"].mentions[0])
    town.window.expire(LAUNCH_MS + DAY_MS)
    (over,) = town.pass_time(LAUNCH_MS + DAY_MS)
    assert over.evidence.robustness is None
