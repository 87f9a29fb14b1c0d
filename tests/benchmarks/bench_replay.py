"""A whole replay of real posts: speed, memory, and what it found of launches whose start is known.

    UNDERCURRENT_DATA=FOLDER python -m tests.benchmarks.bench_replay [NAME ...]

The folder holds `NAME/posts.jsonl.gz` in the product's own format and, where launches are known, `NAME/events.csv` with
the columns community, onset_epoch_s and pattern (a regular expression for one of an alert's first five terms). Speed
is that of `undercurrent replay`, beside a bare loop that decodes the same posts and finds their terms. What counts as
found is told in `tests.support.event_scoring`.
"""

import gzip
import os
import re
import subprocess
import sys
import tempfile
import time
from pathlib import Path

from models.message import decode_alert
from models.post import Post, decode_message
from models.terms import find_terms
from tests.support.event_scoring import judge, read_events

NAMES = ("ira_trolls", "reddit_top", "crisislex_t6", "stocknet")


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


def found(folder, alerts):
    """Yield ``(label, value)`` of what the alerts found of the launches in `folder`."""
    messages = [decode_alert(line) for line in alerts.read_bytes().splitlines()]
    events = folder / "events.csv"
    own = judge(messages, read_events(events) if events.exists() else [], read_posts(folder / "posts.jsonl.gz"))
    yield "alerts a day, worst", f"{own.worst:.2f}"
    yield "messages an alert", f"{own.messages_an_alert:.1f}"
    if own.events:
        yield "launches found", f"{own.caught} of {own.events} ({own.recall:.3f})"
        yield "delay from fifth author", str(own.from_enough)


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
