import msgspec
import pytest

from models.baseline import VolumeChange
from models.evidence import SAMPLES_MAX, TEXT_CHARACTERS_MAX, VOICES_MAX, Circumstances, make_alert
from models.message import (
    Budget,
    Clocks,
    Evidence,
    Expected,
    FeedbackNote,
    Observed,
    Sample,
    Sentiment,
    Voice,
    Window,
    decode_alert,
    encode_alert,
)
from models.scoring import Scoring
from models.significance import usual_range
from models.story import Story
from tests.support.chatter import (
    COMMUNITY,
    HOUR_MS,
    LAUNCH_MS,
    MINUTE_MS,
    alerts_of,
    by_time,
    chatter,
    follow,
    launch,
    make_mention,
    make_score,
)


def make_story(*mentions, **changes):
    fields = {
        "number": 1,
        "alert_id": "a1",
        "narrative_id": "n1",
        "opened_ms": LAUNCH_MS + MINUTE_MS,
        "onset_ms": LAUNCH_MS,
        "latest_ms": LAUNCH_MS,
        "passed_ms": LAUNCH_MS,
        "held_ms": LAUNCH_MS,
        "best": make_score(at_ms=LAUNCH_MS + MINUTE_MS),
        "core": {"ferry": 12.0},
        "about": ["ferry", "boat"],
        "terms": ["ferry", "boat"],
        "revision": 2,
    }
    story = Story(**(fields | changes))
    for mention in mentions:
        story.add(mention)
    return story


def alert_of(story, **changes):
    about = Circumstances(
        type="updated",
        reason="severity",
        at_ms=LAUNCH_MS + 2 * MINUTE_MS,
        community=COMMUNITY,
        budget="balanced",
        bar=5.12345,
        learning=False,
    )
    return make_alert(story, msgspec.structs.replace(about, **changes))


def post(number, minute, author, **changes):
    return make_mention(number, ["ferry", "boat"], LAUNCH_MS + minute * MINUTE_MS, author=author, **changes)


@pytest.fixture
def story():
    return make_story(
        post(1, 0, "ann", lang="en", url="https://social.example/1"),
        post(2, 1, "bob", lang="en", communities=[COMMUNITY, "sailors"]),
        post(3, 2, "ann", lang="no", text_class=1),
        post(4, 4, "cleo", lang="en", text_class=1, is_repost=True),
    )


def test_an_alert_says_which_message_of_which_alert_it_is(story):
    alert = alert_of(story)
    assert (alert.schema_version, alert.alert_id, alert.revision, alert.message_id) == (1, "a1", 2, "a1:2")
    assert (alert.type, alert.reason, alert.into) == ("updated", "severity", None)
    assert (alert.community, alert.narrative_id) == (COMMUNITY, "n1")


def test_an_alert_has_its_times_and_its_size(story):
    alert = alert_of(story)
    assert (alert.at_ms, alert.onset_ms, alert.longevity) == (LAUNCH_MS + 2 * MINUTE_MS, LAUNCH_MS, 4)
    assert (alert.severity, alert.terms) == (1, ["ferry", "boat"])


def test_counts_are_of_the_window_that_scored_highest(story):
    alert, best = alert_of(story), story.best
    mean = best.share * best.volume
    assert alert.window == Window(LAUNCH_MS - 9 * MINUTE_MS, 10 * MINUTE_MS)
    assert alert.observed == Observed(9, 10)
    assert alert.expected == Expected(0.2, *usual_range(mean, best.size))
    assert (alert.ratio, alert.significance, alert.bar) == (45.0, 12.0, 5.123)
    assert alert.budget == Budget("balanced", 3.0)
    assert alert.scoring == Scoring("ferry", 8, 9, 8, 1, 0.005, 40.0, 1.5)


