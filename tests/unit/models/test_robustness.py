import pytest

from models.mentions import MentionWindow
from models.message import Rescored
from models.robustness import earliest_ms, rescore
from models.significance import surprise, voices
from tests.support.chatter import LAUNCH_MS, MINUTE_MS, SECOND_MS, make_mention, make_score

AT_MS = LAUNCH_MS + 9 * MINUTE_MS


def post(number, author, **changes):
    return make_mention(number, ["ferry"], LAUNCH_MS + number * SECOND_MS, author=author, **changes)


def take(*mentions, bar=2.0, now_ms=AT_MS, **changes):
    """Returns what the window of these posts, and of older ones, is without some of them."""
    window = MentionWindow()
    for mention in mentions:
        window.add(mention, max(mention.event_time_ms, LAUNCH_MS))
    authors, texts = {each.author for each in mentions}, {each.text_class for each in mentions}
    reposted = {each.text_class for each in mentions if each.is_repost}
    count = voices(len(authors), len(texts), len(reposted))
    best = make_score(**({"at_ms": AT_MS, "voices": count, "authors": len(authors), "texts": len(texts)} | changes))
    return rescore(window, best, bar, now_ms)


def test_who_posts_most_is_left_out_first():
    authors = ["ann", "bob", "bob", "cleo", "cleo", "cleo", "dan", "eve", "fay"]
    found = take(*(post(number, author) for number, author in enumerate(authors)))
    assert found.top == ["cleo", "bob", "ann", "dan", "eve"]
    left = [found.voices, found.without_top_1.voices, found.without_top_3.voices, found.without_top_5.voices]
    assert left == [6, 5, 3, 1]


def test_the_score_is_that_of_what_is_left():
    found = take(*(post(number, f"author{number}") for number in range(8)), share=0.01, volume=40.0, size=1.5)
    assert found.without_top_1 == Rescored(7, round(surprise(7, 0.4, 1.5), 3), passes=True)
    assert found.without_copies == Rescored(8, round(surprise(8, 0.4, 1.5), 3), passes=True)


def test_an_alert_needs_four_voices_of_two_authors_and_the_bar():
    posts = [post(number, f"author{number}") for number in range(8)]
    found = take(*posts)
    assert (found.without_top_3.passes, found.without_top_5.passes) == (True, False)
    assert found.without_top_5.significance > 2
    assert not take(*posts, bar=99.0).without_top_1.passes
    alone = [post(9 + number, "ann", is_repost=True) for number in range(9)]
    assert not take(post(1, "bob"), *alone).without_top_1.passes


def test_without_copies_reposts_and_all_but_the_first_of_a_text_are_left_out():
    copies = [post(number, f"bot{number}", text_class=1, is_repost=number > 20) for number in range(30)]
    found = take(*copies, post(40, "ann"), post(41, "bob"), voices=3)
    assert found.without_copies.voices == 3
    assert take(*(post(number, f"bot{number}", is_repost=True) for number in range(9))).without_copies.voices == 0


def test_accounts_are_not_told_apart_where_most_posts_name_none():
    nameless = [post(number, f"4/test/p{number}", is_author_known=False) for number in range(6)]
    found = take(*nameless, post(9, "ann"))
    assert found.top == []
    assert (found.without_top_1, found.without_top_3, found.without_top_5) == (None, None, None)
    assert found.without_copies.passes


def test_a_post_without_an_author_is_no_top_account():
    found = take(post(0, "4/test/p0", is_author_known=False), *(post(number, f"a{number}") for number in range(1, 4)))
    assert found.top == ["a1", "a2", "a3"]


def test_only_the_window_that_scored_is_scored_again():
    old = [make_mention(number, ["ferry"], AT_MS - 10 * MINUTE_MS, author="old") for number in range(100, 105)]
    later = [make_mention(200, ["ferry"], AT_MS + 1, author="late")]
    found = take(*old, *(post(number, f"a{number}") for number in range(4)), *later, voices=4)
    assert found.top == ["a0", "a1", "a2", "a3"]


def test_posts_that_came_late_make_no_more_of_what_is_left_than_there_was():
    found = take(*(post(number, f"a{number}") for number in range(20)), voices=8)
    assert (found.voices, found.without_top_1.voices, found.without_copies.voices) == (8, 8, 8)


@pytest.mark.parametrize(("passed_ms", "is_held"), [(50 * MINUTE_MS, True), (50 * MINUTE_MS + 1, False)])
def test_a_window_that_is_not_held_any_more_is_not_scored_again(passed_ms, is_held):
    found = take(*(post(number, f"a{number}") for number in range(6)), now_ms=AT_MS + passed_ms)
    assert (found is not None) == is_held


def test_a_term_of_which_all_posts_were_taken_back_is_not_scored_again():
    assert take(post(1, "ann"), term="…") is None


def test_names_without_end_are_cut():
    found = take(*(post(number, "x" * 500 + str(number)) for number in range(6)))
    assert max(len(name.encode()) for name in found.top) <= 64
    assert found.without_top_1.voices == 5


@pytest.mark.parametrize(
    ("authors", "reposts", "number"),
    [
        ("abcdef", "", 3),
        ("aabbccdd", "", 6),
        ("aaabbbbbb", "012345678", 3),
        ("ab", "", 1),
    ],
)
def test_the_earliest_moment_is_that_of_the_fourth_voice(authors, reposts, number):
    mentions = [post(at, author, is_repost=str(at) in reposts) for at, author in enumerate(authors)]
    assert earliest_ms(mentions) == mentions[number].event_time_ms
