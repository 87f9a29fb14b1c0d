import pytest

from models.fading import FadingClock
from models.lineage import Lineage, LineageEvent
from models.population import Population
from models.recent import RecentPosts
from models.term_matrix import TermMatrix

HOUR_MS = 3_600_000


@pytest.fixture
def population():
    matrix = TermMatrix(terms_max=100, posting_max=100, damping=1.0, novelty=1.0, preference=0.0, recency=0.0)
    return Population(
        clock=FadingClock(half_life_ms=HOUR_MS),
        matrix=matrix,
        recent=RecentPosts(terms_max=1_000),
        lineage=Lineage(entries_max=100),
        micro_clusters_max=4,
        weight_min=0.25,
    )


def post(population, text, at_ms=0, cluster=None, key="p"):
    """Give a post to a micro-cluster, or to a new one; return it."""
    population.clock.advance(at_ms)
    cluster = cluster or population.found(at_ms, key)
    population.learn(cluster, dict.fromkeys(text.split(), 1.0), at_ms, key)
    return cluster


def terms_of(population, cluster):
    return population.matrix.row(cluster.id).terms


def test_what_is_founded_is_reported_and_counted_up(population):
    clusters = [post(population, word) for word in ("vault", "rain")]
    assert [cluster.id for cluster in clusters] == [0, 1]
    assert population.lineage.drain() == [LineageEvent("born", 0, None, 0), LineageEvent("born", 1, None, 0)]


def test_a_post_adds_its_terms_its_weight_and_its_time(population):
    vault = post(population, "vault opens")
    post(population, "vault", HOUR_MS, vault)
    assert terms_of(population, vault) == {"vault": 3.0, "opens": 1.0}
    assert (vault.weight, vault.posts, vault.last_seen_ms) == (3.0, 2, HOUR_MS)


def test_when_there_is_no_room_the_most_faded_leaves(population):
    for hour, word in enumerate(["a", "b", "c", "d"]):
        post(population, word, hour * HOUR_MS)
    post(population, "a", 4 * HOUR_MS, population.live[0])
    post(population, "e", 5 * HOUR_MS)
    assert list(population.live) == [0, 2, 3, 4]
    assert population.lineage.drain()[-2:] == [
        LineageEvent("faded", 1, None, 5 * HOUR_MS),
        LineageEvent("born", 4, None, 5 * HOUR_MS),
    ]


def test_those_that_weigh_less_than_a_quarter_of_a_post_leave(population):
    post(population, "vault")
    post(population, "rain", HOUR_MS)
    population.clock.advance(2 * HOUR_MS)
    population.evict_faded()
    assert list(population.live) == [0, 1]
    population.clock.advance(2 * HOUR_MS + 1)
    population.evict_faded()
    assert list(population.live) == [1]


def test_the_recent_posts_of_one_that_leaves_go_with_it(population):
    for hour, word in enumerate(["a", "b", "c", "d", "e"]):
        post(population, word, hour * HOUR_MS, key=word)
    assert [held.key for held in population.recent] == ["b", "c", "d", "e"]


def test_a_rescaling_halves_what_stays_and_lets_the_faded_go(population):
    post(population, "vault", 0)
    rain = post(population, "rain", 9 * HOUR_MS)
    population.clock.origin_ms, population.clock.gain = 9 * HOUR_MS, 1.0
    population.rescale(9)
    assert list(population.live) == [1]
    assert (rain.weight, terms_of(population, rain)) == (1.0, {"rain": 1.0})


def test_a_merge_keeps_the_older_and_adds_everything_up(population):
    vault, robbery = post(population, "vault opens"), post(population, "vault robbed")
    population.merge(robbery, vault)
    assert list(population.live) == [0]
    assert terms_of(population, vault) == {"vault": 2.0, "opens": 1.0, "robbed": 1.0}
    assert (vault.weight, vault.posts) == (2.0, 2)
    assert [held.micro_cluster_id for held in population.recent] == [0, 0]
    assert population.lineage.resolve(1) == 0


def two_talks(population):
    """Return a micro-cluster whose posts speak of two things, six of the one and four of the other."""
    cluster = None
    for number in range(10):
        text = "queue tickets refund" if number % 5 in (1, 3) else "rain mud tent"
        cluster = post(population, text, number * 60_000, cluster, f"p{number}")
    return cluster


def test_a_split_takes_the_smaller_part_out(population):
    festival = two_talks(population)
    before = festival.weight
    population.split(festival, 0.1)
    piece = population.live[1]
    assert set(terms_of(population, festival)) == {"rain", "mud", "tent"}
    assert set(terms_of(population, piece)) == {"queue", "tickets", "refund"}
    assert (festival.posts, piece.posts) == (6, 4)
    assert festival.weight + piece.weight == pytest.approx(before)
    assert (piece.founder, piece.first_seen_ms, piece.last_seen_ms) == ("p1", 60_000, 8 * 60_000)
    assert [held.key for held in population.recent.of(1)] == ["p1", "p3", "p6", "p8"]
    assert population.lineage.drain()[-1] == LineageEvent("split", 1, None, 9 * 60_000, split_from=0)


def test_what_hangs_together_is_not_split(population):
    festival = None
    for number in range(10):
        festival = post(population, f"festival {'queue' if number % 2 else 'rain'}", number, festival)
    population.split(festival, 0.1)
    assert list(population.live) == [0]


def test_a_part_that_has_faded_is_not_split_off(population):
    festival = None
    for number in range(4):
        festival = post(population, "queue tickets", number, festival)
    for number in range(6):
        post(population, "rain mud", 5 * HOUR_MS + number, festival)
    population.split(festival, 0.1)
    assert list(population.live) == [0]


def test_leading_terms_are_frequent_here_and_rare_elsewhere(population):
    vault = post(population, "vault today")
    post(population, "rain today")
    terms = population.leading_terms(vault, 5)
    assert [term for term, _ in terms] == ["vault", "today"]
    assert sum(part for _, part in terms) == pytest.approx(1.0)
    assert population.leading_terms(vault, 1) == terms[:1]


def test_a_summary_tells_what_a_reader_would_ask(population):
    vault = post(population, "vault opens", 0, key="first")
    for minute, text in enumerate(["vault opens today", "vault", "opens late again"], start=1):
        post(population, text, minute * 60_000, vault, f"p{minute}")
    summary = population.summary(vault, terms_max=2, typical_max=1)
    assert (summary.founder, summary.posts) == ("first", 4)
    assert summary.weight == pytest.approx(4.0, rel=0.03)
    assert [term for term, _ in summary.terms] == ["opens", "vault"]
    assert summary.typical == ["first"]
    assert summary.growth == pytest.approx(1.0)
