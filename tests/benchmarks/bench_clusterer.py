"""How well and how fast narratives are found, beside River's TextClust, DBSTREAM and DenStream in the same run.

    UNDERCURRENT_DATA=FOLDER python -m tests.benchmarks.bench_clusterer [--posts N] [--constants] [--stream N]

One table: one default setting of each clusterer for every data set, `mstream/*.jsonl.gz` in the folder. These are the
sets of Yin and others, "Model-based Clustering of Short Text Streams" (KDD 2018): one JSON object a line with `text`,
words apart by blanks, and `label`, the true narrative; order only, so a post takes one second. Where to get them:

    mkdir -p FOLDER/mstream
    for set in News-T Tweets; do
        curl -L https://raw.githubusercontent.com/jackyin12/MStream/master/MStream/data/$set |
            jq -c '{text: .textCleaned, label: .clusterNo}' | gzip > FOLDER/mstream/$set.jsonl.gz
    done

Quality is the V-measure, the harmonic mean of homogeneity and completeness, which is the mutual information over the
arithmetic mean of the two entropies: of the id at arrival, and of the id with all later merges applied. Time is this
process's CPU time. All clusterers are given the same words, through the same method, which learns a post and says where
it belongs. The bare loop finds the terms of the same texts and does nothing else.
"""

import argparse
import gc
import gzip
import inspect
import json
import math
import os
import sys
import time
from collections import Counter
from concurrent.futures import ProcessPoolExecutor
from multiprocessing import get_context
from pathlib import Path
from typing import NamedTuple
from unittest.mock import patch

import models.clusterer
import models.term_matrix
from models.clusterer import NarrativeClusterer
from models.clusterers import CLUSTERER_NAMES, make_clusterer
from models.terms import find_terms
from tests.benchmarks.clusterer_growth import chart_of, cost_by_size, flatness, follow_stream, seconds_to_assign

OURS, PEER = "undercurrent", "textclust"
LIVE = 1_000
POST_MS = 1_000


class DataSet(NamedTuple):
    """Posts in their order: their texts, their words, and what they are about."""

    name: str
    texts: list[str]
    words: list[list[str]]
    truth: list[int]

    def first(self, count):
        """Return its first posts; all of them if `count` is 0."""
        end = count or None
        return DataSet(self.name, self.texts[:end], self.words[:end], self.truth[:end])


class Result(NamedTuple):
    """What one clusterer made of one data set."""

    posts: int
    at_arrival: float
    resolved: float
    posts_per_second: float
    narratives: int


def entropy(counts):
    """Return the entropy, in nats, of what was counted."""
    total = sum(counts.values())
    return -sum(count / total * math.log(count / total) for count in counts.values())


def v_measure(truth, found):
    """Return the V-measure of two labellings: 1 if they agree, 0 if one says nothing of the other."""
    of_truth, of_found = entropy(Counter(truth)), entropy(Counter(found))
    both = entropy(Counter(zip(truth, found, strict=True)))
    return 2 * (of_truth + of_found - both) / (of_truth + of_found) if of_truth + of_found else 1.0


def read_all(folder):
    """Return the data sets of a folder."""
    return [read(path) for path in sorted((folder / "mstream").glob("*.jsonl.gz"))]


def read(path):
    """Return one data set."""
    with gzip.open(path, "rt", encoding="utf-8") as lines:
        posts = [json.loads(line) for line in lines]
    texts = [post["text"] for post in posts]
    words = [text.split() for text in texts]
    return DataSet(path.name.removesuffix(".jsonl.gz"), texts, words, [post["label"] for post in posts])


def measure(clusterer, data):
    """Give all posts to a clusterer, one second apart, and score it."""
    gc.collect()
    started = time.process_time()
    ids = [clusterer.assign(words, POST_MS * second, str(second)) for second, words in enumerate(data.words)]
    seconds = time.process_time() - started
    resolved = [clusterer.resolve(number) for number in ids]
    return Result(
        len(ids),
        v_measure(data.truth, ids),
        v_measure(data.truth, resolved),
        len(ids) / seconds,
        len(set(resolved)),
    )


def heading():
    """Print the head of the table."""
    counts = f"{'posts':>7} {'at arrival':>10} {'resolved':>8} {'narratives':>10} {'posts/s':>9}"
    print(f"{'data':8} {'what':36} {counts}  beside")


def show(data, what, result, beside=""):
    """Print a row of what a clusterer made of a data set."""
    print(
        f"{data.name:8} {what:36} {result.posts:7,} {result.at_arrival:10.4f} {result.resolved:8.4f}"
        f" {result.narratives:10,} {result.posts_per_second:9,.0f}  {beside}".rstrip(),
        flush=True,
    )


def show_speed(data, what, posts, posts_per_second, beside=""):
    """Print a row of which only the speed is known."""
    print(f"{data.name:8} {what:36} {posts:7,} {'':30} {posts_per_second:9,.0f}  {beside}".rstrip(), flush=True)


def compare(data, first_posts):
    """Print the rows of one data set."""
    show(data, OURS, measure(NarrativeClusterer(), data))
    few = data.first(first_posts)
    results = {f"{name}, first posts": measure(make_clusterer(name), few) for name in CLUSTERER_NAMES}
    with patch.object(models.clusterer, "TermMatrix", models.term_matrix.TermMatrix):
        results["… in plain Python"] = measure(NarrativeClusterer(), few)
    peer = results[f"{PEER}, first posts"].posts_per_second
    for what, result in results.items():
        show(data, what, result, f"{result.posts_per_second / peer:,.3g} times {PEER}")
    compare_with_bare_loop(data)


