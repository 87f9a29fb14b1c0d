import json

import pytest
from hypothesis import given
from hypothesis import strategies as st

from models.post import Post, Rejection, decode_message
from streams.packing import ENVELOPE_BYTES_MAX, Message, Packer, count_posts, post_key
from tests.support.posts import make_line


def by_length(key):
    return len(key) % 3


def pack(lines, posts_max=3, partition_of=by_length):
    packer = Packer(posts_max, partition_of)
    messages = [message for number, raw in enumerate(lines, 1) for message in packer.add(number, raw)]
    return messages + list(packer.flush())


@pytest.mark.parametrize(
    ("raw", "key"),
    [
        (b'{"id":"p1","text":"x"}', b"p1"),
        (b' {"text":"\\"id\\":1", "id" : "\xc3\xa4\\u00e4"}\r', "ää".encode()),
        (b'{"id":1}', None),
        (b'{"id":""}', None),
        (json.dumps({"id": "x" * 513}).encode(), None),
        (b'{"id":"a"', None),
        (b'{"id":"\xff"}', None),
        (b'{"id":"\\ud800"}', None),
        (b'{"text":"x"}', None),
        (b'["id"]', None),
        (b"hello", None),
        (b'{"id":"a","x":' + b"[" * 100_000, None),
    ],
)
def test_the_key_is_the_id_if_there_is_one_to_be_read(raw, key):
    assert post_key(raw) == key


def test_posts_of_an_envelope_are_counted():
    assert count_posts(b'{"posts":[{"id":1},2,[]]}') == 3
    assert count_posts(b'{"posts":[') == count_posts(b"hello") == count_posts(b'{"posts":' + b"[" * 100_000) == 0


def test_one_post_a_message_is_the_line_itself():
    lines = [make_line(number) for number in (1, 22, 333)]
    assert pack(lines, posts_max=1) == [
        Message(lines[0], b"1", 1, 1, 1),
        Message(lines[1], b"22", 2, 2, 1),
        Message(lines[2], b"333", 0, 3, 1),
    ]


def test_posts_of_one_partition_share_an_envelope():
    lines = [make_line(number) for number in (1, 22, 2, 3, 4)]
    envelope, single, other = pack(lines)
    assert json.loads(envelope.value) == {"posts": [json.loads(lines[index]) for index in (0, 2, 3)]}
    assert (envelope.key, envelope.partition, envelope.line, envelope.posts) == (None, 1, 1, 3)
    assert single == Message(lines[4], b"4", 1, 5, 1)
    assert other == Message(lines[1], b"22", 2, 2, 1)


def test_no_envelope_grows_beyond_its_limit():
    lines = [make_line(number, text="x" * 60_000) for number in range(1, 10)]
    messages = pack(lines, posts_max=1_000)
    assert [message.posts for message in messages] == [4, 4, 1]
    assert all(len(message.value) <= ENVELOPE_BYTES_MAX for message in messages)


@pytest.mark.parametrize(
    "line", [make_line(3, text="x" * ENVELOPE_BYTES_MAX), make_line(3, more=[[]] * 200), make_line(3, text="[" * 201)]
)
def test_a_line_that_fits_no_envelope_follows_what_came_before_it(line):
    lines = [make_line(1), make_line(2), line]
    first, second = pack(lines)
    assert first.posts == 2
    assert second == Message(line, b"3", 1, 3, 1)


@pytest.mark.parametrize(("line", "posts"), [(b"no post", 0), (b'{"id":7}', 0), (b'{"posts":[{},{}]}', 2)])
def test_a_line_without_an_id_goes_as_it_is_and_holds_nobody_up(line, posts):
    lines = [make_line(1), line, make_line(2)]
    lone, envelope = pack(lines)
    assert lone == Message(line, None, None, 2, posts)
    assert envelope.posts == 2


def test_the_first_line_held_back_is_known():
    packer = Packer(9, by_length)
    assert packer.first_line() is None
    for number, name in ((4, 22), (5, 1)):
        assert list(packer.add(number, make_line(name))) == []
    assert packer.first_line() == 4
    list(packer.flush())
    assert packer.first_line() is None


def test_a_message_of_no_posts_is_refused():
    with pytest.raises(ValueError, match="posts_max=0; expected at least 1"):
        Packer(0, by_length)


@given(
    st.lists(st.one_of(st.integers(1, 2_000), st.sampled_from([b"no post", b'{"id":7}', b"[1]"])), max_size=40),
    st.integers(1, 7),
)
def test_all_posts_arrive_whole_and_each_partition_in_order(names, posts_max):
    lines = [make_line(name) if isinstance(name, int) else name for name in names]
    expected = sorted(lines)
    got = []
    by_partition = {}
    for message in pack(lines, posts_max):
        for own, item in decode_message(message.value):
            got.append(own)
            if isinstance(item, Post):
                by_partition.setdefault(message.partition, []).append(item.id)
            else:
                assert isinstance(item, Rejection)
                assert message.partition is None
    assert sorted(got) == expected
    posts = [str(name) for name in names if isinstance(name, int)]
    for partition, ids in by_partition.items():
        assert ids == [name for name in posts if by_length(name) == partition]
