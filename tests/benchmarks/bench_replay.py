"""A whole replay of real posts: speed, memory, and what it found of launches whose start is known.

    UNDERCURRENT_DATA=FOLDER python -m tests.benchmarks.bench_replay [NAME ...]

The folder holds `NAME/posts.jsonl.gz` in the product's own format and, where launches are known, `NAME/events.csv` with
the columns community, onset_epoch_s and pattern (a regular expression for one of an alert's first five terms). Speed
is that of `undercurrent replay`, beside a bare loop that decodes the same posts and finds their terms. A launch is
found if a message of its community names it from 10 minutes before to 2 hours after its onset; delay counts from the
moment when five distinct authors had taken it up, negative if earlier.
"""

import csv
import gzip
import json
import os
import re
import statistics
import subprocess
import sys
import tempfile
import time
from collections import Counter, defaultdict
from pathlib import Path

from models.post import Post, decode_message, to_ms
from models.terms import find_terms

NAMES = ("ira_trolls", "reddit_top", "crisislex_t6", "stocknet")
MINUTE_MS = 60_000
ENOUGH_AUTHORS = 5
UPDATES_COUNT_FOR_MS = 6 * 60 * MINUTE_MS


def read_posts(path):
    """Return the posts of an archive."""
    with gzip.open(path) as lines:
        return [post for line in lines for _, post in decode_message(line) if isinstance(post, Post)]


def bare_posts_per_second(path):
    """Return the speed of a loop that only decodes the posts and finds their terms."""
    started = time.perf_counter()
    count = 0
    with gzip.open(path) as lines:
        for line in lines:
            for _, post in decode_message(line):
                if isinstance(post, Post):
                    find_terms(post.text, post.lang)
                count += 1
    return count / (time.perf_counter() - started)


def replay(path, alerts):
    """Replay an archive; return what `--stats` said, by label."""
    command = [sys.executable, "-m", "streams", "replay", str(path), "--alerts", str(alerts), "--stats"]
    said = subprocess.run(command, check=True, capture_output=True, text=True).stderr
    return dict(re.findall(r"^(\S.*?) {2,}(\S.*)$", said, re.MULTILINE))


def enough_ms(posts, pattern, onset_ms):
    """Return when the fifth author since the onset had taken a launch up; None if that did not happen."""
    authors = set()
    for at_ms, author, text in posts:
        if onset_ms <= at_ms <= onset_ms + 120 * MINUTE_MS and pattern.search(text):
            authors.add(author)
            if len(authors) == ENOUGH_AUTHORS:
                return at_ms
    return None


def found(folder, alerts):
    """Yield ``(label, value)`` of what the alerts found of the launches in `folder`."""
    messages = [json.loads(line) for line in alerts.read_text().splitlines()]
    posts = read_posts(folder / "posts.jsonl.gz")
    days, by_community, first_ms = defaultdict(set), defaultdict(list), {}
    for post in posts:
        at_ms, text = to_ms(post.created_at), post.text.lower().replace("#", "")
        for community in post.communities:
            days[community].add(at_ms // 86_400_000)
            by_community[community].append((at_ms, post.author or post.id, text))
    for message in messages:
        first_ms.setdefault(message["alert_id"], message["at_ms"])
    opened = Counter(message["community"] for message in messages if message["type"] == "opened")
    yield "alerts a day, worst", f"{max(count / len(days[name]) for name, count in opened.items()):.2f}"
    yield "messages an alert", f"{len(messages) / max(1, len(first_ms)):.1f}"
    if (folder / "events.csv").exists():
        yield from launches(folder / "events.csv", messages, by_community, first_ms)


def launches(path, messages, by_community, first_ms):
    """Yield recall and delay."""
    delays, count, caught = [], 0, 0
    for event in csv.DictReader(path.open()):
        count += 1
        onset_ms = float(event["onset_epoch_s"]) * 1000
        hits = [
            message["at_ms"]
            for message in messages
            if message["community"] == event["community"]
            and message["type"] in {"opened", "updated"}
            and -10 * MINUTE_MS <= message["at_ms"] - onset_ms <= 120 * MINUTE_MS
            and message["at_ms"] - first_ms[message["alert_id"]] <= UPDATES_COUNT_FOR_MS
            and any(re.search(event["pattern"], term.replace("#", "")) for term in message["terms"][:5])
        ]
        caught += bool(hits)
        anywhere = re.compile(event["pattern"].replace("^", r"\b").replace("$", r"\b"))
        enough = enough_ms(by_community[event["community"]], anywhere, onset_ms)
        if hits and enough:
            delays.append((min(hits) - enough) / MINUTE_MS)
    yield "launches found", f"{caught} of {count} ({caught / count:.3f})"
    if delays:
        ninth = sorted(delays)[int(0.9 * (len(delays) - 1))]
        yield "delay from fifth author", f"median {statistics.median(delays):.1f}, p90 {ninth:.1f} min"


def main():
    """Print what was measured on each data set that is there."""
    root = os.environ.get("UNDERCURRENT_DATA")
    if not root:
        print("bench_replay: UNDERCURRENT_DATA is not set; it names a folder of data sets, see this file's head.")
        return
    for name in sys.argv[1:] or NAMES:
        folder = Path(root, name)
        posts = folder / "posts.jsonl.gz"
        if not posts.exists():
            print(f"bench_replay: {posts} is not there; left out.")
            continue
        with tempfile.TemporaryDirectory() as scratch:
            alerts = Path(scratch, "alerts.jsonl")
            bare = bare_posts_per_second(posts)
            said = replay(posts, alerts)
            speed = float(said["posts/s"].replace(",", ""))
            print(f"{name}: {said['posts']} posts, {said['communities']} communities")
            print(f"  {'posts/s':<24} {speed:,.0f}; {speed / bare:.2f} of a bare loop's {bare:,.0f}")
            for label in ("resident at half", "resident at end", "resident at peak", "alerts opened"):
                print(f"  {label:<24} {said[label]}")
            for label, value in found(folder, alerts):
                print(f"  {label:<24} {value}")


if __name__ == "__main__":
    main()
