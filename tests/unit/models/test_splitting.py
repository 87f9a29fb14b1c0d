import math
import random

import pytest

from models.splitting import Groups, most_typical, two_groups


def vectors_of(*posts):
    """Give each word of a post the weight 1."""
    return [dict.fromkeys(post.split(), 1.0) for post in posts]


def cosine(vectors, one, other):
    """The definition, computed plainly: of the sums of two groups of unit vectors."""

    def sum_of(places):
        total = {}
        for place in places:
            length = math.sqrt(sum(weight**2 for weight in vectors[place].values()))
            for term, weight in vectors[place].items():
                total[term] = total.get(term, 0.0) + weight / length
        return total

    one, other = sum_of(one), sum_of(other)
    dot = sum(weight * other.get(term, 0.0) for term, weight in one.items())
    return dot / math.sqrt(sum(w**2 for w in one.values()) * sum(w**2 for w in other.values()))


def test_posts_part_by_what_they_share_whatever_their_order():
    vectors = vectors_of("rain mud", "vault opens", "mud rain", "vault queue", "rain tent", "vault opens")
    groups = two_groups(vectors)
    assert groups.smaller == [1, 3, 5]
    assert groups.cosine == 0.0


@pytest.mark.parametrize("seed", range(20))
def test_two_talks_are_told_apart_though_they_share_words_and_no_two_posts_are_alike(seed):
    chance = random.Random(seed)
    talks = [[f"{talk}{number}" for number in range(9)] for talk in ("rain", "vault")]
    sides = [number % 3 == 0 for number in range(15)]
    chance.shuffle(sides)
    posts = [[*chance.sample(talks[side], 5), f"common{chance.randrange(4)}"] for side in sides]
    groups = two_groups([dict.fromkeys(post, 1.0) for post in posts])
    assert groups.smaller == [place for place, side in enumerate(sides) if side]


def test_the_smaller_group_is_named():
    assert two_groups(vectors_of("rain", "vault", "vault", "vault")).smaller == [0]
    assert two_groups(vectors_of("rain", "rain", "rain", "vault")).smaller == [3]


def test_of_two_groups_alike_that_with_the_latest_post_is_named():
    assert two_groups(vectors_of("rain", "vault", "rain", "vault")).smaller == [1, 3]
    assert two_groups(vectors_of("vault", "rain", "rain", "vault")).smaller == [0, 3]


def test_the_cosine_is_that_of_the_sums_of_both():
    vectors = vectors_of("rain mud", "vault opens", "mud rain", "vault queue", "vault rain queue", "tent mud")
    groups = two_groups(vectors)
    rest = [place for place in range(len(vectors)) if place not in groups.smaller]
    assert groups.cosine == pytest.approx(cosine(vectors, groups.smaller, rest))
    assert 0 < groups.cosine < 1


def test_weights_decide_to_which_group_a_post_belongs():
    pairs = vectors_of("rain mud", "rain mud", "vault opens", "vault opens")
    rainy, secure = {"rain": 3.0, "vault": 1.0}, {"rain": 1.0, "vault": 3.0}
    assert two_groups([*pairs, rainy]).smaller == [2, 3]
    assert two_groups([*pairs, secure]).smaller == [0, 1]


def test_how_long_a_post_is_does_not_matter():
    vectors = vectors_of("rain mud", "vault opens", "rain", "vault queue")
    longer = [{term: weight * 2.0**place for term, weight in vector.items()} for place, vector in enumerate(vectors)]
    assert two_groups(longer) == two_groups(vectors)


@pytest.mark.parametrize("count", [1, 2, 9])
def test_posts_all_alike_do_not_part(count):
    assert two_groups(vectors_of(*["rain mud"] * count)) is None


def test_two_posts_that_share_nothing_part():
    assert two_groups(vectors_of("rain", "vault")) == Groups(0.0, [1])


def test_the_most_typical_post_is_most_like_all_of_them():
    vectors = vectors_of("vault", "rain mud", "rain mud tent", "rain", "mud rain queue")
    assert most_typical(vectors, 1) == [1]
    assert most_typical(vectors, 2)[0] == 1
    assert most_typical(vectors, 5)[-1] == 0


def test_of_posts_equally_typical_the_latest_comes_first():
    assert most_typical(vectors_of("rain", "rain", "rain"), 2) == [2, 1]


def test_no_more_are_typical_than_there_are():
    assert most_typical(vectors_of("rain", "vault rain"), 9) == [1, 0]
    assert most_typical([], 3) == []
    assert most_typical(vectors_of("rain"), 0) == []
