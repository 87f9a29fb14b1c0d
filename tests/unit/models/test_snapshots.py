import msgspec
import pytest

from models.log import Header, InputState
from models.snapshots import (
    FORMAT_VERSION,
    HEADER_KEY,
    HeaderRecord,
    Life,
    Records,
    TrackerRecord,
    choose_start,
    encode_header,
    encode_record,
    pack,
    unpack,
    unpack_header,
)


def header_at(offset, *followed) -> bytes:
    """Returns a packed header that tells by its watermark where it was."""
    return pack(encode_header(Header(watermark_ms=offset, touched=dict.fromkeys(followed, 0))))


def record_at(offset, *followed) -> TrackerRecord:
    return TrackerRecord(FORMAT_VERSION, offset, header_at(offset, *followed), pack(b"state"))


def saved_at(offset, lives, *followed) -> HeaderRecord:
    return HeaderRecord(FORMAT_VERSION, offset, header_at(offset, *followed), lives)


ANTS, BEES = Life("ants", 2), Life("bees", 5)


def test_with_nothing_saved_it_begins_at_the_beginning():
    start = choose_start(Records())
    assert (start.next, start.header, start.current, start.ahead) == (0, Header(), {}, {})


def test_it_begins_where_the_header_says_with_what_does_not_change_before():
    records = Records(
        saved_at(20, {"ants": (2, 10), "bees": (5, 30)}, "ants", "bees"),
        {ANTS: record_at(10), BEES: record_at(30)},
    )
    start = choose_start(records)
    assert (start.next, start.header.watermark_ms) == (20, 20)
    assert set(start.current) == {ANTS}
    assert set(start.ahead) == {BEES}
    assert start.silent == ["bees"]


def test_a_record_older_than_the_header_says_is_where_it_begins_with_the_header_in_it():
    records = Records(
        saved_at(20, {"ants": (2, 18), "bees": (5, 30)}, "ants", "bees"),
        {ANTS: record_at(12, "ants", "bees"), BEES: record_at(30)},
    )
    start = choose_start(records)
    assert (start.next, start.header.watermark_ms) == (12, 12)
    assert set(start.current) == {ANTS}


def test_an_older_record_that_is_still_ahead_changes_nothing():
    records = Records(saved_at(20, {"ants": (2, 40)}, "ants"), {ANTS: record_at(30)})
    assert choose_start(records).next == 20


def test_before_the_first_header_all_records_are_ahead():
    start = choose_start(Records(None, {ANTS: record_at(10)}))
    assert start.next == 0
    assert set(start.ahead) == {ANTS}


def test_who_is_followed_but_has_no_record_is_silent():
    start = choose_start(Records(saved_at(20, {"ants": (2, 10)}, "ants"), {}))
    assert start.silent == ["ants"]


def test_a_record_of_which_the_header_does_not_know_is_stale_where_its_community_is_followed():
    start = choose_start(Records(saved_at(20, {}, "ants"), {ANTS: record_at(10)}))
    assert (start.silent, start.stale, start.dead) == (["ants"], [ANTS], [])
    assert not start.current


def test_a_record_of_who_is_not_followed_any_more_is_dead():
    start = choose_start(Records(saved_at(20, {}), {ANTS: record_at(10)}))
    assert (start.silent, start.stale, start.dead) == ([], [], [ANTS])


def test_lives_of_one_community_do_not_get_in_each_others_way():
    later = Life("ants", 15)
    records = Records(saved_at(20, {"ants": (15, 18)}, "ants"), {ANTS: record_at(10), later: record_at(18)})
    start = choose_start(records)
    assert set(start.current) == {later}
    assert start.stale == [ANTS]


def test_records_come_back_as_they_were_written():
    records = Records()
    tracker, header = record_at(10, "ants"), saved_at(8, {"ants": (2, 10)}, "ants")
    records.put(ANTS.key, encode_record(tracker))
    records.put(HEADER_KEY, encode_record(header))
    assert (records.header, records.trackers) == (header, {ANTS: tracker})
    records.put(ANTS.key, None)
    records.put(BEES.key, None)
    records.put(HEADER_KEY, None)
    assert records == Records()


@pytest.mark.parametrize("community", ["header", "", "a/b", "7/ants", "жук", "\n"])
def test_a_key_names_one_life_whatever_the_community_is_called(community):
    life = Life(community, 12)
    assert life.key != HEADER_KEY
    records = Records()
    records.put(life.key, encode_record(record_at(20)))
    assert list(records.trackers) == [life]


def test_a_header_comes_back_as_it_was_and_apart_from_what_became_of_it():
    inputs = {"posts/0": InputState((3, 1), 7, 8, is_torn=True)}
    header = Header(inputs, 4, 9, {"ants": 5})
    encoded = encode_header(header)
    header.touched.clear()
    assert unpack_header(pack(encoded)) == Header(inputs, 4, 9, {"ants": 5})


@pytest.mark.parametrize("key", [b"ants", b"/ants", b"x/ants", b"-1/ants", b"\xff"])
def test_what_is_no_key_is_refused(key):
    with pytest.raises(ValueError, match=r"key|decode"):
        Records().put(key, encode_record(record_at(1)))


@pytest.mark.parametrize("key", [HEADER_KEY, ANTS.key])
@pytest.mark.parametrize("value", [b"", b"junk", msgspec.msgpack.encode([]), msgspec.msgpack.encode({"v": 1})])
def test_what_is_no_record_is_refused(key, value):
    with pytest.raises(ValueError):  # noqa: PT011 - msgspec's own words
        Records().put(key, value)


@pytest.mark.parametrize("key", [HEADER_KEY, ANTS.key])
def test_a_record_of_another_version_is_named(key):
    with pytest.raises(ValueError, match="record of version 2; this program reads version 1"):
        Records().put(key, msgspec.msgpack.encode([2, "another form"]))


def test_what_is_damaged_is_said():
    with pytest.raises(ValueError, match="damaged"):
        unpack(pack(b"state")[:-3])
