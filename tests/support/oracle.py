"""What the workers should have said, found again from Kafka's topics by a plain, linear reading; and what they said."""

from typing import NamedTuple

from kafka import KafkaConsumer

from models.configuration import CoreSettings
from models.explanation import differences
from models.frame import FramedPost
from models.intake import Intake
from models.message import AlertMessage, decode_alert, encode_alert
from models.track import TrackStage
from streams import topics
from tests.support.reading import read_frames, read_topic, taken

OUTPUTS = topics.COMMUNITY_POSTS.partitions


class Verdict(NamedTuple):
    """What became of posts and alert messages.

    Attributes:
        posts: Posts that stand in the topic of posts, once for each community partition that they belong to.
        posts_lost: How many of these no reader of the log takes.
        posts_twice: How many a reader takes more than once, or with other content.
        messages: Alert messages that the log gives.
        lost: Ids of those that are not in the topic of alerts.
        different: Ids that the topic has with two contents, or with another than the log gives.
        fields: In what these differ from the log.
        unknown: Ids that the topic has and the log does not give.
        repeats: Identical repeats in the topic.
    """

    posts: int
    posts_lost: int
    posts_twice: int
    messages: int
    lost: list[str]
    different: list[str]
    fields: list[str]
    unknown: list[str]
    repeats: int

    @property
    def is_exact(self) -> bool:
        """Whether every post was taken once and every message said with one content."""
        return not (self.posts_lost or self.posts_twice or self.lost or self.different or self.unknown)


def judge(bootstrap, settings: CoreSettings) -> Verdict:
    """Returns what became of posts and alert messages, once all workers have come to the end of their topics."""
    log = read_frames(bootstrap)
    posts, lost, twice = _judge_posts(bootstrap, settings, log)
    expected = alerts_of_log(log, settings)
    said = alerts_in_topic(bootstrap)
    different = {name: said[name] for name in said.keys() & expected.keys() if {*said[name]} != {expected[name]}}
    return Verdict(
        posts,
        lost,
        twice,
        len(expected),
        lost=sorted(expected.keys() - said.keys()),
        different=sorted(different),
        fields=sorted(
            {
                difference.field
                for name, contents in different.items()
                for content in contents
                for difference in differences(decode_alert(content), decode_alert(expected[name]))
            }
        ),
        unknown=sorted(said.keys() - expected.keys()),
        repeats=sum(len(contents) - 1 for contents in said.values()),
    )


def alerts_of_log(log, settings: CoreSettings) -> dict[str, bytes]:
    """Returns the alert messages that the frames of all partitions give, by their ids."""
    expected = {}
    for partition, frames in enumerate(log):
        stage = TrackStage(settings, partition, len(log))
        for frame in frames:
            for message in stage.apply(frame).messages:
                if isinstance(message, AlertMessage):
                    expected[message.message_id] = encode_alert(message)
    return expected


def alerts_in_topic(bootstrap) -> dict[str, list[bytes]]:
    """Returns the contents that the topic of alerts has for each message id, without what depends on delivery."""
    said: dict[str, list[bytes]] = {}
    for record in read_topic(bootstrap, topics.ALERTS):
        message = decode_alert(record.value)
        said.setdefault(message.message_id, []).append(encode_alert(message))
    return said


def _judge_posts(bootstrap, settings, log) -> tuple[int, int, int]:
    expected = _read_in_one_go(bootstrap, settings)
    lost = twice = 0
    for partition, frames in enumerate(log):
        for name in {*expected[partition], *(frame.input for frame in frames)}:
            found, _ = taken([frame for frame in frames if frame.input == name])
            own, known = list(map(_content, found)), {*map(_content, expected[partition].get(name, ()))}
            lost += len(known - {*own})
            twice += len(own) - len({*own} & known)
    return sum(len(posts) for own in expected for posts in own.values()), lost, twice


def _read_in_one_go(bootstrap, settings) -> list[dict[str, list[FramedPost]]]:
    """Returns the posts of each output partition by input, read by an intake that nothing ever happened to."""
    with KafkaConsumer(bootstrap_servers=bootstrap) as consumer:
        inputs = len(consumer.partitions_for_topic(topics.POSTS.name))
    intakes = [Intake(f"posts/{number}", inputs, OUTPUTS, settings) for number in range(inputs)]
    for record in read_topic(bootstrap, topics.POSTS, inputs):
        intakes[record.partition].read(record.offset, record.value or b"", record.timestamp)
    framed: list[dict[str, list[FramedPost]]] = [{} for _ in range(OUTPUTS)]
    for intake in intakes:
        for output, frame in intake.cut():
            framed[output].setdefault(frame.input, []).extend(frame.posts)
    return framed


def _content(framed: FramedPost):
    # What an intake that began in the middle had reached may be less than it is: the reader keeps the greatest.
    return (framed.position, framed.event_time_ms, framed.post.source, framed.post.id, framed.post.text)
