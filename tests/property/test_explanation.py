"""Whatever is posted, each alert message holds what its score and its bar are computed again from, to the digit."""

from hypothesis import given, settings
from hypothesis import strategies as st

from models.configuration import CoreSettings, DetectionSettings
from models.explanation import SETTINGS, explain
from models.message import decode_alert, encode_alert, rounded
from tests.support.chatter import HOUR_MS, LAUNCH_MS, alerts_of, by_time, chatter, follow, launch, make_post

words = st.lists(st.sampled_from(["zeppelin", "crash", "ferry", "tea", "@ann"]), min_size=1, max_size=3).map(" ".join)
extras = st.builds(
    lambda number, text, minute, op, is_repost: make_post(
        f"extra{number}", text, LAUNCH_MS + minute * 60_000, op=op, is_repost=is_repost
    ),
    st.integers(0, 9),
    words,
    st.integers(0, 100),
    st.sampled_from(["create", "create", "update", "delete"]),
    st.booleans(),
)


@settings(max_examples=25)
@given(
    budget=st.sampled_from(SETTINGS),
    seed=st.integers(0, 50),
    hours=st.sampled_from([6, 20, 30]),
    authors=st.integers(6, 40),
    step_s=st.integers(1, 90),
    extra=st.lists(extras, max_size=20),
)
def test_score_and_bar_of_every_message_are_found_again(*, budget, seed, hours, authors, step_s, extra):
    own = CoreSettings(detection=DetectionSettings(budget=budget))
    begun_ms = LAUNCH_MS + (hours - 6) * HOUR_MS
    launches = [
        launch("dirigible", from_ms=begun_ms, authors=authors, step_ms=step_s * 1000),
        launch(authors=authors, step_ms=step_s * 1000, seed=3),
    ]
    posts = by_time(chatter(hours, seed=seed), *launches, extra)
    tracker, messages = follow(posts, settings=own)
    told = alerts_of(messages + tracker.close(LAUNCH_MS + 40 * HOUR_MS))
    assert told
    for message in told:
        # Through bytes: what travels is what is computed with.
        read = decode_alert(encode_alert(message))
        found = explain(read)
        assert found.differences == []
        assert (rounded(found.bar.value), found.significance) == (message.bar, message.significance)
        if message.type == "opened":
            asked = next(decision for decision in found.decisions if decision.setting == budget)
            assert asked.would_open
