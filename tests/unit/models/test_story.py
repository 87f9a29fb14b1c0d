import pytest

import models.story
from models.story import (
    ACTIVE_MS,
    AUTHORS_MAX,
    CANDIDATE_BYTES_MAX,
    CANDIDATES_MAX,
    HOLD_SHARE,
    NAMES_MAX,
    OPEN_MS,
    RISING_MS,
    STORIES_BYTES_MAX,
    TERMS_BYTES_MAX,
    TERMS_MAX,
    AuthorCount,
    share_room,
)
from tests.support.chatter import HOUR_MS, LAUNCH_MS, MINUTE_MS, NOON_MS, make_mention, make_score
from tests.support.stories import make_story

BAR = 6.0


def test_a_story_rises_stays_active_cools_and_is_over():
    story = make_story()
    states = {minute: story.state(LAUNCH_MS + minute * MINUTE_MS) for minute in (0, 9, 10, 29, 30, 119, 120)}
    assert list(states.values()) == ["rising", "rising", "active", "active", "cooling", "cooling", "quiet"]


def test_the_next_change_is_when_the_state_changes_and_not_before():
    story, now_ms, seen = make_story(), LAUNCH_MS, []
    while (state := story.state(now_ms)) != "quiet":
        change_ms = story.next_change_ms(now_ms)
        assert story.state(change_ms - 1) == state != story.state(change_ms)
        seen.append(change_ms - LAUNCH_MS)
        now_ms = change_ms
    assert seen == [RISING_MS, ACTIVE_MS, OPEN_MS]


def test_a_score_near_the_bar_holds_a_story_without_making_it_rise():
    story = make_story()
    later_ms = LAUNCH_MS + 20 * MINUTE_MS
    story.note(make_score(significance=HOLD_SHARE * BAR, at_ms=later_ms), BAR)
    assert (story.held_ms, story.passed_ms, story.state(later_ms)) == (later_ms, LAUNCH_MS, "active")
    story.note(make_score(significance=BAR, at_ms=later_ms), BAR)
    assert story.state(later_ms) == "rising"


def test_a_score_far_below_the_bar_does_not_hold_a_story():
    story = make_story()
    story.note(make_score("boat", significance=0.5 * BAR, at_ms=LAUNCH_MS + 1), BAR)
    assert (story.held_ms, "boat" in story.core) == (LAUNCH_MS, False)


def test_the_best_score_is_the_largest():
    story = make_story()
    for significance in (13.0, 20.0, 9.0):
        story.note(make_score(significance=significance), BAR)
    assert story.best.significance == story.core["ferry"] == 20.0


@pytest.mark.parametrize(
    ("size", "severity"), [(1, 1), (3, 2), (6, 3), (12, 4), (24, 6), (50, 8), (153, 10), (999, 10)]
)
def test_severity_steps_up_with_authors_and_texts(size, severity):
    authors = {f"author{number}": AuthorCount(1, 0) for number in range(size)}
    assert make_story(authors=authors, texts=dict.fromkeys(range(size), 1)).severity == severity
    assert make_story(authors=authors, texts={1: size}).severity == 1


def test_a_story_counts_what_it_gathers():
    story = make_story(
        make_mention(1, at_ms=LAUNCH_MS - 5, author="ann", lang="en", narrative=4),
        make_mention(2, at_ms=LAUNCH_MS + 9, author="ann", lang="en", narrative=4, is_repost=True),
        make_mention(3, at_ms=LAUNCH_MS + 3, text_class=1, is_author_known=False, communities=["islanders", "sailors"]),
    )
    assert (story.onset_ms, story.latest_ms) == (LAUNCH_MS - 5, LAUNCH_MS + 9)
    assert (story.posts, story.reposts, story.anonymous) == (3, 1, 1)
    assert story.authors == {
        "ann": AuthorCount(2, LAUNCH_MS - 5),
        "author3": AuthorCount(1, LAUNCH_MS + 3, is_known=False),
    }
    assert story.texts == {1: 2, 2: 1}
    assert story.narratives == {4: 2, 0: 1}
    assert (story.languages, story.sources) == ({"en": 2}, {"test": 3})
    assert story.communities == {"islanders": 3, "sailors": 1}


def test_a_gathered_post_knows_its_story():
    mention = make_mention(1)
    make_story(mention)
    assert mention.story == 7


