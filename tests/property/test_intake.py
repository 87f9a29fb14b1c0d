"""Intake against an oracle that knows which posts it was given: wherever it is cut, none is lost, doubled or moved."""

import random

import msgspec
from hypothesis import given
from hypothesis import strategies as st

from models.assign import partition_of
from models.configuration import CommunityRule, CoreSettings
from models.frame import FRAME_BYTES_MAX, decode_frame, encode_frame
from models.intake import Intake
from models.post import Post, decode_message, encode_post, stated_time
from tests.support.adversary import PARTITIONS, SETTINGS, make_input
from tests.support.framed import NOON_MS, make_raw

seeds = st.integers(0, 2**32).map(random.Random)


def make_intake(after=(0, 0), settings=SETTINGS, partitions=PARTITIONS):
    return Intake("posts/0", 1, partitions, settings, after)


def read_with_cuts(intake, messages, chance):
    """Returns the frames of each partition and the dead letters; cuts come when chance wills."""
    logs, dead = [[] for _ in range(PARTITIONS)], []
    for offset in range(intake.next[0], len(messages)):
        dead += intake.read(offset, messages[offset], None)
        if chance.random() < 0.3 or offset == len(messages) - 1:
            for partition, frame in intake.cut(progress=chance.random() < 0.4 or offset == len(messages) - 1):
                logs[partition].append(frame)
    return logs, dead


@given(seeds, seeds)
def test_each_post_is_framed_once_in_order_wherever_frames_are_cut(chance, cutting):
    given_input = make_input(chance, count=40)
    logs, _ = read_with_cuts(make_intake(), given_input.messages, cutting)
    for partition, log in enumerate(logs):
        wanted = [
            (each.position, each.post_id, each.reached_ms)
            for each in given_input.accepted
            if partition in {partition_of(community, PARTITIONS) for community in each.communities}
        ]
        framed = [each for frame in log for each in frame.posts]
        assert [(each.position, each.post.id, each.reached_ms) for each in framed] == wanted


@given(seeds, seeds)
def test_frames_follow_one_another_without_a_gap_and_hold_what_is_between_their_ends(chance, cutting):
    given_input = make_input(chance, count=40)
    logs, _ = read_with_cuts(make_intake(), given_input.messages, cutting)
    for log in logs:
        assert [frame.after for frame in log] == [(0, 0), *(frame.through for frame in log[:-1])]
        assert log[-1].through == (40, 0)
        for frame in log:
            assert all(frame.after <= each.position < frame.through for each in frame.posts)
            assert decode_frame(encode_frame(frame)) == frame


@given(seeds, seeds, seeds)
def test_dead_letters_and_posts_do_not_depend_on_cuts(chance, cutting, cutting_otherwise):
    messages = make_input(chance, count=40).messages
    logs, dead = read_with_cuts(make_intake(), messages, cutting)
    other_logs, other_dead = read_with_cuts(make_intake(), messages, cutting_otherwise)
    assert dead == other_dead
    for log, other in zip(logs, other_logs, strict=True):
        assert [each for frame in log for each in frame.posts] == [each for frame in other for each in frame.posts]


@given(seeds, seeds)
def test_every_message_becomes_posts_or_dead_letters_with_their_own_bytes(chance, cutting):
    messages = make_input(chance, count=40).messages
    intake = make_intake()
    _, dead = read_with_cuts(intake, messages, cutting)
    parts = [(own, decoded) for raw in messages for own, decoded in decode_message(raw)]
    assert [each.raw for each in dead] == [own for own, decoded in parts if not isinstance(decoded, Post)]
    assert intake.accepted + len(dead) == len(parts)


@given(seeds, seeds, st.integers(0, 40))
def test_beginning_again_anywhere_gives_the_same_posts_from_there_on(chance, cutting, offset):
    messages = make_input(chance, count=40).messages
    whole, _ = read_with_cuts(make_intake(), messages, cutting)
    again, _ = read_with_cuts(make_intake((offset, 0)), messages, cutting)
    for log, other in zip(whole, again, strict=True):
        wanted = [_but_reached(each) for frame in log for each in frame.posts if each.position >= (offset, 0)]
        assert [_but_reached(each) for frame in other for each in frame.posts] == wanted


def _but_reached(framed):
    return msgspec.structs.replace(framed, reached_ms=0)


texts = st.sampled_from(["x", "é", "\x01", '"', "\\", "あ", "🎮"]).flatmap(
    lambda unit: st.integers(1, 60_000 // len(unit.encode())).map(lambda times: unit * times)
)
names = st.sampled_from(["islanders", "\x00" * 512, "ü" * 512, "🎮" * 512])


@given(
    st.lists(st.tuples(texts, st.lists(names, max_size=16, unique=True)), min_size=1, max_size=12),
    st.integers(0, 2**63 - 13),
)
def test_no_frame_is_larger_than_the_limit(contents, first):
    intake = make_intake((first, 0), CoreSettings(catch_all="x" * 200), 1)
    dead = []
    for offset, (text, communities) in enumerate(contents, first):
        raw = make_raw(offset, NOON_MS, text=text, communities=communities, created_at=NOON_MS)
        dead += intake.read(offset, raw, None)
    frames = [frame for _, frame in intake.cut()]
    assert all(len(encode_frame(frame)) <= FRAME_BYTES_MAX for frame in frames)
    assert sum(len(frame.posts) for frame in frames) + len(dead) == len(contents)


json_values = st.recursive(
    st.none() | st.booleans() | st.integers(-(10**20), 10**20) | st.floats(allow_nan=False) | st.text(max_size=5),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=5), inner, max_size=3),
    max_leaves=5,
)
fields = st.dictionaries(st.sampled_from([*Post.__struct_fields__, "posts"]), json_values, max_size=6)
almost_posts = st.builds(lambda some: {"id": "1", "text": "x", "created_at": NOON_MS} | some, fields).map(
    msgspec.json.encode
)
anything = st.binary(max_size=60) | json_values.map(msgspec.json.encode) | almost_posts
envelopes = st.lists(almost_posts | st.just(b"0"), max_size=4).map(
    lambda parts: b'{"posts":[' + b",".join(parts) + b"]}"
)


@given(anything | envelopes)
def test_any_bytes_are_posts_or_dead_letters_and_never_an_error(raw):
    intake = make_intake(settings=CoreSettings(communities=[CommunityRule(name="c", words=["x"], hashtags=["y"])]))
    for dead in intake.read(0, raw, NOON_MS):
        assert dead.raw in raw
        assert dead.detail
    assert intake.next == (1, 0)
    for _, frame in intake.cut(progress=True):
        assert decode_frame(encode_frame(frame)) == frame
        assert msgspec.msgpack.encode(frame)  # what waits is saved in snapshots


@given(anything)
def test_what_was_decoded_survives_being_encoded(raw):
    for _, decoded in decode_message(raw):
        if isinstance(decoded, Post):
            [(_, again)] = decode_message(encode_post(decoded))
            assert again == decoded
            assert stated_time(again) == stated_time(decoded)
            assert stated_time(again)[1] >= 0
