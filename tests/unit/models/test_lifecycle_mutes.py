"""What mutes and feedback do to the stories of a community."""

import pytest

from models.feedback import Judgement
from models.mentions import HOUR_MS
from models.story import OPEN_MS
from tests.support.chatter import LAUNCH_MS, MINUTE_MS, SECOND_MS
from tests.support.town import BAR, Town, term_scores, told


@pytest.fixture
def town():
    return Town()


def test_a_muted_word_opens_no_story_and_holds_none_open(town):
    town.muted.add("zeppelin")
    assert town.burst("zeppelin") == []
    town.muted.clear()
    assert told(town.burst("zeppelin", LAUNCH_MS + MINUTE_MS)) == [("opened", "burst")]
    town.muted.add("zeppelin")
    town.burst("zeppelin", LAUNCH_MS + HOUR_MS)
    [message] = town.pass_time(LAUNCH_MS + 4 * HOUR_MS)
    assert (message.type, message.at_ms) == ("resolved", LAUNCH_MS + MINUTE_MS + 5 * SECOND_MS + OPEN_MS)


def test_nor_does_another_word_of_the_same_posts_open_one(town):
    town.muted.add("zeppelin")
    assert town.burst("zeppelin airship") == []
    assert town.burst("airship", LAUNCH_MS + MINUTE_MS, count=5) == []
    assert term_scores(town.burst("airship", LAUNCH_MS + 2 * MINUTE_MS, count=5)) == ["airship"]


def test_a_muted_word_is_not_shown_in_the_story_of_another(town):
    [opened] = town.burst("zeppelin airship")
    assert set(opened.terms) >= {"zeppelin", "airship"}
    town.muted.add("zeppelin")
    [message] = town.pass_time(LAUNCH_MS + 4 * HOUR_MS)
    assert "zeppelin" not in message.terms
    assert "zeppelin" not in message.headline


def test_a_story_that_has_no_other_word_is_still_known_by_the_muted_one(town):
    town.burst("zeppelin")
    town.muted.add("zeppelin")
    [message] = town.pass_time(LAUNCH_MS + 4 * HOUR_MS)
    assert message.headline.startswith("“zeppelin” in islanders is over")


def test_a_muted_burst_is_no_measure_of_chance(town):
    town.muted.add("zeppelin")
    town.burst("zeppelin")
    assert town.bars.maximum == 0.0


def test_the_bar_in_force_is_the_one_that_feedback_has_moved(town):
    for number in range(3):
        town.feedback.judge(Judgement(number, f"a{number}", "noise"))
    assert town.burst("zeppelin", significance=BAR + 0.5) == []
    [message] = town.burst("zeppelin", LAUNCH_MS + MINUTE_MS, significance=BAR + 0.7)
    assert (message.bar, message.feedback.bar_before, message.feedback.dismissed) == (BAR + 0.6, BAR, 3)
