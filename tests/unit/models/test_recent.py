import msgspec

from models.recent import RecentPost, RecentPosts

TWO_TERMS = {"vault": 1.0, "opens": 2.0}


def recent_of(*micro_cluster_ids, terms_max=100):
    """Make posts of two terms each, the first one called `a`."""
    recent = RecentPosts(terms_max)
    for number, micro_cluster_id in enumerate(micro_cluster_ids):
        recent.add(micro_cluster_id, "abcdefghij"[number], number * 1_000, TWO_TERMS)
    return recent


def keys_of(recent, micro_cluster_id):
    return "".join(post.key for post in recent.of(micro_cluster_id))


def all_keys_of(recent):
    return "".join(post.key for post in recent)


def test_the_posts_of_a_micro_cluster_come_oldest_first():
    recent = recent_of(3, 5, 3)
    assert recent.of(3) == [RecentPost(3, "a", 0, TWO_TERMS), RecentPost(3, "c", 2_000, TWO_TERMS)]
    assert keys_of(recent, 5) == "b"


def test_a_micro_cluster_without_a_recent_post_has_none():
    assert recent_of(3).of(4) == []


def test_the_oldest_go_when_there_are_too_many_terms():
    recent = recent_of(1, 2, 1, 2, 1, terms_max=6)
    assert all_keys_of(recent) == "cde"
    assert (keys_of(recent, 1), keys_of(recent, 2)) == ("ce", "d")


def test_as_many_terms_as_are_allowed_stay():
    assert all_keys_of(recent_of(1, 1, 1, terms_max=6)) == "abc"
    assert all_keys_of(recent_of(1, 1, 1, terms_max=5)) == "bc"


def test_one_long_post_may_cost_several_short_ones():
    recent = recent_of(1, 1, 2, terms_max=6)
    recent.add(2, "z", 9_000, dict.fromkeys("abcde", 1.0))
    assert all_keys_of(recent) == "z"


def test_a_post_longer_than_all_may_be_stays_alone():
    recent = recent_of(1, terms_max=6)
    recent.add(2, "z", 9_000, dict.fromkeys("abcdefgh", 1.0))
    assert all_keys_of(recent) == "z"


def test_posts_that_are_moved_stand_among_the_others_by_age():
    recent = recent_of(1, 2, 1, 2, 1)
    recent.move(recent.of(2), into=1)
    assert (keys_of(recent, 1), keys_of(recent, 2)) == ("abcde", "")


def test_some_posts_of_a_micro_cluster_can_be_moved():
    recent = recent_of(1, 1, 1, 1)
    recent.move(recent.of(1)[1::2], into=2)
    assert (keys_of(recent, 1), keys_of(recent, 2)) == ("ac", "bd")


def test_what_is_forgotten_makes_room():
    recent = recent_of(1, 2, 3, 1, terms_max=8)
    recent.forget({1, 3})
    assert all_keys_of(recent) == "b"
    for key in "xyz":
        recent.add(4, key, 9_000, TWO_TERMS)
    assert all_keys_of(recent) == "bxyz"


def test_what_is_looked_up_does_not_change_what_is_held():
    recent = recent_of(1, 1)
    recent.of(1).clear()
    next(iter(recent)).micro_cluster_id = 7
    assert keys_of(recent, 1) == "ab"


def test_what_was_read_back_goes_on_the_same():
    recent = recent_of(1, 2, 1, 2, terms_max=8)
    recent.move(recent.of(2)[1:], into=1)
    encoded = msgspec.msgpack.encode(list(recent))
    again = RecentPosts(8, msgspec.msgpack.decode(encoded, type=list[RecentPost]))
    for one in (recent, again):
        one.add(2, "e", 4_000, TWO_TERMS)
        one.move(one.of(1)[:1], into=2)
    assert msgspec.msgpack.encode(list(again)) == msgspec.msgpack.encode(list(recent))


def test_what_is_made_of_posts_shares_none_of_them():
    posts = list(recent_of(1, 1))
    recent = RecentPosts(100, posts)
    recent.move(recent.of(1), into=2)
    assert [post.micro_cluster_id for post in posts] == [1, 1]
