import pytest

from models.assign import Rules, partition_of
from models.configuration import CommunityRule, CoreSettings
from models.post import COMMUNITIES_MAX
from tests.support.framed import make_post


def communities_of(text="", *, catch_all="", communities=(), **rule):
    """Returns the communities of a text under one rule, called `ours`."""
    rules = Rules(CoreSettings(catch_all=catch_all, communities=[CommunityRule(name="ours", **rule)]))
    return rules.communities_of(make_post(text=text, communities=list(communities)))


@pytest.mark.parametrize(
    ("rule", "text", "is_met"),
    [
        ({"words": ["espresso"]}, "An ESPRESSO, please", True),
        ({"words": ["espresso"]}, "#Espresso time", True),
        ({"words": ["Espresso"]}, "espresso's price", True),
        ({"words": ["espresso"]}, "espressos", False),
        ({"words": ["espresso"]}, "an es presso", False),
        ({"words": ["#espresso"]}, "espresso", True),
        ({"words": ["the"]}, "The boat", True),  # a stop word, but asked for
        ({"words": ["$tsla"]}, "$TSLA up", True),
        ({"words": ["$tsla"]}, "tsla up", False),
        ({"words": ["don’t"]}, "Don't", True),
        ({"words": ["café"]}, "cafe\u0301", True),
        ({"words": ["🎮"]}, "tonight 🎮🎮", True),
        ({"words": ["café"]}, "cafe", True),
        ({"words": ["ferry"]}, "l'ferry", True),
        ({"words": ["مترو"]}, "المترو متوقف", True),
        ({"words": ["지하철"]}, "지하철이 늦었다", True),
        ({"hashtags": ["#Café"]}, "#cafe", True),
        ({"words": ["東京"]}, "東京に行く", True),
        ({"words": ["東京タワー"]}, "あの東京タワーです", True),
        ({"words": ["東京タワー"]}, "東京のタワー", False),
        ({"words": ["паром"]}, "ПАРОМ", True),
        ({"phrases": ["flat white"]}, "A Flat  White!", True),
        ({"phrases": ["flat white"]}, "flat, white", True),
        ({"phrases": ["flat white"]}, "flat off-white", False),
        ({"phrases": ["flat white"]}, "white flat", False),
        ({"phrases": ["flat white"]}, "flat whites", False),
        ({"phrases": ["to be or not to be"]}, "To be, or not to be: that", True),
        ({"words": ["flat white"]}, "one flat white", True),
        ({"phrases": ["espresso"]}, "one espresso", True),
        ({"hashtags": ["latteart"]}, "my #LatteArt", True),
        ({"hashtags": ["#LatteArt"]}, "my #latteart", True),
        ({"hashtags": ["latteart"]}, "my latteart", False),
        ({"hashtags": ["latteart"]}, "my # latteart", False),
        ({"hashtags": ["latteart"]}, "#latteartists", False),
        ({"hashtags": ["latteart"]}, "https://cup.example/#latteart", False),
        ({"hashtags": ["latte"]}, "#latte-art", True),
        ({"hashtags": ["東京タワー"]}, "#東京タワー", True),
        ({"hashtags": ["東京タワー"]}, "＃東京タワー です", True),
        ({"hashtags": ["東京"]}, "#東京タワー", False),
        ({"hashtags": ["cafe\u0301"]}, "#Café", True),
        ({"words": ["!!!"]}, "really!!!", False),
        ({"hashtags": ["#"]}, "# #", False),
    ],
)
def test_a_rule(rule, text, is_met):
    assert communities_of(text, **rule) == (["ours"] if is_met else [])


def test_any_match_of_any_rule_is_enough_and_counts_once():
    rules = Rules(
        CoreSettings(
            communities=[
                CommunityRule(name="coffee", words=["espresso", "latte"], phrases=["flat white"]),
                CommunityRule(name="tea", words=["espresso"], hashtags=["tea"]),
                CommunityRule(name="cocoa", words=["cocoa"]),
            ]
        )
    )
    post = make_post(text="espresso latte, flat white; #tea #tea")
    assert rules.communities_of(post) == ["coffee", "tea"]


def test_communities_that_the_post_names_come_first_and_once():
    found = communities_of("espresso", communities=["b", "ours", "a", "b"], words=["espresso"])
    assert found == ["b", "ours", "a"]


def test_rules_add_to_the_communities_that_the_post_names():
    assert communities_of("espresso", communities=["b"], words=["espresso"]) == ["b", "ours"]


def test_the_catch_all_takes_only_what_belongs_to_no_other():
    assert communities_of("tea", catch_all="rest", words=["espresso"]) == ["rest"]
    assert communities_of("espresso", catch_all="rest", words=["espresso"]) == ["ours"]
    assert communities_of("tea", catch_all="rest", communities=["b"]) == ["b"]


def test_without_a_catch_all_such_a_post_belongs_to_none():
    assert communities_of("tea", catch_all="", words=["espresso"]) == []


def test_a_post_belongs_to_sixteen_communities_at_most_its_own_first():
    own = [f"c{number}" for number in range(COMMUNITIES_MAX)]
    assert communities_of("espresso", communities=own, words=["espresso"]) == own
    assert communities_of("espresso", communities=own[1:], words=["espresso"]) == [*own[1:], "ours"]


def test_rules_do_not_depend_on_the_language_declared():
    rules = Rules(CoreSettings(catch_all="", communities=[CommunityRule(name="ours", words=["und"])]))
    assert rules.communities_of(make_post(text="hin und her", lang="de")) == ["ours"]


@pytest.mark.parametrize(
    ("community", "of_12", "of_5"),
    [
        ("everyone else", 7, 3),
        ("islanders", 9, 0),
        ("RightTroll", 7, 0),
        ("", 0, 1),
        ("東京", 4, 3),
        ("r/xboxone", 9, 3),
    ],
)
def test_the_partition_of_a_community_never_changes(community, of_12, of_5):
    # Kept for life: the trackers' snapshots lie in the partitions that these numbers name.
    assert (partition_of(community, 12), partition_of(community, 5)) == (of_12, of_5)


def test_every_partition_is_used():
    counts = [0] * 12
    for number in range(12_000):
        counts[partition_of(f"community {number}", 12)] += 1
    assert min(counts) > 850
    assert {partition_of(f"community {number}", 1) for number in range(100)} == {0}
