import pytest

from models.baseline import VolumeChange
from models.message import Clocks, Evidence, Expected, FeedbackNote, Observed, Rescored, Robustness, Sentiment, Voice
from models.surfaces import Surfaces
from models.wording import closing_headline, counted, duration, headline, summary, title, usual
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


def say(longevity_min=42, *, is_over=False, feedback=None, **changes):
    return summary(
        make_evidence(**changes),
        significance=9.87,
        bar=5.04,
        longevity_min=longevity_min,
        is_over=is_over,
        feedback=feedback,
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


def head(observed, expected, length_ms=30 * MINUTE_MS, *, unseen=0, **changes):
    evidence = make_evidence(**changes)
    return headline("“ferry”", "islanders", observed, expected, length_ms=length_ms, evidence=evidence, unseen=unseen)


def rescored(passes, *, without_one=7, known=True):
    """Returns what a window of 8 voices is without one, three and five accounts and without copies; y: it fires."""
    one, three, five, copies = (
        Rescored(number, 5.0, passes=own == "y") for number, own in zip((without_one, 5, 3, 4), passes, strict=True)
    )
    top = ["ann", "bob", "cleo", "dan", "eve"]
    if not known:
        return Robustness(0, 8, 9.0, [], None, None, None, copies)
    return Robustness(0, 8, 9.0, top, one, three, five, copies)


def test_a_headline_says_what_where_how_many_how_fast_and_how_many_are_usual():
    line = head(Observed(14, 16), Expected(0.9, 0, 3))
    assert line == "“ferry” in islanders: 14 authors in 30 min where about one is usual"


def test_the_headline_counts_the_originals_behind_reposts_apart():
    line = head(Observed(2, 6), Expected(0.1, 0, 1), HOUR_MS, unseen=2)
    assert line == "“ferry” in islanders: 2 authors and 2 others they repost in 1 h where almost none is usual"


def test_a_headline_is_plain_english_for_one_author():
    line = head(Observed(1, 5), Expected(0.1, 0, 1), 10 * MINUTE_MS)
    assert line == "“ferry” in islanders: 1 author in 10 min where almost none is usual"


def test_a_headline_speaks_of_posts_where_authors_are_unknown():
    line = head(Observed(8, 8), Expected(2.2, 0, 5), HOUR_MS, authors_known=False)
    assert line == "“ferry” in islanders: 8 posts in 1 h where about 2 are usual"


@pytest.mark.parametrize(
    ("changes", "words"),
    [
        ({}, ""),
        ({"repost_share": 0.04}, ""),
        ({"repost_share": 0.61}, "; 61% reposts"),
        ({"repost_share": 0.61, "top_text_share": 0.5}, "; 61% reposts"),
        ({"repost_share": 0.61, "top_text_share": 0.72}, "; 72% are copies of one post"),
        ({"robustness": rescored("yyyy")}, "; would have fired without its top five accounts"),
        ({"robustness": rescored("yynn")}, ""),
        ({"robustness": rescored("nnnn")}, ""),
        (
            {"robustness": rescored("nnnn", without_one=6)},
            "; would not have fired without ann",
        ),
        ({"robustness": rescored("yyyn", known=False)}, ""),
        (
            {"repost_share": 0.61, "robustness": rescored("yyyn")},
            "; 61% reposts; would have fired without its top five accounts",
        ),
    ],
)
def test_a_headline_ends_with_copies_and_what_the_alert_rests_on(changes, words):
    told = head(Observed(14, 16), Expected(0.9, 0, 3), **changes)
    assert told.partition("where about one is usual")[2] == words


@pytest.mark.parametrize(
    ("terms", "texts", "words"),
    [
        (["kochfarms", "turkey"], [], "“kochfarms turkey”"),
        (["kochfarms"], ["#KochFarms", "#KochFarms!", "Koch", "kochfarms"], "“#KochFarms”"),
        (["kochfarms"], ["#KochFarms", "kochfarms"], "“kochfarms”"),
        (["kochfarms"], ["＃KochFarms’s"], "“#KochFarms”"),
        (["turkey"], ["Turkey", "turkey"], "“turkey”"),
        (["turkey"], ["Turkey", "Turkey", "turkey"], "“Turkey”"),
        (["turkey"], ["TURKEY TURKEY", "TURKEY", "turkey"], "“turkey”"),
        (["turkey", "nypd"], ["TURKEY NYPD"], "“TURKEY NYPD”"),
        (["@ann.example", "$aapl"], ["@Ann.Example about $AAPL, mail@ann.example"], "“@Ann.Example $AAPL”"),
        (["東京"], ["東京都"], "“東京都”"),
        (["東京"], ["東京都", "東京駅", "東京は雨"], "“東京”"),
        (list("abcdef"), [], "“a b c d”"),
    ],
)
def test_a_title_is_spelled_as_most_posts_spell_it(terms, texts, words):
    assert title(terms, Surfaces(texts)) == words


def test_what_is_written_from_right_to_left_turns_nothing_around():
    found = title(["مترو"], Surfaces(["المترو متوقف"]))
    assert found == "“\u2068المترو\u2069”"
    line = closing_headline(found, "حي\u2069", make_evidence(), 95, "over")
    assert line == "“\u2068المترو\u2069” in \u2068حي\u2069 is over: 9 authors in 1 h 35 min"


@pytest.mark.parametrize(
    ("reason", "words"),
    [
        ("over", "is over"),
        ("merged", "is part of another story now"),
        ("deleted", "is withdrawn, its posts were deleted or changed"),
    ],
)
def test_a_closing_headline_says_why_it_is_the_last(reason, words):
    line = closing_headline("“ferry”", "islanders", make_evidence(), 95, reason)
    assert line == f"“ferry” in islanders {words}: 9 authors in 1 h 35 min"


def test_a_closing_headline_speaks_of_posts_where_authors_are_unknown():
    line = closing_headline("“ferry”", "islanders", make_evidence(authors_known=False, posts=1), 0, "over")
    assert line == "“ferry” in islanders is over: 1 post in 1 min"


def test_a_summary_tells_size_surprise_and_who_carries_it():
    assert say() == (
        "So far 12 posts by 9 authors in 42 min, 10 distinct texts. "
        "Surprise 9.9, where 5.0 was needed. "
        "Carried by ann, bob and cleo."
    )


def test_a_summary_at_the_end_is_of_it_all():
    assert say(is_over=True).startswith("In all 12 posts by 9 authors in 42 min, ")


def test_a_summary_is_plain_english_for_one_of_each():
    told = say(longevity_min=0, authors=1, posts=1, texts=1, leading_authors=[Voice("ann", 1, 5)])
    assert told.startswith("So far 1 post by 1 author in 1 min, 1 distinct text. ")
    assert told.endswith("Carried by ann.")


def test_a_summary_tells_copies_apart():
    assert ", all of them copies of one text." in say(texts=1)
    assert ", 25% reposts, 10 distinct texts." in say(repost_share=0.25)
    assert ", 75% reposts, 80% near-copies, 2 distinct texts." in say(repost_share=0.75, copy_share=0.8, texts=2)
    told = say(repost_share=0.75, copy_share=0.8, texts=2, top_text_share=0.7)
    assert ", 70% of them copies of one text, 75% reposts, 2 distinct texts." in told


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
    assert told.endswith("Of its posts, 50% also in sailors, 25% also in anglers and 10% also in commuters.")


def test_a_summary_tells_who_came_first_beside_who_posted_most():
    first = [Voice("zoe", 1, 10), Voice("bob", 1, 40)]
    assert "First came zoe and bob; most active are ann, bob and cleo." in say(first_authors=first)


@pytest.mark.parametrize(("new", "words"), [(None, ""), (0, ""), (4, " (4 new here)"), (9, " (all new here)")])
def test_a_summary_tells_how_many_authors_are_new(new, words):
    assert say(new_authors=new).startswith(f"So far 12 posts by 9 authors{words} in 42 min, ")


@pytest.mark.parametrize(
    ("found", "words"),
    [
        (rescored("yyyy"), "would have fired without its top five accounts"),
        (
            rescored("yyny"),
            "would have fired without its top three accounts, but not without the top five",
        ),
        (rescored("ynny"), "would have fired without ann, but not without its top three accounts"),
        (rescored("nnny"), "would not have fired with one account fewer"),
        (rescored("nnny", without_one=6), "would not have fired without ann"),
    ],
)
def test_a_summary_tells_what_the_alert_rests_on(found, words):
    assert f" It {words}. " in say(robustness=found, copy_share=0.0)


@pytest.mark.parametrize(
    ("found", "words"),
    [
        (rescored("yyyy"), "its top five accounts, and without reposts and copies."),
        (rescored("yyyn"), "its top five accounts, but not without reposts and copies."),
        (rescored("nnny"), "one account fewer; without reposts and copies it would have."),
        (rescored("nnnn"), "one account fewer, nor without reposts and copies."),
        (rescored("yyyy", known=False), " It would have fired without reposts and copies."),
        (rescored("yyyn", known=False), " It would not have fired without reposts and copies."),
    ],
)
def test_a_summary_tells_what_is_left_without_copies(found, words):
    assert words in say(robustness=found, repost_share=0.6)


@pytest.mark.parametrize(
    ("found", "words"),
    [
        (Sentiment(None, 0, 0, 0, 9, "language"), ""),
        (Sentiment(0.1, 2, 2, 2, 0), ""),
        (Sentiment(0.9, 4, 0, 0, 0), ""),
        (Sentiment(0.9, 4, 3, 0, 0), ""),
        (Sentiment(-0.5, 1, 1, 5, 2), "Mostly negative in tone: 5 of 7 posts that were read for it."),
        (Sentiment(0.5, 5, 0, 0, 0), "Mostly positive in tone: 5 of 5 posts that were read for it."),
    ],
)
def test_a_summary_tells_a_tone_that_most_posts_have(found, words):
    assert say(sentiment=found).partition("cleo.")[2].strip() == words


def test_a_summary_says_how_feedback_has_moved_the_bar():
    assert "was needed. The bar was raised 4.4 to 5.0 after 3 of 3 alerts were dismissed." in say(
        feedback=FeedbackNote(3, 3, 4.4, 3)
    )
    assert "lowered 5.2 to 5.0 after 1 of 1 alert was found useful." in say(feedback=FeedbackNote(1, 0, 5.2, 1))
    assert "The bar was" not in say(feedback=FeedbackNote(2, 1, 5.0, 2))


@pytest.mark.parametrize(
    ("change", "words"),
    [
        (
            VolumeChange(-20 * HOUR_MS - 3, 12.4, 1_234.5),
            "20 h before this alert opened, from about 12 to about 1,234 an",
        ),
        (
            VolumeChange(-3 * DAY_MS, 60.0, 0.1),
            "3 days before this alert opened, from about 60 to almost none an hour.",
        ),
    ],
)
def test_a_summary_says_that_what_is_usual_has_changed(change, words):
    assert f"The usual number of posts here changed {words}" in say(volume_change=change)
    assert "usual number" not in say()
