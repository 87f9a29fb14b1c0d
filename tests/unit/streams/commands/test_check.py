import gzip

import pytest

from models.configuration import CommunityRule
from streams.commands.check import describe
from streams.settings import Settings
from tests.support.posts import make_line, make_lines


def test_settings_that_can_be_used_are_said_to_be(undercurrent, tmp_path):
    (tmp_path / "undercurrent.toml").write_text('[[communities]]\nname = "coffee"\nwords = ["espresso"]')
    assert undercurrent("check") == (0, "undercurrent.toml can be used: rules for 1 community, budget balanced.\n", "")


def test_without_a_file_the_defaults_are_said_to_be_used(undercurrent):
    assert "there is no settings file, so the defaults are used" in undercurrent("check").out


def test_settings_that_cannot_be_used_are_one_sentence(undercurrent, tmp_path):
    (tmp_path / "undercurrent.toml").write_text("[detectoin]")
    ended = undercurrent("check")
    assert (ended.status, ended.out) == (2, "")
    assert "did you mean `detection`?" in ended.err


@pytest.mark.parametrize(
    ("settings", "words"),
    [
        (Settings(communities=[CommunityRule(name="a")]), "a: no words, phrases or hashtags"),
        (Settings(communities=[CommunityRule(name="a", words=["!?"])]), "a: '!?' has no letters or digits"),
        (
            Settings(communities=[CommunityRule(name="a", words=["C++"])]),
            "a: 'C++' finds every post with 'c', since '+' is no letter.",
        ),
        (
            Settings(communities=[CommunityRule(name="a", words=["C#"])]),
            "a: 'C#' finds every post with 'c', since '#' is no letter.",
        ),
        (
            Settings(communities=[CommunityRule(name="a", words=["@nike"])]),
            "a: '@nike' is a mention, and rules look at words only, so no post is found by it.",
        ),
        (
            Settings(communities=[CommunityRule(name="a", words=["https://x.com"])]),
            "a: 'https://x.com' is a link, and rules look at words only, so no post is found by it.",
        ),
        (Settings(catch_all=""), "only posts that name their communities are followed"),
    ],
)
def test_what_may_not_be_meant_so_is_said(settings, words):
    assert words in " ".join(describe(settings, None))


@pytest.mark.parametrize(
    "word", ["#latteart", "＃東京", "flat #white", "don’t", "flat-white", "$tsla", "🎮", "東京", "café", "snake_case"]
)
def test_a_word_of_letters_raises_no_doubt(word):
    assert len(list(describe(Settings(communities=[CommunityRule(name="a", words=[word])]), None))) == 1


def test_updates_and_deletes_are_counted_apart(undercurrent, tmp_path):
    (tmp_path / "posts.jsonl").write_bytes(make_line(1) + b"\n" + make_line(1, op="delete") + b"\n")
    ended = undercurrent("check", "posts.jsonl")
    assert "1 posts in 1 communities" in ended.out
    assert "and 1 updates and deletes of posts" in ended.out


def test_posts_fall_into_communities(undercurrent, tmp_path):
    (tmp_path / "undercurrent.toml").write_text('[[communities]]\nname = "coffee"\nwords = ["espresso"]')
    lines = [
        make_line(1, "espresso at sea", communities=[]),
        make_line(2),
        make_line(3, "tea", communities=[]),
        b"no post",
        make_line(4, created_at="2999-01-01T00:00:00Z"),
    ]
    (tmp_path / "posts.jsonl.gz").write_bytes(gzip.compress(b"\n".join(lines)))
    ended = undercurrent("check", "posts.jsonl.gz")
    assert ended.status == 0
    flat = [" ".join(line.split()) for line in ended.out.splitlines()]
    assert "3 posts in 3 communities, from 2026-01-05 12:01 UTC to 2026-01-05 12:03 UTC" in flat
    assert "coffee 1 1 33.3% espresso, sea espresso at sea" in flat
    assert any(line.startswith("everyone else 1 1 33.3% tea") for line in flat)
    assert "left out, as they are no posts: 2 (1 not json, 1 in the future):" in ended.err


def test_a_truncated_file_is_counted_as_far_as_it_goes(undercurrent, tmp_path):
    (tmp_path / "posts.gz").write_bytes(gzip.compress(make_lines(3_000))[:-100])
    ended = undercurrent("check", "posts.gz")
    assert ended.status == 1
    assert ended.err.endswith("the file is truncated. What was read was counted.\n")
    assert "islanders" in ended.out


def test_a_file_without_posts_is_one_sentence(undercurrent, tmp_path):
    (tmp_path / "posts").write_bytes(b"a,b\n")
    ended = undercurrent("check", "posts")
    assert (ended.status, ended.err.count("\n")) == (1, 1)
    assert "there is no post in it" in ended.err
