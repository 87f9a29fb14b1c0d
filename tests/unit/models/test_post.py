import json
from datetime import UTC, datetime, timedelta, timezone

import msgspec
import pytest

from models.post import (
    COMMUNITIES_MAX,
    TEXT_BYTES_MAX,
    TIME_MS_MAX,
    Post,
    Reason,
    Rejection,
    decode_message,
    encode_post,
    stated_time,
    to_ms,
)

NOON_MS = 1_767_614_400_000
NOON = "2026-01-05T12:00:00Z"


def raw_post(**changes):
    """Returns the JSON of a post; a change to None takes the field away."""
    fields = {"id": "1", "text": "The ferry is late", "created_at": NOON_MS} | changes
    return json.dumps({name: value for name, value in fields.items() if value is not None}).encode()


def decode_one(raw):
    [(own, decoded)] = decode_message(raw)
    assert own == raw
    return decoded


def reason_of(raw):
    decoded = decode_one(raw)
    assert isinstance(decoded, Rejection), decoded
    assert decoded.detail
    return decoded.reason


def test_a_whole_post_is_decoded():
    fields = {
        "id": "1",
        "text": "The ferry is late",
        "created_at": NOON_MS,
        "author": "ann",
        "source": "bluesky",
        "communities": ["islanders", "commuters"],
        "lang": "en",
        "url": "https://social.example/ann/1",
        "links": ["https://ferry.example", "ferry.example"],
        "reply_to": "0",
        "repost_of": "00",
        "is_repost": True,
        "engagement": {"likes": 1, "reposts": 2, "replies": 3, "views": 2**63 - 1},
        "author_followers": 5,
        "observed_at": NOON,
        "op": "update",
    }
    post = decode_one(json.dumps(fields).encode())
    assert isinstance(post, Post)
    assert json.loads(encode_post(post)) == fields


def test_fields_that_are_not_known_are_ignored():
    assert decode_one(raw_post(mood="grim", nested={"a": [1, {}]})) == decode_one(raw_post())


def test_what_was_encoded_is_decoded_to_the_same():
    post = Post(id="1", text='naïve 🎮 \u0000 \\ "', created_at=datetime(2026, 1, 5, tzinfo=UTC), links=["a"])
    assert decode_one(encode_post(post)) == post


@pytest.mark.parametrize(
    "raw",
    [
        b"",
        b"   ",
        b"hello",
        b"{",
        b'{"id": "1", "text": "x", "created_at": 0',
        b'{"id": "1", "text": "x", "created_at": 0}}',
        b"{'id': '1', 'text': 'x', 'created_at': 0}",
        b'\xef\xbb\xbf{"id": "1", "text": "x", "created_at": 0}',
        b'{"id": "1", "text": "\xff", "created_at": 0}',
        b'{"id": "1", "text": "\xed\xa0\x80", "created_at": 0}',
        b'{"id": "1", "text": "\\ud83d alone", "created_at": 0}',
        b'{"id": "1", "text": "a\x01b", "created_at": 0}',
        b'{"id": "1", "text": "x", "created_at": NaN}',
        b'{"id": "1", "text": "x", "created_at": 0, "score": Infinity}',
        b'{"id": "1", "text": "x", "created_at": 0, "deep": ' + b"[" * 100_000 + b"]" * 100_000 + b"}",
        b'{"posts": ' + b"[" * 100_000 + b"]" * 100_000 + b"}",
        b"\x1f\x8b\x08\x00" + bytes(range(256)),
    ],
)
def test_what_is_no_json_is_rejected_as_such(raw):
    assert reason_of(raw) is Reason.NOT_JSON


@pytest.mark.parametrize("raw", [b"null", b"[]", b"7", b'"a post"', b"{}", b"true", b"[" * 100_000])
def test_json_that_is_no_object_with_the_fields_of_a_post_is_rejected(raw):
    assert reason_of(raw) is Reason.WRONG_FIELD