def test_the_evidence_is_of_the_whole_story(story):
    assert alert_of(story).evidence == Evidence(
        authors=3,
        posts=4,
        texts=2,
        repost_share=0.25,
        copy_share=0.5,
        authors_known=True,
        learning=False,
        leading_authors=[
            Voice("ann", 2, LAUNCH_MS),
            Voice("bob", 1, LAUNCH_MS + MINUTE_MS),
            Voice("cleo", 1, LAUNCH_MS + 4 * MINUTE_MS),
        ],
        samples=[
            Sample(
                "p1", "test", "ann", LAUNCH_MS, "post 1 about ferry boat", "https://social.example/1", is_repost=False
            ),
            Sample("p2", "test", "bob", LAUNCH_MS + MINUTE_MS, "post 2 about ferry boat", None, is_repost=False),
        ],
        languages={"en": 3, "no": 1},
        sources={"test": 4},
        shared_posts={"sailors": 0.25},
        clocks=Clocks(LAUNCH_MS, LAUNCH_MS + MINUTE_MS, LAUNCH_MS + 2 * MINUTE_MS),
        first_authors=[
            Voice("ann", 2, LAUNCH_MS),
            Voice("bob", 1, LAUNCH_MS + MINUTE_MS),
            Voice("cleo", 1, LAUNCH_MS + 4 * MINUTE_MS),
        ],
        top_text_share=0.75,
        sentiment=Sentiment(0.0, 0, 2, 0, 0),
    )


def test_headlines_of_the_end_are_about_the_whole_story(story):
    assert alert_of(story).headline.startswith("“ferry boat” in islanders: 9 authors in 10 min where")
    over = alert_of(story, type="resolved", reason="over")
    assert over.headline == "“ferry boat” in islanders is over: 3 authors in 4 min"
    merged = alert_of(story, type="resolved", reason="merged", into="a0")
    assert (merged.into, "part of another story" in merged.headline) == ("a0", True)
    assert "withdrawn" in alert_of(story, type="retracted", reason="deleted").headline


def test_a_story_of_no_posts_can_still_be_told():
    alert = alert_of(make_story(), type="retracted", reason="deleted")
    assert (alert.evidence.posts, alert.evidence.samples, alert.evidence.copy_share) == (0, [], 0.0)
    assert alert.severity == 1


def test_authors_are_unknown_when_at_least_half_of_the_posts_name_none():
    nameless = [post(n, n, f"4/test/p{n}", is_author_known=False) for n in range(2)]
    evidence = alert_of(make_story(*nameless, post(8, 3, "ann"), post(9, 4, "ann"))).evidence
    assert (evidence.authors_known, evidence.leading_authors) == (False, [])
    assert [sample.author for sample in evidence.samples] == [None, None, "ann"]


def test_a_post_without_an_author_is_not_a_voice_with_a_name():
    nameless = post(1, 0, "4/test/p1", is_author_known=False)
    evidence = alert_of(make_story(nameless, *(post(n, n, f"author{n}") for n in range(2, 5)))).evidence
    assert (evidence.authors_known, evidence.authors) == (True, 4)
    assert [voice.author for voice in evidence.leading_authors] == ["author2", "author3", "author4"]


def test_leading_authors_are_ranked_by_posts_then_by_who_came_first():
    posts = [post(n, n, f"author{n % 7}") for n in range(16)]
    leading = alert_of(make_story(*posts)).evidence.leading_authors
    assert len(leading) == VOICES_MAX
    assert [(voice.author, voice.posts) for voice in leading] == [
        ("author0", 3), ("author1", 3), ("author2", 2), ("author3", 2), ("author4", 2),
    ]  # fmt: skip


def test_samples_are_the_most_typical_posts_one_an_author_in_the_order_of_time():
    typical = [post(n, n, f"author{n}") for n in (4, 3, 2)]
    story = make_story(
        make_mention(8, ["tea"], LAUNCH_MS, author="ann"), *typical, *(post(n, n, "bob") for n in (5, 6, 7))
    )
    samples = alert_of(story).evidence.samples
    assert [sample.id for sample in samples] == ["p8", "p2", "p3", "p4", "p5"]
    assert len(samples) == SAMPLES_MAX


def test_what_people_write_is_passed_on_as_it_is():
    hostile = "<script>alert(1)</script> \x1b[31m[red] {0} %s \N{RIGHT-TO-LEFT OVERRIDE} \N{NO-BREAK SPACE}"
    alert = alert_of(make_story(post(1, 0, hostile, text=hostile), post(2, 1, "bob")))
    assert alert.evidence.samples[0].text == hostile
    assert alert.evidence.samples[0].author == hostile
    assert hostile in {voice.author for voice in alert.evidence.leading_authors}
    assert hostile in alert.summary


