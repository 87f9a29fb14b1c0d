"""What stands in Kafka's topics, as tests read it."""

from contextlib import closing

from kafka import KafkaConsumer, TopicPartition

from models.frame import Frame, decode_frame
from models.log import Header, Verdict
from streams import topics

READ_S = 30.0


def read_topic(bootstrap, topic, partitions=None) -> list:
    """Returns all messages that stand in a topic now, those of one partition in order."""
    consumer = KafkaConsumer(bootstrap_servers=bootstrap, consumer_timeout_ms=READ_S * 1000, enable_auto_commit=False)
    with closing(consumer):
        count = topic.partitions if partitions is None else partitions
        places = [TopicPartition(topic.name, number) for number in range(count)]
        consumer.assign(places)
        ends = consumer.end_offsets(places)
        consumer.seek_to_beginning()
        found = []
        while any(consumer.position(place) < ends[place] for place in places):
            for place, messages in consumer.poll(timeout_ms=500).items():
                found += [message for message in messages if message.offset < ends[place]]
        return found


def read_frames(bootstrap) -> list[list[Frame]]:
    """Returns the frames of each partition of the log."""
    frames = [[] for _ in range(topics.COMMUNITY_POSTS.partitions)]
    for message in read_topic(bootstrap, topics.COMMUNITY_POSTS):
        frames[message.partition].append(decode_frame(message.value))
    return frames


def taken(frames) -> tuple[list, Header]:
    """Returns the posts that a reader of one partition's frames takes, by the frame rule, and what it knows then."""
    header, found = Header(), []
    for frame in frames:
        if header.judge(frame) is Verdict.TAKEN:
            state = header.inputs[frame.input]
            found += [framed for framed in frame.posts if framed.position >= state.applied]
            state.applied = frame.through
        if frame.input in header.inputs and frame.through >= header.inputs[frame.input].applied:
            state = header.inputs[frame.input]
            state.reached_ms, state.idle_for_ms = max(state.reached_ms, frame.reached_ms), frame.idle_for_ms
    return found, header
