import msgspec
import pytest

from models.dbstream import DbstreamClusterer, DbstreamState
from models.denstream import DenstreamClusterer, DenstreamState
from models.features import POST_TERMS_MAX
from models.lineage import LineageEvent
from models.river_clusterer import RiverClusterer, heaviest, unit_vector
from models.term_matrix import NO_MICRO_CLUSTER
from models.textclust import TextClustClusterer, TextClustState
from tests.support.narratives import assign_all, made_up_posts

KINDS = [
    (TextClustClusterer, TextClustState),
    (DbstreamClusterer, DbstreamState),
    (DenstreamClusterer, DenstreamState),
]


class OnePerFirstTerm(RiverClusterer):
    """A clusterer whose micro-clusters are the posts of one first term."""

    def __init__(self, **changes):
        super().__init__(
            {"radius": 1.0, "half_life_ms": 1_000, "micro_clusters_max": 2, "lineage_max": 10} | changes, radius_max=2.0
        )
        self.learned = []
        self.found = {}
        self.ids = {}

    def _learn(self, counts, time_s):
        self.learned.append((dict(counts), time_s))
        number = self.ids.setdefault(next(iter(counts)), len(self.ids))
        self.found[number] = time_s
        return number

    def _take_over(self, state):
        self.found = state

    def _live(self):
        return self.found

    def _faded_weight(self, found, time_s):
        return 2 ** (found - time_s)

    def _remove(self, micro_cluster_id, time_s):
        del self.found[micro_cluster_id]
        self._fade(micro_cluster_id, time_s)

    def _vectors(self):
        return {0: {"vault": 2.0, "today": 2.0}, 1: {"rain": 1.0, "today": 1.0}}


def test_a_post_without_terms_is_not_learned():
    clusterer = OnePerFirstTerm()
    assert clusterer.assign([], 0, "") == NO_MICRO_CLUSTER
    assert clusterer.learned == []


def test_terms_are_counted_and_only_the_first_of_a_very_long_post():
    clusterer = OnePerFirstTerm()
    clusterer.assign(["a", "b", "a"], 0, "")
    clusterer.assign([f"word{number}" for number in range(1_000)] + ["word0"], 0, "")
    assert clusterer.learned[0] == ({"a": 2, "b": 1}, 0.0)
    assert len(clusterer.learned[1][0]) == POST_TERMS_MAX
    assert clusterer.learned[1][0]["word0"] == 2


def test_time_never_goes_back():
    clusterer = OnePerFirstTerm()
    for at_ms in (-3_000, 5_000, 4_000, 6_500):
        clusterer.assign(["a"], at_ms, "")
    assert [time_s for _, time_s in clusterer.learned] == [-3.0, 5.0, 5.0, 6.5]


def test_without_room_the_most_faded_leaves_the_older_of_equals_but_not_the_one_that_took_the_post():
    clusterer = OnePerFirstTerm()
    for at_ms, term in [(1_000, "a"), (1_000, "b"), (2_000, "c"), (3_000, "b"), (3_000, "a")]:
        clusterer.assign([term], at_ms, "")
    ended = [LineageEvent("faded", 0, None, 2_000), LineageEvent("faded", 2, None, 3_000)]
    assert clusterer.drain_lineage() == ended
    assert clusterer.drain_lineage() == []


def test_leading_terms_are_weighed_by_how_few_hold_them():
    (first, of_first), (second, of_second) = OnePerFirstTerm().leading_terms(0, 5)
    assert (first, second) == ("vault", "today")
    assert of_first + of_second == pytest.approx(1.0)
    assert OnePerFirstTerm().leading_terms(0, 1) == [(first, of_first)]
    assert OnePerFirstTerm().leading_terms(7, 5) == []


def test_heaviest_keeps_the_order_and_of_equals_the_first_by_name():
    assert list(heaviest({"c": 1.0, "b": 1.0, "a": 1.0, "d": 2.0}, 3).items()) == [("b", 1.0), ("a", 1.0), ("d", 2.0)]


def test_a_unit_vector_has_length_one():
    assert sum(value**2 for value in unit_vector({"a": 1, "b": 5, "c": 2}).values()) == pytest.approx(1.0)


@pytest.mark.parametrize("step_ms", [20_000, 1_200_000])
@pytest.mark.parametrize("cut", [0, 1, 90, 250])
@pytest.mark.parametrize(("kind", "state"), KINDS)
def test_a_restored_clusterer_goes_on_with_the_same_ids_and_state(kind, state, cut, step_ms):
    posts = made_up_posts(400, narratives=30, step_ms=step_ms)
    whole, begun = (kind(micro_clusters_max=25) for _ in range(2))
    assign_all(whole, posts[:cut])
    assign_all(begun, posts[:cut])
    encoded = msgspec.msgpack.encode(begun.snapshot())
    again = kind.restore(msgspec.msgpack.decode(encoded, type=state))
    assert assign_all(again, posts[cut:]) == assign_all(whole, posts[cut:])
    assert msgspec.msgpack.encode(again.snapshot()) == msgspec.msgpack.encode(whole.snapshot())
    assert again.drain_lineage() == whole.drain_lineage()


@pytest.mark.parametrize(
    ("change", "message"),
    [
        ({"version": 9}, "{} state must be of version 1, got 9"),
        ({"parameters": {"micro_clusters_max": 1}}, "{} state must have at most micro_clusters_max"),
        ({"parameters": {"radius": 0.0}}, "radius must be in"),
    ],
)
@pytest.mark.parametrize(("kind", "state"), KINDS)
def test_a_state_that_cannot_have_been_written_is_refused(kind, state, change, message):
    clusterer = kind()
    assign_all(clusterer, made_up_posts(20))
    assert isinstance(clusterer.snapshot(), state)
    with pytest.raises(ValueError, match=message.format(kind.NAME)):
        kind.restore(msgspec.structs.replace(clusterer.snapshot(), **change))


@pytest.mark.parametrize(
    ("changes", "message"),
    [
        ({"radius": 0.0}, r"radius must be in \(0, 2\], got 0.0"),
        ({"radius": 2.1}, "radius must be in"),
        ({"half_life_ms": 0}, "half_life_ms must be at least 1, got 0"),
    ],
)
def test_an_argument_outside_its_range_is_refused(changes, message):
    with pytest.raises(ValueError, match=message):
        OnePerFirstTerm(**changes)
