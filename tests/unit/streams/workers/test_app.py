import asyncio

import pytest

from streams.settings import KafkaSettings
from streams.workers.app import BUFFERED_MAX, make_app
from streams.workers.consumer import StageConsumer
from streams.workers.producer import IdempotentProducer


@pytest.fixture
def app(monkeypatch):
    # Faust would take these for its own.
    monkeypatch.setenv("BROKER_URL", "kafka://elsewhere:1")
    monkeypatch.setenv("STREAM_WAIT_EMPTY", "1")
    asyncio.set_event_loop(loop := asyncio.new_event_loop())

    async def take(_):
        """Takes nothing."""

    kafka = KafkaSettings(bootstrap="127.0.0.1:1, 127.0.0.1:2", session_timeout_s=12)
    yield make_app("undercurrent-test", kafka, ["frames"], None, take)
    asyncio.set_event_loop(None)
    loop.close()


def test_no_guarantee_of_fausts_own_is_relied_on(app):
    assert issubclass(app.transport.Consumer, StageConsumer)
    assert app.transport.Producer is IdempotentProducer
    assert app.conf.processing_guarantee.value == "at_least_once"
    assert not app.conf.stream_wait_empty
    assert not app.conf.topic_allow_declare
    assert not app.conf.web_enabled
    assert app.conf.stream_buffer_maxsize == BUFFERED_MAX
    assert str(app.conf.store) == "memory:"


def test_only_our_settings_say_where_the_brokers_are_and_how_long_a_session_lasts(app):
    assert [str(url) for url in app.conf.broker] == ["kafka://127.0.0.1:1", "kafka://127.0.0.1:2"]
    assert (app.conf.broker_session_timeout, app.conf.broker_heartbeat_interval) == (12.0, 2.0)


def test_there_is_an_agent_for_each_topic_and_faust_commits_for_none(app):
    [agent] = app.agents.values()
    assert agent.channel.get_topic_name() == "frames"
    assert not agent.channel.acks