@pytest.mark.parametrize(
    "changes",
    [
        {"id": None},
        {"id": ""},
        {"id": 7},
        {"id": "x" * 513},
        {"text": 7},
        {"text": ["x"]},
        {"created_at": None},
        {"created_at": True},
        {"created_at": -1},
        {"created_at": 1.5},
        {"created_at": 1e12},
        {"created_at": TIME_MS_MAX + 1},
        {"created_at": 10**30},
        {"created_at": 10**4000},
        {"author": 7},
        {"author": "x" * 513},
        {"source": "x" * 65},
        {"communities": "islanders"},
        {"communities": [""]},
        {"communities": [7]},
        {"communities": ["x" * 513]},
        {"communities": [f"c{number}" for number in range(COMMUNITIES_MAX + 1)]},
        {"links": "https://ferry.example"},
        {"is_repost": "yes"},
        {"is_repost": 1},
        {"engagement": []},
        {"engagement": {"likes": -1}},
        {"engagement": {"likes": "many"}},
        {"engagement": {"likes": 2**63}},
        {"author_followers": -1},
        {"author_followers": 10**30},
        {"observed_at": "yesterday"},
        {"op": "upsert"},
    ],
)
def test_a_field_of_the_wrong_form_is_rejected(changes):
    assert reason_of(raw_post(**changes)) is Reason.WRONG_FIELD


def test_the_detail_names_the_field():
    decoded = decode_one(raw_post(engagement={"likes": "many"}))
    assert decoded == Rejection(Reason.WRONG_FIELD, "Expected `int`, got `str` - at `$.engagement.likes`")


def test_numbers_of_a_post_fit_into_a_snapshot():
    post = decode_one(raw_post(author_followers=2**63 - 1, engagement={"views": 2**63 - 1}))
    assert msgspec.msgpack.decode(msgspec.msgpack.encode(post), type=Post) == post


@pytest.mark.parametrize(
    ("text", "expected_ms"),
    [
        ("2026-01-05T12:00:00Z", NOON_MS),
        ("2026-01-05t12:00:00z", NOON_MS),
        ("2026-01-05 12:00:00Z", NOON_MS),
        ("2026-01-05T12:00:00.5Z", NOON_MS + 500),
        ("2026-01-05T12:00:00.123456789Z", NOON_MS + 123),
        ("2026-01-05T13:00:00+01:00", NOON_MS),
        ("2026-01-05T04:00:00-08:00", NOON_MS),
        ("2026-01-05T17:30:00+05:30", NOON_MS),
        ("2026-01-05T12:00:00-00:00", NOON_MS),
        ("1970-01-01T00:00:00Z", 0),
        ("9999-12-31T23:59:59.999Z", TIME_MS_MAX),
    ],
)
def test_a_time_may_be_rfc_3339(text, expected_ms):
    post = decode_one(raw_post(created_at=text))
    assert to_ms(post.created_at) == expected_ms
    assert stated_time(post) == ("created_at", expected_ms)


@pytest.mark.parametrize(
    "text",
    [
        "2026-01-05T12:00:00",  # no zone: whose noon?
        "2026-01-05",
        "12:00:00Z",
        "2026-01-05T12:00Z",
        "2026-02-30T12:00:00Z",
        "2026-01-05T24:00:00Z",
        "2026-01-05T12:00:00+25:00",
        "2026-13-05T12:00:00Z",
        "Mon, 05 Jan 2026 12:00:00 GMT",
        "1767614400000",
        "",
    ],
)
def test_what_is_no_moment_is_rejected(text):
    assert reason_of(raw_post(created_at=text)) is Reason.WRONG_FIELD


@pytest.mark.parametrize("name", ["created_at", "observed_at"])
@pytest.mark.parametrize(
    "text",
    ["1969-12-31T23:59:59.999Z", "0001-01-01T00:00:00+23:59", "1970-01-01T00:00:00+00:01", "9999-12-31T23:59:59-01:00"],
)
def test_a_moment_before_1970_or_after_9999_is_rejected(name, text):
    assert decode_one(raw_post(**{name: text})) == Rejection(
        Reason.WRONG_FIELD, f"`{name}` is not within the years 1970 to 9999"
    )


@pytest.mark.parametrize("changes", [{"text": None}, {"text": ""}, {"text": "", "op": "update"}])
def test_a_post_without_text_is_rejected(changes):
    assert reason_of(raw_post(**changes)) is Reason.TEXT_MISSING


def test_a_delete_needs_no_text():
    assert decode_one(raw_post(text=None, op="delete")).op == "delete"


