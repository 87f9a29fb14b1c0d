"""A producer, an admin client and a consumer that do what a test says, where a real broker would prove no more."""

from contextlib import contextmanager
from types import SimpleNamespace

from kafka.errors import KafkaTimeoutError


class FakeFuture:
    """What became of a message: nothing yet, until the test calls `arrive` or `fail`."""

    def __init__(self):
        self.is_done = False
        self.exception = None
        self.value = None

    def arrive(self, partition=0, offset=0):
        self.is_done, self.value = True, SimpleNamespace(partition=partition, offset=offset)

    def fail(self, error):
        self.is_done, self.exception = True, error

    def succeeded(self):
        return self.is_done and self.exception is None

    def get(self, timeout):
        if not self.is_done:
            raise KafkaTimeoutError(f"Timeout after waiting for {timeout} secs.")
        if self.exception:
            raise self.exception
        return self.value


class FakeProducer:
    """Keeps what is sent; it arrives at once, or never if `is_away`, or fails with `error`."""

    def __init__(self, *, is_away=False, error=None):
        self.is_away = is_away
        self.error = error
        self.sent = []
        self.futures = []
        self.headers = []

    def send(self, topic, value, key=None, headers=None, partition=None):
        if self.error and not self.is_away:
            raise self.error
        future = FakeFuture()
        self.sent.append((topic, value, key, partition))
        self.headers.append(headers)
        self.futures.append(future)
        if not self.is_away:
            future.arrive(partition or 0, len(self.sent) - 1)
        return future


class FakeAdmin:
    """A cluster of so many brokers, with topics as a map of name to (partitions, replicas, settings)."""

    def __init__(self, brokers=1, **topics):
        self.brokers = brokers
        self.topics = topics
        self.changes = []
        self.refusal = None

    def describe_cluster(self):
        return {"brokers": [{}] * self.brokers}

    def describe_topics(self, names):
        return [
            {
                "name": name,
                "error_code": 0 if name in self.topics else 3,
                "partitions": [{"replica_nodes": [1] * self.topics[name][1]}] * self.topics[name][0]
                if name in self.topics
                else [],
            }
            for name in names
        ]

    def describe_configs(self, resources, config_filter):
        assert config_filter == "all"
        return {
            "topic": {
                each.name: {
                    key: {"value": value, "config_source": "DYNAMIC_TOPIC_CONFIG"}
                    for key, value in self.topics[each.name][2].items()
                }
                | {"segment.jitter.ms": {"value": "0", "config_source": "DEFAULT_CONFIG"}}
                for each in resources
            }
        }

    def list_partition_offsets(self, specs):
        from kafka.protocol.consumer import OffsetSpec  # noqa: PLC0415 - only admin tests need it

        return {place: SimpleNamespace(offset=10 if spec == OffsetSpec.LATEST else 7) for place, spec in specs.items()}

    def create_topics(self, wanted, *, raise_errors):
        assert not raise_errors
        results = []
        for name, each in wanted.items():
            code, message = self.refusal or ((36, "exists") if name in self.topics else (0, None))
            results.append({"name": name, "error_code": code, "error_message": message})
            if code == 0:
                self.topics[name] = (each["num_partitions"], each["replication_factor"], each["configs"])
        return {"topics": results}

    def wait_for_topics(self, names):
        self.changes.append(("waited", len(names)))

    def create_partitions(self, counts):
        for name, count in counts.items():
            self.changes.append((name, count))
            self.topics[name] = (count, *self.topics[name][1:])

    def alter_configs(self, resources):
        [resource] = resources
        self.changes.append((resource.name, resource.configs))
        self.topics[resource.name][2].update(resource.configs)
        return {"topic": {resource.name: self.refusal or "OK"}}


class FakeConsumer:
    """Hands out the messages of one topic of one partition in pieces; `hidden` offsets hold no message."""

    def __init__(self, values, *, beginning=0, hidden=0, is_stuck=False):
        self.records = [
            SimpleNamespace(offset=beginning + index, value=value, headers=[]) for index, value in enumerate(values)
        ]
        self.beginning = beginning
        self.end = beginning + len(values) + hidden
        self.is_stuck = is_stuck
        self._position = None

    def partitions_for_topic(self, topic):
        return {0} if topic == "posts" else None

    def assign(self, places):
        [self.place] = places

    def beginning_offsets(self, places):
        return dict.fromkeys(places, self.beginning)

    def end_offsets(self, places):
        return dict.fromkeys(places, self.end)

    def seek(self, place, offset):
        assert place == self.place
        self._position = offset

    def position(self, place):
        assert place == self.place
        return self._position

    def poll(self, timeout_ms):
        assert timeout_ms > 0
        if self.is_stuck:
            return {}
        piece = [record for record in self.records if record.offset >= self._position][:2]
        self._position = piece[-1].offset + 1 if piece else self.end
        return {self.place: piece} if piece else {}


def giving(client):
    """Returns a stand-in for a function that makes a client's context."""

    @contextmanager
    def make(*_, **__):
        yield client

    return make