def test_a_sample_is_cut_at_500_characters():
    long = [msgspec.structs.replace(one, text=f"{one.text} {one.id * 200} 🐙") for one in launch()]
    _, messages = follow(by_time(chatter(4.5), long))
    texts = [sample.text for sample in alerts_of(messages)[0].evidence.samples]
    assert {len(text) for text in texts} == {TEXT_CHARACTERS_MAX}


def test_an_alert_names_at_most_eight_languages_sources_and_communities():
    posts = [post(n, 0, f"author{n}", lang=f"l{n:02}", source=f"s{n:02}", communities=[f"c{n:02}"]) for n in range(20)]
    evidence = alert_of(make_story(*posts, post(99, 1, "ann", lang="l15"))).evidence
    assert list(evidence.languages.items())[:3] == [("l15", 2), ("l00", 1), ("l01", 1)]
    assert len(evidence.languages) == len(evidence.sources) == len(evidence.shared_posts) == 8


def test_who_came_first_is_told_beside_who_posted_most():
    late = [post(n, n, "late") for n in range(10, 13)]
    evidence = alert_of(make_story(*late, *(post(n, n, f"author{n}") for n in range(7)))).evidence
    assert [voice.author for voice in evidence.first_authors] == [f"author{n}" for n in range(5)]
    assert evidence.leading_authors[0].author == "late"


def test_new_authors_are_told_where_authors_are_known(story):
    assert alert_of(story, new_authors=2).evidence.new_authors == 2
    nameless = make_story(*(post(n, n, f"4/test/p{n}", is_author_known=False) for n in range(3)))
    evidence = alert_of(nameless, new_authors=0).evidence
    assert (evidence.new_authors, evidence.first_authors) == (None, [])


def test_copies_of_one_text_are_marked():
    copies = [post(n, 0, f"bot{n}", text_class=1, is_repost=True) for n in range(500)]
    alert = alert_of(make_story(*copies, *(post(n, 1, f"author{n}") for n in range(600, 603))))
    assert alert.evidence.top_text_share == 0.994
    assert "; 99% are copies of one post" in alert.headline
    assert "99% of them copies of one text" in alert.summary
    assert alert.severity == 2


def test_the_tone_is_of_the_posts_that_may_be_shown():
    posts = [post(n, n, f"author{n}", text="This is a horrible disaster", lang="en") for n in range(4)]
    assert alert_of(make_story(*posts)).evidence.sentiment.negative == 4
    foreign = [post(n, n, f"author{n}", lang="fi") for n in range(4)]
    assert alert_of(make_story(*foreign)).evidence.sentiment == Sentiment(None, 0, 0, 0, 4, "language")


def test_a_title_is_spelled_as_the_posts_spell_it():
    posts = [post(n, n, f"author{n}", text="#Ferry to the Boat") for n in range(4)]
    assert alert_of(make_story(*posts)).headline.startswith("“#Ferry Boat” in islanders")


def test_that_the_usual_volume_had_changed_stands_in_the_message(story):
    assert alert_of(story).evidence.volume_change is None
    change = VolumeChange(LAUNCH_MS - 30 * HOUR_MS, 12.1, 60.4)
    alert = alert_of(make_story(post(1, 0, "ann"), volume_change=change))
    assert alert.evidence.volume_change == change
    assert "changed 30 h before this alert opened, from about 12 to about 60 an hour." in alert.summary
    assert decode_alert(encode_alert(alert)) == alert


def test_what_people_said_of_alerts_here_stands_in_the_message(story):
    assert "feedback" not in msgspec.json.decode(encode_alert(alert_of(story)))
    feedback = FeedbackNote(judged=5, dismissed=4, bar_before=4.7, version=7)
    alert = alert_of(story, feedback=feedback, expected_per_week=1.5)
    assert (alert.feedback, alert.budget) == (feedback, Budget("balanced", 3.0, 1.5))
    assert "The bar was raised 4.7 to 5.1 after 4 of 5 alerts were dismissed." in alert.summary
    assert decode_alert(encode_alert(alert)) == alert