def test_a_dropped_post_takes_away_what_it_counted_for():
    kept = [make_mention(1, author="ann"), make_mention(2, author="bob", lang="en")]
    gone = make_mention(3, author="bob", lang="no", is_repost=True, communities=["islanders", "sailors"])
    story, same = make_story(*kept, gone), make_story(*kept)
    story.drop(gone)
    for name in (
        "posts",
        "reposts",
        "anonymous",
        "authors",
        "texts",
        "reposted",
        "languages",
        "sources",
        "communities",
    ):
        assert getattr(story, name) == getattr(same, name), name
    assert story.candidates == same.candidates


def test_the_weights_of_terms_are_of_authors_not_of_posts_and_fade():
    story = make_story(
        make_mention(1, ["ferry", "boat"], LAUNCH_MS),
        make_mention(2, ["ferry", "boat"], LAUNCH_MS, author="author1", repeats=["ferry"]),
    )
    assert story.weights == {"ferry": 1.0, "boat": 2.0}
    story.add(make_mention(3, ["ferry"], LAUNCH_MS + 60 * MINUTE_MS))
    assert story.weights == pytest.approx({"ferry": 1.25, "boat": 0.5})


def test_a_post_that_was_updated_weighs_what_it_did_before():
    story = make_story(make_mention(1, ["ferry"], LAUNCH_MS), make_mention(2, ["harbour"], LAUNCH_MS + HOUR_MS))
    before, old = dict(story.weights), story.candidates[0]
    story.drop(old)
    story.add(make_mention(1, ["ferry"], LAUNCH_MS, weighed_ms=old.weighed_ms))
    assert story.weights == pytest.approx(before)
    assert story.weights["ferry"] == pytest.approx(0.25)


def test_a_term_of_which_no_post_is_left_is_hidden():
    gone = make_mention(1, ["secret", "ferry"])
    story = make_story(gone, make_mention(2, ["ferry"]), best=make_score("secret"))
    story.about = story.terms = ["secret", "ferry"]
    story.hide_terms()
    assert (story.about, story.terms, story.best.term) == (["secret", "ferry"], ["secret", "ferry"], "secret")
    story.drop(gone)
    story.hide_terms()
    assert (story.about, story.terms, story.best.term) == (["ferry"], ["ferry"], "…")


def test_a_dropped_post_takes_its_weight_away_however_much_of_it_is_left():
    kept = [make_mention(n, ["ferry", "boat"], LAUNCH_MS + n * 40 * MINUTE_MS) for n in (1, 2)]
    gone = make_mention(3, ["ferry", "secret"], LAUNCH_MS + 20 * MINUTE_MS)
    story = make_story(make_mention(0, ["ferry"], LAUNCH_MS), gone, *kept)
    same = make_story(make_mention(0, ["ferry"], LAUNCH_MS), *kept)
    story.drop(gone)
    assert story.weights == pytest.approx(same.weights)
    assert story.weight == pytest.approx(same.weight)


def test_voices_are_those_of_the_whole_story():
    reposts = [make_mention(n, author="ann", is_repost=True) for n in range(3)]
    assert make_story(*reposts, make_mention(3, author="bob")).voices == 3  # ann, bob, an unseen original


def test_of_near_copies_one_can_be_shown_the_original_rather_than_a_repost():
    repost, original = make_mention(1, text_class=5, is_repost=True), make_mention(2, text_class=5)
    other = make_mention(3, text_class=5)
    assert make_story(repost, original, other).candidates == [original]


def test_caps_hold_whatever_is_gathered():
    story = make_story()
    for number in range(1_000):
        names = {"lang": f"l{number}", "source": f"s{number}", "communities": [f"c{number}"]}
        story.add(make_mention(number, [f"word{number}", "ferry"], LAUNCH_MS + number, **names))
        assert len(story.weights) <= TERMS_MAX
        assert len(story.candidates) <= CANDIDATES_MAX
    assert story.weights["ferry"] == 1_000
    assert len(story.languages) == len(story.sources) == len(story.communities) == NAMES_MAX
    assert (story.posts, len(story.authors)) == (1_000, 1_000)


def test_authors_beyond_the_cap_are_not_told_apart():
    story = make_story(authors={f"author{number}": AuthorCount(1, 0) for number in range(AUTHORS_MAX)})
    story.add(make_mention("new"))
    assert (story.posts, len(story.authors)) == (1, AUTHORS_MAX)
    story.drop(make_mention("new"))
    assert (story.posts, len(story.authors)) == (0, AUTHORS_MAX)


