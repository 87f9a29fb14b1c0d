"""Feedback and mutes from the command line to the alerts that show them, on a real broker."""

import pytest
from kafka import KafkaProducer

from models.message import decode_alert
from models.post import encode_post
from streams import topics
from tests.support.chatter import HOUR_MS, LAUNCH_MS, MINUTE_MS, by_time, chatter, launch, make_post
from tests.support.reading import read_frames, read_topic
from tests.support.workers import Worker, make_topics

SECOND_MS = LAUNCH_MS + 2 * HOUR_MS


@pytest.fixture
def workers(server, tmp_path, monkeypatch):
    monkeypatch.setenv("UNDERCURRENT_KAFKA_BOOTSTRAP", server.bootstrap)
    make_topics(server.bootstrap, POSTS=1)
    environment = {"UNDERCURRENT_KAFKA_BOOTSTRAP": server.bootstrap}
    made = [Worker(stage, tmp_path / stage, environment) for stage in ("intake", "track")]
    yield [worker.start() for worker in made]
    for worker in made:
        worker.stop()


def send(server, posts):
    producer = KafkaProducer(bootstrap_servers=server.bootstrap, acks="all")
    for post in posts:
        producer.send(topics.POSTS.name, encode_post(post), partition=0)
    producer.flush(30)
    producer.close()


def alerts(server):
    return [decode_alert(message.value) for message in read_topic(server.bootstrap, topics.ALERTS)]


def control_taken(server):
    """Returns to how many partitions of the log intake has written a control message."""
    return sum(any(frame.control for frame in frames) for frames in read_frames(server.bootstrap))


def test_what_is_said_of_an_alert_stands_in_the_next_one_and_a_muted_word_in_none(server, workers, undercurrent):
    intake, track = workers
    send(server, by_time(chatter(4.5), launch(), [make_post("dawn", "good day", LAUNCH_MS + 30 * MINUTE_MS)]))
    track.wait(lambda: alerts(server))
    [first, *_] = alerts(server)
    assert first.terms[0] == "zeppelin"

    assert undercurrent("control", "noise", "a0").status == 2
    said = undercurrent("control", "noise", first.message_id, "--by", "lena")
    assert (said.status, said.out) == (0, "")
    assert f"said that {first.alert_id} in islanders is noise; `undercurrent control undo 0`" in said.err
    assert undercurrent("control", "mute", "word", "#Airship", "--community", "islanders").status == 0
    intake.wait(lambda: control_taken(server) == topics.COMMUNITY_POSTS.partitions)

    quiet = chatter(2.5, seed=4, from_ms=LAUNCH_MS + HOUR_MS)
    launches = (launch("balloon", from_ms=SECOND_MS, seed=5), launch("airship", from_ms=SECOND_MS, seed=6))
    send(server, by_time(quiet, *launches, [make_post("dusk", "good night", SECOND_MS + 2 * HOUR_MS)]))
    track.wait(lambda: any(alert.at_ms > SECOND_MS and alert.type == "opened" for alert in alerts(server)))
    later = [alert for alert in alerts(server) if alert.at_ms > SECOND_MS]
    [opened] = [alert for alert in later if alert.type == "opened"]
    assert opened.terms[0] == "balloon"
    assert (opened.feedback.judged, opened.feedback.dismissed, opened.feedback.version) == (1, 1, 1)
    assert opened.bar == pytest.approx(opened.feedback.bar_before + 0.2, abs=0.001)
    assert "after 1 of 1 alert was dismissed." in opened.summary
    assert all("airship" not in alert.terms for alert in later)

    assert undercurrent("control", "undo", 0, "--by", "lena").status == 0
    assert "taken back by 2" in undercurrent("control", "list").out
    track.wait(lambda: track.metric('undercurrent_alerts_dismissed_ratio{community="other"}') == 0.0)
    assert track.metric('undercurrent_alert_bar_raised{community="other"}') == 0.0
