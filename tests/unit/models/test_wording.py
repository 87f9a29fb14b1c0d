import pytest

from models.message import Clocks, Evidence, Expected, Observed, Voice
from models.wording import closing_headline, counted, duration, headline, summary, usual
from tests.support.chatter import DAY_MS, HOUR_MS, MINUTE_MS

TERMS = ["ferry", "tornavik", "cancelled", "school", "boat"]


def make_evidence(**changes):
    fields = {
        "authors": 9,
        "posts": 12,
        "texts": 10,
        "repost_share": 0.0,
        "copy_share": 0.167,
        "authors_known": True,
        "learning": False,
        "leading_authors": [Voice("ann", 2, 50), Voice("bob", 1, 40), Voice("cleo", 1, 60), Voice("dan", 1, 70)],
        "samples": [],
        "languages": {},
        "sources": {},
        "shared_posts": {},
        "clocks": Clocks(0, 0, 0),
    }
    return Evidence(**(fields | changes))


def say(longevity_min=42, *, is_over=False, **changes):
    return summary(
        make_evidence(**changes),
        significance=9.87,
        bar=5.04,
        longevity_min=longevity_min,
        is_over=is_over,
    )


@pytest.mark.parametrize(
    ("length_ms", "words"),
    [
        (0, "1 min"),
        (10 * MINUTE_MS, "10 min"),
        (HOUR_MS, "1 h"),
        (HOUR_MS + 5 * MINUTE_MS, "1 h 5 min"),
        (DAY_MS, "24 h"),
        (2 * DAY_MS, "2 days"),
        (9 * DAY_MS, "9 days"),
    ],
)
def test_a_duration_is_said_in_the_words_of_daily_life(length_ms, words):
    assert duration(length_ms) == words


def test_a_count_agrees_with_its_noun():
    assert [counted(count, "post") for count in (0, 1, 2, 12_345)] == ["0 posts", "1 post", "2 posts", "12,345 posts"]


@pytest.mark.parametrize(
    ("authors", "words"),
    [
        (0.0, "almost none is"),
        (0.5, "about one is"),
        (1.49, "about one is"),
        (1.5, "about 2 are"),
        (2100, "about 2,100 are"),
    ],
)
def test_what_is_usual_is_said_in_whole_people(authors, words):
    assert usual(authors) == words


def test_a_headline_says_what_where_how_many_how_fast_and_how_many_are_usual():
    line = headline(TERMS, "islanders", Observed(14, 16), Expected(0.9, 0, 3), 30 * MINUTE_MS, known=True)
    assert line == "“ferry tornavik cancelled school” in islanders: 14 authors in 30 min where about one is usual"


def test_the_headline_counts_the_originals_behind_reposts_apart():
    observed, expected = Observed(2, 6), Expected(0.1, 0, 1)
    line = headline(["ferry"], "islanders", observed, expected, HOUR_MS, known=True, unseen=2)
    assert line == "“ferry” in islanders: 2 authors and 2 more behind reposts in 1 h where almost none is usual"


def test_a_headline_is_plain_english_for_one_author_and_one_term():
    line = headline(["ferry"], "islanders", Observed(1, 5), Expected(0.1, 0, 1), 10 * MINUTE_MS, known=True)
    assert line == "“ferry” in islanders: 1 author in 10 min where almost none is usual"


def test_a_headline_speaks_of_posts_where_authors_are_unknown():
    line = headline(["ferry"], "islanders", Observed(8, 8), Expected(2.2, 0, 5), HOUR_MS, known=False)
    assert line == "“ferry” in islanders: 8 posts in 1 h where about 2 are usual"


@pytest.mark.parametrize(
    ("reason", "words"),
    [
        ("over", "is over"),
        ("merged", "is part of another story now"),
        ("deleted", "is withdrawn, its posts were deleted or changed"),
    ],
)
def test_a_closing_headline_says_why_it_is_the_last(reason, words):
    line = closing_headline(["ferry"], "islanders", make_evidence(), 95, reason)
    assert line == f"“ferry” in islanders {words}: 9 authors in 1 h 35 min"


def test_a_closing_headline_speaks_of_posts_where_authors_are_unknown():
    line = closing_headline(["ferry"], "islanders", make_evidence(authors_known=False, posts=1), 0, "over")
    assert line == "“ferry” in islanders is over: 1 post in 1 min"


def test_a_summary_tells_size_surprise_and_who_carries_it():
    assert say() == (
        "So far 12 posts by 9 authors in 42 min, 10 distinct texts. "
        "Surprise 9.9, where 5.0 was needed. "
        "Most active: ann, bob, cleo; bob was first among them."
    )


def test_a_summary_at_the_end_is_of_it_all():
    assert say(is_over=True).startswith("In all 12 posts by 9 authors in 42 min, ")


def test_a_summary_is_plain_english_for_one_of_each():
    told = say(longevity_min=0, authors=1, posts=1, texts=1, leading_authors=[Voice("ann", 1, 5)])
    assert told.startswith("So far 1 post by 1 author in 1 min, 1 distinct text. ")
    assert told.endswith("Most active: ann.")


def test_a_summary_tells_copies_apart():
    assert ", all of them copies of one text." in say(texts=1)
    assert ", 25% reposts, 10 distinct texts." in say(repost_share=0.25)
    assert ", mostly copies: 75% reposts, 2 distinct texts." in say(repost_share=0.75, copy_share=0.8, texts=2)


def test_a_summary_names_an_author_who_floods():
    told = say(leading_authors=[Voice("ann", 6, 50), Voice("bob", 1, 40)])
    assert told.endswith("ann alone wrote 6 of them.")


def test_a_summary_names_nobody_where_authors_are_unknown():
    told = say(authors_known=False, leading_authors=[])
    assert told.startswith("So far 12 posts in 42 min, 10 distinct texts. ")
    assert told.endswith("Authors are unknown: each post counts as an author of its own.")


def test_a_summary_admits_that_what_is_usual_is_still_a_guess():
    assert "followed for less than a day" in say(learning=True)
    assert "followed for less than a day" not in say()


def test_a_summary_names_three_communities_that_share_the_posts():
    told = say(shared_posts={"sailors": 0.5, "anglers": 0.25, "commuters": 0.1, "others": 0.05})
    assert told.endswith("Of its posts, 50% also in sailors, 25% also in anglers, 10% also in commuters.")
