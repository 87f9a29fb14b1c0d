import json

import pytest

from streams import topics
from tests.support.kafka_fakes import FakeAdmin, giving

POSTS, ALERTS, SNAPSHOTS = topics.POSTS.name, topics.ALERTS.name, topics.SNAPSHOTS.name


@pytest.fixture
def admin(monkeypatch):
    """A cluster with two brokers and all topics as they should be."""
    admin = FakeAdmin(2, **{topic.name: (topic.partitions, 2, topic.settings()) for topic in topics.TOPICS})
    monkeypatch.setattr("streams.commands.topics.admin_client", giving(admin))
    return admin


def test_what_is_missing_is_created_on_all_brokers(undercurrent, admin):
    del admin.topics[ALERTS]
    ended = undercurrent("topics", "create")
    assert (ended.status, ended.err) == (0, "")
    assert f"{ALERTS}: created: 12 partitions, 2 replicas\n" in ended.out
    assert ended.out.count(": as it should be\n") == 7
    assert admin.topics[ALERTS] == (12, 2, topics.ALERTS.settings())


def test_the_number_of_copies_may_be_given(undercurrent, admin):
    admin.topics.clear()
    undercurrent("topics", "create", "--replicas", 1, "--partitions", "posts=9")
    assert {replicas for _, replicas, _ in admin.topics.values()} == {1}
    assert admin.topics[POSTS][0] == 9


def test_nothing_that_differs_is_changed_unless_asked(undercurrent, admin):
    admin.topics[POSTS] = (2, 2, topics.POSTS.settings() | {"retention.ms": "5400000", "max.message.bytes": ""})
    ended = undercurrent("topics", "create")
    assert (ended.status, admin.changes) == (0, [])
    assert [line for line in ended.out.splitlines() if "--repair" in line] == [
        f"{POSTS}: partitions is 2, expected 4 (`--repair` changes it)",
        f"{POSTS}: retention.ms is 90 min, expected 7 d (`--repair` changes it)",
        f"{POSTS}: max.message.bytes is empty, expected 1048576 (`--repair` changes it)",
    ]
    repaired = undercurrent("topics", "create", "--repair")
    assert (
        f"{POSTS}: partitions changed from 2 to 4\n{POSTS}: retention.ms changed from 90 min to 7 d\n" in repaired.out
    )
    assert admin.topics[POSTS] == (4, 2, topics.POSTS.settings())


@pytest.mark.parametrize("name", ["snapshots", "undercurrent.community-posts.v1", "alerts.v1"])
def test_another_number_for_a_topic_that_has_one_for_life_is_refused(undercurrent, admin, name):
    ended = undercurrent("topics", "create", "--partitions", f"{name}=24")
    assert (ended.status, ended.out, admin.changes) == (2, "", [])
    assert f"{topics.find_topic(name).name} has 12 partitions for life, not 24: " in ended.err


def test_a_topic_under_the_state_that_has_another_number_is_not_touched_nor_is_any_other(undercurrent, admin):
    del admin.topics[ALERTS]
    admin.topics[SNAPSHOTS] = (24, 2, {})
    ended = undercurrent("topics", "create", "--repair")
    assert (ended.status, ended.out, admin.changes) == (2, "", [])
    assert f"{SNAPSHOTS} has 24 partitions; it must have 12, and that is not changed here: a community's" in ended.err
    assert ALERTS not in admin.topics


@pytest.mark.parametrize(
    ("text", "sentence"),
    [
        ("posts", "'posts' is not like posts=8"),
        ("posts=0", "'posts=0' is not like posts=8"),
        ("posts=²", "'posts=²' is not like posts=8"),
        ("post=8", "'post' is no topic; there are undercurrent.posts.v1,"),
    ],
)
def test_a_number_that_cannot_be_meant_is_refused(undercurrent, text, sentence):
    ended = undercurrent("topics", "create", "--partitions", text)
    assert ended.status == 2
    assert sentence in ended.err


def test_the_table_fits_a_terminal_and_says_what_differs(undercurrent, admin):
    admin.topics[POSTS] = (4, 2, topics.POSTS.settings() | {"retention.ms": "-1", "segment.ms": "60000"})
    del admin.topics[ALERTS]
    ended = undercurrent("topics", "describe")
    table, notes = ended.out.split("\n\n")
    assert max(map(len, table.splitlines())) <= 80
    rows = [line.split() for line in table.splitlines()]
    assert rows[0] == ["topic", "partitions", "clean-up", "kept", "messages"]
    assert [POSTS, "4", "delete", "for", "ever", "12"] in rows
    assert [SNAPSHOTS, "12", "compact", "latest", "36"] in rows
    assert [ALERTS, *"––––"] in rows
    assert notes.splitlines() == [
        f"{POSTS}: retention.ms is for ever, expected 7 d.",
        f"{POSTS}: also set: segment.ms=60000.",
        "1 topic missing; `undercurrent topics create` makes them.",
    ]


def test_a_program_reads_the_same_as_json(undercurrent, admin):
    del admin.topics[ALERTS]
    admin.topics[POSTS] = (2, 2, topics.POSTS.settings())
    described = {
        each["name"]: each for each in map(json.loads, undercurrent("topics", "describe", "--json").out.splitlines())
    }
    assert described[ALERTS]["is_missing"]
    assert described[POSTS] == {
        "name": POSTS,
        "is_missing": False,
        "partitions": 2,
        "replicas": 2,
        "messages": 6,
        "settings": topics.POSTS.settings(),
        "differences": [{"setting": "partitions", "found": "2", "wanted": "4"}],
    }
