"""`make chaos`: the whole product under faults, and what became of every post and message. See the README beside it."""

import argparse
import json
import random
import statistics
import subprocess
import sys
import tempfile
import threading
import time
from collections import Counter
from collections.abc import Callable
from contextlib import suppress
from pathlib import Path
from typing import NamedTuple

import redis

from models.post import encode_post
from models.simulator import Simulation
from streams import topics
from streams.settings import Settings
from tests.support.oracle import judge
from tests.support.product import Product

START_MS = 1_736_121_600_000
RECOVERED_S_MAX = 120.0
CALM_S = (3.0, 8.0)
FROZEN_S = (8.0, 14.0)
OUTAGE_S = 20.0
WORST_S = 30.0
"""A recovery that takes longer fails the run; the dead man's switch, which waits 90 s, is counted apart."""


class Recovery(NamedTuple):
    """How long it took from a kill until each partition of the log that the worker had was worked on again."""

    fault: str
    seconds: float


class Feed:
    """Feeds made-up posts to `undercurrent ingest`, so many a second, until it is stopped."""

    def __init__(self, product: Product, rate: float, seed: int):
        self._ingest = product.ingest("-", stdin=subprocess.PIPE, stderr=subprocess.PIPE)
        self._posts = Simulation(seed=seed, start_ms=START_MS).posts()
        self._rate = rate
        self._is_over = threading.Event()
        self._thread = threading.Thread(target=self._run)
        self.posts = 0
        self.said = b""

    def start(self):
        self._thread.start()

    def stop(self) -> int:
        """Ends the feed, and returns how `ingest` ended when it has brought out what it was given."""
        self._is_over.set()
        self._thread.join()
        self.said = self._ingest.stderr.read()
        return self._ingest.wait()

    def _run(self):
        started_s = time.monotonic()
        with self._ingest.stdin as pipe, suppress(BrokenPipeError):
            while not self._is_over.wait(0.1):
                due = round((time.monotonic() - started_s) * self._rate)
                for _ in range(due - self.posts):
                    pipe.write(encode_post(next(self._posts).post) + b"\n")
                    self.posts += 1
                pipe.flush()


class Chaos:
    """Faults, one after another, and how long each took to be overcome."""

    def __init__(self, product: Product, chance: random.Random, say: Callable[[str], None]):
        self._product = product
        self._chance = chance
        self._say = say
        self.faults: Counter[str] = Counter()
        self.recoveries: list[Recovery] = []
        self.not_recovered: list[str] = []
        self._kinds: list[tuple[int, str, Callable[[], None]]] = [
            (4, "kill one track worker", lambda: self._kill([self._chance.choice(product.trackers)])),
            (2, "kill both track workers", lambda: self._kill(product.trackers)),
            (4, "kill intake", lambda: self._kill(["intake"])),
            (3, "kill sink", lambda: self._kill(["sink"])),
            (2, "end one track worker", lambda: self._end(self._chance.choice(product.trackers))),
            (1, "end intake", lambda: self._end("intake")),
            (1, "end sink", lambda: self._end("sink")),
            (2, "freeze one track worker", lambda: self._freeze(self._chance.choice(product.trackers))),
            (1, "freeze intake", lambda: self._freeze("intake")),
            (2, "one track worker less for a while", self._be_fewer),
            (1, "redis silent for 20 s", self._silence_redis),
            (1, "redis killed", self._kill_redis),
            (1, "redis emptied", self._empty_redis),
            (2, "broker killed", lambda: self._restart_broker(is_killed=True)),
            (1, "broker restarted", lambda: self._restart_broker(is_killed=False)),
        ]

    def strike(self):
        """Lets one fault happen, and waits until it is overcome and for a calm moment after."""
        weights = [weight for weight, _, _ in self._kinds]
        _, name, act = self._chance.choices(self._kinds, weights)[0]
        self.faults[name] += 1
        had = self._positions()
        struck_s = time.monotonic()
        act()
        seconds = self._recover(had, struck_s)
        if seconds is None:
            self.not_recovered.append(name)
            self._say(f"{name}: not overcome within {RECOVERED_S_MAX:.0f} s")
        else:
            if name.startswith("kill"):
                self.recoveries.append(Recovery(name, seconds))
            self._say(f"{name}: {seconds:.1f} s")
        self.pause(self._chance.uniform(*CALM_S))

    def _positions(self):
        return [self._product.position(number) for number in range(topics.COMMUNITY_POSTS.partitions)]

    def _recover(self, had, struck_s) -> float | None:
        """Returns how long it took until every partition of the log went on, and every worker was ready."""
        moved_s: list[float | None] = [None] * len(had)
        while time.monotonic() - struck_s < RECOVERED_S_MAX:
            self._product.tend()
            for number, position in enumerate(had):
                if moved_s[number] is None and self._product.position(number) > position:
                    moved_s[number] = time.monotonic() - struck_s
            if all(moved_s) and all(worker.is_ready for worker in self._product.workers.values()):
                return max(filter(None, moved_s))
            time.sleep(0.1)
        return None

    def pause(self, seconds):
        end_s = time.monotonic() + seconds
        while time.monotonic() < end_s:
            self._product.tend()
            time.sleep(0.1)

    def _kill(self, names):
        for name in names:
            self._product.workers[name].kill()
        for name in names:
            self._product.workers[name].start()

    def _end(self, name):
        worker = self._product.workers[name]
        status = worker.stop()
        assert status in (0, 143), f"{name} ended with {status}:\n{worker.said()[-3000:]}"
        worker.start()

    def _freeze(self, name):
        self._product.workers[name].pause()
        self.pause(self._chance.uniform(*FROZEN_S))
        self._product.workers[name].resume()

    def _be_fewer(self):
        worker = self._product.workers[self._chance.choice(self._product.trackers)]
        worker.stop()
        time.sleep(self._chance.uniform(5, 12))
        worker.start()

    def _silence_redis(self):
        self._product.redis.pause()
        self.pause(OUTAGE_S)
        self._product.redis.resume()

    def _kill_redis(self):
        self._product.redis.kill()
        self.pause(self._chance.uniform(0, 5))
        self._product.redis.start()

    def _empty_redis(self):
        with redis.Redis.from_url(self._product.redis.url) as client:
            client.flushall()

    def _restart_broker(self, *, is_killed):
        if is_killed:
            self._product.kafka.kill()
        else:
            self._product.kafka.stop()
        self.pause(self._chance.uniform(0, 5))
        self._product.kafka.start()


