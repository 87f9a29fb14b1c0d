import math

import pytest

from models.microcluster import GAPS_MAX, MicroCluster

MINUTE_MS = 60_000
HOUR_MS = 60 * MINUTE_MS


def cluster_of(*seen_ms, number=0, weight=None):
    """Make a micro-cluster of posts at these times, each of the weight 1."""
    cluster = MicroCluster(number, f"post{number}", seen_ms[0], seen_ms[0])
    for at_ms in seen_ms:
        cluster.see(at_ms)
    cluster.weight = float(len(seen_ms)) if weight is None else weight
    return cluster


def usual_gap_ms(cluster):
    return math.exp(cluster.log_gap)


def test_a_post_is_counted_and_moves_the_time_of_the_latest():
    cluster = cluster_of(1_000, 5_000, 9_000)
    assert (cluster.posts, cluster.first_seen_ms, cluster.last_seen_ms) == (3, 1_000, 9_000)


def test_an_earlier_post_moves_the_time_of_the_first_and_is_no_gap():
    cluster = cluster_of(5_000, 1_000)
    assert (cluster.posts, cluster.first_seen_ms, cluster.last_seen_ms, cluster.gaps) == (2, 1_000, 5_000, 0)


def test_posts_of_the_same_moment_are_no_gap():
    cluster = cluster_of(0, MINUTE_MS, MINUTE_MS, MINUTE_MS)
    assert cluster.gaps == 1
    assert usual_gap_ms(cluster) == pytest.approx(MINUTE_MS)


def test_the_usual_gap_is_the_geometric_mean_of_the_gaps():
    cluster = cluster_of(0, 1_000, 1_000 + 8_000, 1_000 + 8_000 + 27_000)
    assert usual_gap_ms(cluster) == pytest.approx((1_000 * 8_000 * 27_000) ** (1 / 3))


def test_the_usual_gap_follows_the_pace():
    often = [number * MINUTE_MS for number in range(1_000)]
    seldom = [often[-1] + number * HOUR_MS for number in range(1, 5 * GAPS_MAX)]
    assert usual_gap_ms(cluster_of(*often)) == pytest.approx(MINUTE_MS)
    assert usual_gap_ms(cluster_of(*often, *seldom)) == pytest.approx(HOUR_MS, rel=0.05)


def test_what_is_usual_elsewhere_counts_as_two_gaps():
    elsewhere = math.log(HOUR_MS)
    assert cluster_of(0).usual_log_gap(elsewhere) == elsewhere
    twice = cluster_of(0, MINUTE_MS, 2 * MINUTE_MS).usual_log_gap(elsewhere)
    assert math.exp(twice) == pytest.approx(math.sqrt(MINUTE_MS * HOUR_MS))


def test_what_is_usual_elsewhere_matters_less_the_more_is_known():
    gaps = [
        cluster_of(*range(0, count * MINUTE_MS, MINUTE_MS)).usual_log_gap(math.log(HOUR_MS)) for count in range(1, 9)
    ]
    assert gaps == sorted(gaps, reverse=True)
    assert len(set(gaps)) == len(gaps)


def test_taking_over_adds_everything_up_and_keeps_the_older_id():
    older, younger = cluster_of(5_000, 9_000), cluster_of(1_000, 7_000, 20_000, number=4)
    older.take_over(younger)
    assert (older.id, older.founder) == (0, "post0")
    assert (older.posts, older.weight) == (5, 5.0)
    assert (older.first_seen_ms, older.last_seen_ms) == (1_000, 20_000)


def test_the_pace_of_two_is_that_of_which_more_is_known():
    seldom, often = cluster_of(0, HOUR_MS), cluster_of(*range(0, 9 * MINUTE_MS, MINUTE_MS))
    seldom.take_over(often)
    assert (seldom.gaps, usual_gap_ms(seldom)) == (8, pytest.approx(MINUTE_MS))
    often.take_over(cluster_of(0, HOUR_MS))
    assert (often.gaps, usual_gap_ms(often)) == (8, pytest.approx(MINUTE_MS))


def test_a_part_that_leaves_takes_its_posts_and_its_weight():
    whole = cluster_of(*range(10))
    whole.lose(cluster_of(*range(4), weight=3.5), [*range(4, 10)])
    assert (whole.posts, whole.weight) == (6, 6.5)


def test_what_stays_goes_by_the_times_of_the_posts_that_stay():
    own = [*range(0, 6 * MINUTE_MS, MINUTE_MS)]
    others = [10 * HOUR_MS + second for second in range(0, 5_000, 1_000)]
    whole = cluster_of(*own, *others)
    whole.lose(cluster_of(*others), own)
    assert whole.last_seen_ms == 5 * MINUTE_MS
    assert (whole.gaps, usual_gap_ms(whole)) == (5, pytest.approx(MINUTE_MS))


@pytest.mark.parametrize("weight", [10.0, 10.0 + 1e-9, 1e300])
def test_some_weight_is_left_though_the_part_weighs_as_much_as_the_whole(weight):
    whole = cluster_of(*range(10))
    whole.lose(cluster_of(*range(4), weight=weight), [*range(4, 10)])
    assert 0.0 < whole.weight < 1e-6


def test_a_steady_pace_is_no_growth():
    cluster = cluster_of(*range(0, HOUR_MS, MINUTE_MS))
    assert cluster.growth(cluster.last_seen_ms) == pytest.approx(1.0)


def test_growth_is_the_pace_now_over_that_of_its_life():
    slow = [hour * HOUR_MS for hour in range(10)]
    fast = [slow[-1] + number * MINUTE_MS for number in range(1, 1 + 3 * GAPS_MAX)]
    cluster = cluster_of(*slow, *fast)
    mean_gap_ms = (cluster.last_seen_ms - cluster.first_seen_ms) / (cluster.posts - 1)
    assert cluster.growth(cluster.last_seen_ms) == pytest.approx(mean_gap_ms / MINUTE_MS, rel=0.2)
    assert cluster.growth(cluster.last_seen_ms) > 10


def test_a_silence_longer_than_the_usual_gap_is_the_gap_now():
    cluster = cluster_of(*range(0, 61 * MINUTE_MS, MINUTE_MS))
    assert cluster.growth(cluster.last_seen_ms + MINUTE_MS // 2) == pytest.approx(1.0)
    assert cluster.growth(cluster.last_seen_ms + 10 * MINUTE_MS) == pytest.approx(0.1)


@pytest.mark.parametrize("seen_ms", [(0,), (0, MINUTE_MS), (5, 5, 5, 5), (MINUTE_MS, 0, 0)])
def test_before_there_are_two_gaps_nothing_is_known_of_its_growth(seen_ms):
    assert cluster_of(*seen_ms).growth(HOUR_MS) == 1.0
