from typing import get_args

import msgspec
import pytest

from models.clusterer import NarrativeClusterer
from models.clusterers import CLUSTERER_NAMES, AnyClustererState, make_clusterer, restore_clusterer
from models.configuration import ClustererName
from models.dbstream import DbstreamClusterer
from models.denstream import DenstreamClusterer
from models.term_matrix import NO_MICRO_CLUSTER
from models.textclust import TextClustClusterer
from tests.support.narratives import assign_all, made_up_posts


def test_each_name_makes_its_clusterer():
    made = {name: type(make_clusterer(name)) for name in CLUSTERER_NAMES}
    assert made == {
        "undercurrent": NarrativeClusterer,
        "textclust": TextClustClusterer,
        "dbstream": DbstreamClusterer,
        "denstream": DenstreamClusterer,
    }


def test_the_settings_allow_each_name():
    assert get_args(ClustererName) == CLUSTERER_NAMES


def test_an_unknown_name_is_refused_with_those_allowed():
    with pytest.raises(ValueError, match="one of undercurrent, textclust, dbstream, denstream, got 'kmeans'"):
        make_clusterer("kmeans")


@pytest.mark.parametrize("name", CLUSTERER_NAMES)
def test_any_clusterer_goes_on_exactly_from_its_snapshot(name):
    posts = made_up_posts(300, step_ms=30_000)
    clusterer = make_clusterer(name)
    assign_all(clusterer, posts[:200])
    encoded = msgspec.msgpack.encode(clusterer.snapshot())
    again = restore_clusterer(msgspec.msgpack.decode(encoded, type=AnyClustererState))
    assert type(again) is type(clusterer)
    assert assign_all(again, posts[200:]) == assign_all(clusterer, posts[200:])
    assert again.drain_lineage() == clusterer.drain_lineage()


@pytest.mark.parametrize("name", CLUSTERER_NAMES)
def test_any_clusterer_keeps_the_protocol(name):
    clusterer = make_clusterer(name)
    assert clusterer.assign([], 0, "empty") == NO_MICRO_CLUSTER
    assert clusterer.resolve(NO_MICRO_CLUSTER) == NO_MICRO_CLUSTER
    assert clusterer.assign(["vault", "opens", "vault"], 0, "a") == 0
    assert clusterer.assign(["rain", "again"], 1_000, "b") == 1
    assert clusterer.assign(["vault", "opens"], 2_000, "c") == 0
    assert [term for term, _ in clusterer.leading_terms(0, 2)] == ["vault", "opens"]
    assert clusterer.leading_terms(7, 2) == []
    assert clusterer.resolve(7) == 7
    assert not [event for event in clusterer.drain_lineage() if event.is_end]
    assert clusterer.drain_lineage() == []
