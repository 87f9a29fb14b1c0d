import pytest

from streams import topics


def test_names_are_told_apart_and_carry_their_version():
    names = [topic.name for topic in topics.TOPICS]
    assert len(set(names)) == len(names) == 8
    assert all(name.startswith("undercurrent.") and ".v1" in name for name in names)


def test_settings_are_what_kafka_takes():
    settings = topics.POSTS.settings()
    assert settings["cleanup.policy"] == "delete"
    assert settings["retention.ms"] == str(7 * 24 * 3_600_000)
    assert settings["message.timestamp.type"] == "LogAppendTime"
    assert all(isinstance(value, str) for topic in topics.TOPICS for value in topic.settings().values())


def test_the_largest_bad_message_fits_the_dead_letters():
    largest = int(topics.POSTS.settings()["max.message.bytes"])
    assert int(topics.DEAD_LETTERS.settings()["max.message.bytes"]) == largest + 64 * 1024


def test_a_snapshot_stands_in_the_partition_of_its_community():
    assert topics.SNAPSHOTS.partitions == topics.COMMUNITY_POSTS.partitions == 12


def test_all_redis_keys_fall_into_one_slot():
    keys = [topics.ALERT_STREAM, topics.COMMUNITIES, topics.alert_key("a"), topics.top_key("x}y")]
    assert all(key.startswith("{undercurrent}:") for key in keys)


def test_no_two_keys_are_the_same():
    keys = {topics.alert_key("s"), topics.narrative_key("s"), topics.top_key("s"), topics.top_day_key("s")}
    fixed = {topics.ALERT_STREAM, topics.ALERT_HINTS, topics.ALERT_IDS, topics.COMMUNITIES, topics.FEEDBACK}
    assert len(keys | fixed | {topics.COMMUNITY_TIMES}) == 10


def test_an_input_names_a_partition_of_a_topic():
    assert topics.parse_input("posts/3") == (topics.POSTS, 3)
    assert topics.parse_input("control/0") == (topics.CONTROL, 0)


@pytest.mark.parametrize(
    "name", ["", "posts", "posts/", "posts/-1", "posts/a", "posts/1/2", "posts/²", "file/0", "Posts/0"]
)
def test_what_names_no_input_is_refused(name):
    with pytest.raises(ValueError, match="is no input; expected one like posts/3"):
        topics.parse_input(name)
