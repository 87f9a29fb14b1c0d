import pytest

from streams import topics
from streams.errors import OutsideError
from streams.provisioning import Difference, Provisioner, TopicState, differences
from tests.support.kafka_fakes import FakeAdmin

POSTS = topics.POSTS


def make_state(topic=POSTS, partitions=None, **settings):
    changed = {name.replace("_", "."): value for name, value in settings.items()}
    return TopicState(name=topic.name, partitions=partitions or topic.partitions, settings=topic.settings() | changed)


def test_a_topic_that_is_as_it_should_be_differs_in_nothing():
    assert differences(POSTS, make_state(), 4) == []
    state = make_state(topics.TRENDS, cleanup_policy="delete,compact", segment_bytes="1")
    assert differences(topics.TRENDS, state, 12) == []


def test_each_setting_that_differs_is_named_with_what_is_wanted():
    state = make_state(retention_ms="5", message_timestamp_type="CreateTime")
    assert set(differences(POSTS, state, 4)) == {
        Difference("retention.ms", "5", str(7 * 86_400_000)),
        Difference("message.timestamp.type", "CreateTime", "LogAppendTime"),
    }


@pytest.mark.parametrize(
    ("topic", "found", "is_other"),
    [(POSTS, 3, True), (POSTS, 9, False), (topics.SNAPSHOTS, 6, True), (topics.SNAPSHOTS, 24, True)],
)
def test_more_partitions_are_fine_only_where_the_number_may_grow(topic, found, is_other):
    wanted = topic.partitions
    expected = [Difference("partitions", str(found), str(wanted))] if is_other else []
    assert differences(topic, make_state(topic, found), wanted) == expected


@pytest.mark.parametrize(("brokers", "replicas"), [(0, 1), (1, 1), (2, 2), (3, 3), (9, 3)])
def test_a_new_topic_has_a_copy_on_each_broker_up_to_three(brokers, replicas):
    assert Provisioner(FakeAdmin(brokers)).replicas() == replicas


def test_topics_are_described_in_the_order_asked_for():
    admin = FakeAdmin(**{POSTS.name: (4, 3, {"retention.ms": "5"})})
    missing, posts = Provisioner(admin).states([topics.ALERTS, POSTS])
    assert missing.is_missing
    assert posts == TopicState(
        name=POSTS.name,
        partitions=4,
        replicas=3,
        settings={"retention.ms": "5", "segment.jitter.ms": "0"},
        own={"retention.ms": "5"},
        messages=4 * 3,
    )


def test_with_three_copies_one_broker_may_be_lost():
    admin = FakeAdmin()
    Provisioner(admin).create([(POSTS, 8), (topics.ALERTS, 12)], 3)
    assert admin.topics[POSTS.name] == (8, 3, POSTS.settings() | {"min.insync.replicas": "2"})
    assert admin.changes == [("waited", 2)]
    Provisioner(admin).create([(topics.TRENDS, 12)], 2)
    assert "min.insync.replicas" not in admin.topics[topics.TRENDS.name][2]


def test_a_topic_that_somebody_else_has_just_made_is_left_alone():
    admin = FakeAdmin(**{POSTS.name: (9, 1, {})})
    Provisioner(admin).create([(POSTS, 4)], 1)
    assert admin.topics[POSTS.name] == (9, 1, {})


def test_what_the_cluster_refuses_is_one_sentence():
    admin = FakeAdmin(**{POSTS.name: (4, 1, {})})
    admin.refusal = (38, "only 1 broker(s) are registered.")
    with pytest.raises(OutsideError, match=r"cannot be made: only 1 broker\(s\) are registered\.$"):
        Provisioner(admin).create([(topics.ALERTS, 12)], 3)
    admin.refusal = "[Error 40] no."
    with pytest.raises(OutsideError, match=r"posts\.v1 cannot be changed: \[Error 40\] no\.$"):
        Provisioner(admin).change(POSTS.name, {"retention.ms": "x"})


def test_only_what_is_named_is_changed():
    admin = FakeAdmin(**{POSTS.name: (4, 1, {"a": "1", "b": "1"})})
    provisioner = Provisioner(admin)
    provisioner.change(POSTS.name, {"b": "2"})
    provisioner.grow(POSTS.name, 6)
    assert admin.topics[POSTS.name] == (6, 1, {"a": "1", "b": "2"})
