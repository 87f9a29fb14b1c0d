"""What the workers cost on a real broker: CPU seconds for a million posts, beside a Faust agent that does nothing.

    python -m tests.benchmarks.bench_kafka [--posts N]

Made-up posts are written to the topic of posts, once one a message and once in envelopes of 100. Measured are, in the
same run: an agent of stock Faust that reads that topic and does nothing, `worker intake`, `worker track`, and `replay`
of the same posts, before the others and after them. CPU is that of the worker's process, without the broker's, from the
last look before its first message to its last; posts/s a core is what a core would do if it did nothing else. Start-up
is not in it, snapshots are.
"""

import argparse
import os
import statistics
import subprocess
import sys
import tempfile
import time
from pathlib import Path
from typing import NamedTuple

from kafka import KafkaProducer

from models.post import encode_post
from models.simulator import Simulation
from streams import topics
from tests.support.kafka_log import ends
from tests.support.product import Product
from tests.support.workers import make_topics, spawn

START_MS = 1_736_121_600_000
ENVELOPE = 100
POLL_S = 0.1
WORK_S_MAX = 1_800.0
TICKS = os.sysconf("SC_CLK_TCK")


class Cost(NamedTuple):
    """What so many posts took."""

    posts: float
    cpu_s: float

    @property
    def per_million(self):
        """CPU seconds for a million posts."""
        return self.cpu_s / self.posts * 1e6

    def __str__(self):
        return f"{self.per_million:8.1f} CPU s / 1 M posts   {self.posts / self.cpu_s:9,.0f} posts/s a core"


def cpu_s(pid) -> float:
    """Returns what a process has used so far, all its threads together."""
    fields = Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()
    return (int(fields[11]) + int(fields[12])) / TICKS


def send(bootstrap, posts, envelope):
    """Writes the posts, so many a message, to all partitions in turn."""
    with KafkaProducer(bootstrap_servers=bootstrap, acks="all", linger_ms=50, batch_size=2**18) as producer:
        for number, first in enumerate(range(0, len(posts), envelope)):
            part = posts[first : first + envelope]
            raw = part[0] if envelope == 1 else b'{"posts":[' + b",".join(part) + b"]}"
            producer.send(topics.POSTS.name, raw, partition=number % topics.POSTS.partitions)


def idle_agent(bootstrap, envelope) -> Cost:
    """Returns the cost of an agent that does nothing."""
    command = [sys.executable, "-m", "tests.benchmarks.idle_agent", bootstrap]
    said = subprocess.run(command, check=True, capture_output=True, text=True, timeout=WORK_S_MAX).stdout
    # Faust draws a spinner before it.
    messages, seconds = said.split()[-2:]
    return Cost(int(messages) * envelope, float(seconds))


def worker(product, name, topic, posts) -> Cost:
    """Returns the cost of a worker that reads a topic to its end."""
    end = sum(ends(product.kafka.bootstrap, topic.name).values())
    with product.workers[name] as running:
        samples = []
        until_s = time.monotonic() + WORK_S_MAX
        while not samples or samples[-1][0] < end:
            assert time.monotonic() < until_s, f"{name} is not done in {WORK_S_MAX:.0f} s"
            at = sum(
                running.metric(f'undercurrent_worker_position{{partition="{number}",topic="{topic.name}"}}')
                for number in range(topic.partitions)
            )
            if not at:
                samples = [(0, cpu_s(running.pid))]
            elif not samples or at > samples[-1][0]:
                samples.append((at, cpu_s(running.pid)))
            time.sleep(POLL_S)
    (first, before), (last, after) = samples[0], samples[-1]
    return Cost(posts * (last - first) / end, after - before)


def replay(path, posts) -> Cost:
    """Returns the cost of a replay, without what it takes to start."""

    def run(*arguments):
        process = spawn(["replay", *arguments, "--alerts", os.devnull], {}, stderr=subprocess.DEVNULL)
        _, status, usage = os.wait4(process.pid, 0)
        assert status == 0, f"replay ended with {status}"
        return usage.ru_utime + usage.ru_stime

    first = path.with_name("first.jsonl")
    first.write_bytes(path.read_bytes().split(b"\n")[0] + b"\n")
    return Cost(posts, run(str(path)) - run(str(first)))


def measure(folder, raw, envelope) -> dict[str, Cost]:
    """Returns the cost of the idle agent, of intake and of track for these posts, so many a message."""
    product = Product(folder)
    with product.kafka:
        make_topics(product.kafka.bootstrap)
        send(product.kafka.bootstrap, raw, envelope)
        costs = {"idle agent": idle_agent(product.kafka.bootstrap, envelope)}
        costs["intake"] = worker(product, "intake", topics.POSTS, len(raw))
        costs["track"] = worker(product, "track-0", topics.COMMUNITY_POSTS, len(raw))
    return costs


def main():
    """Prints what was measured."""
    parser = argparse.ArgumentParser(description="What the workers cost on a real broker.")
    parser.add_argument("--posts", type=int, default=150_000, help="how many are written (150,000)")
    count = parser.parse_args().posts
    posts = Simulation(seed=1, start_ms=START_MS).posts()
    raw = [encode_post(next(posts).post) for _ in range(count)]
    print(f"{count:,} posts of {sum(map(len, raw)) / count:.0f} bytes", flush=True)
    with tempfile.TemporaryDirectory(prefix="undercurrent-bench-") as folder:
        path = Path(folder, "posts.jsonl")
        path.write_bytes(b"\n".join(raw) + b"\n")
        # Before and after the workers: the speed of a machine drifts.
        replays = [replay(path, count)]
        print(f"{'replay':<34} {replays[0]}", flush=True)
        found = {}
        for envelope in (1, ENVELOPE):
            found[envelope] = measure(Path(folder, str(envelope)), raw, envelope)
            for name, cost in found[envelope].items():
                print(f"{f'{name}, {envelope} a message':<34} {cost}", flush=True)
        replays.append(replay(path, count))
        print(f"{'replay, once more':<34} {replays[1]}", flush=True)
    one, many = found[1], found[ENVELOPE]
    share = one["idle agent"].per_million / one["intake"].per_million
    print(f"intake, one a message, runs at {share:.0%} of the speed of an agent that does nothing")
    whole = statistics.mean(cost.per_million for cost in replays)
    share = whole / (many["intake"].per_million + many["track"].per_million)
    print(f"both stages, from envelopes, run at {share:.0%} of the speed of a replay")


if __name__ == "__main__":
    main()
