"""`undercurrent explain` as a user starts it, on a real Redis to which `run` has brought the alerts."""

import json

import pytest

from models.message import encode_alert
from streams.redis_store import RedisStore, connect
from tests.support.archive import alerts_in, make_archive
from tests.support.commands import Running


@pytest.fixture
def told(redis_url):
    """The alert messages of an archive, which Redis holds."""
    client = connect(redis_url)
    client.flushall()
    messages = alerts_in(make_archive())
    for message in messages:
        RedisStore(client).write_alert(message)
    client.close()
    return messages


def explain(*arguments):
    return Running("explain", *arguments).end()


def test_alerts_in_redis_are_computed_again_and_their_posts_run_again(redis_url, told, tmp_path):
    (tmp_path / "posts.jsonl").write_bytes(make_archive())
    last = told[-1]
    ended = explain(last.alert_id, "--redis", redis_url, "--archive", tmp_path / "posts.jsonl", "--json")
    assert ended.status == 0, ended.err
    account = json.loads(ended.out)
    assert account["explained"]["message_id"] == last.message_id
    assert account["opening"]["message_id"] == f"{last.alert_id}:1"
    compared = {own["message_id"]: own["verdict"] for own in account["rerun"]["compared"]}
    own = [message.message_id for message in told if message.alert_id == last.alert_id]
    assert compared == dict.fromkeys(own, "identical")


def test_every_message_in_redis_agrees_with_its_own_inputs(redis_url, told):
    for alert_id in {message.alert_id for message in told}:
        ended = explain(alert_id, "--redis", redis_url)
        assert (ended.status, ended.err) == (0, "")
        assert "Agrees to the digit" in " ".join(ended.out.split())


@pytest.mark.usefixtures("told")
def test_what_is_not_there_is_one_sentence(redis_url, tmp_path, told):
    ended = explain("nobody", "--redis", redis_url)
    assert (ended.status, ended.out) == (1, "")
    assert ended.err.startswith("undercurrent: there is no alert nobody in Redis at ")
    (tmp_path / "alerts.jsonl").write_bytes(encode_alert(told[0]))
    ended = explain(f"{told[0].alert_id}:7", "--alerts", tmp_path / "alerts.jsonl")
    assert ended.status == 1
    assert ended.err.endswith("of this alert it has the revisions 1.\n")
