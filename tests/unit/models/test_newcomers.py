import pytest

from models.newcomers import AUTHORS_MAX, KnownAuthors
from tests.support.chatter import HOUR_MS, MINUTE_MS, NOON_MS


def known_of(*authors, **caps):
    known = KnownAuthors(**caps)
    for author, at_ms in authors:
        known.note(author, at_ms)
    return known


@pytest.mark.parametrize(
    ("posted_ms", "is_new"),
    [
        ([NOON_MS], True),
        ([NOON_MS + HOUR_MS], True),
        ([NOON_MS - MINUTE_MS], False),
        ([NOON_MS - MINUTE_MS, NOON_MS], False),
        ([NOON_MS, NOON_MS - MINUTE_MS], False),
        ([], False),
    ],
)
def test_an_author_is_new_if_the_first_known_post_is_no_older(posted_ms, is_new):
    known = known_of(*(("ann", at_ms) for at_ms in posted_ms), ("bob", NOON_MS))
    assert known.is_new("ann", NOON_MS) is is_new


def test_who_posted_longest_ago_is_forgotten_first():
    known = known_of(*((f"a{number}", 0) for number in range(8)), ("a0", HOUR_MS), ("late", HOUR_MS), authors_max=8)
    assert len(known) == 8
    assert not known.is_new("a1", 0)
    assert known.is_new("a0", 0)
    known.note("a1", 2 * HOUR_MS)
    assert known.is_new("a1", HOUR_MS)


def test_no_more_authors_are_known_than_the_cap():
    known = KnownAuthors()
    for number in range(AUTHORS_MAX * 2):
        known.note(f"author{number}", number)
        assert len(known) <= AUTHORS_MAX
    assert len(known) > AUTHORS_MAX * 3 // 4


def test_names_without_end_are_known_as_well():
    known = known_of(("x" * 500 + "a", NOON_MS))
    assert known.is_new("x" * 500 + "a", NOON_MS)
    assert not known.is_new("x" * 500 + "b", NOON_MS)


def test_a_snapshot_goes_on_as_the_original_does():
    known = known_of(*((f"a{number}", number) for number in range(8)), ("a0", 9), authors_max=8)
    again = KnownAuthors(authors_max=8)
    again.restore(dict(known.snapshot()))
    for each in (known, again):
        each.note("one more", NOON_MS)
    assert list(again.snapshot().items()) == list(known.snapshot().items())