def compare_with_bare_loop(data):
    """Print how fast the clusterer is once it has `LIVE` micro-clusters, beside finding the terms of the same texts."""
    clusterer = NarrativeClusterer(micro_clusters_max=LIVE)
    for start, words in enumerate(data.words):
        clusterer.assign(words, POST_MS * start, "")
        if len(clusterer.live_ids()) >= LIVE:
            break
    else:
        start = len(data.words) // 2  # it never has so many: the later half, with what it has
    texts = data.texts[start + 1 :]
    for text in data.texts[: start + 1]:
        find_terms(text)  # it too has read what came before
    gc.collect()
    started = time.process_time()
    found = [find_terms(text).terms for text in texts]
    bare = time.process_time() - started
    own = seconds_to_assign(clusterer, [(terms, POST_MS * second) for second, terms in enumerate(found, start + 1)])
    show_speed(data, "bare loop that finds terms", len(texts), len(texts) / bare)
    live = len(clusterer.live_ids())
    show_speed(data, f"{OURS}, {live:,} live", len(texts), len(texts) / own, f"{bare / own:.3f} of the bare loop")
    both = f"{bare / (bare + own):.3f} of the bare loop"
    show_speed(data, "… finding terms included", len(texts), len(texts) / (bare + own), both)


def variants():
    """Yield each constant halved and doubled, as far as it may be."""
    for name, parameter in inspect.signature(NarrativeClusterer).parameters.items():
        for factor in (0.5, 2.0):
            changed = type(parameter.default)(parameter.default * factor)
            for value in (changed, type(changed)(1)):  # what may not be doubled has 1 for its bound
                try:
                    NarrativeClusterer(**{name: value})
                except ValueError:
                    continue
                yield f"{name}={value:g}", {name: value}
                break


def vary(sets):
    """Print what each constant halved and doubled does, and what is lost if a set is left out of choosing them."""
    print(
        f"\n{'constants, at arrival and resolved':36}" + "".join(f" {data.name:>17}" for data in sets) + f" {'mean':>8}"
    )
    tried = {}
    for what, changed in [("the defaults", {}), *variants()]:
        results = [measure(NarrativeClusterer(**changed), data) for data in sets]
        tried[what] = [(result.at_arrival + result.resolved) / 2 for result in results]
        cells = "".join(f"  {result.at_arrival:.4f}   {result.resolved:.4f}" for result in results)
        print(f"{what:36}{cells} {sum(tried[what]) / len(sets):8.4f}", flush=True)
    for left_out, data in enumerate(sets if len(sets) > 1 else ()):
        others = {what: [score for at, score in enumerate(row) if at != left_out] for what, row in tried.items()}
        best = max(others, key=lambda what: sum(others[what]))
        print(
            f"Without {data.name} the best of these is {best}: {data.name} then has {tried[best][left_out]:.4f}, the"
            f" mean of both, where the defaults have {tried['the defaults'][left_out]:.4f}."
        )


def grow(stream_posts, plot):
    """Print what a post costs by how many micro-clusters are live, and how a long stream goes."""
    bare, costs = cost_by_size()
    print(f"\n{'made-up posts, in turns':36} {'live at first, at last':>22} {'posts/s':>9}  beside")
    print(f"{'bare loop that finds terms':36} {'':22} {1 / bare:9,.0f}")
    for cost in costs:
        own = cost.seconds_per_post
        live = f"{cost.live[0]:,}, {cost.live[1]:,}"
        beside = f"{bare / own:.3f} of the bare loop, {bare / (bare + own):.3f} with finding terms"
        times = f"; a post costs {own / costs[0].seconds_per_post:.2f} times the first's"
        print(f"{f'at most {cost.live_max:,} live':36} {live:>22} {1 / own:9,.0f}  {beside}{times}", flush=True)
    with ProcessPoolExecutor(1, mp_context=get_context("spawn")) as fresh:  # whose memory holds nothing else
        samples = fresh.submit(follow_stream, stream_posts).result()
    print(
        f"\n{f'{stream_posts:,} made-up posts, after a warm-up':36} {'first third':>12} {'last third':>12} {'ratio':>6}"
    )
    for name, first, last in flatness(samples):
        print(f"{name.replace('_', ' '):36} {first:12,.1f} {last:12,.1f} {last / first if first else 0:6.3f}")
    if plot:
        plot.write_text(chart_of(samples), encoding="utf-8")


def main():
    """Print the table, or say what is missing."""
    options = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawTextHelpFormatter)
    options.add_argument("--posts", type=int, default=5_000, help="first posts that River's are given, too; 0 for all")
    options.add_argument("--constants", action="store_true", help="each constant halved and doubled, too")
    options.add_argument("--stream", type=int, default=0, help="growth, too, and a made-up stream of so many posts")
    options.add_argument("--plot", type=Path, help="write the stream's course to this file, as SVG")
    given = options.parse_args()
    folder = os.environ.get("UNDERCURRENT_DATA")
    sets = read_all(Path(folder)) if folder else []
    if not sets and not given.stream:
        sys.exit("UNDERCURRENT_DATA names no folder with mstream/*.jsonl.gz: this file's head says where to get them")
    if sets:
        heading()
    for data in sets:
        compare(data, given.posts)
    if sets and given.posts:
        print(f"River's are slow, so they are given the first {given.posts:,} posts only (--posts).")
    if sets and given.constants:
        vary(sets)
    if given.stream:
        grow(given.stream, given.plot)


if __name__ == "__main__":
    main()
