import csv
import gzip
import os
import signal

import pytest

from models.post import decode_message
from streams.commands import simulate as module

SMALL = ("simulate", "--days", "0.5", "--communities", "2")


def test_posts_are_written_with_the_truth_beside_them(undercurrent, tmp_path):
    ended = undercurrent("simulate", "--days", "3", "--communities", "2", "--out", "posts.jsonl")
    assert (ended.status, ended.out) == (0, "")
    lines = (tmp_path / "posts.jsonl").read_bytes().splitlines()
    posts = [post for line in lines for _, post in decode_message(line)]
    communities = {post.communities[0] for post in posts}
    assert len(communities) == 2
    with (tmp_path / "posts.jsonl.events.csv").open(newline="") as file:
        rows = list(csv.DictReader(file))
    assert list(rows[0]) == ["community", "onset_epoch_s", "pattern", "what"]
    assert {row["community"] for row in rows} <= communities
    assert f"{len(lines):,} posts of 2 communities are in posts.jsonl, {len(rows)} launches in" in ended.err


def test_the_same_options_give_the_same_bytes_packed_or_not(undercurrent, tmp_path):
    undercurrent(*SMALL, "--out", "a.jsonl")
    undercurrent(*SMALL, "--out", "b.jsonl.gz")
    undercurrent(*SMALL, "--out", "c.jsonl.gz")
    undercurrent(*SMALL, "--out", "d.jsonl", "--seed", "2")
    plain, packed, again, other = (
        (tmp_path / name).read_bytes() for name in ("a.jsonl", "b.jsonl.gz", "c.jsonl.gz", "d.jsonl")
    )
    assert packed == again
    assert gzip.decompress(packed) == plain
    assert other != plain


def test_standard_output_has_no_truth_beside_it_unless_asked(undercurrent, tmp_path):
    ended = undercurrent(*SMALL, "--out", "-")
    assert ended.out.startswith('{"id"')
    assert list(tmp_path.iterdir()) == []
    undercurrent(*SMALL, "--out", "-", "--truth", "truth.csv")
    assert (tmp_path / "truth.csv").exists()


def test_it_starts_when_it_is_told_to(undercurrent):
    out = undercurrent(*SMALL, "--out", "-", "--start", "2024-02-29T12:00:00+01:00").out
    [(_, post)] = decode_message(out.splitlines()[0].encode())
    assert 0 <= post.created_at - 1_709_204_400_000 < 3_600_000


@pytest.mark.parametrize(
    ("arguments", "words"),
    [
        (["--start", "yesterday", "--out", "x"], "--start is 'yesterday'; expected an RFC 3339 time"),
        (["--communities", "99", "--out", "x"], "is not in the range"),
        (["--out", "x", "--truth", "x"], "x is named twice"),
        ([], "missing option '--out'"),
    ],
)
def test_what_cannot_be_is_one_sentence(undercurrent, arguments, words):
    ended = undercurrent("simulate", *arguments)
    assert (ended.status, ended.err.count("\n")) == (2, 1)
    assert words in ended.err


def test_a_signal_leaves_whole_lines_and_the_truth_so_far(undercurrent, tmp_path, monkeypatch):
    encode = module.encode_post

    def encode_and_interrupt(post):
        os.kill(os.getpid(), signal.SIGINT)
        return encode(post)

    monkeypatch.setattr(module, "encode_post", encode_and_interrupt)
    ended = undercurrent(*SMALL, "--out", "posts.jsonl.gz")
    assert ended.status == 130
    assert "stopped by Ctrl-C" in ended.err
    assert gzip.decompress((tmp_path / "posts.jsonl.gz").read_bytes()).count(b"\n") == 1
    assert (tmp_path / "posts.jsonl.gz.events.csv").exists()
