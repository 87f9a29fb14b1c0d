"""How the clusterer's cost and memory grow: with the live micro-clusters, and with the posts of a stream without end.

Part of `bench_clusterer`. The posts are those of `tests.support.drifting`; times are this process's CPU time.
"""

import gc
import sys
import time
from itertools import islice
from types import FunctionType, ModuleType
from typing import NamedTuple

from models.clusterer import NarrativeClusterer
from models.terms import find_terms
from streams.commands.memory import resident_bytes
from tests.support.drifting import drifting_stream
from tests.support.line_chart import Panel, line_chart

LIVE = (1_000, 10_000)
MEASURED_POSTS = 40_000
TURN_POSTS = 2_000
"""Posts that each clusterer takes in its turn, so that what else the machine does falls on both."""

FULL_SHARE = 0.95
"""A clusterer without room lets a part go at once, so it is never full for long."""

FILL_POSTS_MAX = 200_000
FILL_STEP_POSTS = 5_000
"""Filling ends when the larger is full, or holds no more than it did so many posts ago: then it has no more to hold."""

BYTES_A_MICRO_CLUSTER = 2_000
"""Twice the default's: what is measured is bounded by the number of micro-clusters, not by the bytes of their terms."""

TALK = {"topics": 2_000, "chatter": 0.4}
"""Enough to talk about for more micro-clusters than either may hold."""

SAMPLES = 100
WARM_UP_SHARE = 0.25
"""Of the stream: the caps are full long before, and the past has faded by many half-lives."""


class Cost(NamedTuple):
    """What a post costs a clusterer that may have so many micro-clusters, and has so many at first and at last."""

    live_max: int
    live: tuple[int, int]
    seconds_per_post: float


class Sample(NamedTuple):
    """How a clusterer stands after so many posts of a stream."""

    posts: int
    posts_per_second: float
    resident_mib: float
    held_mib: float
    live: int


def cost_by_size():
    """Return the CPU seconds that finding the terms of a post takes, and what it costs clusterers of each size."""
    clusterers = [
        NarrativeClusterer(micro_clusters_max=live, terms_bytes_max=live * BYTES_A_MICRO_CLUSTER) for live in LIVE
    ]
    stream = drifting_stream(FILL_POSTS_MAX + MEASURED_POSTS, **TALK)
    held = -1
    for done in range(0, FILL_POSTS_MAX, FILL_STEP_POSTS):
        live = len(clusterers[-1].live_ids())
        if live >= FULL_SHARE * LIVE[-1] or live <= held:
            break
        held = live
        print(f"  filling: {done:,} posts, {live:,} live", file=sys.stderr, flush=True)
        turn, _ = terms_of(islice(stream, FILL_STEP_POSTS))
        for clusterer in clusterers:
            seconds_to_assign(clusterer, turn)
    before = [len(clusterer.live_ids()) for clusterer in clusterers]
    bare, seconds = 0.0, [0.0 for _ in clusterers]
    gc.collect()
    for _ in range(MEASURED_POSTS // TURN_POSTS):
        turn, spent = terms_of(islice(stream, TURN_POSTS))
        bare += spent
        for number, clusterer in enumerate(clusterers):
            seconds[number] += seconds_to_assign(clusterer, turn)
    return bare / MEASURED_POSTS, [
        Cost(live_max, (live, len(clusterer.live_ids())), spent / MEASURED_POSTS)
        for live_max, live, clusterer, spent in zip(LIVE, before, clusterers, seconds, strict=True)
    ]


def follow_stream(count):
    """Give a clusterer a long stream; return `SAMPLES` samples of how it stood."""
    clusterer, samples, every = NarrativeClusterer(), [], max(1, count // SAMPLES)
    stream = drifting_stream(count)
    while posts := terms_of(islice(stream, every))[0]:
        seconds = seconds_to_assign(clusterer, posts)
        clusterer.drain_lineage()
        done = (samples[-1].posts if samples else 0) + len(posts)
        sample = Sample(
            done,
            len(posts) / seconds,
            (resident_bytes() or 0) / 2**20,
            held_bytes(clusterer) / 2**20,
            len(clusterer.live_ids()),
        )
        samples.append(sample)
        if len(samples) % 5 == 0:
            print(
                f"  {done:,} of {count:,} posts, {sample.posts_per_second:,.0f} posts/s,"
                f" {sample.resident_mib:.0f} MiB resident",
                file=sys.stderr,
                flush=True,
            )
    return samples


def terms_of(posts):
    """Return the terms and event time of posts, and the CPU seconds that finding the terms took."""
    posts = list(posts)
    started = time.process_time()
    found = [find_terms(post.text).terms for post in posts]
    seconds = time.process_time() - started
    return [(terms, post.event_time_ms) for terms, post in zip(found, posts, strict=True)], seconds


def seconds_to_assign(clusterer, posts):
    """Give a clusterer posts, as terms and event time; return the CPU seconds that it took."""
    started = time.process_time()
    for terms, at_ms in posts:
        clusterer.assign(terms, at_ms, "")
    return time.process_time() - started


def held_bytes(held):
    """Return the bytes of all that an object holds, each part once; classes and functions do not count."""
    found, waiting = {id(held): held}, [held]
    while waiting:
        for part in gc.get_referents(waiting.pop()):
            if id(part) not in found and not isinstance(part, type | ModuleType | FunctionType):
                found[id(part)] = part
                waiting.append(part)
    return sum(sys.getsizeof(part) for part in found.values())


def flatness(samples):
    """Yield, for each thing measured, its mean in the first third after the warm-up and in the last third."""
    settled = samples[round(len(samples) * WARM_UP_SHARE) :]
    third = max(1, len(settled) // 3)
    for name in ("posts_per_second", "resident_mib", "held_mib", "live"):
        values = [getattr(sample, name) for sample in settled]
        yield name, sum(values[:third]) / third, sum(values[-third:]) / third


def chart_of(samples):
    """Return the samples as SVG."""
    return line_chart(
        f"The narrative clusterer over {samples[-1].posts:,} posts of a drifting stream",
        "million posts",
        [sample.posts / 1e6 for sample in samples],
        [
            Panel("posts per CPU second", [sample.posts_per_second for sample in samples]),
            Panel("resident memory of the process, MiB", [sample.resident_mib for sample in samples]),
            Panel("held by the clusterer, MiB", [sample.held_mib for sample in samples]),
            Panel("live micro-clusters", [float(sample.live) for sample in samples]),
        ],
    )
