import msgspec

from models.control import Mute
from models.mutes import MUTES_MAX, Mutes
from tests.support.chatter import HOUR_MS, MINUTE_MS, NOON_MS


def muting(*mutes, watermark_ms=NOON_MS):
    held = Mutes()
    for number, mute in enumerate(mutes):
        held.add(number, mute, watermark_ms)
    return held


def word(name, **changes):
    return Mute(what="word", name=name, at_ms=NOON_MS, **changes)


def author(name, **changes):
    return Mute(what="author", name=name, at_ms=NOON_MS, **changes)


def test_a_word_is_muted_however_it_was_written():
    mutes = muting(word("#LatteArt"))
    assert mutes.is_word_muted("latteart", "islanders", NOON_MS)
    assert not mutes.is_word_muted("latte", "islanders", NOON_MS)
    assert not mutes.is_author_muted("latteart", "islanders", NOON_MS)


def test_a_name_without_blanks_is_muted_by_its_pairs_of_characters():
    mutes = muting(word("#東京駅"))
    assert [mutes.is_word_muted(pair, "islanders", NOON_MS) for pair in ("東京", "京駅", "京都")] == [True, True, False]
    assert mutes.remove(0)
    assert mutes == Mutes()


def test_no_more_pairs_are_held_than_mutes():
    mutes = muting(*(word(chr(0x4E00 + number) * 1 + "東京都大阪府") for number in range(MUTES_MAX)))
    assert len(mutes) <= MUTES_MAX
    assert mutes.is_word_muted(chr(0x4E00 + MUTES_MAX - 1) + "東", "islanders", NOON_MS)


def test_a_mute_of_one_community_holds_there_alone():
    mutes = muting(word("ferry", community="islanders"), author("ann"))
    assert mutes.is_word_muted("ferry", "islanders", NOON_MS)
    assert not mutes.is_word_muted("ferry", "sailors", NOON_MS)
    assert mutes.is_author_muted("ann", "sailors", NOON_MS)


def test_a_mute_ends_at_its_time():
    mutes = muting(word("ferry", until_ms=NOON_MS))
    assert mutes.is_word_muted("ferry", "islanders", NOON_MS - 1)
    assert not mutes.is_word_muted("ferry", "islanders", NOON_MS)


def test_who_is_not_known_is_not_muted():
    assert not muting(author("ann")).is_author_muted(None, "islanders", NOON_MS)


def test_an_author_of_an_endless_name_is_known_by_what_is_kept_of_it():
    mutes = muting(author("ann" * 80))
    assert mutes.is_author_muted("ann" * 80, "islanders", NOON_MS)
    assert not mutes.is_author_muted("ann" * 79, "islanders", NOON_MS)


def test_a_mute_that_is_undone_leaves_nothing():
    mutes = muting(word("ferry"), word("ferry", community="islanders"))
    assert mutes.remove(0)
    assert mutes.is_word_muted("ferry", "islanders", NOON_MS)
    assert not mutes.is_word_muted("ferry", "sailors", NOON_MS)
    assert mutes.remove(1)
    assert not mutes.remove(1)
    assert mutes == Mutes()


def test_what_has_ended_for_good_is_forgotten_when_another_comes():
    mutes = muting(word("ferry", until_ms=NOON_MS), word("boat"))
    mutes.add(2, word("pier"), NOON_MS + HOUR_MS - MINUTE_MS)
    assert set(mutes.words) == {"ferry", "boat", "pier"}
    mutes.add(3, word("pier"), NOON_MS + HOUR_MS)
    assert set(mutes.words) == {"boat", "pier"}


def test_beyond_so_many_the_first_goes():
    mutes = muting(author("ann"), *(word(f"word{number}") for number in range(MUTES_MAX)))
    assert len(mutes) == MUTES_MAX
    assert not mutes.is_author_muted("ann", "islanders", NOON_MS)
    assert mutes.is_word_muted("word0", "islanders", NOON_MS)


def test_as_many_as_may_be_of_the_longest_names_take_up_little():
    longest = [
        Mute(what="author", name=f"{number:03}" + "東" * 253, community="東" * 200, until_ms=NOON_MS, at_ms=0)
        for number in range(MUTES_MAX)
    ]
    assert len(msgspec.msgpack.encode(muting(*longest))) < 400_000