def main() -> int:
    """Runs it and prints what became of everything."""
    parser = argparse.ArgumentParser(description="The whole product under faults.")
    parser.add_argument("--minutes", type=float, default=20.0, help="how long faults go on (20)")
    parser.add_argument("--rate", type=float, default=150.0, help="posts a second (150)")
    parser.add_argument("--seed", type=int, help="of the faults and the posts; another one each time if not given")
    parser.add_argument("--folder", type=Path, help="where data and output go; kept. Else a folder that is removed")
    options = parser.parse_args()
    seed = random.SystemRandom().randrange(10**6) if options.seed is None else options.seed
    print(f"seed {seed}", flush=True)
    if options.folder:
        return run(options.folder, options.minutes, options.rate, seed)
    with tempfile.TemporaryDirectory(prefix="undercurrent-chaos-") as folder:
        return run(Path(folder), options.minutes, options.rate, seed)


def run(folder: Path, minutes: float, rate: float, seed: int) -> int:
    """Runs it in a folder; returns what the process ends with."""
    began_s = time.monotonic()

    def say(text):
        print(f"{time.monotonic() - began_s:7.1f} s  {text}", flush=True)

    with Product(folder, trackers=2, session_timeout_s=6) as product:
        feed = Feed(product, rate, seed)
        feed.start()
        chaos = Chaos(product, random.Random(seed), say)
        end_s = time.monotonic() + 60 * minutes
        try:
            chaos.pause(10)
            while time.monotonic() < end_s:
                chaos.strike()
        finally:
            status = feed.stop()
        say(f"ingest ended with {status}: {feed.said.decode(errors='replace').splitlines()[-1:]}")
        is_through = product.wait_until_through(180)
        say("all came through" if is_through else "not all came through")
        return report(product, chaos, feed, is_through=is_through and status == 0)


def report(product: Product, chaos: Chaos, feed: Feed, *, is_through: bool) -> int:
    """Prints what became of everything; returns what the process ends with."""
    verdict = judge(product.kafka.bootstrap, Settings())
    seconds = [recovery.seconds for recovery in chaos.recoveries]
    switched = [ended for ended in product.ended if ended.status == 70]
    result = {
        "faults": dict(chaos.faults.most_common()),
        "faults in all": chaos.faults.total(),
        "posts fed": feed.posts,
        "posts in the log, by community partition": verdict.posts,
        "posts lost": verdict.posts_lost,
        "posts twice": verdict.posts_twice,
        "alert messages": verdict.messages,
        "messages lost": len(verdict.lost),
        "messages with other content": len(verdict.different) + len(verdict.unknown),
        "fields that differ": verdict.fields,
        "identical repeats in the topic": verdict.repeats,
        "recoveries after a kill": len(seconds),
        "recovery, median s": round(statistics.median(seconds), 1) if seconds else None,
        "recovery, worst s": round(max(seconds), 1) if seconds else None,
        "faults not overcome": chaos.not_recovered,
        "ended by the dead man's switch": len(switched),
        "ended otherwise": [ended for ended in product.ended if ended not in switched],
    }
    print(json.dumps(result, indent=1))
    is_fast = not seconds or max(seconds) < WORST_S
    return 0 if verdict.is_exact and is_through and is_fast and not chaos.not_recovered else 1


if __name__ == "__main__":
    sys.exit(main())
