from collections import Counter

import pytest

from models.simulator import VOCABULARIES
from models.simulator.cast import Accounts, Names, People
from models.simulator.chance import Chance


def test_languages_follow_the_shares_of_their_authors(quiet, busy):
    assert {post.lang for post in quiet.posts} == {"en"}
    for vocabulary in VOCABULARIES:
        langs = Counter(post.lang for post in busy.posts if post.communities == [vocabulary.community])
        for tongue in vocabulary.tongues:
            assert langs[tongue.lang] / langs.total() == pytest.approx(tongue.share, abs=0.12)


def test_authors_follow_zipfs_law(quiet):
    authors = Counter(post.author for post in quiet.posts if post.communities == ["trail-running"])
    assert 200 < len(authors) <= 420
    ranked = [count for _, count in authors.most_common()]
    assert ranked[0] / ranked[99] == pytest.approx(102.7 / 3.7, rel=0.4)


def people(seed=1):
    chance = Chance(seed)
    return People(chance, Accounts(chance), VOCABULARIES[3].tongues)


def test_names_are_all_different_and_numbered_once_all_are_used():
    names = Names(Chance(1), ("Elm", "Fern"), ("dale", "wick"))
    used = [names.fresh() for _ in range(6)]
    assert sorted(used[:4]) == ["Elmdale", "Elmwick", "Ferndale", "Fernwick"]
    assert used[4:] == [f"{name}2" for name in used[:2]]


def test_accounts_have_names_of_their_own():
    accounts = Accounts(Chance(1))
    names = {accounts.open(VOCABULARIES[0].tongues, rank).name for rank in range(25_000)}
    assert len(names) == 25_000


def test_the_languages_of_accounts_follow_their_shares_among_the_busiest_already():
    accounts, tongues = Accounts(Chance(1)), VOCABULARIES[3].tongues
    langs = Counter(accounts.open(tongues, rank).lang for rank in range(40))
    assert {lang: count / 40 for lang, count in langs.items()} == pytest.approx(
        {tongue.lang: tongue.share for tongue in tongues}, abs=0.05
    )


def test_a_cast_is_of_distinct_people_some_of_them_never_seen_before():
    community = people()
    known = {community.regular().name for _ in range(20_000)}
    cast = community.cast(60)
    assert len({author.name for author in cast}) == 60
    assert 3 < sum(author.name not in known for author in cast) < 25