@pytest.mark.parametrize("letter", ["a", "é", "あ", "🎮"])
def test_the_limit_of_a_text_is_in_bytes(letter):
    size = len(letter.encode())
    padding = "a" * (TEXT_BYTES_MAX % size)
    longest = letter * (TEXT_BYTES_MAX // size) + padding
    assert decode_one(raw_post(text=longest)).text == longest
    assert reason_of(raw_post(text=longest + "a")) is Reason.TEXT_TOO_LONG


def test_an_envelope_yields_each_post_with_its_own_bytes():
    parts = [raw_post(id="1"), b"null", raw_post(id="2", text=None), b'{ "id": "3",  "text": "x", "created_at": 0 }']
    found = list(decode_message(b'{"posts": [' + b" ,\n ".join(parts) + b"]}"))
    assert [own for own, _ in found] == parts
    assert [getattr(decoded, "reason", decoded) for _, decoded in found] == [
        decode_one(parts[0]),
        Reason.WRONG_FIELD,
        Reason.TEXT_MISSING,
        decode_one(parts[3]),
    ]


@pytest.mark.parametrize(
    "start",
    [b'{"posts":', b'{"posts" :', b'  { "posts": ', b'{"cursor": 7, "posts":', b'{"next": {"posts": 1}, "posts":'],
)
def test_an_envelope_is_known_wherever_its_list_stands(start):
    [(own, post)] = decode_message(start + b"[" + raw_post() + b"]}")
    assert own == raw_post()
    assert isinstance(post, Post)


def test_an_empty_envelope_has_no_posts():
    assert list(decode_message(b'{"posts": []}')) == []


@pytest.mark.parametrize(
    ("raw", "reason", "detail"),
    [
        (b'{"posts": {}}', Reason.WRONG_FIELD, "Expected `array`, got `object` - at `$.posts`"),
        (b'{ "posts": null}', Reason.WRONG_FIELD, "Expected `array`, got `null` - at `$.posts`"),
        (b'{"posts": [{"id": "1"}', Reason.NOT_JSON, "Input data was truncated"),
    ],
)
def test_an_envelope_that_cannot_be_read_is_rejected_whole(raw, reason, detail):
    assert decode_one(raw) == Rejection(reason, detail)


def test_a_post_that_says_how_many_posts_its_author_has_is_a_post():
    for raw in (b'{"posts": 812, ' + raw_post()[1:], raw_post(posts=812), raw_post(communities=["posts"])):
        assert isinstance(decode_one(raw), Post)


def test_a_bad_post_in_the_community_of_posts_is_told_what_is_wrong_with_itself():
    decoded = decode_one(raw_post(id=5, communities=["posts"]))
    assert decoded == Rejection(Reason.WRONG_FIELD, "Expected `str`, got `int` - at `$.id`")


def test_an_envelope_within_an_envelope_is_no_post():
    inner = b'{"posts": [' + raw_post() + b"]}"
    [(own, decoded)] = decode_message(b'{"posts": [' + inner + b"]}")
    assert own == inner
    assert decoded.reason is Reason.WRONG_FIELD


def make_post(**changes):
    return Post(**({"id": "1", "text": "x", "created_at": NOON_MS} | changes))


@pytest.mark.parametrize(
    ("changes", "field", "expected_ms"),
    [
        ({}, "created_at", NOON_MS),
        ({"observed_at": NOON_MS + 9}, "created_at", NOON_MS),
        ({"op": "update"}, "created_at", NOON_MS),
        ({"op": "update", "observed_at": NOON_MS + 9}, "observed_at", NOON_MS + 9),
        ({"op": "delete", "observed_at": NOON_MS + 9}, "observed_at", NOON_MS + 9),
        ({"op": "delete", "observed_at": 0}, "observed_at", 0),
    ],
)
def test_which_field_says_when_a_post_happened(changes, field, expected_ms):
    assert stated_time(make_post(**changes)) == (field, expected_ms)


def test_observed_at_replaces_created_at_for_sources_that_declare_so():
    observed = make_post(observed_at=NOON_MS + 7_200_000)
    assert stated_time(observed, is_observed_source=True) == ("observed_at", NOON_MS + 7_200_000)
    assert stated_time(make_post(), is_observed_source=True) == ("created_at", NOON_MS)


def test_a_moment_is_the_same_in_any_zone():
    there = timezone(timedelta(hours=-8))
    assert to_ms(datetime(2026, 1, 5, 4, tzinfo=there)) == to_ms(datetime(2026, 1, 5, 12, tzinfo=UTC)) == NOON_MS
