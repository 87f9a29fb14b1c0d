from streams.workers.stage import Bounds, Message, Partition, Stage
from streams.workers.track import Track
from tests.support.stages import FakeStage


def test_partitions_are_sorted_by_topic_and_number():
    partitions = [Partition("b", 0), Partition("a", 10), Partition("a", 9)]
    assert sorted(partitions) == [Partition("a", 9), Partition("a", 10), Partition("b", 0)]


def test_a_message_needs_no_more_than_its_place_and_content():
    assert Message(Partition("a", 0), 7, b"key", None).headers == ()
    assert Bounds(3, 9).end == 9


def test_stages_have_all_that_the_base_asks_of_one():
    asked = {name for name in vars(Stage) if not name.startswith("_")}
    for stage in (Track, FakeStage):
        assert {name for name in asked if not hasattr(stage, name)} == set()
