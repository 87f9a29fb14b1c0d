"""How well and how fast narratives are found, beside River's TextClust in the same run.

    UNDERCURRENT_DATA=FOLDER python -m tests.benchmarks.bench_clusterer [--constants] [--textclust-posts N]

The folder holds `mstream/News-T.jsonl.gz` and `mstream/Tweets.jsonl.gz`: one JSON object a line with `text`,
words apart by blanks, and `label`, the true narrative; order only, so a post takes one second. Quality is the
V-measure, the harmonic mean of homogeneity and completeness, which is the mutual information over the arithmetic
mean of the two entropies: of the id at arrival, and of the id with all later merges applied. Time is this
process's CPU time.
"""

import argparse
import gc
import gzip
import json
import math
import os
import sys
import time
from collections import Counter
from pathlib import Path
from typing import NamedTuple

from models.clusterer import NarrativeClusterer
from models.textclust import TextClustClusterer

DATA_SETS = ("News-T", "Tweets")
CONSTANTS = (
    "similarity_min",
    "merge_similarity_min",
    "half_life_ms",
    "preference",
    "damping",
    "novelty",
    "merge_posts",
    "micro_clusters_max",
    "terms_max",
    "posting_max",
)


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


def read(folder, name):
    """Return the posts' words and their true labels."""
    with gzip.open(folder / "mstream" / f"{name}.jsonl.gz", "rt", encoding="utf-8") as lines:
        posts = [json.loads(line) for line in lines]
    return [post["text"].split() for post in posts], [post["label"] for post in posts]


def measure(clusterer, posts, truth):
    """Give all posts to a clusterer, one second apart, and score it."""
    gc.collect()
    started = time.process_time()
    ids = [clusterer.assign(terms, 1_000 * second, str(second)) for second, terms in enumerate(posts)]
    seconds = time.process_time() - started
    resolved = [clusterer.resolve(number) for number in ids]
    return Result(
        len(posts),
        v_measure(truth, ids),
        v_measure(truth, resolved),
        len(posts) / seconds,
        len(set(resolved)),
    )


def show(data_set, what, result):
    """Print one line of the table."""
    print(
        f"{data_set:8} {what:32} {result.posts:7,} {result.at_arrival:11.4f} {result.resolved:9.4f}"
        f" {result.posts_per_second:9,.0f} {result.narratives:11,}",
        flush=True,
    )


def variants():
    """Yield each main constant halved and doubled, as far as it may be."""
    defaults = NarrativeClusterer()
    for name in CONSTANTS:
        value = getattr(defaults, name)
        for factor in (0.5, 2.0):
            changed = type(value)(value * factor)
            if name in {"damping", "novelty"}:
                changed = min(changed, 1.0)
            yield f"{name}={changed:g}", {name: changed}


def main():
    """Print the table, or say what is missing."""
    options = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawTextHelpFormatter)
    options.add_argument("--constants", action="store_true", help="each main constant halved and doubled, too")
    options.add_argument("--textclust-posts", type=int, default=3_000, help="first posts for TextClust")
    given = options.parse_args()
    folder = os.environ.get("UNDERCURRENT_DATA")
    if not folder:
        sys.exit("UNDERCURRENT_DATA is not set: it names the folder with the real posts, which are not in here")
    print(f"{'data':8} {'clusterer':32} {'posts':>7} {'at arrival':>11} {'resolved':>9} {'posts/s':>9} narratives")
    for name in DATA_SETS:
        posts, truth = read(Path(folder), name)
        first_posts, first_truth = posts[: given.textclust_posts], truth[: given.textclust_posts]
        show(name, "undercurrent", measure(NarrativeClusterer(), posts, truth))
        show(name, "undercurrent, first posts", measure(NarrativeClusterer(), first_posts, first_truth))
        show(name, "textclust, first posts", measure(TextClustClusterer(), first_posts, first_truth))
        for what, changed in variants() if given.constants else ():
            show(name, what, measure(NarrativeClusterer(**changed), posts, truth))
    print(f"TextClust is slow, so it is given the first {given.textclust_posts:,} posts only (--textclust-posts).")


if __name__ == "__main__":
    main()