def test_a_post_that_found_no_room_may_be_a_voice(monkeypatch):
    monkeypatch.setattr(models.story, "AUTHORS_MAX", 2)
    told, untold = ([make_mention(number) for number in numbers] for numbers in ((1, 2), (3, 4, 5)))
    story, voices = make_story(*told), []
    assert story.voices_max == story.voices == 2
    for mention in untold:
        story.add(mention)
    for mention in [*told, *untold]:
        voices.append((story.voices, story.voices_max))
        story.drop(mention)
    assert voices == [(2, 5), (1, 4), (0, 3), (0, 2), (0, 1)]
    assert story.voices_max == 0


def test_an_endless_name_is_kept_cut_and_still_tells_authors_apart():
    endless = [make_mention(number, author="x" * 500 + str(number)) for number in range(3)]
    story = make_story(*endless, make_mention(9, author="did:plc:ewvi7nxzyoun6zhxrhs64oiz"))
    assert len(story.authors) == 4
    assert "did:plc:ewvi7nxzyoun6zhxrhs64oiz" in story.authors
    assert max(len(author.encode()) for author in story.authors) <= 64
    for mention in endless:
        story.drop(mention)
    assert list(story.authors) == ["did:plc:ewvi7nxzyoun6zhxrhs64oiz"]
    assert story.author_bytes == 32


def test_the_terms_of_a_story_are_bounded_by_bytes():
    story = make_story()
    for number in range(500):
        story.add(make_mention(number, [f"{number}".rjust(21, "한"), "ferry"]))
        story.mark(f"{number}".rjust(21, "한"), 9.0)
        assert sum(len(term.encode()) for term in story.weights) <= TERMS_BYTES_MAX
    assert story.weights["ferry"] == 500
    assert sum(len(term.encode()) for term in story.core) <= TERMS_BYTES_MAX + 64


def test_a_post_of_endless_names_is_not_shown():
    story = make_story(make_mention(1, size=CANDIDATE_BYTES_MAX + 1), make_mention(2, size=CANDIDATE_BYTES_MAX))
    assert [mention.key for mention in story.candidates] == ["4/test/p2"]


def test_stories_share_room_and_each_has_its_part_of_it():
    stories = []
    for number in range(50):
        stories.append(make_story(number=number))
        for post in range(2_000 if number < 5 else 200):
            share_room(stories)
            stories[-1].add(make_mention(f"{number}-{post}", author=f"{number}-{post}".rjust(64, "x"), size=400))
    assert STORIES_BYTES_MAX < sum(story.size for story in stories) < 2 * STORIES_BYTES_MAX + 50 * 1_000
    assert all(len(story.candidates) >= 2 and len(story.authors) > 50 for story in stories)
    assert len(stories[0].authors) == 2_000
    assert all(story.posts >= 200 for story in stories)


def test_to_share_room_takes_no_look_at_what_the_stories_hold(monkeypatch):
    kept, gone = (make_mention(number, lang="en", size=300) for number in (1, 2))
    story, alone = make_story(kept, gone), make_story(kept).size
    story.drop(gone)
    monkeypatch.setattr(models.story, "size_in_bytes", None)
    share_room([story])
    assert story.size == alone
    assert story.size_max == STORIES_BYTES_MAX


def test_where_a_story_is_over_the_others_grow_again():
    large, small = make_story(), make_story()
    for number in range(5_000):
        share_room([large, small])
        large.add(make_mention(number, author=f"{number}".rjust(64, "x")))
    full = [make_mention(f"b{number}", author=f"b{number}".rjust(64, "x")) for number in range(1_000)]
    share_room([large, small])
    for mention in full:
        small.add(mention)
    assert len(small.authors) < 1_000
    share_room([small])
    small.add(make_mention("new"))
    assert "authornew" in small.authors


def test_the_first_two_posts_can_always_be_shown():
    first = [make_mention(1, ["nothing"]), make_mention(2, ["nothing"])]
    story = make_story(*first, *(make_mention(number, ["ferry"]) for number in range(3, 100)))
    assert story.candidates[:2] == first


def test_a_post_with_more_of_what_the_story_is_about_is_more_relevant():
    story = make_story(*(make_mention(number, ["ferry", "boat", "tea"], NOON_MS) for number in range(3)))
    story.terms = ["ferry", "boat"]
    ranked = [story.relevance(make_mention(9, terms)) for terms in (["tea"], ["ferry"], ["boat", "ferry", "tea"])]
    assert ranked == [0.0, 3.0, 6.0]


def test_after_a_message_the_next_score_that_passes_the_bar_is_the_best():
    story = make_story(is_told=True)
    story.note(make_score("boat", significance=0.9 * BAR), BAR)
    assert story.best.significance == 12.0
    story.note(make_score("boat", significance=BAR), BAR)
    assert (story.best.term, story.is_told) == ("boat", False)
