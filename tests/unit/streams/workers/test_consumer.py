from faust.types import TP

from streams.workers.consumer import FETCH_MS_MAX, Reading, ReadOffsets, StageConsumer, consumer_of


def test_of_a_stages_topics_faust_never_knows_what_it_has_read():
    offsets = ReadOffsets(["frames"])
    offsets[TP("frames", 0)] = 7
    offsets[TP("other", 0)] = 8
    assert offsets[TP("frames", 0)] is None
    assert offsets[TP("other", 0)] == 8
    assert offsets[TP("other", 1)] is None


def test_a_consumer_is_made_for_the_topics_of_one_stage():
    feed = object()
    made = consumer_of(["frames"], feed)
    assert issubclass(made, StageConsumer)
    assert (made.topics, made.feed) == (["frames"], feed)
    assert not hasattr(StageConsumer, "feed")


def test_a_reading_at_the_end_tells_markers_from_messages():
    assert Reading(position=9, behind=7, end=9, fetched=1.0).has_none_after(7)
    assert not Reading(position=9, behind=8, end=9, fetched=1.0).has_none_after(7)
    assert not Reading(position=8, behind=7, end=9, fetched=1.0).has_none_after(7)
    assert not Reading(position=9, behind=None, end=9, fetched=1.0).has_none_after(7)


def test_a_fetch_waits_no_longer_than_a_stage_may_know_nothing():
    assert FETCH_MS_MAX < 1_500
