from models.joining import holding, kin
from tests.support.chatter import make_mention
from tests.support.stories import make_story

TEN = range(1, 11)


def in_stories(*numbers):
    """Ten posts, the first ones in these stories."""
    return [make_mention(number, story=story) for number, story in zip(TEN, [*numbers, *[0] * 10], strict=False)]


def test_a_story_holds_posts_if_three_in_ten_are_its_own():
    stories = {1: make_story(number=1), 2: make_story(number=2)}
    assert holding(stories, in_stories(1, 1)) == []
    assert holding(stories, in_stories(2, 2, 2, 1)) == [stories[2]]
    assert holding(stories, in_stories(2, 2, 2, 1, 1, 1)) == [stories[1], stories[2]]


def test_a_story_that_is_over_holds_nothing():
    assert holding({}, in_stories(1, 1, 1, 1, 1)) == []


def test_a_story_that_people_know_of_comes_before_one_of_a_backfill():
    stories = {1: make_story(number=1, is_untold=True), 2: make_story(number=2)}
    assert holding(stories, in_stories(1, 1, 1, 2, 2, 2)) == [stories[2], stories[1]]


def about(*terms, count=10):
    return [make_mention(number, terms) for number in range(count)]


def test_posts_that_speak_of_what_a_story_is_about_are_kin():
    ferry = make_story(number=1, core={"ferry": 9.0}, about=["ferry", "boat"])
    assert kin([ferry], [*about("queue", "boat", count=4), *about("queue", count=6)]) is ferry
    assert kin([ferry], [*about("queue", "boat", count=3), *about("queue", count=7)]) is None
    assert kin([], about("queue")) is None


def test_of_several_stories_the_one_that_more_posts_speak_of_is_kin_and_else_the_older():
    older, newer = (make_story(number=number, core={term: 9.0}) for number, term in ((1, "ferry"), (2, "bridge")))
    assert kin([older, newer], [*about("ferry", count=4), *about("bridge", count=6)]) is newer
    assert kin([older, newer], [*about("ferry", count=5), *about("bridge", count=5)]) is older
