"""The whole product on servers of its own: a broker, a Redis, the topics, and the workers as processes."""

import subprocess
from contextlib import ExitStack, closing
from pathlib import Path
from typing import NamedTuple, Self

from kafka.admin import KafkaAdminClient

from deploy.local.ready import until
from streams import topics
from tests.support.kafka_log import ends
from tests.support.servers import KafkaServer, RedisServer
from tests.support.workers import Worker, make_topics, spawn


class Ended(NamedTuple):
    """A worker that ended though nobody had ended it."""

    name: str
    status: int


class Product:
    """See the module's description. A context manager that starts it all and stops it all.

    Args:
        folder: Data, settings and output of all parts.
        trackers: How many track workers there are.
        settings: What the workers' settings files hold beside the places.
        session_timeout_s: After how long a silent worker loses its partitions.

    Attributes:
        workers: By name: intake, sink, track-0, track-1 ...
        ended: The workers that ended by themselves and were started again, as what runs them would.
    """

    def __init__(self, folder: Path, *, trackers=1, settings="", session_timeout_s=1.5):
        self.kafka = KafkaServer(folder / "kafka")
        self.redis = RedisServer(folder / "redis", is_kept=True)
        self._environment = {
            "UNDERCURRENT_KAFKA_BOOTSTRAP": self.kafka.bootstrap,
            "UNDERCURRENT_REDIS_URL": self.redis.url,
        }
        stages = {
            "intake": "intake",
            **{f"track-{number}": "track" for number in range(trackers)},
            "sink": "sink",
        }
        self.workers = {
            name: Worker(stage, folder / name, self._environment, settings, session_timeout_s=session_timeout_s)
            for name, stage in stages.items()
        }
        self.ended: list[Ended] = []
        self._stack = ExitStack()

    @property
    def trackers(self) -> list[str]:
        """Names of the track workers."""
        return [name for name in self.workers if name.startswith("track")]

    def __enter__(self) -> Self:
        with ExitStack() as stack:
            stack.enter_context(self.kafka)
            stack.enter_context(self.redis)
            make_topics(self.kafka.bootstrap)
            for worker in self.workers.values():
                stack.callback(worker.stop)
                worker.start()
            for worker in self.workers.values():
                worker.wait_until_ready(60)
            self._stack = stack.pop_all()
        return self

    def __exit__(self, *_):
        self._stack.close()

    def ingest(self, *arguments, **options) -> subprocess.Popen:
        """Starts `undercurrent ingest` with these arguments."""
        return spawn(["ingest", *arguments], self._environment, **options)

    def tend(self) -> None:
        """Starts each worker that has ended by itself again."""
        for name, worker in self.workers.items():
            if worker.has_ended:
                self.ended.append(Ended(name, worker.end()))
                worker.start()

    def wait_until_through(self, seconds=120.0) -> bool:
        """Returns whether all that stands in the topic of posts came through within so many seconds.

        Tends to the workers meanwhile.
        """
        return all(until(lambda is_past=is_past: self.tend() or is_past(), seconds) for is_past in self._milestones())

    def _milestones(self):
        posts = self._ends(topics.POSTS)
        yield lambda: self._has_committed(topics.INTAKE_GROUP, topics.POSTS, posts)
        log = self._ends(topics.COMMUNITY_POSTS)
        yield lambda: all(self.position(number) >= end for number, end in log.items())
        for topic in (topics.ALERTS, topics.TRENDS):
            said = self._ends(topic)
            yield lambda topic=topic, said=said: self._has_committed(topics.SINK_GROUP, topic, said)

    def position(self, partition) -> float:
        """Returns up to which offset a partition of the log has been applied; 0 if no worker has it."""
        name = f'undercurrent_worker_position{{partition="{partition}",topic="{topics.COMMUNITY_POSTS.name}"}}'
        return max(worker.metric(name) for name_, worker in self.workers.items() if name_ in self.trackers)

    def _ends(self, topic):
        return {number: end for number, end in ends(self.kafka.bootstrap, topic.name).items() if end}

    def _has_committed(self, group, topic, said):
        # More may have been written since, and be through too.
        admin = KafkaAdminClient(bootstrap_servers=self.kafka.bootstrap)
        with closing(admin):
            found = admin.list_group_offsets(group)
        offsets = found.get(group, found)
        own = {place.partition: at.offset for place, at in offsets.items() if place.topic == topic.name}
        return all(own.get(number, 0) >= end for number, end in said.items())
